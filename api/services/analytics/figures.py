"""Figures over time: how many executions, how many failed, how long they took, what they cost; by workflow and node."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from api import codes
from api.permissions import Permission
from api.refusals import refused_field
from api.repositories.rollups import Ranked, Scope, Sums
from api.repositories.rows import rows_of
from api.services.analytics.percentiles import percentiles
from api.services.analytics.ranges import Asked, Range, Segment, Span, range_of, segments
from api.services.tokens import Principal
from api.services.workflows import find

MOST_ROWS: Final = 20
"""Workflows, or nodes, that a ranking names."""


@dataclass(frozen=True)
class Figures:
    """Sums, and the percentiles of durations in milliseconds (None where there are none)."""

    sums: Sums
    percentiles: tuple[float, ...] | None
    saved_minutes: Decimal | None = None


@dataclass(frozen=True)
class Point:
    """The figures of a bin."""

    span: Span
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """A range with what it came to, by bin and as a whole, and what the period before did."""

    range: Range
    current: Figures
    previous: Figures
    points: list[Point]
    counted_up_to: datetime
    """Executions that ended later may be missing yet."""
    rebuilding: int
    """Days that are to be counted anew."""


@dataclass(frozen=True)
class Row:
    """A workflow, or a node of one, in a ranking. Names are None where it is deleted."""

    workflow_id: uuid.UUID
    workflow_name: str | None
    node_id: str
    node_name: str | None
    figures: Figures
    minutes_per_run: Decimal | None = None
    """What a successful run of the workflow saves."""


def overview(principal: Principal, asked: Asked, scope: Scope) -> Overview:
    """Return the figures of a range, its bins, and the period before.

    Raises:
        Refused: `invalid_request`: the range is none, or a node is asked for without its workflow.
    """
    now = datetime.now(UTC)
    range = range_of(asked, now)
    scope = scoped(principal, scope)
    bins, whole = segments(range.bins), segments([range.previous, range.span])
    with rows_of(principal.tenant_id) as rows:
        sums, histograms = rows.rollups.sums(bins, scope), rows.rollups.histograms(bins, scope)
        wholes, durations = rows.rollups.sums(whole, scope), rows.rollups.histograms(whole, scope)
        saved = [
            rows.rollups.saved(segments([span]), scope) if scope.node_id is None else None
            for span in (range.previous, range.span)
        ]
        waiting = rows.rollups.counted_up_to()
        rebuilding = rows.rollups.rebuilding()
    points = [
        Point(span, Figures(sums.get(place, Sums()), percentiles(histograms.get(place, {}))))
        for place, span in enumerate(range.bins)
    ]
    previous, current = (
        Figures(wholes.get(place, Sums()), percentiles(durations.get(place, {})), saved[place]) for place in (0, 1)
    )
    return Overview(range, current, previous, points, waiting or now, rebuilding)


def ranking(principal: Principal, asked: Asked, scope: Scope, order: str, *, nodes: bool) -> list[Row]:
    """Return the workflows, or nodes, that stand first in an order. Raises Refused as `overview`."""
    parts = _whole(asked)
    scope = scoped(principal, scope)
    with rows_of(principal.tenant_id) as rows:
        found = rows.rollups.ranked(parts, scope, order, MOST_ROWS, nodes=nodes)
        histograms = rows.rollups.histograms_of(parts, scope, found, nodes=nodes) if found else {}
        names = rows.rollups.names({one.workflow_id for one in found})
    return [_row(one, names, histograms.get((one.workflow_id, one.node_id), {}), nodes=nodes) for one in found]


def save_minutes(principal: Principal, workflow_id: uuid.UUID, minutes: Decimal | None) -> None:
    """Say how many minutes of a person's time a run of a workflow saves. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        workflow = find(rows, workflow_id)
        before, workflow.saved_minutes = workflow.saved_minutes, minutes
        rows.note(
            principal.user_id,
            "workflow.time_saved_set",
            workflow_id,
            before={"savedMinutes": None if before is None else f"{before:f}"},
            after={"savedMinutes": None if minutes is None else f"{minutes:f}"},
        )


def rebuild(principal: Principal) -> int:
    """Have everything counted anew from the history; return how many days wait for that now."""
    with rows_of(principal.tenant_id) as rows:
        rows.rollups.request_rebuild()
        rows.note(principal.user_id, "analytics.rebuilt", principal.tenant_id, before={}, after={})
        return rows.rollups.rebuilding()


def scoped(principal: Principal, scope: Scope) -> Scope:
    """Return a scope that says whether whoever asks sees all workflows. Raises Refused (`invalid_request`)."""
    if scope.node_id is not None and scope.workflow_id is None:
        raise refused_field(codes.INVALID_REQUEST, "nodeId", "A node is known by its workflow: give workflowId, too.")
    return replace(scope, parted=principal.reach(Permission.EXECUTIONS_READ) is not None)


def _whole(asked: Asked) -> list[Segment]:
    return segments([range_of(replace(asked, bin="auto"), datetime.now(UTC)).span])


def _row(
    one: Ranked,
    names: Mapping[uuid.UUID, tuple[str, dict[str, str], Decimal | None]],
    histogram: Mapping[int, int],
    *,
    nodes: bool,
) -> Row:
    name, node_names, minutes = names.get(one.workflow_id, (None, {}, None))
    saved = None if nodes or minutes is None else minutes * one.saving
    figures = Figures(one.sums, percentiles(histogram), saved)
    node_name = node_names.get(one.node_id) if nodes else None
    return Row(one.workflow_id, name, one.node_id, node_name, figures, None if nodes else minutes)
