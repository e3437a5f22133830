"""Dates and times: as people and expressions write them, and as Google Calendar takes them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from functions.nodes.apps.google.nodes.calendar.errors import TimeInvalid
from functions.nodes.apps.google.nodes.calendar.requests import ZONE
from stepweave.model.zones import UnknownTimeZone, time_zone
from stepweave.spec.operations import Call

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Zone:
    """The time zone of times that have no offset: what is chosen, else the calendar's, which is asked for once."""

    def __init__(self, call: Call, name: str) -> None:
        self._call, self._name = call, name.strip()
        if self._name:
            try:
                time_zone(self._name)
            except UnknownTimeZone as error:
                raise TimeInvalid(str(error), "Choose one.", details={"field": "params.timeZone"}) from None

    @property
    def name(self) -> str:
        """Its IANA name."""
        if not self._name:
            self._name = str((self._call.ask(ZONE) or {}).get("timeZone") or "UTC")
        return self._name

    def moment(self, text: str, field: str) -> datetime:
        """Return a time with its offset; a date alone is its beginning. Raises TimeInvalid."""
        found = read(text, field)
        if isinstance(found, datetime):
            return found if found.tzinfo else found.replace(tzinfo=time_zone(self.name))
        return datetime.combine(found, time(), time_zone(self.name))


def read(text: str, field: str) -> date | datetime:
    """Return a date, or a time with or without an offset. Raises TimeInvalid."""
    text = text.strip()
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        raise TimeInvalid(
            f"“{text[:60]}” is neither a date nor a time.",
            "Write 2024-05-01, 2024-05-01T09:00 or 2024-05-01T09:00:00+02:00.",
            details={"field": f"params.{field}"},
        ) from None


def span(
    zone: Zone, start: str, end: str, *, all_day: bool, minutes: int, repeats: bool, fields: tuple[str, str]
) -> dict[str, Any]:
    """Return `start` and `end` of an event.

    Args:
        zone: of times without an offset.
        start: a date makes an event of whole days, as `all_day` does of a time.
        end: the last day of whole days, which counts; "" for one day, or for `minutes` after the start.
        all_day: whether the event has whole days.
        minutes: how long it is where it has no end.
        repeats: whether it repeats, which needs a time zone.
        fields: the parameters' names, for errors.

    Raises:
        TimeInvalid: one of them cannot be read, or the end is before the start.
    """
    first = read(start, fields[0])
    last = read(end, fields[1]) if end.strip() else None
    if all_day or not isinstance(first, datetime):
        day, until = _day(first), _day(last) if last else _day(first)
        _check(day <= until, start, end, fields)
        return {"start": {"date": day.isoformat()}, "end": {"date": (until + timedelta(days=1)).isoformat()}}
    begins = zone.moment(start, fields[0])
    ends = zone.moment(end, fields[1]) if last else begins + timedelta(minutes=minutes)
    _check(begins <= ends, start, end, fields)
    named = {"timeZone": zone.name} if repeats or first.tzinfo is None else {}
    return {
        "start": {"dateTime": begins.isoformat(), **named},
        "end": {"dateTime": ends.isoformat(), **named},
    }


def begins(event: dict[str, Any], zone: str) -> datetime:
    """Return when an event begins; one of whole days begins with the day."""
    start = event["start"]
    if "dateTime" in start:
        found = datetime.fromisoformat(start["dateTime"])
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(start["date"]), time(), time_zone(zone))


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _check(fits: bool, start: str, end: str, fields: tuple[str, str]) -> None:
    if not fits:
        raise TimeInvalid(
            f"The end, {end.strip()}, is before the start, {start.strip()}.",
            "Swap them, or leave the end empty.",
            details={"field": f"params.{fields[1]}"},
        )
