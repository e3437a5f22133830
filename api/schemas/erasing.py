"""Taking data along, and going."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from api.schemas.base import Schema, StoredJson


class DeletionRequest(Schema):
    """That a workspace is to be deleted."""

    name: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
    """The workspace's name, as it stands: so that nobody deletes another one by mistake."""


class DeletionResponse(Schema):
    """Whether a workspace is to go."""

    delete_after: datetime | None
    """When it goes, with all that is its own; null while it stays."""


class DeleteAccountRequest(Schema):
    """That one's account is to be deleted."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    """The password, once more."""


class MyDataResponse(Schema):
    """What is kept of a person."""

    account: StoredJson
    """Their account."""
    membership: StoredJson
    """What they are in this workspace."""
    sessions: list[StoredJson]
    """Their sessions in this workspace."""
    api_keys: list[StoredJson]
    """Their API keys."""
    audit: list[StoredJson]
    """The last thousand entries of what they did in this workspace."""


class ExportPartsResponse(Schema):
    """What a workspace's export is made of."""

    items: list[str]
    """The parts; each is asked for page by page."""


class ExportPageResponse(Schema):
    """A page of a part."""

    text: str
    """JSON lines. Secrets are in none."""
    next_after: str | None
    """What `after` takes for the next page; null on the last one."""
