"""Says which events were made, changed or cancelled, and which begin soon.

Google tells what was updated since a time. More is asked for than since the last look, because clocks differ and what
is updated comes late; each event still counts once, by its ID and what it has changed to.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.apps.google.nodes.calendar.requests import LIST, PAGES
from functions.nodes.apps.google.nodes.calendar.spec import APP
from functions.nodes.apps.google.nodes.calendar.times import begins
from functions.nodes.apps.google.triggers.calendar_events.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.polling import Poll, Thing, only_new, params_of, watched_of
from stepweave.spec.triggers import MOST_LISTED

_OVERLAP: Final = timedelta(hours=1)
_LONGEST_AGO: Final = timedelta(days=20)
"""Google refuses to tell what was updated about a month ago."""
_CANCELLED: Final = "cancelled"


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the calendar. Raises what `SPEC.errors` names."""
    params, given = params_of(asked, Params), Poll.of(asked.given)
    watched = watched_of(params.credential, params.calendar, params.event, params.minutes, params.q)
    known = given.known(watched) or {}
    now = datetime.now(UTC)
    last = datetime.fromisoformat(known["looked"]) if "looked" in known else now
    begun = datetime.fromisoformat(known["begun"]) if "begun" in known else now
    if params.event == "starting":
        things = _starting(asked, params, last, now, sample=given.is_sample)
        news = only_new(given, things, watched, from_start=True)
        return news.answer(looked=now.isoformat(), begun=begun.isoformat())
    since = now - _LONGEST_AGO if given.is_sample else max(last - _OVERLAP, now - _LONGEST_AGO)
    things, whole = _updated(asked, params, since, begun if known else None)
    news = only_new(given, things, watched)
    # Of more than can be remembered, what is left is asked for again: from the same time on.
    looked = now if whole and not news.more else last
    return news.answer(looked=looked.isoformat(), begun=begun.isoformat())


def _updated(asked: Asked, params: Params, since: datetime, begun: datetime | None) -> tuple[list[Thing], bool]:
    """Return what was updated, the first update first, and whether it is all."""
    values = {
        "updatedMin": since.isoformat(),
        "orderBy": "updated",
        "singleEvents": "false",
        "showDeleted": "true" if params.event == _CANCELLED else "false",
    }
    found = _listed(asked, params, values)[0]
    things = [
        Thing(_key(one, params.event), one)
        for one in found
        if (one.get("status") == _CANCELLED) is (params.event == _CANCELLED) and _is_made(one, params.event, begun)
    ]
    return things[:MOST_LISTED], len(things) <= MOST_LISTED


def _is_made(event: dict[str, Any], kind: str, begun: datetime | None) -> bool:
    """Return whether an event counts as made: after the workflow was published, and not only changed since."""
    if kind != "created" or begun is None or "created" not in event:
        return True
    return datetime.fromisoformat(event["created"]) >= begun - timedelta(minutes=1)


def _key(event: dict[str, Any], kind: str) -> str:
    return f"{event['id']} {event.get('updated')}" if kind == "changed" else str(event["id"])


def _starting(asked: Asked, params: Params, last: datetime, now: datetime, *, sample: bool) -> list[Thing]:
    """Return the events that begin within the minutes, or have begun since the last look."""
    until = now + (timedelta(days=30) if sample else timedelta(minutes=params.minutes))
    earliest = now if sample else min(last, now)
    values = {
        "timeMin": earliest.isoformat(),
        "timeMax": until.isoformat(),
        "singleEvents": "true",
        "orderBy": "startTime",
    }
    found, zone = _listed(asked, params, values)
    soon = [(begins(one, zone), one) for one in found if one.get("status") != _CANCELLED and "start" in one]
    things = [
        Thing(f"{one['id']} {start.astimezone(UTC).isoformat()}", one)
        for start, one in soon
        if earliest <= start <= until
    ]
    return things[:MOST_LISTED]


def _listed(asked: Asked, params: Params, values: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
    """Return the events of all pages, and the calendar's time zone."""
    ready = asking(APP, asked, params.credential, LIST, {"calendar": params.calendar, "q": params.q, **values})
    found: list[dict[str, Any]] = []
    zone = "UTC"
    for page in ready.pages(PAGES, "", None):
        for answer in page:
            found += answer.get("items", [])
            zone = str(answer.get("timeZone") or zone)
        if len(found) > MOST_LISTED:
            break
    return found, zone
