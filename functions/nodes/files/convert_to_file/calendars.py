"""Calendars (iCalendar, RFC 5545): an event for each item."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from functions.nodes.files.convert_to_file.errors import ValueUnwritable
from functions.nodes.files.convert_to_file.target import Given, Target, cell_text
from stepweave.model.moments import read_moment

_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TEXTS: Final = {"summary": "SUMMARY", "description": "DESCRIPTION", "location": "LOCATION"}
_LINE_BYTES: Final = 75


def write(target: Target, given: Given) -> int:
    """Write an event for each item, and return how many there are. Raises ValueUnwritable."""
    rows = 0
    target.text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Stepweave//Convert to file//EN\r\nCALSCALE:GREGORIAN\r\n")
    for fields, _ in given():
        for line in _event(fields, rows):
            target.text(_folded(line))
        rows += 1
    target.text("END:VCALENDAR\r\n")
    return rows


def _event(fields: dict[str, Any], index: int) -> Iterator[str]:
    start = _moment(fields.get("start"), index, "start")
    if start is None:
        raise ValueUnwritable(f"Item {index:,} has no start.", "Give each event a `start`: 2026-01-31T10:00:00Z.")
    whole_day = fields.get("allDay") is True or (fields.get("allDay") is None and isinstance(start, str))
    end = _moment(fields.get("end"), index, "end")
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(fields.get('uid')) or f'{digest}@stepweave'}"
    yield f"DTSTAMP:{_stamp(datetime.now(UTC))}"
    yield _date("DTSTART", start, whole_day)
    if end is not None:
        yield _date("DTEND", end, whole_day)
    for field, name in _TEXTS.items():
        if fields.get(field) not in (None, ""):
            yield f"{name}:{_text(fields[field])}"
    if isinstance(fields.get("categories"), list):
        yield "CATEGORIES:" + ",".join(map(_text, fields["categories"]))
    for field in ("url", "rrule", "status"):
        value = " ".join(cell_text(fields.get(field)).split())
        if value:
            yield f"{field.upper()}:{value.upper() if field == 'status' else value}"
    people = [("ORGANIZER", fields.get("organizer"))]
    attendees = fields.get("attendees")
    people += [("ATTENDEE", one) for one in attendees] if isinstance(attendees, list) else []
    for name, person in people:
        if line := _person(name, person):
            yield line
    yield "END:VEVENT"


def _person(name: str, person: Any) -> str:
    given = person if isinstance(person, dict) else {"email": person}
    email = re.sub(r"[\s\x00-\x1f]+", "", cell_text(given.get("email")))
    called = re.sub(r'["\x00-\x1f]', "", cell_text(given.get("name")))
    told = f';CN="{called}"' if called else ""
    return f"{name}{told}:mailto:{email}" if email else ""


def _moment(value: Any, index: int, field: str) -> str | datetime | None:
    """Return a date as its text, a time as such; None where there is none."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return value.strip()
    found = read_moment(value, "UTC")
    if found is None:
        raise ValueUnwritable(
            f"Item {index:,}: {field} is no date: {cell_text(value)[:60]}.", "Write 2026-01-31 or 2026-01-31T10:00:00Z."
        )
    return found


def _date(name: str, value: str | datetime, whole_day: bool) -> str:
    if isinstance(value, str):
        day = value.replace("-", "")
        return f"{name};VALUE=DATE:{day}" if whole_day else f"{name}:{day}T000000Z"
    return f"{name};VALUE=DATE:{value:%Y%m%d}" if whole_day else f"{name}:{_stamp(value)}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: Any) -> str:
    text = cell_text(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"[\x00-\x1f]", "", re.sub(r"\r\n?|\n", "\\\\n", text))


def _folded(line: str) -> str:
    """Return a line cut where it is longer than 75 bytes, never within a letter."""
    pieces, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += width
    return "\r\n".join(pieces) + "\r\n"
