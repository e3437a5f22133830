"""Sends messages and keeps drafts; answers stay in their conversation."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.google.nodes.gmail.composing import Composed, Head, addresses, composed
from functions.nodes.apps.google.nodes.gmail.fields import Content, Message
from functions.nodes.apps.google.nodes.gmail.reading import headers_of
from functions.nodes.apps.google.nodes.gmail.requests import DRAFT, DRAFT_LARGE, MESSAGE, PROFILE, SEND, SEND_LARGE
from functions.nodes.apps.google.once import once
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.mail.headers import one_line
from stepweave.spec.operations import Call, RequestSpec

_LARGE: Final = 4 * 1024 * 1024
"""Bytes from which on a message is uploaded, piece by piece."""
_ANSWER: Final = re.compile(r"\s*(re|aw|sv|antw|rif)\s*(\[\d+\])?\s*:", re.IGNORECASE)


def sent(call: Call, params: Message) -> Any:
    """Send a message, and return what Gmail says of it."""
    head = Head(params.to, params.subject, params.cc, params.bcc)
    return _sent(call, composed(call, head, params), "")


def drafted(call: Call, params: Message, thread: str) -> Any:
    """Keep a message as a draft, in a conversation where one is named."""
    head = Head(params.to, params.subject, params.cc, params.bcc)
    with once("The draft may have been made", "Drafts"):
        return _given(call, (DRAFT, DRAFT_LARGE), composed(call, head, params), thread)


def answered(call: Call, params: Content, message: str, *, to_all: bool) -> Any:
    """Answer a message in its conversation: with its subject, and with the headers that mail programs go by."""
    found = call.ask(MESSAGE, message=message, format="metadata")
    headers = headers_of(found)
    is_ours = "SENT" in found.get("labelIds", ())
    to = headers.get("to", "") if is_ours else headers.get("reply-to") or headers.get("from", "")
    if not to.strip():
        raise ParameterInvalid(
            "The message names nobody who could be answered.",
            "Use Send instead, with To filled in.",
            details={"field": "params.message"},
        )
    subject = one_line(" ".join(headers.get("subject", "").split()), "Subject")
    id = headers.get("message-id", "").strip()
    before = headers.get("references", "").split() or headers.get("in-reply-to", "").split()
    head = Head(
        to,
        subject if _ANSWER.match(subject) else f"Re: {subject}",
        _others(call, headers, to) if to_all else "",
        headers=(("In-Reply-To", id), ("References", " ".join([*before[-50:], *([id] if id else [])]))),
    )
    return _sent(call, composed(call, head, params), str(found["threadId"]))


def _others(call: Call, headers: Mapping[str, str], to: str) -> str:
    """Return who else is to have the answer: all but the account itself, and those who have it already."""
    own = str(call.ask(PROFILE)["emailAddress"]).lower()
    taken = {own, *(one.spec.lower() for one in addresses(to, "To"))}
    found = [one for name in ("to", "cc") for one in addresses(headers.get(name, ""), name.capitalize())]
    return ", ".join(one.spec for one in found if one.spec.lower() not in taken)


def _sent(call: Call, message: Composed, thread: str) -> Any:
    with once("The message may have been sent", "Sent"):
        return _given(call, (SEND, SEND_LARGE), message, thread)


def _given(call: Call, requests: tuple[RequestSpec, RequestSpec], message: Composed, thread: str) -> Any:
    small, large = requests
    if message.size <= _LARGE:
        raw = base64.urlsafe_b64encode(b"".join(message.chunks())).decode()
        return call.ask(small, raw=raw, thread=thread)
    session = call.located(large, size=str(message.size), thread=thread)
    return json.loads(call.transfer(session, "", "PUT", message))
