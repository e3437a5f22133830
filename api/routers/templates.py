"""Templates: workflows to start from."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.gallery import Template
from api.params import OwnTemplateId, TemplateId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.templates import (
    ChangeTemplateRequest,
    RemovedResponse,
    SavedTemplateResponse,
    SaveTemplateRequest,
    StrippedResponse,
    TemplateApp,
    TemplateCount,
    TemplateCredential,
    TemplateParameter,
    TemplateResponse,
    TemplateSpot,
    TemplatesResponse,
    TemplateSummary,
    TemplateVersionRequest,
    TemplateVersionResponse,
    TemplateVersionsResponse,
    UsedTemplateResponse,
    UseTemplateRequest,
)
from api.services.templates import forms, listing, own, using
from api.services.tokens import Principal

router = APIRouter(tags=["templates"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
Key = Annotated[str, Query(max_length=64, pattern=r"^[a-z0-9_-]*$")]


@router.get("/templates", operation_id="listTemplates")
def list_templates(
    principal: Reader,
    search: Annotated[
        str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Words in a name, a summary, an app or a node.")
    ] = "",
    use: Annotated[Key, Query(description="Only those for this.")] = "",
    app: Annotated[Key, Query(description="Only those that talk to this app.")] = "",
    source: Annotated[
        Literal["", "ready", "own"], Query(description="Only ours (`ready`), or only the workspace's (`own`).")
    ] = "",
) -> TemplatesResponse:
    """List templates, by name. All words of `search` must be there."""
    shelf = listing.listed(principal, listing.Wanted(search, use, app, source))
    apps = sorted(shelf.apps.items(), key=lambda one: one[1][0].lower())
    return TemplatesResponse(
        items=[TemplateSummary(**_summary(one)) for one in shelf.found],
        uses=[TemplateCount(key=key, name=key, count=count) for key, count in sorted(shelf.uses.items())],
        apps=[TemplateCount(key=key, name=name, count=count) for key, (name, count) in apps],
    )


@router.get("/templates/{template_id}", operation_id="getTemplate", openapi_extra=refuses(codes.NOT_FOUND))
def get_template(
    template_id: TemplateId,
    principal: Reader,
    version: Annotated[int | None, Query(ge=1, description="The version; the latest without it.")] = None,
) -> TemplateResponse:
    """Return a template, with the workflow that is made of it and what it asks for."""
    return _whole(listing.find(principal, template_id, version))


@router.get("/workflows/{workflow_id}/template", operation_id="previewTemplate", openapi_extra=refuses(codes.NOT_FOUND))
def preview_template(workflow_id: WorkflowId, principal: Writer) -> StrippedResponse:
    """Say what a template of a workflow would ask for, and what would be taken out of it. Nothing is saved."""
    found = own.preview(principal, workflow_id)
    return StrippedResponse(
        credentials=[one.name for one in found.credentials],
        parameters=[one.label for one in found.parameters],
        removed=[RemovedResponse.model_validate(one) for one in found.removed],
    )


@router.post(
    "/templates",
    status_code=201,
    operation_id="saveTemplate",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.TOO_MANY),
)
def save_template(body: SaveTemplateRequest, principal: Writer) -> SavedTemplateResponse:
    """Make a template of a workflow's draft, for all of its project, without secrets and recorded data."""
    return _saved(own.save(principal, body.workflow_id, own.About(body.name, body.summary, tuple(body.uses))))


@router.put(
    "/templates/{template_id}",
    operation_id="changeTemplate",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN),
)
def change_template(
    template_id: OwnTemplateId, body: ChangeTemplateRequest, principal: Writer
) -> SavedTemplateResponse:
    """Say something else of a template of the workspace's own."""
    changed = own.change(principal, template_id, own.About(body.name, body.summary, tuple(body.uses)))
    return _saved(own.Made(changed, []))


@router.delete(
    "/templates/{template_id}",
    status_code=204,
    operation_id="deleteTemplate",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def delete_template(template_id: OwnTemplateId, principal: Writer) -> Response:
    """Delete a template of the workspace's own; workflows made of it stay."""
    own.delete(principal, template_id)
    return Response(status_code=204)


@router.get(
    "/templates/{template_id}/versions", operation_id="listTemplateVersions", openapi_extra=refuses(codes.NOT_FOUND)
)
def list_template_versions(template_id: OwnTemplateId, principal: Reader) -> TemplateVersionsResponse:
    """List the versions of a template of the workspace's own, the latest first."""
    return TemplateVersionsResponse(
        items=[
            TemplateVersionResponse(number=one.number, note=one.note, created_by=who, created_at=one.created_at)
            for one, who in own.versions(principal, template_id)
        ]
    )


@router.post(
    "/templates/{template_id}/versions",
    status_code=201,
    operation_id="addTemplateVersion",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY),
)
def add_template_version(
    template_id: OwnTemplateId, body: TemplateVersionRequest, principal: Writer
) -> SavedTemplateResponse:
    """Make a workflow's draft the next version of a template. Workflows made of former ones stay as they are."""
    return _saved(own.add_version(principal, template_id, body.workflow_id, body.note))


@router.post(
    "/templates/{template_id}/use",
    status_code=201,
    operation_id="useTemplate",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.PROJECT_NEEDED,
        codes.CREDENTIAL_ELSEWHERE,
        codes.TEMPLATE_UNUSABLE,
        codes.NEWER_SCHEMA,
        codes.INVALID_DOCUMENT,
        codes.PINNED_TOO_LARGE,
    ),
)
def use_template(template_id: TemplateId, body: UseTemplateRequest, principal: Writer) -> UsedTemplateResponse:
    """Make a workflow of a template: a draft, with credentials and parameters filled in. Nothing runs yet."""
    answers = using.Answers(body.project_id, body.folder_id, body.name, body.credentials, body.parameters)
    made = using.use(principal, listing.find(principal, template_id, body.version), answers)
    return UsedTemplateResponse(id=made.id, name=made.name, project_id=made.project_id)


def _summary(template: Template) -> dict[str, Any]:
    types = dict.fromkeys(str(node.get("type")) for node in template.workflow["nodes"])
    apps = forms.apps_of(template.workflow)
    return {
        "id": template.id,
        "name": template.name,
        "summary": template.summary,
        "uses": list(template.uses),
        "apps": [TemplateApp(key=key, name=name) for key, name in apps.items()],
        "node_types": list(types),
        "version": template.version,
        "own": listing.own_id(template.id) is not None,
    }


def _saved(made: own.Made) -> SavedTemplateResponse:
    one = made.template
    removed = [RemovedResponse(**entry) for entry in made.removed]
    return SavedTemplateResponse(id=one.id, name=one.name, version=one.version, removed=removed)


def _whole(template: Template) -> TemplateResponse:
    document = forms.inert(template)
    nodes = forms.nodes_of(document)
    return TemplateResponse(
        **_summary(template),
        workflow=document,
        credentials=[
            TemplateCredential(
                id=one.id,
                name=one.name,
                why=one.why,
                types=list(forms.types_of(one, document)),
                fields=[TemplateSpot(node_id=spot.node, field=spot.field) for spot in one.fields],
            )
            for one in template.credentials
        ],
        parameters=[
            TemplateParameter(
                id=one.id,
                label=one.label,
                example=one.example,
                node_id=one.fields[0].node,
                field=one.fields[0].field,
                value=nodes[one.fields[0].node].get("params", {}).get(one.fields[0].field),
            )
            for one in template.parameters
        ],
        unknown_nodes=[str(node.get("name")) for node in forms.unknown_nodes(document)],
    )
