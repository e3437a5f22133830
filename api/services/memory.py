"""What models remember of talks, for people to look at and delete."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from api import codes
from api.repositories.memory import Found
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave_data.models import MemoryMessage


def talks(
    principal: Principal,
    search: str,
    workflow_id: uuid.UUID | None,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Found]:
    """Return a page of talks, the one that was used last first; see `Memories.page`."""
    with rows_of(principal.tenant_id) as rows:
        return rows.memories.page(search.strip(), workflow_id, before, limit)


def talk(principal: Principal, talk_id: uuid.UUID) -> Found:
    """Return a talk. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.memories.find(talk_id)
    if found is None:
        raise codes.not_found("talk")
    return found


def messages(principal: Principal, talk_id: uuid.UUID, before: int | None, limit: int) -> list[MemoryMessage]:
    """Return the newest messages of a talk before one, newest first. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        if rows.memories.find(talk_id) is None:
            raise codes.not_found("talk")
        return rows.memories.messages(talk_id, before, limit)


def delete(principal: Principal, ids: Sequence[uuid.UUID]) -> int:
    """Delete talks with their messages and return how many there were."""
    with rows_of(principal.tenant_id) as rows:
        gone = rows.memories.delete(ids)
        rows.note(principal.user_id, "memory.deleted", ids[0] if len(ids) == 1 else principal.tenant_id, talks=gone)
        return gone


def delete_one(principal: Principal, talk_id: uuid.UUID) -> None:
    """Delete a talk with its messages. Raises Refused (`not_found`)."""
    if not delete(principal, [talk_id]):
        raise codes.not_found("talk")
