"""What is spent on language models, and what may be: of an execution, of a workflow and of the tenant in a month.

A step asks before each request (`exceeded`) and tells what an answer used as soon as it is there (`spend`). So what is
spent passes a budget by no more than the requests that were under way. Months are those of UTC. A workflow's budget is
its draft's, so that it counts from when it is saved, for all executions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from stepweave_data.link import Connection

KEPT_DAYS: Final = 400
"""That what an execution spent is kept: one may wait for a year and go on."""
_NOW: Final = "SELECT now()"
_LIMITS: Final = """
SELECT document -> 'settings' -> 'budget',
  (SELECT month_tokens FROM tenant_budgets AS b WHERE b.tenant_id = w.tenant_id),
  (SELECT month_money FROM tenant_budgets AS b WHERE b.tenant_id = w.tenant_id), now()
FROM workflows AS w WHERE tenant_id = %s AND id = %s
"""
_SPENT: Final = """
SELECT scope, tokens, money FROM model_spending
WHERE tenant_id = %s AND (scope, of, period) IN ((%s, %s, %s), (%s, %s, %s), (%s, %s, %s), (%s, %s, %s))
"""
_SPEND: Final = """
INSERT INTO model_spending AS kept (tenant_id, scope, of, period, tokens, money, answers, unpriced, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, 1, %s, CASE WHEN %s THEN now() + make_interval(days => %s) END)
ON CONFLICT (tenant_id, scope, of, period) DO UPDATE SET tokens = kept.tokens + EXCLUDED.tokens,
  money = kept.money + EXCLUDED.money, answers = kept.answers + 1, unpriced = kept.unpriced + EXCLUDED.unpriced,
  expires_at = EXCLUDED.expires_at
"""
_SPENT_NOTHING: Final = (0, Decimal(0))
Amounts = tuple[int, Decimal]
"""Tokens, and money in US dollars."""
Scope = tuple[str, str, str]
"""The scope, whose it is, and the period."""


@dataclass(frozen=True, slots=True)
class Spender:
    """Who spends: a node run (`run`; "" where it has no limit of its own) in an execution of a workflow."""

    tenant_id: str
    workflow_id: str
    execution_id: str
    run: str = ""

    @classmethod
    def of(cls, tenant_id: str, asked: Mapping[str, Any]) -> "Spender":
        """Return who an operation names."""
        ids = (str(UUID(asked["workflowId"])), str(UUID(asked["executionId"])))
        return cls(tenant_id, *ids, str(asked.get("run") or ""))

    def scopes(self, at: datetime) -> list[Scope]:
        """Return where what is spent counts; always in the same order, so that no two wait for each other."""
        month = month_of(at)
        return [
            ("run", self.run, ""),
            ("execution", self.execution_id, ""),
            ("workflow", self.workflow_id, month),
            ("tenant", self.tenant_id, month),
        ]


def afford(connection: Connection, spender: Spender) -> dict[str, Any]:
    """Return `{exceeded, run}`: the budget that is spent, or None, and what the node run has spent (`tokens`, `money`).

    `exceeded` is `{budget, kind, limit, spent, renews}`: `execution`, `workflowMonth` or `tenantMonth`; `tokens` or
    `money` (decimal text, US dollars); the moment at which it begins anew, None for never.
    """
    row = connection.execute(_LIMITS.encode(), (spender.tenant_id, spender.workflow_id), prepare=True).fetchone()
    budget, month_tokens, month_money, now = row or (None, None, None, _now(connection))
    own = budget if isinstance(budget, dict) else {}
    spent = _spent(connection, spender, now)
    limits = (
        ("execution", "execution", _limits(own, "execution"), None),
        ("workflowMonth", "workflow", _limits(own, "month"), renewed(now)),
        ("tenantMonth", "tenant", (month_tokens, month_money), renewed(now)),
    )
    tokens, money = spent["run"]
    run = {"tokens": tokens, "money": f"{money:f}"}
    for name, scope, limit, renews in limits:
        found = _exceeded(spent[scope], limit)
        if found is not None:
            return {"exceeded": {"budget": name, **found, "renews": renews}, "run": run}
    return {"exceeded": None, "run": run}


def spend(connection: Connection, spender: Spender, tokens: int, money: Decimal | None) -> None:
    """Count an answer.

    Args:
        connection: within a transaction that is bound to the tenant.
        spender: whose answer it is.
        tokens: of input and output together.
        money: in US dollars; None where the model's price is not known.
    """
    for scope, of, period in spender.scopes(_now(connection)):
        if of:
            amounts = (tokens, money or Decimal(0), int(money is None))
            values = (spender.tenant_id, scope, of, period, *amounts, not period, KEPT_DAYS)
            connection.execute(_SPEND.encode(), values, prepare=True)


def month_of(at: datetime) -> str:
    """Return the month of a moment, in UTC: `2026-11`."""
    return at.astimezone(UTC).strftime("%Y-%m")


def renewed(at: datetime) -> str:
    """Return when the budgets of a month begin anew, as JSON has it."""
    here = at.astimezone(UTC)
    year, month = (here.year + 1, 1) if here.month == 12 else (here.year, here.month + 1)
    return f"{year:04}-{month:02}-01T00:00:00Z"


def _now(connection: Connection) -> datetime:
    row = connection.execute(_NOW.encode(), prepare=True).fetchone()
    return row[0] if row else datetime.now(UTC)


def _spent(connection: Connection, spender: Spender, now: datetime) -> dict[str, Amounts]:
    scopes = spender.scopes(now)
    values = (spender.tenant_id, *(part for scope in scopes for part in scope))
    spent = {scope: _SPENT_NOTHING for scope, _, _ in scopes}
    for scope, tokens, money in connection.execute(_SPENT.encode(), values, prepare=True).fetchall():
        spent[scope] = (tokens, money)
    return spent


def _limits(budget: Mapping[str, Any], of: str) -> tuple[int | None, Decimal | None]:
    tokens, money = _amount(budget.get(f"{of}Tokens")), _amount(budget.get(f"{of}Money"))
    return (None if tokens is None else int(tokens)), money


def _amount(value: Any) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _exceeded(spent: Amounts, limit: tuple[int | None, Decimal | None]) -> dict[str, Any] | None:
    """Return what is spent of it, as far as a budget is; None where the next request may be sent."""
    tokens, money = spent
    if limit[1] is not None and money >= limit[1]:
        return {"kind": "money", "limit": f"{limit[1]:f}", "spent": f"{money:f}"}
    if limit[0] is not None and tokens >= limit[0]:
        return {"kind": "tokens", "limit": str(limit[0]), "spent": str(tokens)}
    return None
