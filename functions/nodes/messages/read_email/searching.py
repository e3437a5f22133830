"""From fields to IMAP's SEARCH (RFC 3501, section 6.4.4), of which nothing can break out."""

import re
from datetime import date
from typing import Final

from functions.nodes.messages.read_email.errors import SearchInvalid
from functions.nodes.messages.read_email.spec import Params
from stepweave.runtime.mailbox.errors import MailServerRefused
from stepweave.runtime.mailbox.items import Head
from stepweave.runtime.mailbox.server import MailServer, quoted

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_LITERAL: Final = re.compile(r"\{\d+\+?\}")
_HEADERS: Final = {"FROM": "from", "TO": "to", "SUBJECT": "subject"}
_LOOKED_AT: Final = 2_000
"""The newest mails, which are looked through where the server cannot."""
_HEADS: Final = 100
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WHICH: Final = {
    "all": (),
    "unread": ("UNSEEN",),
    "read": ("SEEN",),
    "flagged": ("FLAGGED",),
    "unflagged": ("UNFLAGGED",),
}


def found(server: MailServer, params: Params) -> list[int]:
    """Return the UIDs of the mails that are searched for, in the order that is asked for, up to the limit.

    Raises:
        SearchInvalid: something that is searched for cannot be.
        MailServerRefused, MailServerUnavailable: of the server.
    """
    texts = [
        (criterion, _plain(text, field))
        for criterion, text, field in (
            ("FROM", params.sender, "sender"),
            ("TO", params.to, "to"),
            ("SUBJECT", params.subject, "subject"),
            ("TEXT", params.text, "text"),
            ("X-GM-RAW", params.gmail, "gmail"),
        )
        if text.strip()
    ]
    if params.gmail.strip() and not server.is_gmail:
        raise _invalid("The server is not Gmail's, which alone knows its searches", "gmail")
    wide = [(criterion, text) for criterion, text in texts if not text.isascii()]
    narrow = [part for criterion, text in texts if text.isascii() for part in (criterion, quoted(text))]
    # A command has one text beyond ASCII (imaplib): of several, what all of them find.
    uids = set(server.search(*_fixed(params), *narrow))
    for criterion, text in wide:
        uids &= _wide(server, criterion, text, uids) if uids else set()
    ordered = sorted(uids, reverse=params.order == "newest")
    return ordered[: params.limit]


def _wide(server: MailServer, criterion: str, text: str, among: set[int]) -> set[int]:
    """Return the UIDs of the mails in which a text beyond ASCII is; where the server knows no UTF-8, by looking."""
    try:
        return set(server.search_for(criterion, text))
    except MailServerRefused as error:
        if "BADCHARSET" not in str(error.details.get("answer", "")).upper():
            raise
    if criterion not in _HEADERS:
        raise _invalid("The server searches whole mails for ASCII only", "text")
    looked_at, wanted = sorted(among)[-_LOOKED_AT:], text.casefold()
    heads = (
        Head(one)
        for start in range(0, len(looked_at), _HEADS)
        for one in server.heads(looked_at[start : start + _HEADS])
    )
    return {head.found.uid for head in heads if wanted in head.text(_HEADERS[criterion]).casefold()}


def _fixed(params: Params) -> list[str]:
    made = list(_WHICH[params.which])
    for criterion, text, field in (("SINCE", params.since, "since"), ("BEFORE", params.before, "before")):
        if text.strip():
            made += [criterion, _day(text.strip(), field)]
    if params.first_uid > 1 or params.last_uid is not None:
        last = "*" if params.last_uid is None else str(max(params.last_uid, params.first_uid))
        made += ["UID", f"{params.first_uid}:{last}"]
    criteria = params.criteria.strip()
    if criteria:
        if not criteria.isascii() or _CONTROL.search(criteria) or _LITERAL.search(criteria):
            raise _invalid("Further criteria hold a line break, a literal or letters beyond ASCII", "criteria")
        made.append(f"({criteria})" if _balanced(criteria) else criteria)
    return made or ["ALL"]


def _balanced(criteria: str) -> bool:
    """Whether brackets and quotes are closed in their order. Raises SearchInvalid where they are not."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', criteria)
    depth = 0
    for char in bare.replace('""', ""):
        depth += (char == "(") - (char == ")")
        if depth < 0 or char == '"':
            depth = -1
            break
    if depth:
        raise _invalid("Further criteria have brackets or quotes that are not closed", "criteria")
    return True


def _plain(text: str, field: str) -> str:
    if _CONTROL.search(text):
        raise _invalid("A text that is searched for holds a line break or another control character", field)
    return text.strip()


def _day(text: str, field: str) -> str:
    match = _DAY.fullmatch(text)
    try:
        day = date.fromisoformat(match[1] if match else text)
    except ValueError:
        raise _invalid(f"“{text[:40]}” is no day: write it as 2026-11-29", field) from None
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year:04d}"


def _invalid(words: str, field: str) -> SearchInvalid:
    return SearchInvalid(f"{words}.", "Change what is searched for.", details={"field": f"params.{field}"})
