"""APIs that a workspace knows by their OpenAPI documents."""

import uuid
from datetime import datetime
from typing import Annotated, Literal
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
    project_id: uuid.UUID | None = None
    """The project to make it in; without it the one of all members, or the only one where you may."""


class ApiChangeRequest(Schema):
    """What an API becomes."""

    document: ApiDocument | None = None
    """The text of its OpenAPI document; null for the one that it has."""
    name: ApiName = ""
    """What it is called; empty for what it is."""
    base_url: ApiUrl = Field(default="", examples=["https://api.example.com/v1"])
    """The URL that its paths follow; empty for its first server."""


class ApiOperationEntry(Schema):
    """Something that can be asked of an API: what one finds it by."""

    id: str
    """Its name in the document."""
    label: str
    """What it does, in few words."""
    group: str
    """Its first tag; empty for none."""
    method: str
    """The request's method."""
    path: str
    """The request's path."""
    deprecated: bool
    """Whether the document says that it is no longer to be used."""


class ApiFieldResponse(Schema):
    """A value that an operation takes."""

    name: str
    """As it is sent."""
    place: Literal["path", "query", "header", "cookie", "body"]
    """Where it goes."""
    required: bool
    """Whether a request without it is refused."""
    type: str
    """Of its JSON schema; empty for anything."""
    words: str
    """Its type, the values that there are, what it is for."""


class ApiBodyResponse(Schema):
    """How an operation takes its body."""

    media_type: str
    """Its content type."""
    required: bool
    """Whether a request without one is refused."""
    whole: bool
    """Whether it is one value rather than an object with fields."""


class ApiAnswerResponse(Schema):
    """What an operation may answer."""

    status: str
    """HTTP's: `200`, `4XX`, `default` for all others."""
    words: str
    """What it means."""
    media_type: str
    """Its content type; empty for none."""
    gives: str
    """The fields of its data, with their types."""


class ApiOperationResponse(ApiOperationEntry):
    """Something that can be asked of an API, with all that is known of it."""

    words: str
    """What it does."""
    base_url: str
    """What its path follows; empty for the API's own."""
    fields: list[ApiFieldResponse]
    """What it takes."""
    body: ApiBodyResponse | None
    """How its body is sent; null for none."""
    answers: list[ApiAnswerResponse]
    """What it may answer, as the document says."""


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
    operations: list[ApiOperationEntry]
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
