"""Rows of `rollups`, `error_groups` and `error_counts`: sums over ranges of time. Figures: docs/adr/0068-rollups.md."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

_MEASURES: Final = (
    "succeeded", "failed", "cancelled", "timed_out", "duration_ms", "wait_ms", "items", "retries", "requests", "tokens",
)  # fmt: skip
_SUMS: Final = ", ".join(f"coalesce(sum(r.{name}), 0)::bigint AS {name}" for name in _MEASURES)
_SEGMENTS: Final = """
WITH seg AS MATERIALIZED (
  SELECT * FROM unnest(CAST(:bins AS int[]), CAST(:grains AS smallint[]), CAST(:since AS timestamptz[]),
                       CAST(:until AS timestamptz[])) AS s(bin, grain, since, until))
"""
_WITHIN: Final = "r.grain = s.grain AND r.at >= s.since AND r.at < s.until"
_SAVES: Final = "r.trigger <> 'error'"
_ORDERS: Final = {
    "slowest": "duration_ms::numeric / (succeeded + failed + cancelled + timed_out)",
    "costliest": "money",
    "failing": "failed + timed_out",
    "busiest": "succeeded + failed + cancelled + timed_out",
}


class Part(Protocol):
    """A part of a bin; as `api.services.analytics.ranges.Segment`."""

    @property
    def bin(self) -> int:
        """The bin's place."""

    @property
    def grain(self) -> int:
        """The grain of the rows that make it up."""

    @property
    def since(self) -> datetime:
        """Where it begins."""

    @property
    def until(self) -> datetime:
        """Where it ends."""


@dataclass(frozen=True)
class Scope:
    """Which executions, or which node's runs; None means any. `parted`: whoever looks does not see all workflows."""

    workflow_id: uuid.UUID | None = None
    version: int | None = None
    node_id: str | None = None
    trigger: str | None = None
    project_id: uuid.UUID | None = None
    parted: bool = False

    @property
    def level(self) -> int:
        """The level whose rows have it."""
        if self.node_id is not None:
            return 2
        narrowed = self.workflow_id or self.project_id or self.version is not None or self.parted
        return 1 if narrowed else 0


@dataclass(frozen=True)
class Sums:
    """What executions, or runs of a node, came to. Times in milliseconds, money in US dollars."""

    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    timed_out: int = 0
    duration_ms: int = 0
    wait_ms: int = 0
    items: int = 0
    retries: int = 0
    requests: int = 0
    tokens: int = 0
    money: Decimal = Decimal(0)

    @property
    def runs(self) -> int:
        """How many there were."""
        return self.succeeded + self.failed + self.cancelled + self.timed_out


@dataclass(frozen=True)
class Ranked:
    """A workflow, or a node of one (else empty), with its sums."""

    workflow_id: uuid.UUID
    node_id: str
    sums: Sums
    saving: int
    """Successful runs that save time: those that an error started do not."""


@dataclass(frozen=True)
class Fault:
    """An error group with what is known of its workflow, and how often it was seen in a range."""

    id: uuid.UUID
    workflow_id: uuid.UUID
    workflow_name: str
    node_id: str
    node_name: str | None
    type: str
    message: str
    sample: str
    first_seen: datetime
    last_seen: datetime
    first_execution_id: uuid.UUID
    last_execution_id: uuid.UUID
    resolved_at: datetime | None
    resolved_by: str | None
    count: int


