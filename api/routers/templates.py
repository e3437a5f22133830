"""Templates: workflows to start from."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.gallery import Template
from api.params import TemplateId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.templates import (
    TemplateApp,
    TemplateCount,
    TemplateCredential,
    TemplateParameter,
    TemplateResponse,
    TemplatesResponse,
    TemplateSummary,
    UsedTemplateResponse,
    UseTemplateRequest,
)
from api.services.templates import forms, listing, using
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
) -> TemplatesResponse:
    """List templates, by name. All words of `search` must be there."""
    shelf = listing.listed(principal, listing.Wanted(search, use, app))
    apps = sorted(shelf.apps.items(), key=lambda one: one[1][0].lower())
    return TemplatesResponse(
        items=[TemplateSummary(**_summary(one)) for one in shelf.found],
        uses=[TemplateCount(key=key, name=key, count=count) for key, count in sorted(shelf.uses.items())],
        apps=[TemplateCount(key=key, name=name, count=count) for key, (name, count) in apps],
    )


@router.get("/templates/{template_id}", operation_id="getTemplate", openapi_extra=refuses(codes.NOT_FOUND))
def get_template(template_id: TemplateId, principal: Reader) -> TemplateResponse:
    """Return a template, with the workflow that is made of it and what it asks for."""
    return _whole(listing.find(principal, template_id))


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
    made = using.use(principal, listing.find(principal, template_id), answers)
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
    }


def _whole(template: Template) -> TemplateResponse:
    document = forms.inert(template)
    nodes = forms.nodes_of(document)
    return TemplateResponse(
        **_summary(template),
        workflow=document,
        credentials=[
            TemplateCredential(id=one.id, name=one.name, why=one.why, types=list(forms.types_of(one, document)))
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
