"""Calendars (iCalendar, RFC 5545): events and tasks."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from functions.nodes.files.extract_from_file.source import Source
from stepweave.model.zones import UnknownTimeZone, time_zone

_PARTS: Final = ("VEVENT", "VTODO", "VJOURNAL")
_DATES: Final = {
    "DTSTART": "start",
    "DTEND": "end",
    "DUE": "due",
    "COMPLETED": "completed",
    "CREATED": "created",
    "LAST-MODIFIED": "updated",
    "RECURRENCE-ID": "recurrenceId",
}
_TEXTS: Final = {
    "UID": "uid",
    "SUMMARY": "summary",
    "DESCRIPTION": "description",
    "LOCATION": "location",
    "STATUS": "status",
    "URL": "url",
    "DURATION": "duration",
    "RRULE": "rrule",
    "TRANSP": "transparency",
    "CLASS": "class",
}
_NUMBERS: Final = {"SEQUENCE": "sequence", "PRIORITY": "priority", "PERCENT-COMPLETE": "percent"}
_HEAD: Final = re.compile(r'((?:[^":]|"[^"]*")*):')
"""What stands before a value: the first colon that is not in quotes."""
_PARAMETER: Final = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^;"])*)')
_MOMENT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_OFFSET: Final = re.compile(r"(?:GMT|UTC)?([+-])(\d\d?):?(\d\d)?")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the events, tasks and journal entries of a calendar. Raises FileInvalid."""
    text = source.text()
    if "BEGIN:VCALENDAR" not in text.upper():
        raise source.invalid("calendar", "there is no BEGIN:VCALENDAR")
    open_now: list[str] = []
    fields: dict[str, Any] = {}
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        found = _HEAD.match(line)
        if found is None:
            continue
        name, _, parameters = found[1].partition(";")
        name, value = name.strip().upper(), line[found.end() :].rstrip("\r")
        if name == "BEGIN":
            open_now.append(value.strip().upper())
            if open_now[-1] in _PARTS:
                fields = {"type": open_now[-1][1:].lower()}
        elif name == "END":
            ended = value.strip().upper()
            if open_now and open_now.pop() == ended and ended in _PARTS:
                yield fields
        elif open_now and open_now[-1] in _PARTS:
            given = {one[1].upper(): one[2].strip('"') for one in _PARAMETER.finditer(f";{parameters}")}
            _take(fields, name, given, value)
    if open_now:
        raise source.invalid("calendar", f"{open_now[-1][:40]} is not ended")


def _take(fields: dict[str, Any], name: str, given: dict[str, str], value: str) -> None:
    if name in _DATES:
        value = value.strip()
        if ":" in value and "TZID" in given:  # Google writes TZID=GMT+05:30 without quotes
            zone, _, value = value.rpartition(":")
            given["TZID"] += f":{zone}"
        moment, whole_day = _moment(value, given)
        fields[_DATES[name]] = moment
        if name == "DTSTART":
            fields["allDay"] = whole_day
            if given.get("TZID"):
                fields["timeZone"] = given["TZID"]
    elif name in _TEXTS:
        fields[_TEXTS[name]] = value if name in ("URL", "RRULE", "DURATION") else _unescaped(value)
    elif name in _NUMBERS and value.strip().isdecimal():
        fields[_NUMBERS[name]] = int(value.strip()[:9])
    elif name == "CATEGORIES":
        fields.setdefault("categories", []).extend(_unescaped(one) for one in re.split(r"(?<!\\),", value))
    elif name in ("EXDATE", "RDATE"):
        key = "exceptDates" if name == "EXDATE" else "moreDates"
        fields.setdefault(key, []).extend(_moment(one.strip(), given)[0] for one in value.split(","))
    elif name in ("ORGANIZER", "ATTENDEE"):
        person = {"email": re.sub("^mailto:", "", value.strip(), flags=re.IGNORECASE)}
        for key, field in (("CN", "name"), ("PARTSTAT", "answer"), ("ROLE", "role")):
            if given.get(key):
                person[field] = given[key]
        if name == "ORGANIZER":
            fields["organizer"] = person
        else:
            fields.setdefault("attendees", []).append(person)
    elif name == "GEO" and ";" in value:
        fields["geo"] = value.strip()


def _moment(text: str, given: dict[str, str]) -> tuple[str, bool]:
    """Return a date, or a time with its zone's offset where that is known, as ISO 8601; and whether it is a date."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text, False
    if found[4] is None:
        return f"{found[1]}-{found[2]}-{found[3]}", True
    try:
        moment = datetime(*(int(part) for part in found.groups()[:6]))  # type: ignore[arg-type]
    except ValueError:
        return text, False
    if found[7]:
        return moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"), False
    zone = _zone(given.get("TZID", ""))
    return (moment.replace(tzinfo=zone) if zone else moment).isoformat(), False


def _zone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name or an offset; None for others, as Windows has them."""
    if found := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-length if found[1] == "-" else length) if length < timedelta(hours=24) else None
    try:
        return time_zone(name) if name else None
    except UnknownTimeZone:
        return None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
