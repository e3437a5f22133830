"""What is spent on language models, as people see it: by month, by workflow, by execution; and the tenant's budget."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from stepweave_data.models import ModelSpending, NodeUsage, TenantBudget, Workflow

MOST_WORKFLOWS: Final = 100
"""Workflows of a month that are named; those that spent most."""


@dataclass(frozen=True)
class Spent:
    """Tokens of input and output, and US dollars; answers, and those of models whose price is not known."""

    tokens: int = 0
    money: Decimal = Decimal(0)
    answers: int = 0
    unpriced: int = 0


@dataclass(frozen=True)
class WorkflowSpent:
    """What a workflow spent in a month; `budget` as its draft says, `name` None where it is deleted."""

    id: uuid.UUID
    name: str | None
    spent: Spent
    budget: dict[str, Any] = field(default_factory=dict)


class Spending:
    """Rows of `model_spending`, and the tenant's budget."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_tenant(self, tenant_id: uuid.UUID, month: str) -> Spent:
        """Return what all workflows spent in a month (`2026-11`)."""
        row = self._session.get(ModelSpending, (tenant_id, "tenant", str(tenant_id), month))
        return Spent() if row is None else _spent(row)

    def of_workflows(self, month: str) -> list[WorkflowSpent]:
        """Return what workflows spent in a month, those that spent most first."""
        is_of = cast(Workflow.id, String) == ModelSpending.of
        query = (
            select(ModelSpending, Workflow.id, Workflow.name, Workflow.deleted_at, Workflow.document["settings"])
            .join(Workflow, is_of)
            .where(ModelSpending.scope == "workflow", ModelSpending.period == month)
            .order_by(ModelSpending.money.desc(), ModelSpending.tokens.desc(), ModelSpending.of)
            .limit(MOST_WORKFLOWS)
        )
        return [
            WorkflowSpent(id, None if gone else name, _spent(row), _budget(settings))
            for row, id, name, gone, settings in self._session.execute(query)
        ]

    def of_some_workflows(self, ids: Sequence[uuid.UUID], month: str) -> dict[uuid.UUID, Spent]:
        """Return what some workflows spent in a month; those that spent nothing are left out."""
        query = select(ModelSpending).where(
            ModelSpending.scope == "workflow", ModelSpending.of.in_(map(str, ids)), ModelSpending.period == month
        )
        return {uuid.UUID(row.of): _spent(row) for row in self._session.scalars(query)}

    def of_executions(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, dict[str, str]]]:
        """Return tokens, and money by currency, of what executions have told of; those without are left out."""
        query = (
            select(NodeUsage.execution_id, NodeUsage.kind, NodeUsage.name, func.sum(NodeUsage.amount))
            .where(NodeUsage.execution_id.in_(ids), NodeUsage.kind.in_(("tokens.input", "tokens.output", "money")))
            .group_by(NodeUsage.execution_id, NodeUsage.kind, NodeUsage.name)
            .order_by(NodeUsage.name)
        )
        tokens: dict[uuid.UUID, int] = defaultdict(int)
        money: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
        for id, kind, name, amount in self._session.execute(query):
            if kind == "money":
                money[id][name] = f"{amount:f}"
            else:
                tokens[id] += int(amount)
        return {id: (tokens[id], money[id]) for id in {*tokens, *money}}

    def budget(self, tenant_id: uuid.UUID) -> TenantBudget:
        """Return the tenant's budget, which is none where nobody has set one."""
        return self._session.get(TenantBudget, tenant_id) or TenantBudget(tenant_id=tenant_id)


def _spent(row: ModelSpending) -> Spent:
    return Spent(row.tokens, row.money, row.answers, row.unpriced)


def _budget(settings: Any) -> dict[str, Any]:
    budget = settings.get("budget") if isinstance(settings, dict) else None
    return budget if isinstance(budget, dict) else {}
