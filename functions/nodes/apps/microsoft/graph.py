"""What all of Microsoft's apps are made of: the server, the credentials, paths and lists."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from functions.nodes.apps.microsoft.refusals import told
from stepweave.spec.operations import App, NextUrl, Operation, OptionsRequest
from stepweave.spec.parts import Text

CREDENTIAL: Final = ("microsoft_oauth2", "microsoft_app")
BASE_URL: Final = "https://graph.microsoft.com/v1.0"
NEXT: Final = '["@odata.nextLink"]'
IDS: Final = 'IdType="ImmutableId"'
"""With this header (`Prefer`) the ID of a message stays when it is moved."""


def microsoft_app(operations: tuple[Operation, ...], options: tuple[OptionsRequest, ...] = (), **more: Any) -> App:
    """Return an app of Microsoft's; `more` as of `App`."""
    return App(
        base_url=BASE_URL,
        credential=CREDENTIAL,
        operations=operations,
        options=options,
        refusal=told,
        timeout_seconds=60,
        **more,
    )


def listed(size: int = 100) -> NextUrl:
    """Return how the pages of a list follow each other."""
    return NextUrl(at=NEXT, size_query="$top", size=size)


def unsized() -> NextUrl:
    """Return the same for lists that do not say how long their pages are to be."""
    return NextUrl(at=NEXT)


def _owner(text: str) -> str:
    text = text.strip()
    if text in ("", "me"):
        return "me"
    name = text.removeprefix("users/")
    if "/" in name:
        raise ValueError("string should be me, an address or an ID")
    return f"users/{name}"


def _drive(text: str) -> str:
    text = text.strip()
    if text in ("", "me", "me/drive"):
        return "me/drive"
    if re.fullmatch(r"(users/[^/]+|sites/[^/]+)/drive|drives/[^/]+", text):
        return text
    if "/" in text:
        raise ValueError("string should be me, an address, or the ID of a drive")
    return f"users/{text}/drive" if "@" in text else f"drives/{text}"


def _calendar(text: str) -> str:
    name = text.strip().removeprefix("calendars/")
    return "calendar" if name in ("", "calendar") else f"calendars/{name}"


Owner = Annotated[Text, AfterValidator(_owner)]
"""Whose mailbox: `me`, an address or an ID; as the path's beginning, `me` or `users/...`."""
Drive = Annotated[Text, AfterValidator(_drive)]
"""Which drive: `me`, the address of a user, or an ID; as the path's beginning."""
Calendar = Annotated[Text, AfterValidator(_calendar)]
"""Which calendar: its ID, or "" for the mailbox's own; as a part of a path."""


def literal(text: str) -> str:
    """Return text as OData's filters have it."""
    return "'" + text.replace("'", "''") + "'"
