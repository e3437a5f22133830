"""Files that a run by hand starts with."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import codes
from api.bodies import JsonRoute
from api.deps import ClaimsDep, requires
from api.params import WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.run_files import RunFileRequest, RunFileResponse
from api.services import run_files
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)


@router.post(
    "/workflows/{workflow_id}/files",
    status_code=201,
    operation_id="storeRunFile",
    openapi_extra=refuses(codes.NOT_FOUND, codes.AWS_UNAVAILABLE, codes.AWS_REFUSED),
)
def store_run_file(
    workflow_id: WorkflowId,
    body: RunFileRequest,
    principal: Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))],
    claims: ClaimsDep,
) -> RunFileResponse:
    """Store a file of at most 3.7 MB, to run the workflow with: what stands for it goes into an item's `binary`."""
    return RunFileResponse(
        binary=run_files.store(principal, workflow_id, claims, body.file_name, body.mime_type, body.content)
    )
