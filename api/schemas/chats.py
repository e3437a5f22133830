"""Entries of members to chats."""

from typing import Annotated

from pydantic import StringConstraints

from api.schemas.base import Schema
from stepweave_data.hooks.chat_entries import CHALLENGE


class ChatEntryRequest(Schema):
    """Which chat a member enters, and what its page has sent along."""

    chat: Annotated[
        str, StringConstraints(max_length=260, pattern=r"^[a-z0-9][a-z0-9-]{0,62}/[A-Za-z0-9_-][A-Za-z0-9_./-]*$")
    ]
    """`<workspace>/<path>`, as in the chat's address."""
    challenge: Annotated[str, StringConstraints(pattern=f"^{CHALLENGE}$")]
    """The unpadded base64url of the SHA-256 of what the page keeps to itself."""


class ChatEntryResponse(Schema):
    """Where the member goes on."""

    address: str
    """The chat's page with a code behind `#entry=`, good once and for a minute."""
