"""Workflows: drafts, checks, runs. Versions: `publishing`."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, RunnerDep, SettingsDep, requires
from api.params import Cursor, Limit, WorkflowId
from api.permissions import Permission
from api.refusals import Refused
from api.refusing import refuses
from api.schemas.base import Page, keyset, read_keyset
from api.schemas.spending import CostSummary
from api.schemas.workflows import (
    DiagnosticResponse,
    DiagnosticsResponse,
    LastExecution,
    LiveElsewhere,
    RegistrationResponse,
    RunRequest,
    RunResponse,
    SaveRequest,
    WebhookResponse,
    WorkflowResponse,
    WorkflowSummary,
)
from api.services import callees, compiling, listing, projects, spending, variables, workflows
from api.services.apis import calls
from api.services.run_plans import Debug, Wanted
from api.services.seeding import Part
from api.services.tokens import Principal
from api.settings import Settings
from stepweave_data.hooks.page_places import PLACES
from stepweave_data.listening.registered import ROOM
from stepweave_data.models import Webhook, Workflow

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
RunnerRole = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]
DocumentBody = Annotated[dict[str, Any], Body(description="A workflow document (docs/reference/contracts.md).")]


@router.get("/workflows", operation_id="listWorkflows", openapi_extra=refuses(codes.ANSWER_TOO_LARGE))
def list_workflows(
    principal: Reader,
    search: Annotated[
        str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Text in a name, a tag or a node type's name.")
    ] = "",
    status: Annotated[listing.Status | None, Query(description="Only those in this state.")] = None,
    folder_id: Annotated[
        uuid.UUID | None, Query(alias="folderId", description="Only what is in this folder or below.")
    ] = None,
    tag_id: Annotated[
        list[uuid.UUID] | None, Query(alias="tagId", max_length=10, description="Only those with all of these tags.")
    ] = None,
    node_type: Annotated[
        str | None,
        Query(alias="nodeType", max_length=64, pattern=r"^[a-z0-9_]*$", description="Only those with such a node."),
    ] = None,
    project_id: Annotated[uuid.UUID | None, Query(alias="projectId", description="Only those of this project.")] = None,
    sort: Annotated[
        listing.Order, Query(description="By what they are sorted: `name` rises, the others fall.")
    ] = "updated",
    cursor_: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkflowSummary]:
    """List workflows, the latest changed first unless sorted otherwise.

    `search` looks at names, tags and node types. A folder has what is in it and below. Of several tags all must be
    there.
    """
    wanted = listing.Filter(search, status, folder_id, tuple(tag_id or ()), node_type or None, project_id)
    found = listing.list_workflows(principal, wanted, sort, read_keyset(cursor_, sort), limit + 1)
    rows, more = found[:limit], len(found) > limit
    costs = spending.costs_of_workflows(principal, [row.id for row in rows])
    return Page(
        items=[_summary(row, costs.get(row.id)) for row in rows],
        next_cursor=keyset(sort, rows[-1].key, rows[-1].id) if more else None,
    )


@router.post(
    "/workflows",
    status_code=201,
    operation_id="createWorkflow",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.PROJECT_NEEDED,
        codes.NEWER_SCHEMA,
        codes.INVALID_DOCUMENT,
        codes.PINNED_TOO_LARGE,
    ),
)
def create_workflow(
    principal: Writer,
    deployed: SettingsDep,
    document: DocumentBody,
    folder_id: Annotated[uuid.UUID | None, Query(alias="folderId", description="The folder to put it in.")] = None,
    project_id: Annotated[
        uuid.UUID | None,
        Query(alias="projectId", description="The project to make it in; without it the one of all members."),
    ] = None,
) -> WorkflowResponse:
    """Store a new workflow as a draft. It may have errors; they come back as diagnostics."""
    return _whole(principal, workflows.create_workflow(principal, document, folder_id, project_id), deployed)


@router.post(
    "/workflows/{workflow_id}/duplicate",
    status_code=201,
    operation_id="duplicateWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NEWER_SCHEMA, codes.INVALID_DOCUMENT, codes.PINNED_TOO_LARGE),
)
def duplicate_workflow(workflow_id: WorkflowId, principal: Writer, deployed: SettingsDep) -> WorkflowResponse:
    """Store a workflow's draft as another workflow, in the same folder and with the same tags."""
    return _whole(principal, workflows.duplicate_workflow(principal, workflow_id), deployed)


@router.post("/workflows/validate", operation_id="validateWorkflow")
def validate_workflow(principal: Reader, document: DocumentBody) -> DiagnosticsResponse:
    """Check a workflow without storing it, also against the workflows that it calls."""
    return DiagnosticsResponse(diagnostics=_diagnostics(principal, document))


@router.get(
    "/workflows/{workflow_id}",
    operation_id="getWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ANSWER_TOO_LARGE),
)
def get_workflow(workflow_id: WorkflowId, principal: Reader, deployed: SettingsDep) -> WorkflowResponse:
    """Return a workflow with its draft."""
    return _whole(principal, workflows.get_workflow(principal, workflow_id), deployed)


@router.put(
    "/workflows/{workflow_id}",
    operation_id="saveWorkflow",
    openapi_extra=refuses(
        codes.NOT_FOUND, codes.STALE_REVISION, codes.NEWER_SCHEMA, codes.INVALID_DOCUMENT, codes.PINNED_TOO_LARGE
    ),
)
def save_workflow(
    workflow_id: WorkflowId, body: SaveRequest, principal: Writer, deployed: SettingsDep
) -> WorkflowResponse:
    """Save a draft that was made from `revision`; 409 `stale_revision` when somebody saved in between."""
    saved = workflows.save_workflow(principal, workflow_id, body.document, body.revision)
    return _whole(principal, saved, deployed)


