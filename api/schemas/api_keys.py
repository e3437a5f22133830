"""API keys and service accounts."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.permissions import NEVER_OF_KEYS, Permission
from api.schemas.auth import Name
from api.schemas.base import Schema

GRANTABLE = sorted(permission.value for permission in Permission if permission not in NEVER_OF_KEYS)
PermissionName = Annotated[str, StringConstraints(max_length=40), Field(json_schema_extra={"enum": GRANTABLE})]
Range = Annotated[str, StringConstraints(max_length=50)]


class ApiKeyRequest(Schema):
    """A key to be made."""

    name: Name
    """What it is for."""
    permissions: Annotated[list[PermissionName], Field(min_length=1, max_length=40)]
    """What it may do: no more than whoever makes it."""
    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 90
    """After how many days it ends."""
    addresses: Annotated[list[Range], Field(max_length=20, default_factory=list)]
    """Ranges of addresses that it may be used from, as `203.0.113.0/24`; none for anywhere."""
    project_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=50)] | None = None
    """The projects that it is for; without it all that its owner sees."""
    service_account_id: uuid.UUID | None = None
    """The service account that it is of; null for a key of one's own."""


class RotateRequest(Schema):
    """A key to be replaced."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24
    """For how many hours the former key goes on."""


class ApiKeyResponse(Schema):
    """A key, without its text."""

    id: uuid.UUID
    """The key."""
    name: str
    """What it is for."""
    hint: str
    """Its first and last characters."""
    owner_id: uuid.UUID
    """Whom it acts as."""
    owner: str
    """What that person or service account is called."""
    owner_kind: Literal["person", "service"]
    """Which of the two."""
    permissions: list[str]
    """What it may do, where its owner's role allows it, too."""
    addresses: list[str]
    """Ranges of addresses that it may be used from; none for anywhere."""
    project_ids: list[uuid.UUID] | None
    """The projects that it is for; null for all that its owner sees."""
    created_at: datetime
    """When it was made."""
    expires_at: datetime
    """When it ends, or ended."""
    last_used_at: datetime | None
    """When it was used last, within a minute; null for never."""
    last_address: str
    """From where; empty where that is not known."""


class ApiKeysResponse(Schema):
    """Keys that were not revoked."""

    items: list[ApiKeyResponse]
    """The keys, the latest first."""


class ApiKeyMade(Schema):
    """A new key, with its text."""

    key: ApiKeyResponse
    """The key."""
    text: str
    """What programs send as `Authorization: Bearer ...`. It is shown now and never again."""


class ServiceAccountRequest(Schema):
    """A service account to be made."""

    name: Name
    """What it is called."""
    role: Literal["viewer", "operator", "editor", "admin"]
    """Its role: no more than the caller's."""


class ServiceAccountResponse(Schema):
    """A service account: it belongs to the workspace, logs in nowhere, and acts by keys."""

    id: uuid.UUID
    """The account."""
    name: str
    """What it is called."""
    role: str
    """Its role."""
    created_at: datetime
    """When it was made."""


class ServiceAccountsResponse(Schema):
    """The service accounts."""

    items: list[ServiceAccountResponse]
    """By name."""
