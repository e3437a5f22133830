"""The pages of a list, one after the other: where the next one is, and when there is none."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge
from stepweave.spec.fieldpaths import MISSING, field_at
from stepweave.spec.operations import BodyCursor, Cursor, LinkHeader, NextUrl, Offset, PageNumber, Paging

_LINK: Final = re.compile(r'<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)')
_RELATION: Final = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What came, as far as it tells of the next page."""

    target: Target
    headers: Mapping[str, Any]
    body: Any
    count: int
    """How many items it has."""
    items: Sequence[Any] = ()
    """Those; pages of the same objects one after the other are a list without end."""


@dataclass(slots=True)
class Pages:
    """Goes through the pages of one list.

    Attributes:
        paging: how they follow each other.
        size: how many items a page is asked to have.
    """

    paging: Paging
    size: int
    _seen: set[str] = field(default_factory=set)
    _count: int = 0
    _items: int = 0
    _before: int = 0
    _last: Sequence[Any] = ()

    def first(self) -> dict[str, str]:
        """Return what the first request's query has besides its own rows."""
        start = {self.paging.query: str(self.paging.first)} if isinstance(self.paging, PageNumber) else {}
        return {**start, **self._sized()}

    def after(self, page: Page, ask: Callable[[Mapping[str, str]], Target]) -> Target | None:
        """Return where the next page is; None where this one was the last.

        Args:
            page: what came.
            ask: the target of the list's own request, with these rows in its query instead.

        Raises:
            ResponseInvalid: it would be a page that was there already, or one of another server.
            ResponseTooLarge: there are more pages than the operation allows.
        """
        self._count += 1
        self._items += page.count
        target = self._next(page, ask)
        self._before = page.count
        if target is None:
            return None
        self._check(page, target)
        return target

    def kept(self, target: Target | None) -> str:
        """Return how to go on at `target`, as text for `at`; "" where that is None."""
        if target is None:
            return ""
        return json.dumps({"url": target.url, "count": self._count, "items": self._items, "before": self._before})

    def at(self, kept: str) -> Target:
        """Go on where `kept` says. Raises ParameterInvalid where it is not a text of `kept`."""
        try:
            known = json.loads(kept)
            self._count, self._items, self._before = (int(known[name]) for name in ("count", "items", "before"))
            return target_of(str(known["url"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ParameterInvalid("There is no such page.", "Begin with the first page.") from None

    def _next(self, page: Page, ask: Callable[[Mapping[str, str]], Target]) -> Target | None:
        match self.paging:
            case PageNumber(query=query, first=first):
                return None if self._is_last(page) else ask({query: str(first + self._count), **self._sized()})
            case Offset(query=query):
                return None if self._is_last(page) else ask({query: str(self._items), **self._sized()})
            case Cursor(query=query, at=at):
                cursor = _text_at(page, at)
                return ask({query: cursor, **self._sized()}) if cursor else None
            case NextUrl(at=at):
                return _absolute(page, _text_at(page, at))
            case LinkHeader():
                return _absolute(page, next_link(str(page.headers.get("link", ""))))
        raise AssertionError(f"{type(self.paging).__name__} is no way of paging")

    def _is_last(self, page: Page) -> bool:
        """Whether a page ends a list that does not say so.

        A first page that is shorter than asked for may be so because the server gives no longer ones: only a second
        one tells.
        """
        return page.count == 0 or page.count < self._before

    def _sized(self) -> dict[str, str]:
        return {self.paging.size_query: str(self.size)} if self.paging.size_query else {}

    def _check(self, page: Page, target: Target) -> None:
        if target.origin != page.target.origin:
            raise ResponseInvalid(
                f"{page.target} says that its next page is at {target.authority}, another server.",
                "Tell who runs the server: the credential is not sent there.",
            )
        self._seen.add(page.target.url)
        is_repeated = page.items and page.items == self._last and any(isinstance(one, dict) for one in page.items)
        self._last = page.items
        if target.url in self._seen or is_repeated:
            raise _repeated(page)
        if self._count >= self.paging.most_pages:
            raise _endless(page, self.paging, self._items)


def body_pages(paging: BodyCursor, items: str, ask: Callable[[str, int], Page]) -> Iterator[list[Any]]:
    """Yield the items of each page of a list whose cursor goes in the body.

    Args:
        paging: how its pages follow each other.
        items: the path to them.
        ask: returns the page at a cursor ("" for the first), of which so many were asked for before.

    Raises:
        ResponseInvalid: a page that was there already comes again.
        ResponseTooLarge: there are more pages than the operation allows.
    """
    seen: set[str] = set()
    last: list[Any] = []
    cursor, total = "", 0
    while True:
        page = ask(cursor, len(seen))
        found = items_at(page.body, items)
        total += len(found)
        yield found
        cursor = _text_at(page, paging.at)
        if not cursor:
            return
        if cursor in seen or (found == last and any(isinstance(one, dict) for one in found)):
            raise _repeated(page)
        seen.add(cursor)
        last = found
        if len(seen) >= paging.most_pages:
            raise _endless(page, paging, total)


def _repeated(page: Page) -> ResponseInvalid:
    words = f"{page.target} gives the same page again and again."
    return ResponseInvalid(words, "Set a limit, or tell who runs the server.")


def _endless(page: Page, paging: Paging, items: int) -> ResponseTooLarge:
    return ResponseTooLarge(
        f"{page.target} has more than {paging.most_pages} pages ({items} items so far).",
        "Set a limit instead of Return all, or ask for less by the filters.",
    )


def next_link(header: str) -> str:
    """Return the URL that a header `Link` gives with `rel="next"` (RFC 8288, section 3); empty where there is none."""
    for found in _LINK.finditer(header):
        relation = _RELATION.search(found[2])
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return found[1].strip()
    return ""


def items_at(body: Any, path: str) -> list[Any]:
    """Return the items of an answer's body: those of a list, or the one that it is; none where nothing is there."""
    found = field_at(body, path) if path else body
    if found is MISSING or found is None:
        return [] if path else [{}]
    return found if isinstance(found, list) else [found]


def _text_at(page: Page, path: str) -> str:
    value = field_at(page.body, path)
    if value is MISSING or value in (None, "", False):
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ResponseInvalid(
        f"{page.target} has no text at {path}, where the next page should be named.", "Tell who runs the server."
    )


def _absolute(page: Page, url: str) -> Target | None:
    if not url:
        return None
    try:
        return target_of(urljoin(page.target.url, url))
    except (ParameterInvalid, ValueError):
        raise ResponseInvalid(f"{page.target} names a next page that is no URL.", "Tell who runs the server.") from None
