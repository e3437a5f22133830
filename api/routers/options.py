"""Choices of fields that the provider has."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import codes
from api.bodies import JsonRoute
from api.deps import ChoosingDep, RedisDep, requires
from api.params import NodeTypeName
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.options import OptionResponse, OptionsRequest, OptionsResponse
from api.services.limits import OPTIONS, limit
from api.services.options import Wanted
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]


@router.post(
    "/node-types/{type}/options",
    operation_id="listNodeOptions",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.TOO_MANY_TRIES,
        codes.OPTIONS_NEED,
        codes.OPTIONS_FAILED,
        codes.AWS_UNAVAILABLE,
    ),
)
def list_options(
    type: NodeTypeName, body: OptionsRequest, principal: Writer, choosing: ChoosingDep, redis: RedisDep
) -> OptionsResponse:
    """Load a page of a field's choices from the provider, with the credential that the node names.

    What was loaded is kept for a minute, unless the credential is changed. Nothing is saved.
    """
    limit(redis, OPTIONS, str(principal.user_id))
    given = (body.search, body.page or "", body.reload, body.workflow_id)
    wanted = Wanted(type, body.version, body.field, body.params, *given)
    found = choosing.load(principal, wanted)
    options = [
        OptionResponse(
            value=one["value"],
            label=one["label"],
            detail=one.get("detail", ""),
            required=one.get("required", False),
        )
        for one in found.options
    ]
    return OptionsResponse(options=options, next=found.next, cut=found.cut)
