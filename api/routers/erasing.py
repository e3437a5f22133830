"""Taking data along, and going: a person's and a workspace's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, caller_of, requires
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.erasing import (
    DeleteAccountRequest,
    DeletionRequest,
    DeletionResponse,
    ExportPageResponse,
    ExportPartsResponse,
    MyDataResponse,
)
from api.services import accounts, erasing, limits
from api.services.tokens import Principal

router = APIRouter(tags=["leaving"], route_class=JsonRoute)

Self = Annotated[Principal, Depends(requires(Permission.SELF))]
Deleter = Annotated[Principal, Depends(requires(Permission.TENANT_DELETE))]
Exporter = Annotated[Principal, Depends(requires(Permission.TENANT_EXPORT))]


@router.get("/tenant/deletion", operation_id="getDeletion")
def get_deletion(principal: Self) -> DeletionResponse:
    """Say whether the workspace is to go, and when."""
    return DeletionResponse(delete_after=erasing.deletion(principal))


@router.post("/tenant/deletion", operation_id="requestDeletion")
def request_deletion(body: DeletionRequest, principal: Deleter) -> DeletionResponse:
    """Have the workspace deleted in seven days. Until then everything goes on, and it can be taken back."""
    return DeletionResponse(delete_after=erasing.request_deletion(principal, body.name))


@router.delete("/tenant/deletion", status_code=204, operation_id="cancelDeletion")
def cancel_deletion(principal: Deleter) -> Response:
    """Have the workspace stay."""
    erasing.cancel_deletion(principal)
    return Response(status_code=204)


@router.get("/tenant/export", operation_id="listExportParts")
def list_parts(_: Exporter) -> ExportPartsResponse:
    """List what the workspace's export is made of."""
    return ExportPartsResponse(items=list(erasing.parts()))


@router.get(
    "/tenant/export/{part}",
    operation_id="exportTenant",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ANSWER_TOO_LARGE),
)
def export_part(
    part: Annotated[str, Path(max_length=40, pattern=r"^[a-z-]+$", description="The part: of `listExportParts`.")],
    principal: Exporter,
    after: Annotated[
        str | None, Query(max_length=2000, description="`nextAfter` of the page before; without it the first page.")
    ] = None,
) -> ExportPageResponse:
    """Return a page of a part as JSON lines. `stepweave export` puts all into one file."""
    text, next = erasing.exported(principal, part, after)
    return ExportPageResponse(text=text, next_after=next)


@router.get("/me/export", operation_id="exportMe", openapi_extra=refuses(codes.SESSION_EXPIRED))
def export_me(principal: Self) -> MyDataResponse:
    """Return what is kept of you."""
    return MyDataResponse.model_validate(erasing.my_data(principal))


@router.post(
    "/me/delete",
    status_code=204,
    operation_id="deleteMe",
    openapi_extra=refuses(codes.TOO_MANY_TRIES, codes.WRONG_PASSWORD, codes.LAST_OWNER, codes.SESSION_EXPIRED),
)
def delete_me(body: DeleteAccountRequest, principal: Self, request: Request, redis: RedisDep) -> Response:
    """Delete your account. The only owner of a workspace must hand it over, or delete it, first."""
    with limits.login(redis, accounts.account_of(principal).user.email, caller_of(request)):
        erasing.delete_account(principal, body.password)
    return Response(status_code=204)
