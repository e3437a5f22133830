"""What a step's models use: told to the meter, added up, and held to what the step may use."""

from collections.abc import Callable
from decimal import Decimal
from threading import Lock
from typing import Final

from stepweave.runtime.budgets import Budget
from stepweave.runtime.errors import NodeError
from stepweave.runtime.metering import Meter
from stepweave_ai.accounts import Account
from stepweave_ai.errors import SpendingLimit
from stepweave_ai.prices import CURRENCY, price_of
from stepweave_ai.talking import Tokens

UNPRICED: Final = "answers of unknown price"
"""What is counted of models without a price, so that no money never reads as nothing spent."""
AUDIO: Final = "seconds of audio"


class Purse:
    """What one step may spend, over all its attempts. Safe to use from several threads.

    Args:
        meter: is told all that is used.
        budget: what the execution, the workflow and the tenant may spend.
        warn: is told what could not be counted.
        most_tokens: of input and output together; None for any number.
        most_money: in US dollars; None for any amount. Models without a price count nothing.
    """

    def __init__(
        self,
        meter: Meter,
        budget: Budget,
        warn: Callable[[str], None],
        *,
        most_tokens: int | None = None,
        most_money: Decimal | None = None,
    ) -> None:
        self._meter, self._budget, self._warn = meter, budget, warn
        self._most_tokens = most_tokens
        self._most_money = most_money
        self._lock = Lock()
        self._tokens = 0
        self._money = Decimal(0)
        self._by_item: dict[int, tuple[int, Decimal]] = {}

    def carry(self, tokens: int, money: Decimal) -> None:
        """Count what was used before."""
        with self._lock:
            self._tokens += tokens
            self._money += money

    def spent_for(self, index: int) -> tuple[int, Decimal]:
        """Return the tokens and the money used for an item since this was asked last."""
        with self._lock:
            return self._by_item.pop(index, (0, Decimal(0)))

    def check(self) -> None:
        """Do nothing where the next request may be sent. Raises SpendingLimit, BudgetExceeded, StoreUnavailable."""
        spent = self._budget.check()
        with self._lock:
            tokens, money = max(self._tokens, spent.tokens), max(self._money, spent.money)
        if self._most_tokens is not None and tokens >= self._most_tokens:
            raise SpendingLimit(
                f"The step has used {tokens:,} tokens; it may use {self._most_tokens:,}.",
                "Raise the limit in the node, or give it fewer items.",
                details={"tokens": tokens, "mostTokens": self._most_tokens},
            )
        if self._most_money is not None and money >= self._most_money:
            raise SpendingLimit(
                f"The step has spent {money:f} {CURRENCY}; it may spend {self._most_money:f}.",
                "Raise the limit in the node, or give it fewer items.",
                details={"money": f"{money:f}", "mostMoney": f"{self._most_money:f}"},
            )

    def pay(self, account: Account, model: str, tokens: Tokens, seconds: float = 0, index: int = 0) -> None:
        """Tell of what an answer used for an item: tokens, and seconds of audio where it is sold by them."""
        if tokens != Tokens():
            self._meter.tokens(model, input=tokens.input, output=tokens.output, cached=tokens.cached)
        if seconds:
            self._meter.count(AUDIO, seconds)
        price = price_of(account, model)
        cost = price.of(tokens, seconds) if price is not None else None
        if cost is None:
            self._meter.count(UNPRICED)
        else:
            self._meter.money(cost, CURRENCY)
        with self._lock:
            self._tokens += tokens.input + tokens.output
            self._money += cost or Decimal(0)
            before, spent = self._by_item.get(index, (0, Decimal(0)))
            self._by_item[index] = (before + tokens.input + tokens.output, spent + (cost or Decimal(0)))
        try:
            self._budget.spend(tokens.input + tokens.output, cost)
        except NodeError as error:  # the answer is there and paid: it is not lost for this
            self._warn(f"What an answer cost could not be counted for the budgets: {error.message}")
