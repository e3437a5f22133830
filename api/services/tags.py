"""Tags: names with a colour that workflows are marked with."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api import codes
from api.refusals import Refused
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave_data.database import tenant_session
from stepweave_data.models import Tag, Workflow, WorkflowTag

MOST: Final = 200


@dataclass(frozen=True)
class Counted:
    """A tag and how many workflows have it."""

    tag: Tag
    workflows: int


def list_tags(principal: Principal) -> list[Counted]:
    """Return all, by name."""
    count = (
        select(func.count())
        .select_from(WorkflowTag)
        .join(Workflow, Workflow.id == WorkflowTag.workflow_id)
        .where(WorkflowTag.tag_id == Tag.id, Workflow.deleted_at.is_(None))
        .correlate(Tag)
        .scalar_subquery()
    )
    with tenant_session(principal.tenant_id) as session:
        query = select(Tag, count).order_by(func.lower(Tag.name))
        return [Counted(row[0], row[1]) for row in session.execute(query)]


def create(principal: Principal, name: str, color: str) -> Tag:
    """Make a tag. Raises Refused: `name_taken`, `too_many`."""
    tag = Tag(id=uuid.uuid4(), tenant_id=principal.tenant_id, name=name, color=color)
    try:
        with tenant_session(principal.tenant_id) as session:
            if (session.scalar(select(func.count()).select_from(Tag)) or 0) >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} tags already; delete one.")
            session.add(tag)
            session.flush()
            audit(session, principal, "tag.created", tag.id)
    except IntegrityError:
        raise _taken(name) from None
    return tag


def change(principal: Principal, tag_id: uuid.UUID, name: str, color: str) -> Tag:
    """Rename or recolour a tag. Raises Refused (`not_found`, `name_taken`)."""
    try:
        with tenant_session(principal.tenant_id) as session:
            tag = session.get(Tag, tag_id)
            if tag is None:
                raise codes.not_found("tag")
            tag.name, tag.color = name, color
            session.flush()
            audit(session, principal, "tag.changed", tag_id)
            return tag
    except IntegrityError:
        raise _taken(name) from None


def delete(principal: Principal, tag_id: uuid.UUID) -> None:
    """Delete a tag; workflows lose it. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        tag = session.get(Tag, tag_id)
        if tag is None:
            raise codes.not_found("tag")
        session.delete(tag)
        audit(session, principal, "tag.deleted", tag_id)


def _taken(name: str) -> Refused:
    detail = f"There is a tag {name!r} already; choose another name."
    return Refused(codes.NAME_TAKEN, detail, [{"field": "name", "message": detail}])
