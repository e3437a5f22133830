"""Credentials, without their secrets."""

import uuid
from datetime import datetime
from typing import Annotated, Any

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
    hint: str
    """Tells it from others, without what opens anything."""
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
