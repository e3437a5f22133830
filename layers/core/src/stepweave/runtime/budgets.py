"""What a step may spend on language models: asked of the function `store` before each request, told after it (ADR 39).

What is spent passes a budget by no more than the requests that were under way when it was reached.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from stepweave.model.events import ExecutionContext
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import Store

_WORDS: Final = {
    "execution": ("The execution's budget", "Raise it in the workflow's settings; a new execution has a budget anew."),
    "workflowMonth": ("The workflow's budget of this month", "Raise it in the workflow's settings, or wait"),
    "tenantMonth": ("The workspace's budget of this month", "Raise it in the settings of the workspace, or wait"),
}


class BudgetExceeded(NodeError):
    """A budget is spent, so no further request is sent.

    `details` has `budget` (`execution`, `workflowMonth`, `tenantMonth`), `kind` (`money`, `tokens`), `limit`, `spent`,
    and `renews`: when it begins anew, None for never.
    """


@dataclass(frozen=True, slots=True)
class Spent:
    """What a node run has spent, over all attempts: tokens of input and output, and US dollars."""

    tokens: int = 0
    money: Decimal = Decimal(0)


class Budget:
    """The budgets that a node run counts to. Safe to use from several threads.

    Args:
        store: the tenant's.
        context: the execution.
        run: what the node run is known by, the same over attempts; "" where it has no limits of its own.
    """

    def __init__(self, store: Store, context: ExecutionContext, run: str = "") -> None:
        self._store = store
        self._who = {"workflowId": context["workflowId"], "executionId": context["executionId"], "run": run}

    def check(self) -> Spent:
        """Return what the node run has spent, where the next request may be sent.

        Raises:
            BudgetExceeded: it may not.
            StoreUnavailable: nobody could be asked.
        """
        given = self._store.do({"do": "afford", **self._who})
        if given["exceeded"] is not None:
            raise exceeded(given["exceeded"])
        return Spent(int(given["run"]["tokens"]), Decimal(given["run"]["money"]))

    def spend(self, tokens: int, money: Decimal | None) -> None:
        """Count an answer, once; `money` is None where the model's price is not known. Raises StoreUnavailable."""
        amount = None if money is None else f"{money:f}"
        told = {"do": "spend", **self._who, "tokens": tokens, "money": amount, "once": f"spend:{uuid.uuid4()}"}
        try:
            self._store.do(told)
        except NodeError as error:
            if not error.retryable:
                raise
            self._store.do(told)


def exceeded(told: dict[str, Any]) -> BudgetExceeded:
    """Return the error that says which budget is spent."""
    what, remedy = _WORDS[told["budget"]]
    unit = "USD" if told["kind"] == "money" else "tokens"
    renews = told["renews"]
    if renews:
        remedy = f"{remedy}: it begins anew on {renews[:10]} at 00:00 UTC."
    said = f"{what} is spent: {_shown(told['spent'])} of {_shown(told['limit'])} {unit}."
    return BudgetExceeded(said, remedy, details=dict(told))


def _shown(amount: str) -> str:
    whole, _, fraction = amount.partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


def unlimited(request: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the store answers where there are no budgets, as in tests; None where it is asked for more."""
    given = {"afford": {"exceeded": None, "run": {"tokens": 0, "money": "0"}}, "spend": {}}
    operations = [operation["do"] for operation in request["operations"]]
    if any(do not in given for do in operations):
        return None
    return {"results": [{"value": given[do]} for do in operations]}
