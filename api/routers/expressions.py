"""Expressions while they are written."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, StorageDep, requires
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.expressions import PreviewError, PreviewRequest, PreviewResponse
from api.services import previews
from api.services.limits import PREVIEW, limit
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]


@router.post(
    "/expressions/preview",
    operation_id="previewExpression",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ITEMS_GONE, codes.TOO_MANY_TRIES, codes.TOO_DEEP),
)
def preview_expression(
    body: PreviewRequest, principal: Writer, storage: StorageDep, redis: RedisDep
) -> PreviewResponse:
    """Evaluate an expression on the data of an earlier execution; nothing is run and nothing is stored."""
    limit(redis, PREVIEW, str(principal.user_id))
    workflow = {"id": body.workflow_id, "name": body.workflow_name, "timeZone": body.time_zone}
    shown = previews.show(
        principal,
        storage,
        previews.Wanted(
            body.text,
            body.index,
            body.execution_id,
            [(one.node_id, one.port) for one in body.input],
            body.names,
            body.pinned,
            workflow,
        ),
    )
    error = shown.error
    return PreviewResponse(
        value=shown.value,
        error=PreviewError(message=error.message, position=error.position) if error is not None else None,
        count=shown.count,
        partial=shown.partial,
        cut=shown.cut,
        missing=shown.missing,
    )
