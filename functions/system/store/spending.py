"""The store's operations on what is spent on language models."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from functions.system.store.asked import Asked, Do, Operation
from stepweave_data.link import Connection
from stepweave_data.store.budgets import Spender, afford, spend

MOST_TOKENS: Final = 10**12
"""Of an answer."""
MOST_MONEY: Final = Decimal(10**9)


def _afford(connection: Connection, asked: Asked, it: Operation) -> Any:
    return afford(connection, Spender.of(asked.tenant_id, it))


def _spend(connection: Connection, asked: Asked, it: Operation) -> Any:
    tokens, money = int(it["tokens"]), None if it.get("money") is None else Decimal(it["money"])
    if not 0 <= tokens <= MOST_TOKENS or not (money is None or 0 <= money <= MOST_MONEY):
        raise ValueError(f"nothing that an answer uses: {tokens} tokens, {money} USD")
    spend(connection, Spender.of(asked.tenant_id, it), tokens, money)
    return {}


SPENDING: Final[Mapping[str, Do]] = {"afford": _afford, "spend": _spend}