class Rollups:
    """Figures over time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sums(self, parts: Sequence[Part], scope: Scope) -> dict[int, Sums]:
        """Return the sums of each bin; bins without any are left out."""
        where, values = _where(scope)
        query = f"""{_SEGMENTS} SELECT s.bin, {_SUMS}, coalesce(sum(r.money), 0) AS money
            FROM seg s JOIN rollups r ON {_WITHIN} WHERE {where} GROUP BY s.bin"""  # noqa: S608  # of this file
        found = self._session.execute(text(query), values | _arrays(parts))
        return {row.bin: _sums(row) for row in found}

    def histograms(self, parts: Sequence[Part], scope: Scope) -> dict[int, dict[int, int]]:
        """Return how many durations lie in each bucket, by bin."""
        where, values = _where(scope)
        query = f"""{_SEGMENTS} SELECT s.bin, h.bucket, sum(h.count)::bigint AS times
            FROM seg s JOIN rollups r ON {_WITHIN}, unnest(r.buckets, r.counts) AS h(bucket, count)
            WHERE {where} GROUP BY s.bin, h.bucket"""  # noqa: S608  # of this file
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for row in self._session.execute(text(query), values | _arrays(parts)):
            found[row.bin][row.bucket] = row.times
        return found

    def saved(self, parts: Sequence[Part], scope: Scope) -> Decimal | None:
        """Return the minutes that runs saved people; None where nobody said of any workflow what one saves."""
        where, values = _where(Scope(scope.workflow_id, scope.version, None, scope.trigger, scope.project_id, True))
        query = f"""{_SEGMENTS} SELECT sum(r.succeeded * w.saved_minutes) FILTER (WHERE {_SAVES})
            FROM seg s JOIN rollups r ON {_WITHIN} JOIN workflows w ON w.id = r.workflow_id
            WHERE {where} AND r.workflow_id IN (SELECT id FROM workflows WHERE saved_minutes > 0)"""  # noqa: S608  # of this file
        some = "SELECT EXISTS (SELECT 1 FROM workflows WHERE saved_minutes > 0)"
        if not self._session.scalar(text(some)):
            return None
        found: Decimal | None = self._session.scalar(text(query), values | _arrays(parts))
        return found or Decimal(0)

    def ranked(self, parts: Sequence[Part], scope: Scope, order: str, limit: int, *, nodes: bool) -> list[Ranked]:
        """Return workflows, or nodes, that stand first in an order of `_ORDERS`."""
        where, values = _where(scope, 2 if nodes else 1)
        query = f"""{_SEGMENTS} SELECT * FROM (
              SELECT r.workflow_id, r.node_id, {_SUMS}, coalesce(sum(r.money), 0) AS money,
                     coalesce(sum(r.succeeded) FILTER (WHERE {_SAVES}), 0)::bigint AS saving
              FROM seg s JOIN rollups r ON {_WITHIN} WHERE {where} GROUP BY r.workflow_id, r.node_id) one
            WHERE succeeded + failed + cancelled + timed_out > 0
            ORDER BY {_ORDERS[order]} DESC, tokens DESC, workflow_id, node_id LIMIT :limit"""  # noqa: S608  # of this file
        rows = self._session.execute(text(query), values | _arrays(parts) | {"limit": limit})
        return [Ranked(row.workflow_id, row.node_id, _sums(row), row.saving) for row in rows]

    def histograms_of(
        self, parts: Sequence[Part], scope: Scope, ranked: Iterable[Ranked], *, nodes: bool
    ) -> dict[tuple[uuid.UUID, str], dict[int, int]]:
        """Return the histograms of durations of some workflows, or nodes."""
        where, values = _where(scope, 2 if nodes else 1)
        ids, node_ids = [one.workflow_id for one in ranked], [one.node_id for one in ranked]
        query = f"""{_SEGMENTS}, wanted AS MATERIALIZED (
              SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:node_ids AS text[])) AS t(workflow_id, node_id))
            SELECT r.workflow_id, r.node_id, h.bucket, sum(h.count)::bigint AS times
            FROM wanted t CROSS JOIN seg s
            JOIN rollups r ON {_WITHIN} AND r.workflow_id = t.workflow_id AND r.node_id = t.node_id,
              unnest(r.buckets, r.counts) AS h(bucket, count) WHERE {where} GROUP BY 1, 2, 3"""  # noqa: S608  # of this file
        found: dict[tuple[uuid.UUID, str], dict[int, int]] = defaultdict(dict)
        values = values | _arrays(parts) | {"ids": ids, "node_ids": node_ids}
        for row in self._session.execute(text(query), values):
            found[row.workflow_id, row.node_id][row.bucket] = row.times
        return found

    def names(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, dict[str, str], Decimal | None]]:
        """Return workflows' names, the names of their drafts' nodes, and what a run saves; without deleted ones."""
        query = text("""
            SELECT w.id, w.name, w.saved_minutes, (
              SELECT json_object_agg(n ->> 'id', n ->> 'name') FROM json_array_elements(w.document -> 'nodes') n
              WHERE n ->> 'id' IS NOT NULL) AS nodes
            FROM workflows w WHERE w.id = ANY (:ids) AND w.deleted_at IS NULL""")
        rows = self._session.execute(query, {"ids": list(ids)})
        return {row.id: (row.name, row.nodes or {}, row.saved_minutes) for row in rows}

    def faults(self, parts: Sequence[Part], scope: Scope, state: str, limit: int) -> list[Fault]:
        """Return error groups that were seen in a range, those seen most first."""
        query = f"""{_SEGMENTS}, counted AS (
              SELECT r.group_id, sum(r.count)::bigint AS count FROM seg s JOIN error_counts r ON {_WITHIN}
              GROUP BY r.group_id HAVING sum(r.count) > 0)
            {_FAULT} JOIN counted c ON c.group_id = g.id JOIN workflows w ON w.id = g.workflow_id
            LEFT JOIN users u ON u.id = g.resolved_by
            WHERE (CAST(:workflow AS uuid) IS NULL OR g.workflow_id = :workflow)
              AND (CAST(:project AS uuid) IS NULL OR w.project_id = :project)
              AND (CAST(:node AS text) IS NULL OR g.node_id = :node)
              AND (CAST(:state AS text) = 'all'
                   OR (g.resolved_at IS NOT NULL AND g.resolved_at >= g.last_seen) = (:state = 'resolved'))
            ORDER BY c.count DESC, g.last_seen DESC, g.id LIMIT :limit"""  # noqa: S608  # of this file
        values = {
            "workflow": scope.workflow_id,
            "project": scope.project_id,
            "node": scope.node_id,
            "state": state,
            "limit": limit,
        }
        return [Fault(**row._mapping) for row in self._session.execute(text(query), values | _arrays(parts))]

    def fault(self, id: uuid.UUID) -> Fault | None:
        """Return an error group, with how often it was seen in all that is kept."""
        query = f"""{_FAULT} CROSS JOIN LATERAL (
              SELECT coalesce(sum(k.count), 0)::bigint AS count FROM error_counts k
              WHERE k.group_id = g.id AND k.grain = 1440) c
            JOIN workflows w ON w.id = g.workflow_id LEFT JOIN users u ON u.id = g.resolved_by WHERE g.id = :id"""  # noqa: S608  # of this file
        row = self._session.execute(text(query), {"id": id}).first()
        return Fault(**row._mapping) if row else None

    def resolve(self, id: uuid.UUID, by: uuid.UUID | None) -> None:
        """Say that a fault is resolved, by whom; None: it is not."""
        query = """UPDATE error_groups SET resolved_by = :by,
            resolved_at = CASE WHEN CAST(:by AS uuid) IS NULL THEN NULL ELSE greatest(now(), last_seen) END
            WHERE id = :id"""
        self._session.execute(text(query), {"id": id, "by": by})

    def examples(self, id: uuid.UUID, limit: int) -> list[tuple[uuid.UUID, datetime]]:
        """Return the last executions that had a fault, of those that are still there."""
        query = text("""SELECT execution_id, at FROM rolled_executions WHERE group_id = :id
            ORDER BY at DESC, execution_id LIMIT :limit""")
        return [(row.execution_id, row.at) for row in self._session.execute(query, {"id": id, "limit": limit})]

    def counted_up_to(self) -> datetime | None:
        """Return since when executions wait to be counted; None where none does."""
        found: datetime | None = self._session.scalar(text("SELECT min(at) FROM rollup_queue WHERE failed IS NULL"))
        return found

    def rebuilding(self) -> int:
        """Return how many days wait to be counted anew."""
        return int(self._session.scalar(text("SELECT count(*) FROM rollup_days")) or 0)

    def request_rebuild(self) -> None:
        """Have all days counted anew from the history."""
        self._session.execute(text("SELECT request_rollup_rebuild()"))


_FAULT: Final = """
SELECT g.id, g.workflow_id, w.name AS workflow_name, g.node_id, (
         SELECT n ->> 'name' FROM json_array_elements(w.document -> 'nodes') n WHERE n ->> 'id' = g.node_id LIMIT 1
       ) AS node_name, g.type, g.message, g.sample, g.first_seen, g.last_seen,
       g.first_execution_id, g.last_execution_id, g.resolved_at,
       CASE WHEN g.resolved_at IS NULL THEN NULL ELSE coalesce(u.name, '') END AS resolved_by, c.count
FROM error_groups g
"""


def _where(scope: Scope, level: int | None = None) -> tuple[str, dict[str, Any]]:
    """Return the conditions of a scope, and their values."""
    parts = ["r.level = :level"]
    values: dict[str, Any] = {"level": scope.level if level is None else level}
    wanted: dict[str, Any] = {
        "workflow_id": scope.workflow_id,
        "version": scope.version,
        "node_id": scope.node_id if level in (None, 2) else None,
        "trigger": scope.trigger,
    }
    for name, value in wanted.items():
        if value is not None:
            parts.append(f"r.{name} = :{name}")
            values[name] = value
    if scope.project_id is not None:
        parts.append("r.workflow_id IN (SELECT id FROM workflows WHERE project_id = :project_id)")
        values["project_id"] = scope.project_id
    return " AND ".join(parts), values


def _arrays(parts: Sequence[Part]) -> dict[str, Any]:
    return {
        "bins": [part.bin for part in parts],
        "grains": [part.grain for part in parts],
        "since": [part.since for part in parts],
        "until": [part.until for part in parts],
    }


def _sums(row: Any) -> Sums:
    return Sums(**{name: getattr(row, name) for name in (*_MEASURES, "money")})
