"""Credentials, without their secrets."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, StringConstraints

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
    expires_at: AwareDatetime | None = None
    """When it ends, where somebody knows: it is told, and nobody is kept from using it."""


class CredentialChange(Schema):
    """A new name, and the fields of the data that change: what is not given stays, null takes a field away."""

    name: CredentialName
    """What it is called from now on."""
    data: dict[str, Any] | None = None
    """The fields that change; null takes one away."""
    expires_at: AwareDatetime | None = None
    """When it ends; null takes that away, and without it nothing changes."""


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
    mine: bool
    """Whether its project is one that the caller is in; else it is shared with one, to be used and not to be seen."""
    shared_with: list[uuid.UUID]
    """The projects whose workflows use it besides its own: of one that is not the caller's, those of theirs."""
    expires_at: datetime | None
    """When it ends, as a person says."""
    ends_at: datetime | None
    """When it ends, as its provider, its certificate, or the token itself says."""
    rotated_at: datetime | None
    """When one of its secrets was filled in last; null where that was before anybody wrote it down."""
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
    """Something else that uses a credential."""

    id: uuid.UUID
    """Names it in paths."""
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
    hidden: int
    """How many workflows of projects that the caller does not see use it, as it is shared with these."""
    credentials: list[CredentialUseApi]
    """The credentials that take secrets from it, where it is a store."""


class CredentialShareResponse(Schema):
    """A project whose workflows use a credential of another."""

    project_id: uuid.UUID
    """The project."""
    project_name: str | None
    """What it is called; null where the caller does not see it."""
    workflows: int
    """How many of its workflows name the credential in their draft or their published version."""
    live: int
    """How many of these are published and switched on: their next runs are refused when the share is taken back."""
    created_at: datetime
    """When it was shared."""


class CredentialSharesResponse(Schema):
    """With which projects a credential is shared, the first first."""

    items: list[CredentialShareResponse]
    """The shares."""


class CredentialTestRequest(Schema):
    """What is to be tried; for stores of secrets only."""

    path: Annotated[str, StringConstraints(max_length=2000)] = ""
    """A secret that is to be read, as a reference has it behind the store's id (`prod/shop#password`); not shown."""


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
