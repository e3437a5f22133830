"""Workflows: drafts, checks, versions, runs."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Response
from sqlalchemy import select

from api.bodies import JsonRoute
from api.deps import PublisherDep, RunnerDep, SettingsDep, requires
from api.errors import Problem
from api.permissions import Permission
from api.schemas.base import Page, cursor, read_cursor
from api.schemas.workflows import (
    DiagnosticResponse,
    DiagnosticsResponse,
    LastExecution,
    PublishRequest,
    RunRequest,
    RunResponse,
    SaveRequest,
    VersionResponse,
    VersionsResponse,
    WebhookResponse,
    WorkflowResponse,
    WorkflowSummary,
)
from api.services import accounts, compiling, workflows
from api.services.seeding import Part
from api.services.tokens import Principal
from api.settings import Settings
from stepweave_data.database import tenant_session
from stepweave_data.models import Webhook, Workflow, WorkflowVersion

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
PublisherRole = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]
RunnerRole = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]
DocumentBody = Annotated[dict[str, Any], Body(description="A workflow document (docs/reference/contracts.md).")]


@router.get("/workflows", operation_id="listWorkflows")
def list_workflows(
    principal: Reader,
    search: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    cursor_: Annotated[str | None, Query(alias="cursor")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Page[WorkflowSummary]:
    """List workflows, the latest changed first."""
    found = workflows.list_workflows(principal, search, read_cursor(cursor_), limit + 1)
    rows, more = found[:limit], len(found) > limit
    last = rows[-1].workflow if rows else None
    return Page(
        items=[_summary(row) for row in rows],
        next_cursor=cursor(last.updated_at, last.id) if more and last else None,
    )


@router.post("/workflows", status_code=201, operation_id="createWorkflow")
def create_workflow(principal: Writer, deployed: SettingsDep, document: DocumentBody) -> WorkflowResponse:
    """Store a new workflow as a draft. It may have errors; they come back as diagnostics."""
    return _whole(principal, workflows.create_workflow(principal, document), deployed)


@router.post("/workflows/validate", operation_id="validateWorkflow")
def validate_workflow(_: Reader, document: DocumentBody) -> DiagnosticsResponse:
    """Check a workflow without storing it."""
    return DiagnosticsResponse(diagnostics=_diagnostics(document))


@router.get("/workflows/{workflow_id}", operation_id="getWorkflow")
def get_workflow(workflow_id: uuid.UUID, principal: Reader, deployed: SettingsDep) -> WorkflowResponse:
    """Return a workflow with its draft."""
    return _whole(principal, workflows.get_workflow(principal, workflow_id), deployed)


@router.put("/workflows/{workflow_id}", operation_id="saveWorkflow")
def save_workflow(
    workflow_id: uuid.UUID, body: SaveRequest, principal: Writer, deployed: SettingsDep
) -> WorkflowResponse:
    """Save a draft that was made from `revision`; 409 `stale_revision` when somebody saved in between."""
    saved = workflows.save_workflow(principal, workflow_id, body.document, body.revision)
    return _whole(principal, saved, deployed)


@router.delete("/workflows/{workflow_id}", status_code=204, operation_id="deleteWorkflow")
def delete_workflow(workflow_id: uuid.UUID, principal: Writer, publisher: PublisherDep) -> Response:
    """Delete a workflow: its webhooks and schedules go, its executions stay."""
    publisher.unpublish(principal, workflow_id, remove=True)
    return Response(status_code=204)


@router.post("/workflows/{workflow_id}/publish", operation_id="publishWorkflow")
def publish_workflow(
    workflow_id: uuid.UUID, principal: PublisherRole, publisher: PublisherDep, body: PublishRequest | None = None
) -> VersionResponse:
    """Publish the draft as a new version and make it live; 422 with `diagnostics` when it has errors."""
    version = publisher.publish(principal, workflow_id, body.note if body else "")
    return VersionResponse.model_validate(version, from_attributes=True)


@router.post("/workflows/{workflow_id}/unpublish", status_code=204, operation_id="unpublishWorkflow")
def unpublish_workflow(workflow_id: uuid.UUID, principal: PublisherRole, publisher: PublisherDep) -> Response:
    """Take a workflow's webhooks and schedules away."""
    publisher.unpublish(principal, workflow_id)
    return Response(status_code=204)


@router.get("/workflows/{workflow_id}/versions", operation_id="listVersions")
def list_versions(workflow_id: uuid.UUID, principal: Reader) -> VersionsResponse:
    """List the published versions, the latest first."""
    with tenant_session(principal.tenant_id) as session:
        workflows.find(session, workflow_id)
        query = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id)
        found = session.scalars(query.order_by(WorkflowVersion.number.desc()).limit(200)).all()
    return VersionsResponse(items=[VersionResponse.model_validate(row, from_attributes=True) for row in found])


@router.post("/workflows/{workflow_id}/run", status_code=202, operation_id="runWorkflow")
def run_workflow(
    workflow_id: uuid.UUID, principal: RunnerRole, runner: RunnerDep, body: RunRequest | None = None
) -> RunResponse:
    """Start an execution of the draft or the published version."""
    wanted = body or RunRequest()
    if any(not isinstance(item.get("json"), dict) for item in wanted.items or ()):
        raise Problem(422, "invalid_request", "Each item needs `json`, an object.")
    part = Part(
        pinned=wanted.pinned,
        from_execution_id=str(wanted.from_execution_id) if wanted.from_execution_id else None,
        start_node_id=wanted.start_node_id,
        until_node_id=wanted.until_node_id,
        only_node_id=wanted.only_node_id,
    )
    items = None if wanted.items is None else list(wanted.items)
    execution_id = runner.run(principal, workflow_id, wanted.mode, wanted.trigger_node_id, items, part)
    return RunResponse(execution_id=execution_id)


def _summary(row: workflows.Summary) -> WorkflowSummary:
    workflow = row.workflow
    nodes = workflow.document.get("nodes", [])
    kinds = {entry.type for entry in compiling.catalogue() if entry.trigger}
    return WorkflowSummary(
        id=workflow.id,
        name=workflow.name,
        revision=workflow.revision,
        published_version=workflow.published_version,
        enabled=workflow.enabled,
        created_at=workflow.created_at,
        updated_at=workflow.updated_at,
        triggers=sorted({node["type"] for node in nodes if node.get("type") in kinds}),
        node_count=len(nodes),
        last_execution=LastExecution.model_validate(row.last_execution, from_attributes=True)
        if row.last_execution
        else None,
    )


def _whole(principal: Principal, workflow: Workflow, deployed: Settings) -> WorkflowResponse:
    with tenant_session(principal.tenant_id) as session:
        hooks = session.scalars(select(Webhook).where(Webhook.workflow_id == workflow.id)).all()
    origin = f"{deployed.public_url}/hooks/{accounts.tenant_slug(principal.tenant_id)}" if hooks else ""
    return WorkflowResponse(
        id=workflow.id,
        name=workflow.name,
        document=workflow.document,
        revision=workflow.revision,
        published_version=workflow.published_version,
        enabled=workflow.enabled,
        created_at=workflow.created_at,
        updated_at=workflow.updated_at,
        webhooks=[
            WebhookResponse(node_id=hook.node_id, method=hook.method, path=hook.path, url=f"{origin}/{hook.path}")
            for hook in hooks
        ],
        diagnostics=_diagnostics(workflow.document),
    )


def _diagnostics(document: dict[str, Any]) -> list[DiagnosticResponse]:
    return [DiagnosticResponse.model_validate(found.to_json()) for found in compiling.diagnose(document)]
