"""Credentials, without their secrets."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from api.schemas.base import Schema

CredentialName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")
]


class CredentialRequest(Schema):
    """A new credential. `data` depends on the type (docs/reference/contracts.md, "Credential types")."""

    name: CredentialName
    """What it is called in the editor."""
    type: str
    """Which type it is."""
    data: dict[str, Any]
    """What the type asks for."""
    project_id: uuid.UUID | None = None
    """The project to make it in; without it the one of all members."""


class CredentialChange(Schema):
    """A new name, and the fields of the data that change: what is not given stays, null takes a field away."""

    name: CredentialName
    """What it is called from now on."""
    data: dict[str, Any] | None = None
    """The fields that change; null takes one away."""


class CredentialResponse(Schema):
    """A credential; `hint` tells it from others."""

    id: uuid.UUID
    """Names the credential in paths and in nodes."""
    name: str
    """What it is called."""
    type: str
    """Which type it is."""
    project_id: uuid.UUID
    """The project that it belongs to."""
    hint: str
    """Tells it from others, without what opens anything."""
    connection: Literal["unneeded", "missing", "connected", "lost"]
    """Of one that a person connects at its provider: not yet, well, or to be connected again; else `unneeded`."""
    any_host: bool
    """Whether it may be sent to any host: it was there before hosts were asked for, and names none yet."""
    created_at: datetime
    """When it was stored."""
    updated_at: datetime
    """When it was changed last."""


class CredentialDetailResponse(CredentialResponse):
    """A credential with its data but for the secrets, of which it tells the names of those that are set.

    `readable` is false where the data cannot be decrypted any more: a change must give all fields then.
    """

    data: dict[str, Any]
    """What is no secret."""
    secrets: list[str]
    """The names of the secrets that are set."""
    readable: bool
    """Whether it still decrypts."""


class CredentialsResponse(Schema):
    """All credentials."""

    items: list[CredentialResponse]
    """The credentials, by name."""


class CredentialUseNode(Schema):
    """A node that names a credential."""

    id: str
    """Names it within the workflow."""
    name: str
    """What it is called."""
    type: str
    """Its type."""
    tool: bool
    """Whether it is a tool of an agent."""


class CredentialUse(Schema):
    """A workflow that names a credential."""

    workflow_id: uuid.UUID
    """The workflow."""
    workflow_name: str
    """What it is called."""
    enabled: bool
    """Whether it is switched on."""
    draft: bool
    """Whether its draft names it."""
    live: bool
    """Whether its published version names it."""
    versions: list[int]
    """The numbers of all versions that name it, the latest first."""
    nodes: list[CredentialUseNode]
    """The nodes that do: of the draft, or else of the latest version that names it."""


class CredentialUseApi(Schema):
    """An API by whose document those nodes send the credential."""

    id: uuid.UUID
    """The API."""
    name: str
    """What it is called."""


class CredentialUsesResponse(Schema):
    """Who uses a credential."""

    workflows: list[CredentialUse]
    """The workflows, the published ones first; at most 200."""
    total: int
    """How many workflows name it."""
    apis: list[CredentialUseApi]
    """The APIs of those nodes."""


class ConnectResponse(Schema):
    """Where a person agrees that a credential is connected."""

    authorize_url: str
    """The provider's page, to be opened in a window of this browser."""
    redirect_url: str
    """Where the provider sends the person back to: to be registered there."""
    expires_in: int
    """Seconds that the person may take."""


class CredentialTestResponse(Schema):
    """Whether a credential works."""

    works: bool
    """Whether it does."""
    message: str
    """How it went, for people, in the server's words; no secret is quoted."""
    status: int | None
    """The server's HTTP status, where one answered."""
