"""What models cost."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from api.schemas.base import Schema

Provider = Literal["openai", "anthropic", "bedrock"]
ModelName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]*$")
]
Rate = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}(\.[0-9]{1,9})?$")]


class Rates(Schema):
    """A price: decimal texts, in US dollars. What is null is not sold so."""

    input: Rate | None = Field(default=None, examples=["2.5"])
    """For a million tokens of input."""
    cached: Rate | None = None
    """For a million tokens of input that the provider had already; null for as much as `input`."""
    output: Rate | None = Field(default=None, examples=["10"])
    """For a million tokens of output."""
    audio: Rate | None = None
    """For a million tokens of sound; null for as much as `input`."""
    minute: Rate | None = None
    """For a minute of audio, where it is sold by time."""


class PriceRequest(Schema):
    """What a model costs the workspace."""

    provider: Provider
    """The type of the credentials that the price is for."""
    model: ModelName
    """The model, as the provider writes it; a version's date at its end may be left out."""
    rates: Rates
    """The price; at least `input` or `minute`."""

    @model_validator(mode="after")
    def _says_something(self) -> "PriceRequest":
        if self.rates.input is None and self.rates.minute is None:
            raise ValueError("give a price of input or of a minute")
        return self


class PriceResponse(Schema):
    """A model's price: that of the list, and the workspace's own, which counts where it is there."""

    provider: str
    """The type of the credentials that it is for."""
    model: str
    """The model."""
    listed: Rates | None
    """What the provider asks; null where it is not known."""
    own: Rates | None
    """What the workspace has set; null for none."""
    updated_at: datetime | None
    """When the workspace set it; null where it has not."""


class PriceSource(Schema):
    """Where the list of a provider is from."""

    provider: str
    """The provider."""
    source: str
    """Where its prices are written, and of when they are."""


class PricesResponse(Schema):
    """All prices, those of the workspace first."""

    items: list[PriceResponse]
    """The prices, by provider and model."""
    sources: list[PriceSource]
    """Where the lists are from."""
