"""Memory: what models remember of talks."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import Cursor, Limit, TalkId
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.memory import Found
from api.schemas.base import Page, cursor, read_cursor
from api.schemas.memory import DeleteTalksRequest, TalkMessage, TalkMessages, TalkResponse, TalkSummary
from api.schemas.store import DeletedResponse
from api.services import memory
from api.services.tokens import Principal
from stepweave_data.models import MemoryMessage

router = APIRouter(tags=["memory"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.STORE_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.STORE_WRITE))]
Search = Annotated[
    str,
    Query(
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="Part of a session key, or of the name of a workflow or a shared memory; empty for all.",
    ),
]
OfWorkflow = Annotated[uuid.UUID | None, Query(alias="workflowId", description="Talks of this workflow only.")]
Before = Annotated[
    int | None,
    Query(ge=1, le=2**63 - 1, description="`nextBefore` of the page before; without it the newest messages."),
]


@router.get("/memory/talks", operation_id="listTalks")
def list_talks(
    principal: Reader, search: Search = "", workflow_id: OfWorkflow = None, cursor_: Cursor = None, limit: Limit = 50
) -> Page[TalkSummary]:
    """List talks, the one that was used last first."""
    found = memory.talks(principal, search, workflow_id, read_cursor(cursor_), limit + 1)
    rows, more = found[:limit], len(found) > limit
    return Page(
        items=[TalkSummary(**_summary(row)) for row in rows],
        next_cursor=cursor(rows[-1][0].updated_at, rows[-1][0].id) if more else None,
    )


@router.get("/memory/talks/{talk_id}", operation_id="getTalk", openapi_extra=refuses(codes.NOT_FOUND))
def get_talk(talk_id: TalkId, principal: Reader) -> TalkResponse:
    """Return a talk with its summary, without its messages."""
    found = memory.talk(principal, talk_id)
    return TalkResponse(**_summary(found), summary=found[0].summary, bytes=found[0].bytes)


@router.get(
    "/memory/talks/{talk_id}/messages",
    operation_id="listTalkMessages",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ANSWER_TOO_LARGE),
)
def list_messages(talk_id: TalkId, principal: Reader, before: Before = None, limit: Limit = 50) -> TalkMessages:
    """Return messages of a talk, oldest first: the newest page, or the one before a message."""
    found = memory.messages(principal, talk_id, before, limit + 1)
    rows, more = found[:limit], len(found) > limit
    return TalkMessages(items=[_message(row) for row in reversed(rows)], next_before=rows[-1].id if more else None)


@router.delete(
    "/memory/talks/{talk_id}", status_code=204, operation_id="deleteTalk", openapi_extra=refuses(codes.NOT_FOUND)
)
def delete_talk(talk_id: TalkId, principal: Writer) -> Response:
    """Delete a talk with its messages: models begin it anew."""
    memory.delete_one(principal, talk_id)
    return Response(status_code=204)


@router.post("/memory/talks/delete", operation_id="deleteTalks")
def delete_talks(body: DeleteTalksRequest, principal: Writer) -> DeletedResponse:
    """Delete talks with their messages."""
    return DeletedResponse(deleted=memory.delete(principal, body.ids))


def _summary(found: Found) -> dict[str, Any]:
    talk, workflow_name, last = found
    names = ("id", "session", "workflow_id", "shared", "project_id", "messages")
    times = ("created_at", "updated_at", "expires_at")
    return {**{name: getattr(talk, name) for name in (*names, *times)}, "workflow_name": workflow_name, "last": last}


def _message(row: MemoryMessage) -> TalkMessage:
    more = {name: value for name, value in row.message.items() if name not in ("role", "content")}
    return TalkMessage(
        id=row.id, role=row.message["role"], content=row.message["content"], more=more, at=row.created_at
    )
