"""What tokens cost: `prices.json`, with date and source. A model that is not in it has no price, never one of 0."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from stepweave_ai.accounts import ANTHROPIC_URL, OPENAI_URL, Account, Keys
from stepweave_ai.talking import Tokens

CURRENCY: Final = "USD"
FILE: Final = Path(__file__).with_name("prices.json")
_MILLION: Final = Decimal(1_000_000)
_DATED: Final = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
"""How providers name a model's versions: `gpt-4o-2024-08-06`, `claude-opus-4-5-20251101`."""
_VERSION: Final = re.compile(r"-v\d+(:\w+)*$")
"""And Bedrock: `us.anthropic.claude-opus-4-5-20251101-v1:0`, `amazon.nova-lite-v1:0:300k`."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal
    cached: Decimal

    def of(self, tokens: Tokens) -> Decimal:
        """Return what tokens cost, in US dollars."""
        cached = min(tokens.cached, tokens.input)
        fresh = tokens.input - cached
        return (fresh * self.input + cached * self.cached + tokens.output * self.output) / _MILLION


def price_of(account: Account, model: str) -> Price | None:
    """Return the price of a model; None where it is not known.

    Other servers than the provider's own have prices of their own, whatever their models are called.
    """
    if account.keys is not None:
        model = _of_bedrock(account.keys, model)
    elif account.base_url not in (OPENAI_URL, ANTHROPIC_URL):
        return None
    models = _models().get(account.provider, {})
    found = models.get(model) or models.get(_DATED.sub("", model))
    if found is None:
        return None
    cached = found.get("cached", found["input"])
    return Price(Decimal(found["input"]), Decimal(found["output"]), Decimal(cached))


def _of_bedrock(keys: Keys, model: str) -> str:
    """Return the name that a model has among the prices; "" where its price is another's to know.

    A name without a place (`us.`, `global.`) costs what its region asks; ours are those of the USA.
    """
    name = _VERSION.sub("", model.rpartition("/")[2])
    is_placed = name.partition(".")[2].count(".") > 0
    if keys.endpoint or not (is_placed or keys.region.startswith(("us-east-", "us-west-"))):
        return ""
    return name


@lru_cache(maxsize=1)
def _models() -> dict[str, dict[str, dict[str, str]]]:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: provider["models"] for name, provider in data["providers"].items()}
