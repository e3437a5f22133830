"""Google Calendar: calendars with events; series are told one by one where that is asked for."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.google.server import Asked, Google, Refused

ZONE = "Europe/Berlin"


@dataclass
class Calendar:
    """Google Calendar, at a Google: `events` by calendar and ID. `told` has who was told of what."""

    google: Google
    events: dict[str, dict[str, Any]] = field(default_factory=lambda: {"primary": {}, "bob@example.com": {}})
    told: list[str] = field(default_factory=list)
    clock: datetime = field(default_factory=lambda: datetime.now(UTC))
    count: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        for name, handler in (
            ("events.insert", self._insert),
            ("events.get", self._of),
            ("events.list", self._list),
            ("events.patch", self._patch),
            ("events.delete", self._delete),
            ("freebusy.query", self._busy),
            ("calendarList.list", lambda asked: {"items": [{"id": id, "summary": id} for id in self.events]}),
        ):
            self.google.handlers[f"calendar.{name}"] = handler

    def has(self, summary: str, start: datetime | date, calendar: str = "primary", **more: Any) -> dict[str, Any]:
        """Have an event of an hour, or of a day."""
        id = f"e{next(self.count)}"
        if isinstance(start, datetime):
            ends: Any = {"dateTime": (start + timedelta(hours=1)).isoformat()}
            times = {"start": {"dateTime": start.isoformat()}, "end": ends}
        else:
            times = {"start": {"date": start.isoformat()}, "end": {"date": (start + timedelta(days=1)).isoformat()}}
        made = {"id": id, "summary": summary, "status": "confirmed", **times, **self._stamps(), **more}
        self.events[calendar][id] = made
        return made

    def touch(self, event: dict[str, Any], **changes: Any) -> None:
        """Change an event."""
        event |= {**changes, "updated": self._stamps()["updated"]}

    def _stamps(self) -> dict[str, str]:
        self.clock += timedelta(milliseconds=1)
        now = self.clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"created": now, "updated": now}

    def _in(self, asked: Asked) -> dict[str, Any]:
        if asked["calendarId"] not in self.events:
            raise Refused(404, "Not Found", "notFound")
        return self.events[asked["calendarId"]]

    def _of(self, asked: Asked) -> Any:
        found = self._in(asked).get(asked["eventId"])
        if found is None:
            raise Refused(404, "Not Found", "notFound")
        return found

    def _insert(self, asked: Asked) -> Any:
        events, body = self._in(asked), asked.body
        if body["id"] in events:
            raise Refused(409, "The requested identifier already exists.", "duplicate")
        if not set(body["id"]) <= set("0123456789abcdefghijklmnopqrstuv"):
            raise Refused(400, "Invalid resource id value.", "invalid")
        for name in ("start", "end"):
            self._check(body[name], bool(body.get("recurrence")))
        if body["end"] == body["start"] and "date" in body["end"]:
            raise Refused(400, "The specified time range is empty.", "timeRangeEmpty")
        if "conferenceData" in body:
            assert asked["conferenceDataVersion"] == 1
        self.told += [f"{one['email']} {asked['sendUpdates']}" for one in body.get("attendees", [])]
        events[body["id"]] = {"status": "confirmed", **body, **self._stamps()}
        return events[body["id"]]

    def _check(self, moment: dict[str, Any], repeats: bool) -> None:
        if "date" in moment:
            return
        aware = datetime.fromisoformat(moment["dateTime"]).tzinfo is not None
        if (repeats and "timeZone" not in moment) or not (aware or "timeZone" in moment):
            raise Refused(400, "Missing time zone definition for start time.", "required")

    def _patch(self, asked: Asked) -> Any:
        found = self._of(asked)
        for name, value in asked.body.items():
            merged = {**found.get(name, {}), **value} if isinstance(value, dict) else value
            found[name] = (
                {key: one for key, one in merged.items() if one is not None} if isinstance(merged, dict) else merged
            )
        if "date" in found["start"] and "dateTime" in found["start"]:
            raise Refused(400, "Invalid start time.", "invalid")
        self.touch(found)
        return found

    def _delete(self, asked: Asked) -> None:
        found = self._of(asked)
        if found["status"] == "cancelled":
            raise Refused(410, "Resource has been deleted", "deleted")
        self.touch(found, status="cancelled")

    def _list(self, asked: Asked) -> Any:
        found = list(self._in(asked).values())
        single = asked.values.get("singleEvents", False)
        if asked.values.get("orderBy") == "startTime" and not single:
            raise Refused(400, "The requested ordering is not available for the particular query.", "badRequest")
        if not asked.values.get("showDeleted"):
            found = [one for one in found if one["status"] != "cancelled"]
        if "updatedMin" in asked.values:
            since = datetime.fromisoformat(asked["updatedMin"])
            if datetime.now(UTC) - since > timedelta(days=28):
                raise Refused(
                    410, "The requested minimum modification time lies too far in the past.", "updatedMinTooLongAgo"
                )
            found = [one for one in found if datetime.fromisoformat(one["updated"]) >= since]
        if single:
            found = [each for one in found for each in occurrences(one)]
        after, before = (asked.values.get(name) for name in ("timeMin", "timeMax"))
        found = [one for one in found if after is None or moment(one["end"]) > datetime.fromisoformat(after)]
        found = [one for one in found if before is None or moment(one["start"]) < datetime.fromisoformat(before)]
        if asked.values.get("q"):
            found = [one for one in found if asked["q"] in one["summary"]]
        by = "updated" if asked.values.get("orderBy") == "updated" else ""
        found.sort(key=lambda one: one["updated"] if by else moment(one["start"]).timestamp())
        size, start = asked.values.get("maxResults", 250), int(asked.values.get("pageToken", 0))
        more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
        return {"timeZone": ZONE, "items": found[start : start + size], **more}

    def _busy(self, asked: Asked) -> Any:
        told: dict[str, Any] = {}
        for one in asked.body["items"]:
            if one["id"] not in self.events:
                told[one["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            after, before = (datetime.fromisoformat(asked.body[name]) for name in ("timeMin", "timeMax"))
            events = [
                event
                for event in self.events[one["id"]].values()
                if moment(event["end"]) > after and moment(event["start"]) < before
            ]
            told[one["id"]] = {
                "busy": [{name: event[name]["dateTime"] for name in ("start", "end")} for event in events]
            }
        return {"calendars": told}


def moment(told: dict[str, Any]) -> datetime:
    """Return a start or an end."""
    if "date" in told:
        return datetime.combine(date.fromisoformat(told["date"]), time(), ZoneInfo(ZONE))
    found = datetime.fromisoformat(told["dateTime"])
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(told.get("timeZone", ZONE)))


def occurrences(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the events of a daily series, three of them; any other event by itself."""
    if not event.get("recurrence"):
        return [event]
    made = []
    for day in range(3):
        start, end = (moment(event[name]) + timedelta(days=day) for name in ("start", "end"))
        times = {"start": {"dateTime": start.isoformat()}, "end": {"dateTime": end.isoformat()}}
        made.append({**event, **times, "id": f"{event['id']}_{day}", "recurringEventId": event["id"]})
    return made
