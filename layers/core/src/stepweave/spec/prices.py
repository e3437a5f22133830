"""What providers ask for their models: `prices.json`, with source and date. What is not in it has no price."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("prices.json")
RATES: Final = ("input", "cached", "output", "audio", "minute")
"""What a price may say: US dollars for a million tokens of input, of such that the provider had already, of output, of
sound; and for a minute of audio."""

Rates = Mapping[str, str]
"""Decimal texts, by names in `RATES`."""


@dataclass(frozen=True, slots=True)
class ProviderPrices:
    """What a provider asks, by model, and where that is written."""

    source: str
    models: Mapping[str, Rates]


@lru_cache(maxsize=1)
def list_prices() -> Mapping[str, ProviderPrices]:
    """Return the prices by provider, which is a credential type."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: ProviderPrices(found["source"], found["models"]) for name, found in data["providers"].items()}
