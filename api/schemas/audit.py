"""The audit."""

import uuid
from datetime import datetime
from typing import Literal

from api.schemas.base import Schema, StoredJson


class AuditEntry(Schema):
    """Who did what, to what, from where."""

    seq: int
    """Its number in the workspace's chain: 1 is the first."""
    id: uuid.UUID
    """The entry."""
    at: datetime
    """When."""
    action: str
    """What was done: what it is about, a dot, what happened: `folder.deleted`."""
    actor_kind: Literal["person", "key", "service", "visitor", "system"]
    """A person, a person's API key, a service account, somebody who is not known, or the system itself."""
    actor: str
    """What the actor was called then; empty where nobody is known."""
    user_id: uuid.UUID | None
    """The person or service account."""
    key_id: uuid.UUID | None
    """The API key."""
    subject: str
    """The id of what it was done to."""
    address: str
    """From which address; empty for the system."""
    agent: str
    """With which program: the request's User-Agent."""
    request_id: str
    """The request's id: of the answer's header `X-Request-Id`, and of the logs."""
    details: StoredJson
    """What else is known."""
    before: StoredJson | None
    """What was changed, as it was; of what is large its size and digest. Secrets are never told."""
    after: StoredJson | None
    """What was changed, as it became."""
    hash: str
    """SHA-256 over the entry and the hash before it, in hexadecimal digits."""


class AuditFault(Schema):
    """Where the chain does not fit."""

    seq: int | None
    """The number in the chain; null for an entry that is in no chain."""
    id: uuid.UUID | None
    """The entry."""
    problem: Literal["changed", "missing", "gap", "unchained", "end"]
    """The entry, or the order, is not what was written (`changed`); the entry is gone (`missing`); numbers are gone
    (`gap`); the entry was added past the chain (`unchained`); the chain ends elsewhere than it did (`end`)."""


class AuditVerified(Schema):
    """What came of computing the chain again."""

    ok: bool
    """Whether all entries are there, in order, as they were written."""
    entries: int
    """How many entries there are."""
    head: str
    """The last hash. Keep it elsewhere: a chain that was written anew from the beginning has another one."""
    faults: list[AuditFault]
    """What does not fit: the first hundred."""


class AuditExport(Schema):
    """A part of the audit as text."""

    text: str
    """JSON lines, each with in `hashed` the very text whose SHA-256 its `hash` is; or CSV, the first page with headers.
    Put the pages together as they come."""
    next_before: int | None
    """What `before` takes for the next page; null on the last one."""
