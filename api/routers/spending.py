"""Spending: what language models cost, and the workspace's budget for them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.bodies import JsonRoute
from api.deps import requires
from api.permissions import Permission
from api.repositories.spending import Spent
from api.schemas.spending import (
    BudgetRequest,
    BudgetResponse,
    SpendingResponse,
    SpentResponse,
    WorkflowSpending,
)
from api.services import spending
from api.services.tokens import Principal

router = APIRouter(tags=["spending"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
Owner = Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
OfMonth = Annotated[
    str | None,
    Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="The month, in UTC; without it the one that runs now."),
]


@router.get("/spending", operation_id="getSpending")
def get_spending(principal: Reader, month: OfMonth = None) -> SpendingResponse:
    """Return what was spent on language models in a month, and what may be."""
    return _response(spending.spending(principal, month))


@router.put("/spending/budget", operation_id="setBudget")
def set_budget(body: BudgetRequest, principal: Owner) -> SpendingResponse:
    """Say what the workspace may spend on language models in a month; it counts at once."""
    spending.set_budget(principal, body.month_money, body.month_tokens)
    return _response(spending.spending(principal, None))


def _response(found: spending.Month) -> SpendingResponse:
    money, tokens = found.budget.month_money, found.budget.month_tokens
    return SpendingResponse.model_validate(
        {
            "month": found.month,
            "renewsAt": found.renews_at,
            "spent": _spent(found.spent),
            "budget": BudgetResponse(month_money=None if money is None else f"{money:f}", month_tokens=tokens),
            "workflows": [
                WorkflowSpending(
                    workflow_id=one.id,
                    workflow_name=one.name,
                    spent=_spent(one.spent),
                    budget=_budget(one.budget),
                )
                for one in found.workflows
            ],
        }
    )


def _spent(spent: Spent) -> SpentResponse:
    return SpentResponse(tokens=spent.tokens, money=f"{spent.money:f}", answers=spent.answers, unpriced=spent.unpriced)


def _budget(budget: dict[str, Any]) -> BudgetResponse:
    money, tokens = budget.get("monthMoney"), budget.get("monthTokens")
    return BudgetResponse(
        month_money=str(money) if isinstance(money, int | float) else None,
        month_tokens=int(tokens) if isinstance(tokens, int | float) else None,
    )
