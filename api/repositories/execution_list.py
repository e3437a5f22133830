"""The list of executions: pages by keyset that stay quick among millions, whatever is filtered for.

Each page is put together from ranges of an index that hold nothing but what is wanted, in the order of the list: one
range for each state, say, of which a page's worth is read. Postgres alone would guess from the statistics of all
tenants together whether to filter the whole list instead, and guesses wrong for a workflow that never fails. Figures:
docs/adr/0008-lists.md.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, get_args

from sqlalchemy import ColumnElement, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session, defer

from stepweave.model.events import ExecutionStatus, StartedBy
from stepweave_data.models import Execution, NodeUsage, Workflow

STATUSES: Final = tuple(status.value for status in ExecutionStatus)
TRIGGERS: Final[tuple[str, ...]] = get_args(StartedBy)
WITH_ERROR: Final = ("failed", "timed_out", "cancelled")
"""States in which an execution can have an error."""
WINDOWS: Final = (2_000, 8_000)
"""Executions that are looked through in turn for a text or a cost. What is behind them comes with the next page."""

Place = tuple[datetime, uuid.UUID]
"""A place in the list: the start and the id of an execution, which a page begins behind."""


@dataclass(frozen=True)
class Filter:
    """Which executions; None and an empty tuple mean any."""

    workflow_id: uuid.UUID | None = None
    statuses: tuple[str, ...] = ()
    trigger: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    error: str | None = None
    """Text that the error has."""
    environment: str | None = None
    """The key of the one that it ran in."""
    min_cost: Decimal | None = None
    """The US dollars that its models cost at least."""

    @property
    def is_searched(self) -> bool:
        """Whether executions are looked through for it, because no index has them together."""
        return any(one is not None for one in (self.error, self.min_cost, self.environment))


@dataclass(frozen=True)
class Found:
    """A page: executions with the names of their workflows, and the place behind which to go on, None at the end."""

    rows: list[tuple[Execution, str]]
    next: Place | None


class ExecutionList:
    """Pages of executions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: Filter, before: Place | None, limit: int) -> Found:
        """Return a page of at most `limit`, the latest started first.

        A page of a text in errors, or of a cost, may hold fewer, even none, and not be the last: it has looked through
        so many executions.
        """
        if not _ranges(wanted):
            return Found([], None)
        if wanted.is_searched:
            return _searched(self._session, wanted, before, limit)
        rows = _rows(self._session, wanted, before, None, limit + 1)
        return Found(rows[:limit], _place(rows[limit - 1]) if len(rows) > limit else None)


def _searched(session: Session, wanted: Filter, before: Place | None, limit: int) -> Found:
    """Look through one window of executions after the other until the page is full."""
    rows: list[tuple[Execution, str]] = []
    for window in WINDOWS:
        last = _places(wanted, before, None, window).subquery()
        place = session.execute(select(last.c.started_at, last.c.id).offset(window - 1)).first()
        end = (place[0], place[1]) if place else None
        rows += _rows(session, wanted, before, end, limit + 1 - len(rows))
        if len(rows) > limit:
            return Found(rows[:limit], _place(rows[limit - 1]))
        if end is None:
            return Found(rows, None)
        before = end
    return Found(rows, before)


def _place(row: tuple[Execution, str]) -> Place:
    return row[0].started_at, row[0].id


def _rows(
    session: Session, wanted: Filter, before: Place | None, end: Place | None, limit: int
) -> list[tuple[Execution, str]]:
    """Return executions behind `before` and not behind `end`, those that have what is searched for."""
    page = _places(wanted, before, end, limit, searched=True).subquery()
    query = (
        select(Execution, Workflow.name)
        .join(page, page.c.id == Execution.id)
        .join(Workflow, Workflow.id == Execution.workflow_id)
        .options(defer(Execution.document), defer(Execution.response))  # large, and in no list
        .order_by(Execution.started_at.desc(), Execution.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _places(
    wanted: Filter, before: Place | None, end: Place | None, limit: int, *, searched: bool = False
) -> Select[*tuple[Any, ...]]:
    """Return the places of the first `limit` executions; those that have what is searched for, if `searched`."""
    conditions = list(_conditions(wanted, before, end))
    if searched and wanted.error is not None:
        conditions += [Execution.error.is_not(None), _has_text(wanted.error)]
    if searched and wanted.environment is not None:
        conditions.append(Execution.environment == wanted.environment)
    if searched and wanted.min_cost is not None:
        conditions.append(_cost() >= wanted.min_cost)
    ranges = [
        select(Execution.started_at, Execution.id)
        .where(*conditions, *one)
        .order_by(Execution.started_at.desc(), Execution.id.desc())
        .limit(limit)
        for one in _ranges(wanted)
    ]
    if len(ranges) == 1:
        return ranges[0]
    merged = union_all(*(select(one.subquery()) for one in ranges)).subquery()
    return select(merged).order_by(merged.c.started_at.desc(), merged.c.id.desc()).limit(limit)


def _ranges(wanted: Filter) -> list[list[ColumnElement[bool]]]:
    """Return conditions that each name one range of an index: `executions_list` or `..._by_status`, `..._by_trigger`,
    `..._of_workflow`, `..._of_workflow_by` (migration 0005)."""
    statuses: list[str | None] = list(dict.fromkeys(wanted.statuses))
    if wanted.error is not None:
        statuses = [status for status in statuses or WITH_ERROR if status in WITH_ERROR]
    elif not statuses:
        statuses = list(STATUSES) if wanted.trigger else [None]
    triggers: list[str | None] = [wanted.trigger]
    if wanted.workflow_id is not None and wanted.trigger is None and statuses != [None]:
        triggers = list(TRIGGERS)
    return [
        [
            *([Execution.status == status] if status else []),
            *([Execution.trigger == trigger] if trigger else []),
        ]
        for status in statuses
        for trigger in triggers
    ]


def _conditions(wanted: Filter, before: Place | None, end: Place | None) -> Iterable[ColumnElement[bool]]:
    if wanted.workflow_id is not None:
        yield Execution.workflow_id == wanted.workflow_id
    if wanted.since is not None:
        yield Execution.started_at >= wanted.since
    if wanted.until is not None:
        yield Execution.started_at < wanted.until
    place = tuple_(Execution.started_at, Execution.id)
    if before is not None:
        yield place < before
    if end is not None:
        yield place >= end


def _cost() -> ColumnElement[Decimal]:
    """Return the US dollars that an execution's models cost; nothing where it has told of none."""
    told = NodeUsage.execution_id == Execution.id, NodeUsage.kind == "money", NodeUsage.name == "USD"
    return select(func.sum(NodeUsage.amount)).where(*told).correlate(Execution).scalar_subquery()


def _has_text(text: str) -> ColumnElement[bool]:
    said = func.concat(Execution.error["type"].astext, " ", Execution.error["message"].astext)
    return said.icontains(text, autoescape=True)
