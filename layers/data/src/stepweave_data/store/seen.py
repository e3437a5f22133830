"""What nodes let through before: values by their digest, or the greatest value so far.

What counts is what was let through in an execution that succeeded, or has not ended. Of one that failed nothing counts,
unless an execution that went on from it did not fail: so what a failed execution dropped on its way comes again. A node
run that is tried again, also in an execution that goes on from another, is let through what it was before.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from stepweave_data.link import Connection

MOST: Final = 100_000
"""Values that a scope remembers; the oldest are forgotten for new ones."""
MOST_DAYS: Final = 365
_MOST_GREATEST: Final = 1_000
"""Greatest values that are kept, one of each node run, for the case that the latest runs failed."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_FOUND: Final = """
SELECT digest, run, execution_id, origin FROM store_seen
WHERE tenant_id = %s AND scope = %s AND digest = ANY (%s) AND expires_at > now()
"""
_GREATEST: Final = """
SELECT greatest, run, execution_id, origin FROM store_seen
WHERE tenant_id = %s AND scope = %s AND greatest IS NOT NULL AND expires_at > now() ORDER BY greatest DESC
"""
_FAILED: Final = """
SELECT id FROM executions WHERE id = ANY (%s) AND status IN ('failed', 'cancelled', 'timed_out')
"""
_WENT_ON: Final = """
SELECT DISTINCT e.data -> 'trigger' ->> 'origin' FROM executions x
JOIN execution_events e ON e.execution_id = x.id AND e.id = x.id::text || '-started'
WHERE x.workflow_id = %s AND x.trigger = 'manual' AND x.status NOT IN ('failed', 'cancelled', 'timed_out')
  AND x.started_at >= (SELECT min(started_at) FROM executions WHERE id = ANY (%s))
  AND e.data -> 'trigger' ->> 'origin' = ANY (%s)
"""
_KEEP: Final = """
INSERT INTO store_seen (tenant_id, scope, digest, execution_id, origin, run, greatest, expires_at)
SELECT %s, %s, given.digest, %s, %s, %s, given.greatest, now() + make_interval(days => %s)
FROM unnest(%s::bytea[], %s::numeric[]) AS given (digest, greatest)
ON CONFLICT (tenant_id, scope, digest) DO UPDATE SET execution_id = EXCLUDED.execution_id, origin = EXCLUDED.origin,
  run = EXCLUDED.run, greatest = greatest(EXCLUDED.greatest, store_seen.greatest), seen_at = now(),
  expires_at = EXCLUDED.expires_at
"""
_FORGET: Final = """
DELETE FROM store_seen WHERE tenant_id = %s AND scope = %s AND digest IN (
  SELECT digest FROM store_seen WHERE tenant_id = %s AND scope = %s ORDER BY seen_at DESC, digest OFFSET %s)
"""
_CLEAR: Final = "DELETE FROM store_seen WHERE tenant_id = %s AND scope = %s"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an execution of a workflow, the one that its work began with, and the node run's idempotency key."""

    tenant_id: str
    workflow_id: str
    execution_id: str
    origin: str
    run: str


class Seen:
    """What was seen in one scope, within a transaction that is bound to the tenant. Askers of a scope take turns."""

    def __init__(self, connection: Connection, asker: Asker, scope: str) -> None:
        self._connection, self._asker, self._scope = connection, asker, scope
        connection.execute(_LOCK.encode(), (f"store_seen {asker.tenant_id} {scope}",))

    def fresh(self, values: Sequence[str], days: int, most: int) -> list[bool]:
        """Say of each value whether it is new, and remember those that are.

        Args:
            values: as text; the same text is the same value. Of several that are the same, the first is new.
            days: how long they are remembered.
            most: how many the scope remembers.
        """
        digests = [hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest() for value in values]
        rows = self._connection.execute(_FOUND.encode(), (*self._place, list(set(digests)))).fetchall()
        known = {bytes(digest) for digest, *of in self._counted(rows)}
        told = []
        for digest in digests:
            told.append(digest not in known)
            known.add(digest)
        new = [digest for digest, is_new in zip(digests, told, strict=True) if is_new]
        self._keep(new, [None] * len(new), days)
        self._connection.execute(_FORGET.encode(), (*self._place, *self._place, most))
        return told

    def greater(self, values: Sequence[Decimal], days: int) -> list[bool]:
        """Say of each value whether it is greater than the greatest of earlier executions; remember the greatest."""
        rows = self._connection.execute(_GREATEST.encode(), self._place).fetchall()
        found = next((row[0] for row in self._counted(rows)), None)
        told = [found is None or value > found for value in values]
        if any(told):
            digest = hashlib.sha256(f"greatest {self._asker.run}".encode()).digest()
            self._keep([digest], [max(values)], days)
            self._connection.execute(_FORGET.encode(), (*self._place, *self._place, _MOST_GREATEST))
        return told

    def clear(self) -> int:
        """Forget all and return how much that was."""
        return self._connection.execute(_CLEAR.encode(), self._place).rowcount

    @property
    def _place(self) -> tuple[str, str]:
        return self._asker.tenant_id, self._scope

    def _counted(self, rows: Sequence[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        """Return the rows `(value, run, execution, origin)` that count for the asker, in their order."""
        others = [row for row in rows if row[1] != self._asker.run]
        executions = list({row[2] for row in others})
        failed = {row[0] for row in self._connection.execute(_FAILED.encode(), (executions,)).fetchall()}
        if not failed:
            return others
        origins = list({str(row[3]) for row in others if row[2] in failed})
        asked = (self._asker.workflow_id, list(failed), origins)
        went_on = {row[0] for row in self._connection.execute(_WENT_ON.encode(), asked).fetchall()}
        return [row for row in others if row[2] not in failed or str(row[3]) in went_on]

    def _keep(self, digests: Sequence[bytes], greatest: Sequence[Decimal | None], days: int) -> None:
        asker = self._asker
        values = (*self._place, asker.execution_id, asker.origin, asker.run, days, list(digests), list(greatest))
        self._connection.execute(_KEEP.encode(), values)
