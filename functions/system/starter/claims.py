"""Registrations that poll, one poller at a time: who claims one may write to it, until another claims it.

A claim lasts `CLAIM_SECONDS`, longer than a poller does; a poller that died is followed by the next one then. Whatever
is written names the claim: of two pollers that both think they have it, only the later one's words count.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.events import ErrorInfo
from stepweave.model.items import Batch
from stepweave.runtime.events import new_id
from stepweave.runtime.starts import execution_id_of
from stepweave_data.history.stored_json import json_text
from stepweave_data.link import Connection, Link

CLAIM_SECONDS: Final = 360
"""Longer than the starter may run."""
_FIND: Final = """
SELECT r.workflow_id::text, r.node_id, r.type, r.version, r.params, r.expression, r.target, r.cursor, r.pending,
       r.number, r.failures, r.last_polled_at,
       l.version IS NOT NULL AND r.status = 'active' AND r.test_until IS NULL,
       r.enabled AND coalesce(l.enabled, false), r.claimed_until > now(), r.retry_at > now()
FROM registrations r
LEFT JOIN workflow_live l ON l.workflow_id = r.workflow_id AND l.environment = r.environment
WHERE r.id = %s::uuid FOR UPDATE OF r
"""
_WAITS: Final = "SELECT 1 FROM execution_turns WHERE execution_id = %s::uuid AND taken_at IS NULL"
_CLAIM: Final = """
UPDATE registrations SET claim = %s, claimed_until = now() + make_interval(secs => %s) WHERE id = %s::uuid
"""
_NOTHING: Final = """
UPDATE registrations SET cursor = %s, last_polled_at = now(), failures = 0, last_error = NULL, retry_at = NULL
WHERE id = %s::uuid AND claim = %s
"""
_FOUND: Final = """
UPDATE registrations SET pending = %s, number = number + 1, last_polled_at = now(), failures = 0, last_error = NULL,
       retry_at = NULL
WHERE id = %s::uuid AND claim = %s AND pending IS NULL
"""
_STARTED: Final = """
UPDATE registrations SET cursor = (pending -> 'cursor')::jsonb, pending = NULL WHERE id = %s::uuid AND claim = %s
"""
_FAILED: Final = """
UPDATE registrations SET failures = failures + 1, last_error = %s, retry_at = now() + make_interval(secs => %s),
       cursor = coalesce(%s, cursor)
WHERE id = %s::uuid AND claim = %s
"""
_RELEASE: Final = "UPDATE registrations SET claim = NULL, claimed_until = NULL WHERE id = %s::uuid AND claim = %s"


class ClaimLost(Exception):
    """Another poller has the registration, or it is gone: what this one knows of it counts no more."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What a poll found and has not been started yet: items, and the cursor behind them."""

    batch: Batch
    cursor: Any
    more: bool

    def to_text(self) -> str:
        """Return it as JSON text."""
        return json_text({"batch": self.batch, "cursor": self.cursor, "more": self.more})


@dataclass(frozen=True, slots=True)
class Registration:
    """A trigger that polls, as it was when it was claimed.

    `number` counts what was found so far: with the registration's id it names the execution that gets it.
    """

    id: str
    tenant_id: str
    workflow_id: str
    node_id: str
    type: str
    version: int
    params: dict[str, Any]
    expression: str
    target: dict[str, Any]
    cursor: Any
    pending: Pending | None
    number: int
    failures: int
    last_polled: str

    @property
    def last_execution_id(self) -> str:
        """The execution that gets what was found last; where nothing was, one that there is not."""
        return execution_id_of(self.id, str(self.number))


class Claims:
    """Claims in Postgres. Every method raises psycopg.Error, and may be called again then."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def take(self, tenant_id: str, id: str) -> "tuple[str, Registration] | str":
        """Claim a registration, and return the claim and what is registered; or why it is not polled now."""
        claim = new_id()

        def work(connection: Connection) -> tuple[str, Registration] | str:
            row = connection.execute(_FIND.encode(), (id,)).fetchone()
            if row is None:
                return "the trigger is gone"
            *_, published, enabled, claimed, early = row
            it = _registration(tenant_id, id, row)
            if not published:
                return "the trigger is not published"
            if not enabled:
                return "the trigger or its workflow is paused"
            if claimed:
                return "it is being polled"
            if early:
                return "it failed, and is tried again later"
            if connection.execute(_WAITS.encode(), (it.last_execution_id,)).fetchone():
                return "what was found before still waits for its turn"
            connection.execute(_CLAIM.encode(), (claim, CLAIM_SECONDS, id))
            return claim, it

        return self._link.tenant(tenant_id, work)

    def nothing(self, it: Registration, claim: str, cursor: Any) -> None:
        """Move the cursor on: nothing was new. Raises ClaimLost."""
        self._write(it, _NOTHING, (json_text(cursor), it.id, claim))

    def found(self, it: Registration, claim: str, pending: Pending) -> None:
        """Keep what was found; its number is `it.number + 1`. Raises ClaimLost."""
        self._write(it, _FOUND, (pending.to_text(), it.id, claim))

    def started(self, it: Registration, claim: str) -> None:
        """Move the cursor behind what was found: it has been started. Raises ClaimLost."""
        self._write(it, _STARTED, (it.id, claim))

    def failed(self, it: Registration, claim: str, error: ErrorInfo, seconds: float, cursor: Any = None) -> None:
        """Write down why nothing could be asked, and for how long it is left alone. Raises ClaimLost.

        Args:
            it: the registration.
            claim: the claim.
            error: what failed.
            seconds: for which nothing is asked.
            cursor: what the trigger wants to find the next time; None leaves it as it was.
        """
        kept = None if cursor is None else json_text(cursor)
        self._write(it, _FAILED, (json_text(error), seconds, kept, it.id, claim))

    def release(self, it: Registration, claim: str) -> None:
        """Let others claim it; where somebody has, nothing happens."""
        self._link.tenant(it.tenant_id, lambda link: link.execute(_RELEASE.encode(), (it.id, claim)))

    def _write(self, it: Registration, statement: str, values: tuple[Any, ...]) -> None:
        if not self._link.tenant(it.tenant_id, lambda link: link.execute(statement.encode(), values).rowcount):
            raise ClaimLost(it.id)


def _registration(tenant_id: str, id: str, row: tuple[Any, ...]) -> Registration:
    workflow_id, node_id, type, version, params, expression, target, cursor, pending, number, failures, last = row[:12]
    return Registration(
        id=id,
        tenant_id=tenant_id,
        workflow_id=workflow_id,
        node_id=node_id,
        type=type,
        version=version,
        params=params,
        expression=expression,
        target=target,
        cursor=cursor,
        pending=None if pending is None else Pending(**(json.loads(pending) if isinstance(pending, str) else pending)),
        number=number,
        failures=failures,
        last_polled="" if last is None else last.isoformat(),
    )
