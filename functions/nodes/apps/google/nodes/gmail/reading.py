"""From a message as Gmail gives it to the JSON and the files of an item."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from functions.nodes.apps.google.nodes.gmail.requests import ATTACHMENT
from stepweave.runtime.http.file_names import safe_name
from stepweave.runtime.mailbox.headers import decoded
from stepweave.runtime.mailbox.plain import text_of_html

Ask = Callable[..., Any]
"""Asks Gmail: a request, and values for it."""
Keep = Callable[[bytes, str, str], Mapping[str, Any]]
"""Stores a file: its bytes, its name and its media type."""

MOST_FILES: Final = 100
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_FIELDS: Final = {
    "from": "from",
    "to": "to",
    "cc": "cc",
    "bcc": "bcc",
    "reply-to": "replyTo",
    "subject": "subject",
    "message-id": "messageId",
    "in-reply-to": "inReplyTo",
    "references": "references",
}


def headers_of(part: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a message or a part by their names in lower case; of several the first."""
    payload = part.get("payload", part)
    found: dict[str, str] = {}
    for header in payload.get("headers", ()):
        found.setdefault(str(header["name"]).lower(), str(header["value"]))
    return found


def item_of(message: Mapping[str, Any], ask: Ask, keep: Keep | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an item's JSON and its files.

    Args:
        message: of the format `full` or `metadata`.
        ask: fetches long texts and files, which Gmail leaves out of the message.
        keep: stores the attachments; None where they are only to be named.
    """
    headers, payload = headers_of(message), message.get("payload", {})
    moment = datetime.fromtimestamp(int(message.get("internalDate", 0)) / 1000, UTC)
    made: dict[str, Any] = {
        "id": message["id"],
        "threadId": message.get("threadId", ""),
        "labels": list(message.get("labelIds", ())),
        "date": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **{field: headers.get(name, "") for name, field in _FIELDS.items()},
        "snippet": message.get("snippet", ""),
    }
    if "body" not in payload and "parts" not in payload:
        return made, {}
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attachments: list[dict[str, Any]] = []
    files: dict[str, Any] = {}
    for part in _leaves(payload):
        kind = str(part.get("mimeType", "")).lower()
        if kind in texts and not part.get("filename"):
            texts[kind].append(_text(part, _content(part, made["id"], ask)))
        elif len(attachments) < MOST_FILES:
            one = _attachment(part, kind)
            if keep is not None:
                one["file"] = f"attachment_{len(attachments)}"
                files[one["file"]] = keep(_content(part, made["id"], ask), one["name"], one["mimeType"])
            attachments.append(one)
    html = "\n".join(texts["text/html"])
    made |= {"text": "\n".join(texts["text/plain"]) or text_of_html(html), "html": html, "attachments": attachments}
    return made, files


def _leaves(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parts that hold something; a message within the message is one."""
    inner = part.get("parts")
    if not inner or str(part.get("mimeType", "")).lower() == "message/rfc822":
        yield part
        return
    for one in inner:
        yield from _leaves(one)


def _content(part: Mapping[str, Any], message: str, ask: Ask) -> bytes:
    body = part.get("body", {})
    data = body.get("data")
    if data is None and body.get("attachmentId"):
        data = ask(ATTACHMENT, message=message, attachment=body["attachmentId"]).get("data")
    text = str(data or "")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""


def _text(part: Mapping[str, Any], content: bytes) -> str:
    charset = _CHARSET.search(headers_of(part).get("content-type", ""))
    try:
        return content.decode().replace("\r\n", "\n")  # as Gmail gives most, whatever their charset was
    except UnicodeDecodeError:
        return decoded(content, charset[1] if charset else "").replace("\r\n", "\n")


def _attachment(part: Mapping[str, Any], kind: str) -> dict[str, Any]:
    headers, body = headers_of(part), part.get("body", {})
    one = {
        "name": safe_name(str(part.get("filename") or "")) or "file",
        "mimeType": kind or "application/octet-stream",
        "size": body.get("size", 0),
    }
    content_id = headers.get("content-id", "").strip("<> ")
    return one | ({"contentId": content_id} if content_id else {})
