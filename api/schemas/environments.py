"""Environments, and what is live in them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from api.schemas.base import Schema
from api.schemas.variables import EnvironmentKey

EnvironmentName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]*$")
]


class EnvironmentChange(Schema):
    """An environment's name, and what it does without values of its own."""

    name: EnvironmentName
    """What people call it; unique, whatever the case."""
    falls_back: bool = False
    """Whether variables and credentials without a value there are those of production. Else they are missing."""
    needs_approval: bool | None = None
    """Whether a second person approves what goes live there; left out, it stays as it is (a new one needs none)."""


class EnvironmentRequest(EnvironmentChange):
    """A new environment: the last before production."""

    key: EnvironmentKey
    """What addresses and `$execution.environment` call it. It stays; `test` is none."""

    @field_validator("key")
    @classmethod
    def _is_free(cls, key: str) -> str:
        if key == "test":
            raise ValueError("test URLs are called so; choose another key")
        return key


class EnvironmentResponse(Schema):
    """An environment."""

    key: str
    """Names the environment in paths and addresses."""
    name: str
    """What people call it."""
    falls_back: bool
    """Whether what has no value of its own there is as in production."""
    needs_approval: bool
    """Whether a second person approves what goes live there."""
    workflows: int
    """How many workflows have a version that is live there."""


class EnvironmentsResponse(Schema):
    """All environments, in the order in which versions go through them."""

    items: list[EnvironmentResponse]
    """The environments. A new version is live in the first, and drafts run there."""


class OrderRequest(Schema):
    """An order of environments."""

    keys: Annotated[list[EnvironmentKey], Field(min_length=1, max_length=20)]
    """Each environment's key, once."""


class LiveResponse(Schema):
    """What is live of a workflow in an environment."""

    key: str
    """The environment."""
    name: str
    """Its name."""
    version: int | None
    """The version that is live there; null for none."""
    enabled: bool
    """Whether it is switched on."""
    published_at: datetime | None
    """When it went live there; null where that is not kept."""
    urls: list[str]
    """Its webhooks: method and address."""
    timed: int
    """How many schedules and triggers at providers it has, where that is not production."""


class LivesResponse(Schema):
    """What is live of a workflow, by environment in their order."""

    items: list[LiveResponse]
    """One for each environment."""


class SwitchLiveRequest(Schema):
    """Whether a workflow is on in an environment."""

    enabled: bool
    """Off: nothing starts it there by itself."""


class NeedResponse(Schema):
    """Something that a version needs."""

    kind: Literal["variable", "credential", "workflow"]
    """What it is."""
    name: str
    """What it is called."""
    state: Literal["there", "fallback", "missing"]
    """Whether the environment has it; `fallback`: as in production."""
    nodes: list[str]
    """The names of the nodes that need it."""
    id: uuid.UUID | None
    """The credential or workflow; null for a variable."""
    stands_in: str | None
    """The name of the credential that stands for it there; null where none is named."""


class ReadinessResponse(Schema):
    """What a version needs in an environment."""

    ready: bool
    """Whether nothing is missing."""
    needs: list[NeedResponse]
    """What it needs, what is missing first."""


class MappingRequest(Schema):
    """Which credential stands for another."""

    credential_id: uuid.UUID | None
    """Of the same type and project; itself where it is the same there; null for none."""


class MappingResponse(Schema):
    """Which credential stands for another in an environment."""

    credential_id: uuid.UUID
    """The one that workflows name."""
    environment: str
    """The environment's key."""
    mapped_id: uuid.UUID
    """The one that is used there."""


class MappingsResponse(Schema):
    """Which credentials stand for others."""

    items: list[MappingResponse]
    """The mappings."""
