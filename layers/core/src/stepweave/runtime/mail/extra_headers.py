"""Headers that people add to a message: priority, the conversation it belongs to, and those of their own."""

import re
from typing import Final

from stepweave.model.json_text import mended_text
from stepweave.runtime.mail.errors import AddressInvalid
from stepweave.runtime.mail.headers import one_line
from stepweave.spec.mails import Envelope

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,75}")
_OURS: Final = frozenset(
    {
        *("from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "mime-version"),
        *("in-reply-to", "references", "received", "return-path", "dkim-signature", "delivered-to"),
    }
)
"""Headers that the node, its fields and mail servers make."""
_LONGEST: Final = 5_000
_MOST_IDS: Final = 100
_ID: Final = re.compile(r"<[^<>\s]{1,900}>|[^<>\s,;]{1,900}")
_PRIORITIES: Final = {
    "high": (("X-Priority", "1 (Highest)"), ("Importance", "high")),
    "low": (("X-Priority", "5 (Lowest)"), ("Importance", "low")),
}


def extra_headers(envelope: Envelope) -> list[tuple[str, str]]:
    """Return the headers that parameters add. Raises AddressInvalid: one of them cannot be sent."""
    answered = _ids(envelope.in_reply_to, "Answer to")
    if len(answered) > 1:
        raise AddressInvalid("Answer to names several mails.", "Write the message id of one.")
    before = [one for one in _ids(envelope.references, "Conversation") if one not in answered]
    made = [("In-Reply-To", answered[0])] if answered else []
    if before or answered:
        # Of a long conversation the first and the last ones stay (RFC 5537, section 3.4.4).
        whole = [*before, *answered]
        kept = whole if len(whole) <= _MOST_IDS else [whole[0], *whole[-_MOST_IDS + 1 :]]
        made.append(("References", " ".join(kept)))
    made += _PRIORITIES.get(envelope.priority, ())
    taken = {name.lower() for name, _ in made}
    for index, row in enumerate(envelope.headers):
        if row.name.strip() or row.value.strip():
            name, value = _own(row.name.strip(), row.value, index, taken)
            made.append((name, value))
            taken.add(name.lower())
    return made


def _own(name: str, text: str, index: int, taken: set[str]) -> tuple[str, str]:
    place = {"field": f"params.headers.{index}.name"}
    if not _NAME.fullmatch(name):
        raise AddressInvalid(f"“{name[:80]}” is not a header's name.", "Write it as X-Order.", details=place)
    if name.lower() in _OURS or name.lower().startswith(("content-", "resent-")):
        raise AddressInvalid(
            f"The header {name} is made by the node or by mail servers.",
            "Use the field that there is for it, or leave it out.",
            details=place,
        )
    if name.lower() in taken:
        raise AddressInvalid(f"The header {name} is there already.", "Leave one of them out.", details=place)
    value = one_line(mended_text(text), f"The header {name}")
    if len(value) > _LONGEST or not value:
        what = f"has {len(value)} characters; {_LONGEST} are allowed" if value else "is empty"
        raise AddressInvalid(f"The header {name} {what}.", "Change it, or leave it out.", details=place)
    return name, value


def _ids(text: str, field: str) -> list[str]:
    """Return the message ids of a text, each once and in angle brackets."""
    line = one_line(mended_text(text), field)
    found = {one if one.startswith("<") else f"<{one}>": None for one in _ID.findall(line)}
    rest = _ID.sub("", line).strip(" \t,;")
    if rest or any(not one.isascii() or not one.isprintable() for one in found):
        raise AddressInvalid(
            f"{field}: “{line[:100]}” is no message id.",
            "Write it as <176389@example.com>; New email and Read email give it as messageId.",
            details={"field": field},
        )
    return list(found)
