"""APIs that a workspace knows by their OpenAPI documents."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.base import Schema

ApiName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")]
ApiUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]
ApiDocument = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]*$")]


class ApiRequest(Schema):
    """An API to add."""

    document: ApiDocument = Field(examples=["openapi: 3.1.0\ninfo: {title: Shelf}\npaths: {/books: {get: {}}}"])
    """The text of its OpenAPI document (2.0, 3.0 or 3.1), JSON or YAML; 4 MB at most."""
    name: ApiName = ""
    """What it is called; empty for its title."""
    base_url: ApiUrl = Field(default="", examples=["https://api.example.com/v1"])
    """The URL that its paths follow; empty for its first server."""


class ApiChangeRequest(Schema):
    """What an API becomes."""

    document: ApiDocument | None = None
    """The text of its OpenAPI document; null for the one that it has."""
    name: ApiName = ""
    """What it is called; empty for what it is."""
    base_url: ApiUrl = Field(default="", examples=["https://api.example.com/v1"])
    """The URL that its paths follow; empty for its first server."""


class ApiOperationResponse(Schema):
    """Something that can be asked of an API."""

    id: str
    """Its name in the document."""
    label: str
    """What it does, in few words."""
    words: str
    """What it does."""
    group: str
    """Its first tag; empty for none."""
    method: str
    """The request's method."""
    path: str
    """The request's path."""
    deprecated: bool
    """Whether the document says that it is no longer to be used."""


class ApiEntry(Schema):
    """An API of the workspace."""

    id: UUID
    """It."""
    name: str
    """What it is called."""
    version: str
    """The version of its document."""
    words: str
    """What it is for."""
    base_url: str
    """The URL that its paths follow."""
    operations: list[ApiOperationResponse]
    """What can be asked of it."""
    operation_count: int
    """How many operations it has, also where not all are listed."""
    updated_at: datetime
    """When it got its document, or was changed."""


class ApiResponse(ApiEntry):
    """An API of the workspace, with all that is known of it."""

    servers: list[str]
    """The URLs that its document names."""
    schemes: list[str]
    """How it wants to know who asks."""
    problems: list[str]
    """What of its document is left out, and why."""


class ApisResponse(Schema):
    """The APIs of a workspace."""

    items: list[ApiEntry]
    """The APIs, by name."""


class ApiTextResponse(Schema):
    """The document of an API."""

    document: str
    """Its text, as it was given."""
