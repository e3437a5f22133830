"""Releases: versions that are to go live once a second person says so."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.variables import EnvironmentKey
from api.schemas.workflows import VersionName, VersionNote

ReleaseState = Literal["waiting", "approved", "rejected", "cancelled"]


class ReleaseRequest(Schema):
    """What is to go live, and why."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The version; without it a new one is made of the draft as it is now."""
    environment: EnvironmentKey | None = None
    """Where, by the environment's key; without it in the first one."""
    name: VersionName = ""
    """What people call the new version; of one that is there nothing changes."""
    note: VersionNote = ""
    """Why, and what changed: whoever decides reads it."""


class ReleaseDecision(Schema):
    """What is said to a release."""

    decision: Literal["approve", "reject", "cancel"]
    """`approve` makes the version live, `reject` does not, `cancel` takes back what one asked for oneself."""
    comment: VersionNote = ""
    """Why; a `reject` needs one."""


class ReleaseResponse(Schema):
    """A version that somebody asked to make live."""

    id: uuid.UUID
    """Names the release in paths."""
    workflow_id: uuid.UUID
    """Of which workflow."""
    workflow_name: str
    """What that is called."""
    version: int
    """The version that goes live, and no other."""
    version_name: str
    """What people call it; empty for nothing."""
    environment: str
    """Where, by the environment's key."""
    state: ReleaseState
    """`cancelled`: taken back, or its workflow or environment was deleted."""
    note: str
    """Why it is to go live."""
    asked_by: uuid.UUID
    """Who asked."""
    asker: str | None
    """Their name; null where they are gone."""
    asked_at: datetime
    """When."""
    decided_by: uuid.UUID | None
    """Who decided, or took it back; null until then."""
    decider: str | None
    """Their name; null where they are gone."""
    decided_at: datetime | None
    """When; null until then."""
    comment: str
    """What they said."""
    mine: bool
    """Whether the caller asked for it, be it by an API key: they may take it back, and not approve it."""
    can_decide: bool
    """Whether the caller may approve or reject it now."""


class ReleasesResponse(Schema):
    """Releases, the latest first."""

    items: list[ReleaseResponse]
    """The latest 200."""
