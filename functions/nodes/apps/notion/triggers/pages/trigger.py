"""Says which pages are new, or were changed: asks for those since the last time, and a little before."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.apps.notion.options import asked_for, finding
from functions.nodes.apps.notion.pages import entries
from functions.nodes.apps.notion.plain import plain, plain_page
from functions.nodes.apps.notion.schema import source_of
from functions.nodes.apps.notion.triggers.pages.spec import Params
from functions.nodes.apps.notion.typed import COMPUTED
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import Poll, Thing, content_key, only_new, params_of, watched_of
from stepweave.spec.operations import RequestSpec
from stepweave.spec.triggers import MOST_LISTED

OVERLAP: Final = timedelta(minutes=3)
"""Notion tells times to the minute, and a list may have a page only a little later."""
MOST_READ: Final = 10 * MOST_LISTED
"""Pages of one poll, most of which are known."""
_QUERY: Final = RequestSpec("POST", "/data_sources/{id}/query", body={"filter": "{since?}", "sorts": "{sorts}"})

now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - tests set the clock


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the database."""
    params = params_of(asked, Params)
    source = source_of(finding(asked), params.database)
    given = Poll.of(asked.given)
    watched = watched_of(str(source["id"]), params.event, params.raw)
    stamp = "created_time" if params.event == "created" else "last_edited_time"
    since = _time((given.known(watched) or {}).get("since")) or now()
    values = {
        "id": str(source["id"]),
        "since": None if given.is_sample else _filter(stamp, since - OVERLAP),
        "sorts": [{"timestamp": stamp, "direction": "descending" if given.is_sample else "ascending"}],
    }
    is_seen, newest, things = given.seen(watched), since, list[Thing]()
    for page in entries(asked_for(asked), _QUERY, given.limit if given.is_sample else MOST_READ, **values):
        newest, key = max(newest, _time(page.get(stamp)) or newest), _key(page, stamp)
        if not is_seen(key):
            things.append(Thing(key, page if params.raw else plain_page(page)))
        if len(things) == MOST_LISTED:
            break
    news = only_new(given, things[::-1] if given.is_sample else things, watched)
    # While not all were given, the next poll begins where this one did: what was given is known by then.
    answer = news.answer(since=(since if news.more else newest).isoformat())
    return {**answer, "more": True} if len(things) == MOST_LISTED else answer


def _filter(stamp: str, since: datetime) -> dict[str, Any]:
    return {"timestamp": stamp, stamp: {"on_or_after": since.isoformat(timespec="seconds")}}


def _key(page: Mapping[str, Any], stamp: str) -> str:
    """Return what a page is known by; a change by time and properties, without those that change by themselves."""
    id = str(page.get("id"))
    if stamp == "created_time":
        return id
    properties: Mapping[str, Any] = page.get("properties") or {}
    state = {name: _state(one) for name, one in properties.items() if one.get("type") not in COMPUTED}
    return f"{id} {page.get(stamp)} {content_key(state)}"


def _state(value: Any) -> Any:
    """Return a property's value; of files the names, whose addresses are others each time."""
    found = plain(value)
    return [one.get("name") for one in found] if value.get("type") == "files" else found


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
