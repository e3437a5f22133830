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
    type: str
    data: dict[str, Any]


class CredentialChange(Schema):
    """A new name, and the fields of the data that change: what is not given stays, null takes a field away."""

    name: CredentialName
    data: dict[str, Any] | None = None


class CredentialResponse(Schema):
    """A credential; `hint` tells it from others."""

    id: uuid.UUID
    name: str
    type: str
    hint: str
    created_at: datetime
    updated_at: datetime


class CredentialDetailResponse(CredentialResponse):
    """A credential with its data but for the secrets, of which it tells the names of those that are set.

    `readable` is false where the data cannot be decrypted any more: a change must give all fields then.
    """

    data: dict[str, Any]
    secrets: list[str]
    readable: bool


class CredentialsResponse(Schema):
    """All credentials."""

    items: list[CredentialResponse]
