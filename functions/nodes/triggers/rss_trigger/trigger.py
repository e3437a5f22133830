"""Asks the feeds, and says what is new in each. One that wants to be left alone is, until its time has come."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.triggers.rss_trigger.spec import MOST_FEEDS, Params
from stepweave.runtime.asks import Asked, told_error
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.polling import News, Poll, Thing, only_new, params_of, watched_of
from stepweave.spec.triggers import MOST_LISTED

if TYPE_CHECKING:
    from stepweave.runtime.feeds import FeedEntry

_MOST_REMEMBERED: Final = 8000
"""Digests that all feeds' cursors have besides those of what is listed: with these a cursor stays below 256 KB."""
_SECONDS: Final = 15.0
"""For one feed of several."""
_ALL_SECONDS: Final = 45.0
"""What a poll has for all of them, at least."""
_LONGEST_WAIT: Final = 24 * 3600.0
"""That a server may ask for."""


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the feeds. Raises what `SPEC.errors` names."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from stepweave.runtime.feed_requests import fetched

    params = params_of(asked, Params)
    urls, whole = _urls(params.urls), Poll.of(asked.given)
    known: Mapping[str, Any] = (whole.cursor or {}).get("feeds", {})
    deadline, left, listed = time.monotonic() + asked.remaining(), whole.limit, 0
    found: list[dict[str, Any]] = []
    feeds: dict[str, Any] = {}
    failures: list[dict[str, Any]] = []
    more, answered, asks_all = False, 0, whole.first or whole.is_sample or len(urls) == 1
    for url in urls if whole.first or whole.is_sample else _in_turn(urls):
        name = watched_of(url)
        before = known.get(name, {})
        if not asks_all and (left_alone := _left_alone(before)) is not None:
            failures.append(left_alone)
            feeds[name] = dict(before)
            continue
        before = {key: value for key, value in before.items() if key != "waits"}
        # A feed without a cursor, among others that have one, is new: what is there now begins it.
        one = Poll(None if whole.is_sample else before, whole.first, left)
        try:
            answer = fetched(url, before.get("state", {}), min(deadline, time.monotonic() + _SECONDS))
            answered += 1
            if answer.unchanged:
                feeds[name] = dict(before)
                continue
            listed += len(answer.entries)
            news = only_new(one, _things(answer.entries), name, from_start=params.start_with == "all")
        except NodeError as error:
            if asks_all:
                raise
            failures.append(told_error(error))
            kept = {**before, **_waits(error)}
            feeds |= {name: kept} if kept else {}
            continue
        left -= len(news.things)
        more = more or news.more
        found += [thing.json for thing in news.things]
        feeds[name] = _remembered(news, {} if news.more else answer.state, len(answer.entries), len(urls))
    if listed > MOST_LISTED:
        raise _too_many(listed)
    if failures and not found:
        return {"items": [], "cursor": {"feeds": feeds}, "more": False, "failed": _failed(failures, answered)}
    found.sort(key=lambda json: json["isoDate"] or "")
    # Of a sample each feed gives so many.
    return {"items": found[-whole.limit :] if whole.is_sample else found, "cursor": {"feeds": feeds}, "more": more}


def _urls(text: str) -> list[str]:
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if found and len(found) <= MOST_FEEDS:
        return found
    words = f"{len(found)} feeds are listed; {MOST_FEEDS} can be watched." if found else "No feed is listed."
    raise ParameterInvalid(words, "Write one address on each line.", details={"field": "params.urls"})


def _waits(error: NodeError) -> dict[str, Any]:
    """Return what is remembered of a feed whose server said when it may be asked again."""
    if not error.retry_after:
        return {}
    until = time.time() + min(error.retry_after, _LONGEST_WAIT)
    told = {"type": type(error).__name__, "message": error.message[:500], "retryable": error.retryable}
    return {"waits": {"until": until, "error": told}}


def _left_alone(before: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return why a feed is not asked yet, and the seconds until it may be; None where it may be now."""
    waits = before.get("waits", {})
    left = waits.get("until", 0.0) - time.time()
    if left <= 0:
        return None
    remedy = "Its server said when it may be asked again; until then it is left alone."
    return {**waits["error"], "remedy": remedy, "retryAfter": left}


def _failed(failures: list[dict[str, Any]], answered: int) -> dict[str, Any]:
    """Return the first failure. What one server does, or wants, is not to keep the other feeds waiting."""
    told = {**failures[0]}
    if answered:
        told.pop("retryAfter", None)
        return {**told, "details": {**told.get("details", {}), "inPart": True}}
    return {**told, "retryAfter": min(one.get("retryAfter", 0.0) for one in failures)}


def _in_turn(urls: list[str]) -> list[str]:
    """Return the feeds in an order that changes, where slow ones could leave others no time, the same each poll."""
    start = int(time.time() // 60) % len(urls) if len(urls) * _SECONDS > _ALL_SECONDS else 0
    return urls[start:] + urls[:start]


def _things(entries: "list[FeedEntry]") -> list[Thing]:
    """Return entries as they are compared, oldest first: by date where all have one, else as the feed has them."""
    ordered = entries[::-1]
    if all(entry.json["isoDate"] for entry in entries):
        ordered = sorted(ordered, key=lambda entry: str(entry.json["isoDate"]))
    return [Thing(entry.key, entry.json) for entry in ordered]


def _remembered(news: News, state: Mapping[str, str], listed: int, feeds: int) -> dict[str, Any]:
    kept = list(news.seen)[-(listed + _MOST_REMEMBERED // feeds) :]
    return {"watched": news.watched, "seen": kept, "state": dict(state)}


def _too_many(listed: int) -> NodeError:
    from stepweave.runtime.http_errors import ResponseTooLarge

    return ResponseTooLarge(
        f"The feeds have {listed} entries together; at most {MOST_LISTED} can be watched.",
        "Watch fewer feeds in one trigger.",
    )
