"""Retention: how long executions are kept, what a setting would delete, and which one stays."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import ExecutionId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.retention import Days
from api.schemas.retention import (
    MOST_DAYS,
    DaysRequest,
    DaysResponse,
    KeptRequest,
    KeptResponse,
    RetentionPreviewResponse,
    RetentionResponse,
    WorkflowDaysRequest,
)
from api.services import retention
from api.services.tokens import Principal

router = APIRouter(tags=["executions"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
RunnerRole = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
Owner = Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
Succeeded = Annotated[
    int | None,
    Query(alias="succeededDays", ge=0, le=MOST_DAYS, description="Of those that succeeded; left out: without end."),
]
Failed = Annotated[
    int | None, Query(alias="failedDays", ge=0, le=MOST_DAYS, description="Of all others; left out: without end.")
]


@router.get("/tenant/retention", operation_id="getRetention")
def get_retention(principal: Reader) -> RetentionResponse:
    """Return how long the workspace keeps executions."""
    return _response(retention.of_workspace(principal))


@router.put("/tenant/retention", operation_id="setRetention", openapi_extra=refuses(codes.RETENTION_BEYOND_PLAN))
def set_retention(body: DaysRequest, principal: Owner) -> RetentionResponse:
    """Say how long the workspace keeps executions. What is older is deleted for good, within the hour."""
    return _response(retention.set_of_workspace(principal, Days(body.succeeded_days, body.failed_days)))


@router.get("/tenant/retention/preview", operation_id="previewRetention")
def preview_retention(principal: Owner, succeeded: Succeeded = None, failed: Failed = None) -> RetentionPreviewResponse:
    """Return how many executions a setting would delete, of workflows that say nothing themselves."""
    found, more = retention.preview(principal, None, Days(succeeded, failed))
    return RetentionPreviewResponse(executions=found, more=more)


@router.get(
    "/workflows/{workflow_id}/retention",
    operation_id="getWorkflowRetention",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def get_workflow_retention(workflow_id: WorkflowId, principal: Reader) -> RetentionResponse:
    """Return how long a workflow's executions are kept."""
    return _response(retention.of_workflow(principal, workflow_id))


@router.put(
    "/workflows/{workflow_id}/retention",
    operation_id="setWorkflowRetention",
    openapi_extra=refuses(codes.NOT_FOUND, codes.RETENTION_BEYOND_PLAN),
)
def set_workflow_retention(workflow_id: WorkflowId, body: WorkflowDaysRequest, principal: Writer) -> RetentionResponse:
    """Say how long a workflow's executions are kept. What is older is deleted for good, within the hour."""
    days = Days(body.succeeded_days, body.failed_days) if body.own else None
    return _response(retention.set_of_workflow(principal, workflow_id, days))


@router.get(
    "/workflows/{workflow_id}/retention/preview",
    operation_id="previewWorkflowRetention",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def preview_workflow_retention(
    workflow_id: WorkflowId,
    principal: Writer,
    own: Annotated[bool, Query(description="Whether the workflow says so itself.")] = True,
    succeeded: Succeeded = None,
    failed: Failed = None,
) -> RetentionPreviewResponse:
    """Return how many of a workflow's executions a setting would delete."""
    found, more = retention.preview(principal, workflow_id, Days(succeeded, failed) if own else None)
    return RetentionPreviewResponse(executions=found, more=more)


@router.put(
    "/executions/{execution_id}/kept",
    operation_id="keepExecution",
    openapi_extra=refuses(codes.NOT_FOUND, codes.EXECUTION_DELETED),
)
def keep_execution(execution_id: ExecutionId, body: KeptRequest, principal: RunnerRole) -> KeptResponse:
    """Keep an execution for good, with those that belong to it, or no longer."""
    return KeptResponse(kept_at=retention.keep(principal, execution_id, kept=body.kept))


def _response(found: retention.Kept) -> RetentionResponse:
    return RetentionResponse(
        own=found.own,
        succeeded_days=found.days.succeeded,
        failed_days=found.days.failed,
        workspace=DaysResponse(succeeded_days=found.workspace.succeeded, failed_days=found.workspace.failed),
        most_days=found.most,
    )
