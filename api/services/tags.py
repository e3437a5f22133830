"""Tags: names with a colour that workflows are marked with."""

import uuid
from dataclasses import dataclass
from typing import Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services.tokens import Principal
from stepweave_data.models import Tag

MOST: Final = 200


@dataclass(frozen=True)
class Counted:
    """A tag and how many workflows have it."""

    tag: Tag
    workflows: int


def list_tags(principal: Principal) -> list[Counted]:
    """Return all, by name."""
    with rows_of(principal.tenant_id) as rows:
        return [Counted(tag, workflows) for tag, workflows in rows.tags.counted()]


def create(principal: Principal, name: str, color: str) -> Tag:
    """Make a tag. Raises Refused: `name_taken`, `too_many`."""
    tag = Tag(id=uuid.uuid4(), tenant_id=principal.tenant_id, name=name, color=color)
    try:
        with rows_of(principal.tenant_id) as rows:
            if rows.tags.count() >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} tags already; delete one.")
            rows.add(tag)
            rows.note(principal.user_id, "tag.created", tag.id)
    except Duplicate:
        raise _taken(name) from None
    return tag


def change(principal: Principal, tag_id: uuid.UUID, name: str, color: str) -> Tag:
    """Rename or recolour a tag. Raises Refused (`not_found`, `name_taken`)."""
    try:
        with rows_of(principal.tenant_id) as rows:
            tag = _find(rows, tag_id)
            tag.name, tag.color = name, color
            rows.note(principal.user_id, "tag.changed", tag_id)
            return tag
    except Duplicate:
        raise _taken(name) from None


def delete(principal: Principal, tag_id: uuid.UUID) -> None:
    """Delete a tag; workflows lose it. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        rows.delete(_find(rows, tag_id))
        rows.note(principal.user_id, "tag.deleted", tag_id)


def _find(rows: Rows, tag_id: uuid.UUID) -> Tag:
    tag = rows.get(Tag, tag_id)
    if tag is None:
        raise codes.not_found("tag")
    return tag


def _taken(name: str) -> Refused:
    detail = f"There is a tag {name!r} already; choose another name."
    return Refused(codes.NAME_TAKEN, detail, [{"field": "name", "message": detail}])
