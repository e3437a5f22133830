"""Events: made once however often it is tried, changed in part, found and deleted."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from functions.nodes.apps.google.nodes.calendar.errors import CalendarMissing
from functions.nodes.apps.google.nodes.calendar.fields import Details
from functions.nodes.apps.google.nodes.calendar.requests import BUSY, DELETE, GET, INSERT, LIST, PAGES, PATCH
from functions.nodes.apps.google.nodes.calendar.times import Zone, span
from stepweave.runtime.http_errors import HttpClientError
from stepweave.spec.operations import Call

_THERE: Final = 409
_GONE: Final = 410
_RULES: Final = ("RRULE", "EXRULE", "RDATE", "EXDATE")
Json = dict[str, Any]


def created(call: Call, params: Details, summary: str, start: str, end: str, *, all_day: bool, minutes: int) -> Json:
    """Make an event under an ID of the item's: what an attempt before has made is returned, and not made twice."""
    id = hashlib.sha256(call.idempotency_key.encode()).hexdigest()[:40]
    zone = Zone(call, params.time_zone)
    fields = ("eventCreateStart", "eventCreateEnd")
    times = span(
        zone, start, end, all_day=all_day, minutes=minutes, repeats=bool(params.recurrence.strip()), fields=fields
    )
    body = {"id": id, "summary": summary, **times, **_details(params, id)}
    try:
        made: Json = call.ask(INSERT, body=body, meeting="1" if params.meeting else "")
    except HttpClientError as error:
        if error.details.get("status") != _THERE:
            raise
        made = call.ask(GET, event=id)
    return made


def changed(call: Call, params: Details, event: str, summary: str, start: str, end: str, *, adds: bool) -> Json:
    """Change what is given of an event. With a new start alone it keeps its length; guests are added, or replaced."""
    body = {**({"summary": summary} if summary else {}), **_details(params, call.idempotency_key[:40])}
    shifts = bool(start.strip() or end.strip())
    before = call.ask(GET, event=event) if shifts or (adds and "attendees" in body) else {}
    if adds and "attendees" in body:
        there = before.get("attendees", [])
        known = {str(one.get("email", "")).lower() for one in there}
        body["attendees"] = [*there, *(one for one in body["attendees"] if one["email"].lower() not in known)]
    if shifts:
        body |= _shifted(Zone(call, params.time_zone), before, start, end)
    found: Json = call.ask(PATCH, event=event, body=body, meeting="1" if params.meeting else "")
    return found


def _shifted(zone: Zone, before: Json, start: str, end: str) -> Json:
    """Return the times of an event of which one may stay."""
    was, until = before["start"], before["end"]
    fields = ("eventUpdateStart", "eventUpdateEnd")
    if "dateTime" not in was:  # whole days, whose last one counts
        length = _day(until["date"]) - _day(was["date"]) - timedelta(days=1)
        first = start.strip() or was["date"]
        last = end.strip() or ((_day(first[:10]) + length).date().isoformat() if "T" not in first else "")
        made = span(zone, first, last, all_day=False, minutes=60, repeats=False, fields=fields)
    else:
        length = datetime.fromisoformat(until["dateTime"]) - datetime.fromisoformat(was["dateTime"])
        minutes = int(length.total_seconds() // 60)
        first = start.strip() or was["dateTime"]
        repeats = bool(before.get("recurrence"))
        made = span(zone, first, end, all_day=False, minutes=minutes, repeats=repeats, fields=fields)
    kind, other = ("date", "dateTime") if "date" in made["start"] else ("dateTime", "date")
    # What is not set to null stays (JSON merge patch), and an event cannot have both.
    return {name: {**made[name], other: None} for name in made} if kind not in was else made


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def deleted(call: Call, event: str) -> Json:
    """Delete an event; one that is deleted already is fine."""
    try:
        call.ask(DELETE, event=event)
    except HttpClientError as error:
        if error.details.get("status") != _GONE:
            raise
    return {"id": event, "deleted": True}


def listed(call: Call, zone: Zone, after: str, before: str, *, single: bool, fields: tuple[str, str]) -> Iterator[Json]:
    """Give the events of a time, by their starts where those that repeat are told one by one."""
    given = zip((after, before), fields, strict=True)
    bounds = [zone.moment(text, field).isoformat() if text.strip() else "" for text, field in given]
    order = {"singleEvents": "true", "orderBy": "startTime"} if single else {"singleEvents": "false"}
    yield from call.pages(LIST, PAGES, "items", timeMin=bounds[0], timeMax=bounds[1], **order)


def busy(call: Call, calendars: list[str], after: datetime, before: datetime) -> Iterator[Json]:
    """Give for each calendar when it is busy, and whether it is free all the time. Raises CalendarMissing."""
    asked = [{"id": one} for one in calendars]
    found = call.ask(BUSY, calendars=asked, timeMin=after.isoformat(), timeMax=before.isoformat())["calendars"]
    for name in calendars:
        told = found.get(name, {})
        if told.get("errors"):
            reason = str(told["errors"][0].get("reason", ""))
            raise CalendarMissing(
                f"The calendar {name[:100]} cannot be looked at ({reason}).",
                "Check its ID, and have it shared with the account.",
                details={"calendar": name, "reason": reason},
            )
        yield {"calendar": name, "free": not told.get("busy"), "busy": told.get("busy", [])}


def _details(params: Details, key: str) -> Json:
    body: Json = {}
    texts = {
        "description": params.description,
        "location": params.location,
        "transparency": params.show_as,
        "visibility": params.visibility,
        "colorId": params.color.strip(),
    }
    body |= {name: text for name, text in texts.items() if text}
    parts = params.attendees.replace(";", ",").split(",")
    guests = {one.lower(): one for part in parts if (one := _address(part))}
    if guests:
        body["attendees"] = [{"email": one} for one in guests.values()]
    rules = [line.strip() for line in params.recurrence.splitlines() if line.strip()]
    if rules:
        body["recurrence"] = [line if line.upper().startswith(_RULES) else f"RRULE:{line}" for line in rules]
    if params.reminder is not None:
        body["reminders"] = {"useDefault": False, "overrides": [{"method": "popup", "minutes": params.reminder}]}
    if params.meeting:
        wanted = {"requestId": key, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        body["conferenceData"] = {"createRequest": wanted}
    return body


def _address(text: str) -> str:
    """Return the address of `Ada <ada@example.com>`."""
    return text.rpartition("<")[2].strip("> \t\n")
