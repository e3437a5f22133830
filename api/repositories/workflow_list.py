"""Lists of workflows: filters, orders and pages, read from columns alone. Documents stay where they are."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session

from stepweave_data.models import Environment, Execution, Folder, LiveVersion, Tag, Workflow, WorkflowTag

Status = Literal["published", "draft", "disabled"]
Order = Literal["updated", "created", "name"]

_NAME: Final = func.lower(Workflow.name)
_KEYS: Final[dict[Order, ColumnElement[Any]]] = {
    "updated": Workflow.updated_at,  # type: ignore[dict-item]  # an attribute stands for its column
    "created": Workflow.created_at,  # type: ignore[dict-item]
    "name": _NAME,
}


@dataclass(frozen=True)
class Filter:
    """Which workflows; None and empty mean any. A folder has what is in it and below, tags must all be there."""

    search: str = ""
    status: Status | None = None
    folder_id: uuid.UUID | None = None
    tag_ids: tuple[uuid.UUID, ...] = ()
    node_type: str | None = None
    project_id: uuid.UUID | None = None
    types_of_search: tuple[str, ...] = ()
    """Node types whose names the search is found in."""


@dataclass(frozen=True)
class Latest:
    """The latest execution of a workflow."""

    id: uuid.UUID
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Elsewhere:
    """A version that is live in an environment besides production."""

    environment: str
    version: int
    enabled: bool


@dataclass(frozen=True)
class Summary:
    """A workflow in a list: columns of `workflows`, its tags, its latest execution; `key` is its place in the order."""

    id: uuid.UUID
    name: str
    revision: int
    published_version: int | None
    enabled: bool
    created_at: datetime
    updated_at: datetime
    folder_id: uuid.UUID | None
    project_id: uuid.UUID
    node_types: list[str]
    node_count: int
    last_execution: Latest | None
    tag_ids: list[uuid.UUID]
    elsewhere: list[Elsewhere]
    key: datetime | str


class WorkflowList:
    """Pages of workflows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: Filter, order: Order, after: tuple[str, uuid.UUID] | None, limit: int) -> list[Summary]:
        """Return at most `limit` workflows behind the row `after`, each with its latest execution."""
        page = _page(wanted, order, after, limit).subquery()
        # Of each workflow of the page one look into `executions_of_workflow`, however many executions there are.
        latest = (
            select(Execution.id, Execution.status, Execution.started_at, Execution.ended_at)
            .where(Execution.workflow_id == page.c.id)
            .order_by(Execution.started_at.desc(), Execution.id.desc())
            .limit(1)
            .lateral()
        )
        query = (
            select(page, latest.c.id.label("run"), latest.c.status, latest.c.started_at, latest.c.ended_at)
            .join_from(page, latest, true(), isouter=True)
            .order_by(*(column.desc() if order != "name" else column.asc() for column in (page.c.key, page.c.id)))
        )
        rows = self._session.execute(query).mappings().all()
        ids = [row["id"] for row in rows]
        tags, live = _tags_of(self._session, ids), _live_of(self._session, ids)
        return [_summary(dict(row), tags.get(row["id"], []), live.get(row["id"], [])) for row in rows]


def _summary(row: dict[str, Any], tags: list[uuid.UUID], elsewhere: list[Elsewhere]) -> Summary:
    run, *times = (row.pop(name) for name in ("run", "status", "started_at", "ended_at"))
    return Summary(**row, last_execution=Latest(run, *times) if run else None, tag_ids=tags, elsewhere=elsewhere)


def _page(wanted: Filter, order: Order, after: tuple[str, uuid.UUID] | None, limit: int) -> Select[*tuple[Any, ...]]:
    key = _KEYS[order]
    columns = (
        Workflow.id,
        Workflow.name,
        Workflow.revision,
        Workflow.published_version,
        Workflow.enabled,
        Workflow.created_at,
        Workflow.updated_at,
        Workflow.folder_id,
        Workflow.project_id,
        Workflow.node_types,
        Workflow.node_count,
    )
    query = select(*columns, key.label("key")).where(Workflow.deleted_at.is_(None), *_conditions(wanted))
    if after is not None:
        value: Any = after[0] if order == "name" else datetime.fromisoformat(after[0])
        row, place = tuple_(key, Workflow.id), tuple_(literal(value), literal(after[1]))
        query = query.where(row > place if order == "name" else row < place)
    ordered = (key, Workflow.id) if order == "name" else (key.desc(), Workflow.id.desc())
    return query.order_by(*ordered).limit(limit)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search:
        found.append(_matches(wanted.search, wanted.types_of_search))
    if wanted.status is not None:
        found.append(_stands(wanted.status))
    if wanted.folder_id is not None:
        below = select(Folder.id).where(Folder.id == wanted.folder_id).cte(recursive=True)
        below = below.union_all(select(Folder.id).join(below, Folder.parent_id == below.c.id))
        found.append(Workflow.folder_id.in_(select(below.c.id)))
    if wanted.project_id is not None:
        found.append(Workflow.project_id == wanted.project_id)
    for tag_id in wanted.tag_ids:
        found.append(exists().where(WorkflowTag.workflow_id == Workflow.id, WorkflowTag.tag_id == tag_id))
    if wanted.node_type is not None:
        found.append(Workflow.node_types.contains([wanted.node_type]))
    return found


def _stands(status: Status) -> ColumnElement[bool]:
    """Whether production says so of a workflow; where nothing is live there, whether the other environments do."""
    published = Workflow.published_version.is_not(None)
    elsewhere = exists().where(LiveVersion.workflow_id == Workflow.id)
    is_on = elsewhere.where(LiveVersion.enabled)
    match status:
        case "published":
            return or_(and_(published, Workflow.enabled), and_(~published, is_on))
        case "disabled":
            return or_(and_(published, ~Workflow.enabled), and_(~published, elsewhere, ~is_on))
        case "draft":
            return and_(~published, ~elsewhere)


def _matches(search: str, types: tuple[str, ...]) -> ColumnElement[bool]:
    """Name, tag, or one of the node types."""
    tagged = (
        exists()
        .where(WorkflowTag.workflow_id == Workflow.id, WorkflowTag.tag_id == Tag.id)
        .where(Tag.name.icontains(search, autoescape=True))
    )
    named = Workflow.name.icontains(search, autoescape=True)
    return or_(named, tagged, Workflow.node_types.overlap(list(types))) if types else or_(named, tagged)


def _tags_of(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    query = (
        select(WorkflowTag.workflow_id, func.array_agg(cast(WorkflowTag.tag_id, String)))
        .join(Tag, Tag.id == WorkflowTag.tag_id)
        .where(WorkflowTag.workflow_id.in_(ids))
        .group_by(WorkflowTag.workflow_id)
    )
    return {row[0]: [uuid.UUID(text) for text in row[1]] for row in session.execute(query)}


def _live_of(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Elsewhere]]:
    """Return what is live of workflows besides production, in the environments' order."""
    query = (
        select(LiveVersion.workflow_id, LiveVersion.environment, LiveVersion.version, LiveVersion.enabled)
        .join(Environment, Environment.key == LiveVersion.environment)
        .where(LiveVersion.workflow_id.in_(ids))
        .order_by(Environment.position)
    )
    found: dict[uuid.UUID, list[Elsewhere]] = {}
    for id, environment, version, enabled in session.execute(query):
        found.setdefault(id, []).append(Elsewhere(environment, version, enabled))
    return found
