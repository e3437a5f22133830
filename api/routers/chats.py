"""Chats for members."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import codes
from api.bodies import JsonRoute
from api.deps import SettingsDep, callback_secret, requires
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.chats import ChatEntryRequest, ChatEntryResponse
from api.services import chats
from api.services.tokens import Principal

router = APIRouter(tags=["system"], route_class=JsonRoute)


@router.post("/chats/entry", operation_id="enterChat", openapi_extra=refuses(codes.NOT_FOUND))
def enter_chat(
    body: ChatEntryRequest,
    principal: Annotated[Principal, Depends(requires(Permission.SELF))],
    secret: Annotated[str, Depends(callback_secret)],
    deployed: SettingsDep,
) -> ChatEntryResponse:
    """Let a member into a chat of the workspace: its page, which sent them here, gets a session for the code."""
    return ChatEntryResponse(address=chats.enter(principal, body.chat, body.challenge, secret, deployed.content_origin))
