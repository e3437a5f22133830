"""Choices of fields that the provider has."""

import uuid
from typing import Annotated, Any

from pydantic import Field

from api.schemas.base import Schema


class OptionsRequest(Schema):
    """Which choices are wanted: of which field, beside which values of the others."""

    version: Annotated[int, Field(ge=1, le=10_000)] = 1
    """The version of the node type."""
    field: Annotated[str, Field(min_length=1, max_length=200)]
    """The field; of one in rows `rows.name`."""
    params: Annotated[dict[str, Any], Field(max_length=500, default_factory=dict)]
    """The node's parameters as they stand in its form; only those that the choices depend on are looked at."""
    search: Annotated[str, Field(max_length=200)] = ""
    """What the choices should contain; without effect where the field does not search."""
    page: Annotated[str | None, Field(max_length=8000)] = None
    """`next` of the page before; null for the first page."""
    workflow_id: uuid.UUID | None = None
    """The workflow that the node is in: stores, tables and credentials are those of its project."""
    reload: bool = False
    """Whether what was loaded shortly before does not count."""


class OptionResponse(Schema):
    """A choice."""

    value: str
    """What the field then holds."""
    label: str
    """What people read."""
    detail: str
    """What is said beside it: a type, a description; empty where there is nothing to say."""
    required: bool
    """Of choices that a mapping makes rows of: whether the row must be filled in."""


class OptionsResponse(Schema):
    """A page of choices."""

    options: list[OptionResponse]
    """The choices, as the provider orders them."""
    next: str | None
    """What `page` takes for the next page; null on the last one."""
    cut: bool
    """Whether the provider has more than a page may have, and does not tell page by page."""
