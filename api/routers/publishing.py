"""Publishing: what is live of a workflow, and its versions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, requires
from api.params import VersionNumber, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.workflows import (
    PublishRequest,
    VersionChange,
    VersionDocumentResponse,
    VersionResponse,
    VersionsResponse,
)
from api.services import workflows
from api.services.publishing.versions import Said
from api.services.tokens import Principal
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import WorkflowVersion

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
PublisherRole = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]


@router.post(
    "/workflows/{workflow_id}/publish",
    operation_id="publishWorkflow",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.WORKFLOW_INVALID,
        codes.APPROVAL_NEEDED,
        codes.NOT_READY,
        codes.CREDENTIAL_ELSEWHERE,
        codes.WEBHOOK_TAKEN,
        codes.TRIGGER_REFUSED,
        codes.TRIGGER_UNAVAILABLE,
        codes.DRAFT_MOVED,
        codes.PUBLISHING,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def publish_workflow(
    workflow_id: WorkflowId, principal: PublisherRole, publisher: PublisherDep, body: PublishRequest | None = None
) -> VersionResponse:
    """Publish the draft as a new version, live in the first environment; 422 with `diagnostics` when it has errors."""
    version = publisher.publish(principal, workflow_id, Said(body.name, body.note) if body else Said())
    return VersionResponse.model_validate(version, from_attributes=True)


@router.post(
    "/workflows/{workflow_id}/unpublish",
    status_code=204,
    operation_id="unpublishWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PUBLISHING),
)
def unpublish_workflow(workflow_id: WorkflowId, principal: PublisherRole, publisher: PublisherDep) -> Response:
    """Take a workflow's webhooks and schedules away."""
    publisher.unpublish(principal, workflow_id)
    return Response(status_code=204)


@router.get("/workflows/{workflow_id}/versions", operation_id="listVersions", openapi_extra=refuses(codes.NOT_FOUND))
def list_versions(workflow_id: WorkflowId, principal: Reader) -> VersionsResponse:
    """List the published versions, the latest first."""
    found = workflows.list_versions(principal, workflow_id)
    return VersionsResponse(items=[VersionResponse(**_version(*row)) for row in found])


@router.get(
    "/workflows/{workflow_id}/versions/{number}",
    operation_id="getVersion",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ANSWER_TOO_LARGE),
)
def get_version(workflow_id: WorkflowId, number: VersionNumber, principal: Reader) -> VersionDocumentResponse:
    """Return a published version with its document."""
    version, author = workflows.get_version(principal, workflow_id, number)
    return VersionDocumentResponse(**_version(version, author), document=version.document)


@router.put(
    "/workflows/{workflow_id}/versions/{number}",
    operation_id="changeVersion",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def change_version(
    workflow_id: WorkflowId, number: VersionNumber, body: VersionChange, principal: PublisherRole
) -> VersionResponse:
    """Name a version, or say something else of it. What it does stays as it is."""
    return VersionResponse(**_version(*workflows.change_version(principal, workflow_id, number, body.name, body.note)))


@router.post(
    "/workflows/{workflow_id}/versions/{number}/publish",
    operation_id="publishVersion",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.WORKFLOW_INVALID,
        codes.APPROVAL_NEEDED,
        codes.NOT_READY,
        codes.CREDENTIAL_ELSEWHERE,
        codes.WEBHOOK_TAKEN,
        codes.TRIGGER_REFUSED,
        codes.TRIGGER_UNAVAILABLE,
        codes.PUBLISHING,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def publish_version(
    workflow_id: WorkflowId,
    number: VersionNumber,
    principal: PublisherRole,
    publisher: PublisherDep,
    environment: Annotated[
        str, Query(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$", description="Where, by the environment's key.")
    ] = PRODUCTION,
    emergency: Annotated[
        bool,
        Query(description="An owner goes back to what was live there before, without the approval it needs; audited."),
    ] = False,
) -> VersionResponse:
    """Make a version live, or live again: its machine, webhooks and schedules. The draft stays as it is.

    422 `not_ready` names what the environment lacks; nothing has moved then.
    """
    made = publisher.publish_version(principal, workflow_id, number, environment, emergency=emergency)
    return VersionResponse(**_version(made, None))


def _version(version: WorkflowVersion, author: str | None) -> dict[str, Any]:
    names = ("number", "name", "note", "created_at", "created_by")
    return {**{name: getattr(version, name) for name in names}, "author": author}
