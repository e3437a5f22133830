"""What language models cost by month, by workflow and by execution, and what the workspace may spend."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from api.repositories.rows import rows_of
from api.repositories.spending import Spent, WorkflowSpent
from api.services.tokens import Principal
from stepweave_data.models import TenantBudget
from stepweave_data.store.budgets import month_of, renewed

Cost = dict[str, Any]
"""`tokens`, and `money` by currency, as `api.schemas.spending.CostSummary`."""


@dataclass(frozen=True)
class Month:
    """A month's spending."""

    month: str
    renews_at: str
    spent: Spent
    budget: TenantBudget
    workflows: list[WorkflowSpent]


def spending(principal: Principal, month: str | None) -> Month:
    """Return what was spent in a month (`2026-11`), in the one that runs now unless another is named."""
    now = datetime.now(UTC)
    named = month or month_of(now)
    with rows_of(principal.tenant_id) as rows:
        spent = rows.spending.of_tenant(principal.tenant_id, named)
        budget = rows.spending.budget(principal.tenant_id)
        return Month(named, renewed(now), spent, budget, rows.spending.of_workflows(named))


def set_budget(principal: Principal, month_money: Decimal | None, month_tokens: int | None) -> None:
    """Say what the workspace may spend in a month; it counts at once."""
    with rows_of(principal.tenant_id) as rows:
        rows.put(TenantBudget(tenant_id=principal.tenant_id, month_money=month_money, month_tokens=month_tokens))
        shown = None if month_money is None else f"{month_money:f}"
        rows.note(principal.user_id, "budget.changed", principal.tenant_id, money=shown, tokens=month_tokens)


def costs_of_executions(principal: Principal, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Cost]:
    """Return what executions cost; those that told of nothing are left out."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.spending.of_executions(ids)
    return {id: {"tokens": tokens, "money": money} for id, (tokens, money) in found.items()}


def costs_of_workflows(principal: Principal, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Cost]:
    """Return what workflows spent on language models this month; those that spent nothing are left out."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.spending.of_some_workflows(ids, month_of(datetime.now(UTC)))
    return {
        id: {"tokens": spent.tokens, "money": {"USD": f"{spent.money:f}"} if spent.money else {}}
        for id, spent in found.items()
    }
