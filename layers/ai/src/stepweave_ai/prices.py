"""What tokens cost: what the tenant says, else the list (`stepweave.spec.prices`). What is in neither has no price."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stepweave.spec.prices import RATES, list_prices
from stepweave_ai.accounts import ANTHROPIC_URL, OPENAI_URL, Account, Keys
from stepweave_ai.talking import Tokens

CURRENCY: Final = "USD"
_MILLION: Final = Decimal(1_000_000)
_DATED: Final = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
"""How providers name a model's versions: `gpt-4o-2024-08-06`, `claude-opus-4-5-20251101`."""
_VERSION: Final = re.compile(r"-v\d+(:\w+)*$")
"""And Bedrock: `us.anthropic.claude-opus-4-5-20251101-v1:0`, `amazon.nova-lite-v1:0:300k`."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, and for a minute of audio; None where something is not sold so.

    `cached` is of tokens that the provider had already, `audio` of those of sound; both cost as `input` where None.
    """

    input: Decimal | None = None
    output: Decimal | None = None
    cached: Decimal | None = None
    audio: Decimal | None = None
    minute: Decimal | None = None

    @classmethod
    def read(cls, rates: Mapping[str, str]) -> "Price":
        """Return the price that decimal texts say, by the names above."""
        return cls(**{name: Decimal(rates[name]) for name in RATES if name in rates})

    def of(self, tokens: Tokens, seconds: float = 0) -> Decimal | None:
        """Return what tokens and seconds of audio cost, in US dollars; None where they have no price."""
        cached = min(tokens.cached, tokens.input)
        audio = min(tokens.audio, tokens.input - cached)
        used = (
            (tokens.input - cached - audio, self.input),
            (cached, self.input if self.cached is None else self.cached),
            (audio, self.input if self.audio is None else self.audio),
            (tokens.output, self.output),
        )
        total = Decimal(0)
        for number, rate in used:
            if number and rate is None:
                return None
            total += number * (rate or 0)
        if not seconds:
            return total / _MILLION
        return None if self.minute is None else total / _MILLION + Decimal(str(seconds)) * self.minute / 60


def price_of(account: Account, model: str) -> Price | None:
    """Return the price of a model; None where it is not known.

    What the tenant says of a provider's model counts at every server. The list is of the providers' own servers: others
    have prices of their own, whatever their models are called.
    """
    own = account.prices.get(model) or account.prices.get(_DATED.sub("", model))
    if own is not None:
        return Price.read(own)
    if account.keys is not None:
        model = _of_bedrock(account.keys, model)
    elif account.base_url not in (OPENAI_URL, ANTHROPIC_URL):
        return None
    listed = list_prices().get(account.provider)
    models = listed.models if listed else {}
    found = models.get(model) or models.get(_DATED.sub("", model))
    return None if found is None else Price.read(found)


def _of_bedrock(keys: Keys, model: str) -> str:
    """Return the name that a model has among the prices; "" where its price is another's to know.

    A name without a place (`us.`, `global.`) costs what its region asks; ours are those of the USA.
    """
    name = _VERSION.sub("", model.rpartition("/")[2])
    is_placed = name.partition(".")[2].count(".") > 0
    if keys.endpoint or not (is_placed or keys.region.startswith(("us-east-", "us-west-"))):
        return ""
    return name
