"""Feeds: RSS, Atom and JSON Feed as lists of entries in one shape.

XML is read by feedparser, which takes feeds as they are (wrong charsets, dates in dozens of forms, broken XML),
declares no entities of the feed's own, and loads nothing. JSON Feed is read here (jsonfeed.org, version 1.1).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin

from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.model.sizes import size_text
from stepweave.runtime.feed_dates import moment_of
from stepweave.runtime.feed_text import prepared
from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of a feed. Those of busy sites have half a megabyte."""
_TAG: Final = re.compile(r"<[^<>]*>")
_WHOLE: Final = re.compile(rb"</(rss|([\w-]+:)?(feed|rdf))\s*>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://|/", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_SNIPPET: Final = 500
_JSON_FEED: Final = "https://jsonfeed.org/version/"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry.

    Attributes:
        key: what it is known by: its id, else its address, else all of it; where others share that, its title, too.
        json: `title`, `link`, `guid`, `isoDate`, `creator`, `content`, `contentSnippet`, `categories`, `enclosures`
            (`url`, `type`, `length`) and `feed` (`title`, `link`, `url`); null where the feed does not say.
    """

    key: str
    json: dict[str, Any]


def entries_of(content: bytes, headers: Mapping[str, str], url: str) -> list[FeedEntry]:
    """Return a feed's entries, in its order.

    Args:
        content: of the answer.
        headers: of the answer, for its charset and its base address; names in lower case.
        url: where it came from.

    Raises:
        ResponseInvalid: it is no feed.
        ResponseTooLarge: it has more than `MOST_BYTES`.
    """
    if len(content) > MOST_BYTES:
        raise ResponseTooLarge(
            f"The feed at {url} has {size_text(len(content))}; at most {size_text(MOST_BYTES)} are read.",
            "Look for a smaller feed of the site.",
        )
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _of_json(content, url)
    return _of_xml(content, headers, url)


def _of_xml(content: bytes, headers: Mapping[str, str], url: str) -> list[FeedEntry]:
    feedparser = _parser()
    content, kind = prepared(content, headers.get("content-type", ""))
    found = feedparser.parse(content, response_headers={"content-type": kind, "content-location": url})
    if not found.get("version") and not found.entries:
        raise ResponseInvalid(
            f"{url} answered with {_called(content)}, which is no feed.",
            "Look for the site's feed; its address often ends in /feed, /rss or .xml.",
        )
    end = content[-4000:].replace(b"\0", b"")  # UTF-16 has them between its characters
    if found.get("bozo") and not _WHOLE.search(end):
        # The last entry may be half of one, which would be another tomorrow.
        raise ResponseInvalid(f"The feed at {url} is cut off: its end is missing.", "Ask again later; tell the site.")
    feed = {"title": found.feed.get("title"), "link": found.feed.get("link"), "url": url}
    return _told_apart([_entry(_from_xml(entry, url), feed) for entry in found.entries])


@cache
def _parser() -> Any:
    """Return feedparser, without what it takes for granted. Loaded where a feed is read only: it costs a cold start."""
    import feedparser
    from feedparser.mixin import _FeedParserMixin
    from feedparser.namespaces._base import Namespace

    # An id is a name, and no address: `7` must not become https://…/7, another one wherever the feed moves.
    _FeedParserMixin.can_be_relative_uri.discard("id")
    start_link = Namespace._start_link

    def start(self: Any, attributes: dict[str, Any]) -> None:
        # A link without a type is text/html to it, and so would be every file of an Atom feed.
        if attributes.get("rel") == "enclosure":
            attributes.setdefault("type", "")
        start_link(self, attributes)

    Namespace._start_link = start
    return feedparser


def _from_xml(entry: Any, url: str) -> dict[str, Any]:
    content = next((part.get("value") for part in entry.get("content", ()) if part.get("value")), None)
    return {
        "title": entry.get("title"),
        "link": _named(entry["link"], url) if entry.get("guidislink") else entry.get("link"),
        "guid": entry.get("id"),
        "isoDate": _date(entry, "published") or _date(entry, "updated"),
        "creator": entry.get("author"),
        "content": content or entry.get("summary"),
        "categories": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")],
        "enclosures": [
            {"url": one.get("href"), "type": one.get("type") or None, "length": one.get("length")}
            for one in entry.get("enclosures", ())
        ],
    }


def _named(guid: str, url: str) -> str | None:
    """Return the address of an entry that has a guid only: many feeds leave out that theirs is none."""
    return urljoin(url, guid) if _ADDRESS.match(guid) else None


def _of_json(content: bytes, url: str) -> list[FeedEntry]:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        words = f"{url} answered with something that begins as JSON and cannot be read."
        raise ResponseInvalid(words, "Look at it in a browser.") from None
    version = whole.get("version") if isinstance(whole, dict) else None
    items = whole.get("items") if isinstance(whole, dict) else None
    if not isinstance(version, str) or not version.startswith(_JSON_FEED) or not isinstance(items, list):
        raise ResponseInvalid(
            f"{url} answered with JSON that is no JSON Feed.",
            "Use the trigger New items at a URL, or the node HTTP request, for other JSON.",
        )
    feed = {"title": _text(whole.get("title")), "link": _address(whole.get("home_page_url"), url), "url": url}
    return _told_apart([_entry(_from_json(item, url), feed) for item in items if isinstance(item, dict)])


def _from_json(item: Mapping[str, Any], base: str) -> dict[str, Any]:
    authors, attached = item.get("authors"), item.get("attachments")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else item.get("author")
    tags = item.get("tags")
    return {
        "title": _text(item.get("title")),
        "link": _address(item.get("url"), base),
        "guid": _text(item.get("id")),
        "isoDate": _iso(item.get("date_published") or item.get("date_modified")),
        "creator": _text(first.get("name")) if isinstance(first, dict) else None,
        "content": _text(item.get("content_html")) or _text(item.get("content_text")) or _text(item.get("summary")),
        "categories": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        "enclosures": [
            {
                "url": _address(one.get("url"), base),
                "type": _text(one.get("mime_type")),
                "length": _text(one.get("size_in_bytes")),
            }
            for one in (attached if isinstance(attached, list) else ())
            if isinstance(one, dict)
        ],
    }


def _entry(read: dict[str, Any], feed: dict[str, Any]) -> FeedEntry:
    entry = {name: _mended(value) for name, value in read.items()}
    text = _SPACE.sub(" ", unescape(_TAG.sub(" ", entry["content"] or ""))).strip()
    entry["contentSnippet"] = text[:_SNIPPET] or None
    key = entry["guid"] or entry["link"] or json.dumps([entry["title"], entry["isoDate"], entry["content"]])
    return FeedEntry(key, {**entry, "feed": _mended(feed)})


def _told_apart(entries: list[FeedEntry]) -> list[FeedEntry]:
    """Return entries of which no two that differ are known by the same.

    There are feeds whose entries all have the feed's own address, or `N/A` for an id. The oldest of such entries keeps
    what it is known by, so none is new again once others come to share it.
    """
    sharing: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        sharing.setdefault(entry.key, []).append(index)
    found = list(entries)
    for key, places in sharing.items():
        if len(places) == 1:
            continue
        dated = all(entries[index].json["isoDate"] for index in places)
        oldest = min(places, key=lambda index: entries[index].json["isoDate"]) if dated else places[-1]
        for index in places:
            if _named_by(entries[index]) != _named_by(entries[oldest]):
                found[index] = FeedEntry(json.dumps([key, *_named_by(entries[index])]), entries[index].json)
    return found


def _named_by(entry: FeedEntry) -> list[str | None]:
    """Return what tells entries of one key apart; versions of one (RFC 4287, 4.1.1) differ in their dates only."""
    names = ("title", "link") if entry.json["guid"] else ("title", "isoDate")
    return [entry.json[name] for name in names]


def _mended(value: Any) -> Any:
    """Return a value without halves of surrogate pairs."""
    if isinstance(value, str):
        return mended_text(value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return {name: _mended(one) for name, one in value.items()} if isinstance(value, dict) else value


def _text(value: Any) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return scalar_text(value)  # ids of some feeds
    return value if isinstance(value, str) and value else None


def _date(entry: Any, name: str) -> str | None:
    return moment_of(str(dict.get(entry, name) or ""), dict.get(entry, f"{name}_parsed"))


def _address(value: Any, base: str) -> str | None:
    text = _text(value)
    try:
        return urljoin(base, text) if text else None
    except ValueError:  # brackets that no host has
        return text


def _iso(value: Any) -> str | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        moment = found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _called(content: bytes) -> str:
    start = content[:2000].lstrip().lower()
    if not start:
        return "nothing"
    return "a web page" if b"<html" in start or b"<!doctype html" in start else "something"
