"""What answers to LIST, SEARCH and FETCH say, as imaplib hands them on: lines, and tuples around literals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from stepweave.runtime.mailbox.names import plain_name

_QUOTED: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BEGINS: Final = re.compile(rb"\d+ \(")
_LIST: Final = re.compile(rb'\(([^)]*)\) (?:NIL|"(?:[^"\\]|\\.)*") (.*)', re.DOTALL)
_LABELS: Final = re.compile(rb'(?i)X-GM-LABELS \(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\)')
_LABEL: Final = re.compile(rb'("(?:[^"\\]|\\.)*")|([^\s"]+)')
_IS_LITERAL: Final = re.compile(r"\{\d+\}")
_MOST_SPREAD: Final = 10_000
_NUMBER: Final = re.compile(rb"\d{1,10}")
_PURPOSES: Final = {
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\trash": "trash",
    "\\junk": "junk",
    "\\archive": "archive",
    "\\all": "all mail",
    "\\flagged": "flagged",
}
"""Special uses (RFC 6154)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mailbox that can be opened: its name for people, and what it is for; "" where nobody says so."""

    name: str
    purpose: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one FETCH answer says of a mail; what it does not say is 0, None or empty.

    Attributes:
        literal: the header or the body, as asked for; None where the answer has none (`NIL`).
    """

    uid: int
    size: int
    received: datetime | None
    flags: tuple[str, ...]
    literal: bytes | None


def numbers(data: Sequence[Any]) -> list[int]:
    """Return the numbers of SEARCH answers, each once, in order."""
    found = {int(one) for line in data if isinstance(line, bytes) for one in line.split() if _NUMBER.fullmatch(one)}
    return sorted(found)


def listed(data: Sequence[Any]) -> Iterator[Listed]:
    """Yield the mailboxes of LIST answers that can be opened."""
    for entry in data:
        line, literal = (entry[0], entry[1]) if isinstance(entry, tuple) else (entry, None)
        found = _LIST.match(line) if isinstance(line, bytes) else None
        if found is None:
            continue
        flags = {flag.lower() for flag in found[1].decode("latin-1").split()}
        if flags & {"\\noselect", "\\nonexistent"}:
            continue
        raw = literal if literal is not None else _unquoted(found[2].strip())
        name = plain_name(raw.decode("utf-8", "replace"))
        if name:
            purpose = next((words for flag, words in _PURPOSES.items() if flag in flags), "")
            yield Listed(name, "" if purpose in name.casefold() else purpose, frozenset(flags))


def labelled(data: Sequence[Any]) -> dict[int, list[str]]:
    """Return the labels that FETCH answers name, by UID (Gmail's `X-GM-LABELS`)."""
    found: dict[int, list[str]] = {}
    for line, literals in _answers(data):
        uid, names = _fetched(line, literals).uid, _LABELS.search(line)
        if uid and names is not None:
            given = [_plain(quoted[1:-1]) if quoted else bare for quoted, bare in _LABEL.findall(names[1])]
            plain = [plain_name(one.decode("utf-8", "replace")) for one in (*given, *literals)]
            found[uid] = [one for one in plain if not _IS_LITERAL.fullmatch(one)]
    return found


def copied(words: str) -> dict[int, int]:
    """Return which number mails have in the mailbox that they were copied to (`COPYUID`, RFC 4315)."""
    made: dict[int, int] = {}
    for sources, targets in re.findall(r"COPYUID \d+ ([\d,:]+) ([\d,:]+)", words):
        old, new = _spread(sources), _spread(targets)
        made |= dict(zip(old, new, strict=True)) if len(old) == len(new) else {}
    return made


def _spread(numbers: str) -> list[int]:
    made: list[int] = []
    for part in numbers.split(","):
        first, _, last = part.partition(":")
        if first and len(first) < 11 and len(last) < 11:
            low, high = sorted((int(first), int(last or first)))
            made += range(low, min(high, low + _MOST_SPREAD) + 1)
    return made


def fetched(data: Sequence[Any]) -> list[Fetched]:
    """Return what FETCH answers say of mails, in the order of their UIDs; answers without a UID are of other things."""
    found: dict[int, Fetched] = {}
    for line, literals in _answers(data):
        one = _fetched(line, literals)
        if one.uid and (one.uid not in found or one.literal is not None):
            found[one.uid] = one
    return [found[uid] for uid in sorted(found)]


def _answers(data: Sequence[Any]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each answer's line, its literals taken out of it, and these."""
    line, literals = b"", list[bytes]()
    for entry in data:
        text, literal = (entry[0], entry[1]) if isinstance(entry, tuple) else (entry, None)
        if not isinstance(text, bytes):
            continue
        if _BEGINS.match(text) and line:
            yield line, literals
            line, literals = b"", []
        line += text
        if literal is not None:
            literals.append(literal)
    if line:
        yield line, literals


def _fetched(line: bytes, literals: list[bytes]) -> Fetched:
    # What stands in quotes may be a mail's own words: names are looked for outside them only.
    quoted = [_plain(text) for text in _QUOTED.findall(line)]
    bare = _QUOTED.sub(b'""', line)

    def behind(name: bytes) -> bytes | None:
        """Return the quoted string behind a name."""
        at = re.search(rb"(?i)\b" + name + rb' ""', bare)
        return quoted[bare.count(b'""', 0, at.end()) - 1] if at else None

    def number(name: bytes) -> int:
        at = re.search(rb"(?i)\b" + name + rb" (\d{1,18})\b", bare)
        return int(at[1]) if at else 0

    flags = re.search(rb"(?i)\bFLAGS \(([^)]*)\)", bare)
    body = literals[0] if literals else behind(rb"BODY\[[^\]]*\](?:<\d+>)?")
    return Fetched(
        uid=number(b"UID"),
        size=number(rb"RFC822\.SIZE"),
        received=_moment(behind(b"INTERNALDATE")),
        flags=tuple(flags[1].decode("latin-1").split()) if flags else (),
        literal=body,
    )


def _moment(text: bytes | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parsedate_to_datetime(text.decode("ascii", "replace").strip().replace("-", " ", 2))
        return found if found.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _unquoted(text: bytes) -> bytes:
    found = _QUOTED.fullmatch(text)
    return _plain(found[1]) if found else text


def _plain(quoted: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", quoted, flags=re.DOTALL)