@router.delete(
    "/workflows/{workflow_id}",
    status_code=204,
    operation_id="deleteWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PUBLISHING),
)
def delete_workflow(workflow_id: WorkflowId, principal: Writer, publisher: PublisherDep) -> Response:
    """Delete a workflow: its webhooks and schedules go, its executions stay."""
    publisher.unpublish(principal, workflow_id, remove=True)
    return Response(status_code=204)


@router.post(
    "/workflows/{workflow_id}/run",
    status_code=202,
    operation_id="runWorkflow",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.WORKFLOW_INVALID,
        codes.CREDENTIAL_ELSEWHERE,
        codes.NOT_PUBLISHED,
        codes.NO_TRIGGER,
        codes.AMBIGUOUS_PART,
        codes.UNKNOWN_NODE,
        codes.UNKNOWN_EXECUTION,
        codes.CANNOT_START_HERE,
        codes.CANNOT_STOP_HERE,
        codes.NO_DATA,
        codes.DATA_GONE,
        codes.NOT_STARTED,
        codes.TOO_MANY_EXECUTIONS,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def run_workflow(
    workflow_id: WorkflowId, principal: RunnerRole, runner: RunnerDep, body: RunRequest | None = None
) -> RunResponse:
    """Start an execution of the draft or the published version."""
    wanted = body or RunRequest()
    if any(not isinstance(item.get("json"), dict) for item in wanted.items or ()):
        raise Refused(codes.INVALID_REQUEST, "Each item needs `json`, an object.")
    part = Part(
        pinned=wanted.pinned,
        from_execution_id=str(wanted.from_execution_id) if wanted.from_execution_id else None,
        start_node_id=wanted.start_node_id,
        until_node_id=wanted.until_node_id,
        only_node_id=wanted.only_node_id,
    )
    items = None if wanted.items is None else list(wanted.items)
    asked = wanted.debug
    debug = None
    if asked is not None:
        kept = [one.kept() for one in asked.breakpoints]
        debug = Debug(kept, asked.stepwise, asked.on_error, asked.stop_seconds)
    planned = Wanted(wanted.mode, wanted.trigger_node_id, items, part, wanted.environment, debug)
    return RunResponse(execution_id=runner.run(principal, workflow_id, planned))


def _summary(row: listing.Summary, cost: dict[str, Any] | None) -> WorkflowSummary:
    kinds = {entry.type for entry in compiling.catalogue() if entry.trigger}
    return WorkflowSummary(
        id=row.id,
        name=row.name,
        revision=row.revision,
        published_version=row.published_version,
        enabled=row.enabled,
        elsewhere=[LiveElsewhere.model_validate(one, from_attributes=True) for one in row.elsewhere],
        created_at=row.created_at,
        updated_at=row.updated_at,
        triggers=[kind for kind in row.node_types if kind in kinds],
        node_count=row.node_count,
        folder_id=row.folder_id,
        project_id=row.project_id,
        tag_ids=row.tag_ids,
        last_execution=LastExecution.model_validate(row.last_execution, from_attributes=True)
        if row.last_execution
        else None,
        month_cost=None if cost is None else CostSummary.model_validate(cost),
    )


def _place(deployed: Settings, slug: str, hook: Webhook) -> dict[str, str]:
    """Return a webhook's path and URL, or those of a form or a chat."""
    origin = deployed.content_origin
    if page := PLACES.get(hook.method):
        path = page.path(hook.path)
        return {"path": path, "url": f"{origin}/{page.room}/{slug}/{path}"}
    return {"path": hook.path, "url": f"{origin}/hooks/{slug}/{hook.path}"}


def _whole(principal: Principal, workflow: Workflow, deployed: Settings) -> WorkflowResponse:
    called = workflows.called(principal, workflow.id)
    origin = f"{deployed.content_origin}/hooks/{called.slug}"
    return WorkflowResponse(
        id=workflow.id,
        name=workflow.name,
        document=workflow.document,
        revision=workflow.revision,
        published_version=workflow.published_version,
        enabled=workflow.enabled,
        created_at=workflow.created_at,
        updated_at=workflow.updated_at,
        project_id=workflow.project_id,
        permissions=sorted(projects.permissions_with(principal, workflow)),
        content_origin=deployed.content_origin,
        webhooks=[
            WebhookResponse(node_id=hook.node_id, method=hook.method, **_place(deployed, called.slug, hook))
            for hook in called.webhooks
        ],
        registrations=[
            RegistrationResponse(
                id=one.id,
                node_id=one.node_id,
                type=one.type,
                status=one.status,
                url=None if one.expression else f"{origin}/{ROOM}/{one.address}",
                created_at=one.created_at,
                last_received_at=one.last_received_at,
                last_polled_at=one.last_polled_at,
                last_error=one.last_error,
            )
            for one in called.registrations
        ],
        diagnostics=_diagnostics(principal, workflow.document),
    )


def _diagnostics(principal: Principal, document: dict[str, Any]) -> list[DiagnosticResponse]:
    asked = [*callees.problems(principal, document), *calls.problems(principal, document)]
    asked += variables.problems(principal, document)
    found = [*compiling.diagnose(document), *asked]
    return [DiagnosticResponse.model_validate(one.to_json()) for one in found]
