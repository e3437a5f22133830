"""Quotas: what the plan of a workspace allows, and what is used of it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.bodies import JsonRoute
from api.deps import requires
from api.permissions import Permission
from api.schemas.quotas import HeldResponse, PlanResponse
from api.services import quotas
from api.services.tokens import Principal

router = APIRouter(tags=["auth"], route_class=JsonRoute)


@router.get("/tenant/usage", operation_id="getUsage")
def get_usage(principal: Annotated[Principal, Depends(requires(Permission.USAGE_READ))]) -> PlanResponse:
    """Return what the workspace holds, and uses in this month (UTC), of what its plan allows."""
    found = quotas.usage(principal)
    items = [HeldResponse(kind=one.kind, held=one.held, most=one.most) for one in found.held]
    return PlanResponse(plan=found.plan, items=items)
