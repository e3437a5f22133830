"""Writes down who did what, from where (ADR 57). Each way in says once who acts (`begin`); whoever changes something
says what was done (`Entry`). Secrets never go here: `told` leaves out what is called like one.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg.types.json import Jsonb

from stepweave_data.link import Connection
from stepweave_data.reach import Reach

MOST_VALUE: Final = 2000
"""Characters of JSON of one value before or after; of a larger one its size and digest are kept."""
MOST_AGENT: Final = 300
SECRET: Final = re.compile(r"password|secret|token|hash|cipher|nonce|wrapped|^kept$|^pending$|^api_?key$", re.I)
"""Names of fields that are never told."""
_INSERT: Final = """
INSERT INTO audit (tenant_id, user_id, action, subject, details, actor_kind, actor, key_id, address, agent, request_id,
                   before, after)
SELECT %(tenant)s, %(user)s::uuid, %(action)s, %(subject)s, %(details)s, %(kind)s,
  coalesce(nullif(%(actor)s, ''), (SELECT CASE kind WHEN 'service' THEN name ELSE email END FROM users
                                   WHERE id = %(user)s::uuid), ''),
  %(key)s::uuid, %(address)s, %(agent)s, %(request)s, %(before)s, %(after)s
"""


@dataclass
class Origin:
    """Who acts, and from where. One of a request, seen by all that works for it."""

    kind: str = "system"
    """`person`, `key` (an API key of a person), `service` (a service account), `visitor` (not known), `system`."""
    tenant_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None
    key_id: uuid.UUID | None = None
    actor: str = ""
    """What the actor is called; empty to have the user's address looked up."""
    address: str = ""
    agent: str = ""
    request_id: str = ""
    named: uuid.UUID | None = None
    """The tenant that something signed by us names, though it may not act there any more."""
    written: int = 0
    """How many entries were written so far."""
    reach: Reach | None = None
    """What of the tenant the actor sees; None for all."""
    remarks: dict[str, Any] = field(default_factory=dict)
    """What is to be told with an entry that the door writes itself."""


@dataclass(frozen=True)
class Entry:
    """What was done."""

    user_id: uuid.UUID | None
    action: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


_origin: ContextVar[Origin | None] = ContextVar("stepweave_origin", default=None)


def origin() -> Origin:
    """Return who acts here; the system where nobody said."""
    return _origin.get() or Origin()


@contextmanager
def begin(who: Origin) -> Iterator[Origin]:
    """Say who acts inside."""
    before = _origin.set(who)
    try:
        yield who
    finally:
        _origin.reset(before)


def acts(tenant_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Say whose session this is, once that is known."""
    who = origin()
    who.tenant_id, who.user_id = tenant_id, user_id
    if who.kind == "visitor":
        who.kind = "person"


@contextmanager
def seeing(reach: Reach | None) -> Iterator[None]:
    """Let the actor see something else inside."""
    who = origin()
    before, who.reach = who.reach, reach
    try:
        yield
    finally:
        who.reach = before


def remark(**details: Any) -> None:
    """Say more of what happens, for the entry that the door writes."""
    origin().remarks.update(details)


def write(connection: Connection, tenant_id: uuid.UUID | str, entry: Entry) -> None:
    """Add an entry in the transaction of `connection`, which sees the tenant's rows. Raises psycopg.Error."""
    who = origin()
    kind = "person" if entry.user_id and who.kind in ("system", "visitor") else who.kind
    connection.execute(
        _INSERT.encode(),
        {
            "tenant": str(tenant_id),
            "user": str(entry.user_id) if entry.user_id else None,
            "action": entry.action,
            "subject": entry.subject,
            "details": Jsonb(told(entry.details)),
            "kind": kind,
            "actor": who.actor,
            "key": str(who.key_id) if who.key_id else None,
            "address": _clean(who.address)[:100],
            "agent": _clean(who.agent)[:MOST_AGENT],
            "request": _clean(who.request_id)[:100],
            "before": None if entry.before is None else Jsonb(told(entry.before)),
            "after": None if entry.after is None else Jsonb(told(entry.after)),
        },
        prepare=True,
    )
    who.written += 1


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be kept of values: nothing that is called like a secret, nothing that is large."""
    return {name: _short(value) for name, value in values.items() if not SECRET.search(name)}


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = {str(name): "…" if SECRET.search(str(name)) else inner for name, inner in value.items()}
    text = json.dumps(value, default=_plain)
    if len(text) > MOST_VALUE:
        return {"bytes": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return json.loads(_clean_json(text))


def _plain(value: Any) -> str:
    return f"({len(value):,} bytes)" if isinstance(value, bytes) else str(value)


def _clean_json(text: str) -> str:
    """Return JSON that Postgres takes as `jsonb`: it has no NUL and no half of a surrogate pair."""
    if "\\u0000" not in text and "\\ud" not in text:
        return text
    return json.dumps(_cleaned(json.loads(text)))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_clean(name): _cleaned(one) for name, one in value.items()}
    return value


def _clean(text: str) -> str:
    return text.replace("\0", "�").encode("utf-8", "replace").decode()
