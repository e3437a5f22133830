"""What models cost: the lists, and what a workspace has set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave.spec.prices import Rates, list_prices
from stepweave_data.models import ModelPrice

MOST: Final = 500
"""Prices of a workspace: all of a provider come with each of its credentials to a step."""


@dataclass(frozen=True)
class Priced:
    """A model with the list's price and the workspace's own; None where there is none."""

    provider: str
    model: str
    listed: Rates | None = None
    own: Rates | None = None
    updated_at: datetime | None = None


def prices(principal: Principal) -> list[Priced]:
    """Return all, those that the workspace has set first, each by provider and model."""
    with rows_of(principal.tenant_id) as rows:
        own = {(row.provider, row.model): row for row in rows.prices.all()}
    listed = {
        (provider, model): rates for provider, known in list_prices().items() for model, rates in known.models.items()
    }
    set_ = [_priced(row, listed.get(key)) for key, row in own.items()]
    rest = [Priced(*key, listed=rates) for key, rates in sorted(listed.items()) if key not in own]
    return [*set_, *rest]


def set_price(principal: Principal, provider: str, model: str, rates: Mapping[str, str]) -> Priced:
    """Set the price of a model. Raises Refused: `too_many`."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.prices.find(provider, model)
        if found is None:
            if rows.prices.count() >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} prices already; delete one.")
            found = ModelPrice(tenant_id=principal.tenant_id, provider=provider, model=model)
        found.rates, found.updated_at = dict(rates), datetime.now(UTC)
        found = rows.put(found)
        rows.note(
            principal.user_id, "price.set", principal.tenant_id, provider=provider, model=model, rates=dict(rates)
        )
        return _priced(found, _listed(provider, model))


def delete(principal: Principal, provider: str, model: str) -> None:
    """Delete the price that the workspace has set: the list's counts again. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.prices.find(provider, model)
        if found is None:
            raise codes.not_found("price")
        rows.delete(found)
        rows.note(principal.user_id, "price.deleted", principal.tenant_id, provider=provider, model=model)


def _priced(row: ModelPrice, listed: Rates | None) -> Priced:
    return Priced(row.provider, row.model, listed, row.rates, row.updated_at)


def _listed(provider: str, model: str) -> Rates | None:
    known = list_prices().get(provider)
    return known.models.get(model) if known else None
