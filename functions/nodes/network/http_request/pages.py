"""The pages of a list: what the next request is, and when there is none, or there had better be none."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode, urljoin

from functions.nodes.network.http_request.paging_fields import Paged
from stepweave.expressions import Evaluator, ExpressionError, Scope
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ExpressionFailed, NodeError, ParameterInvalid
from stepweave.runtime.http.paging import next_link
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge
from stepweave.spec.fieldpaths import MISSING, field_at, set_at

_OPEN: Final = "{{"
_SAME_TEXTS: Final = 3
"""So many equal pages of plain values are one page that is given again and again; of objects, two are."""
_TLS: Final = {("http", 80): "https", ("https", 443): "https"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, as far as it tells of the next page.

    Attributes:
        target: where it came from.
        items: how many it has.
        content: its bytes.
    """

    status: int
    headers: Mapping[str, Any]
    body: Any
    target: Target
    items: int
    content: bytes


class Endless(Exception):
    """There are pages without end, or too many. `error` is what the node fails with."""

    def __init__(self, error: NodeError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(slots=True)
class Pages:
    """Goes through the pages of one list.

    Attributes:
        params: how they follow each other.
        request: the first request, as the node's other fields say it.
        scope: of the step, for expressions over an answer.
    """

    params: Paged
    request: Request
    scope: Scope
    count: int = 0
    _items: int = 0
    _asked: set[tuple[str, bytes]] = field(default_factory=set)
    _same: int = 1
    _before: bytes = b""

    def first(self) -> Request:
        """Return the request for the first page."""
        params = self.params
        start = {"page": params.first_page, "offset": 0}.get(params.paging)
        return self._kept(self._with(self.request, start) if start is not None else self._sized(self.request))

    def after(self, answer: Answer) -> Request | None:
        """Return the request for the page after this one; None where it was the last.

        Raises:
            Endless: it would go on for ever, or beyond `most_pages`.
            ResponseInvalid: the answer names a page of another server, or none.
            ExpressionFailed: an expression over the answer did.
        """
        self.count += 1
        self._items += answer.items
        if self.params.more_at and not self._value(self.params.more_at, answer, "moreAt"):
            return None
        request = self._next(answer)
        if request is None:
            return None
        self._check(request, answer)
        return self._kept(request)

    def ends_with(self, status: int) -> bool:
        """Return whether a page that is asked for by its place is behind the last one: some servers say 404 then."""
        return status == 404 and self.count > 0 and self.params.paging in ("page", "offset")

    def _next(self, answer: Answer) -> Request | None:
        params = self.params
        match params.paging:
            case "link":
                return self._at(answer, next_link(str(answer.headers.get("link", ""))))
            case "nextUrl":
                return self._at(answer, self._text(params.next_at, answer, "nextAt"))
            case "cursor":
                cursor = self._text(params.cursor_at, answer, "cursorAt")
                return self._with(self.request, cursor) if cursor else None
        if answer.items == 0:
            return None
        is_counted = params.paging == "page"
        return self._with(self.request, params.first_page + self.count if is_counted else self._items)

    def _with(self, request: Request, value: Any) -> Request:
        """Return a request with a page's number, offset or cursor in it, and with the page's size."""
        return self._sized(self._put(request, self.params.page_name or self.params.paging, value))

    def _sized(self, request: Request) -> Request:
        is_sent = self.params.size_name and self.params.paging in ("page", "offset", "cursor")
        return self._put(request, self.params.size_name, self.params.page_size) if is_sent else request

    def _put(self, request: Request, name: str, value: Any) -> Request:
        if self.params.page_in == "query":
            return replace(request, target=with_query(request.target, name, scalar_text(value)))
        kind = request.headers.get("content-type", [""])[0].partition(";")[0].strip().lower()
        body = request.body
        if isinstance(body, bytes) and kind == "application/x-www-form-urlencoded":
            rows = [pair for pair in parse_qsl(body.decode(), keep_blank_values=True) if pair[0] != name]
            return replace(request, body=urlencode([*rows, (name, scalar_text(value))]).encode())
        data = json.loads(body) if isinstance(body, bytes) and kind.endswith("json") else None
        if not isinstance(data, dict):
            raise ParameterInvalid(
                "The next page is asked for in the body, which is no JSON object and no form.",
                "Choose JSON or Form fields as the body, or send it in the query.",
                details={"field": "params.pageIn"},
            )
        set_at(data, name, value)
        return replace(request, body=json.dumps(data).encode())

    def _at(self, answer: Answer, url: str) -> Request | None:
        if not url:
            return None
        try:
            target = target_of(urljoin(answer.target.url, url))
        except (ParameterInvalid, ValueError):
            raise ResponseInvalid(
                f"{answer.target} names a next page that is no URL: {url[:200]}", "Check where the next URL is."
            ) from None
        own = self.request.target
        if (target.host, target.scheme, own.scheme) == (own.host, "http", "https") and target.port == 80:
            # Servers behind a proxy that ends TLS know no better; the request stays where it was sent.
            target = replace(target, scheme=own.scheme, port=own.port)
        if target.origin not in (own.origin, answer.target.origin):
            raise ResponseInvalid(
                f"{answer.target} says that its next page is at {target.authority}, another server.",
                "Tell who runs the server: the request is not sent there.",
            )
        if self.request.method in ("GET", "HEAD"):
            return replace(self.request, target=target)
        return replace(self.request, target=target, headers=Headers(self.request.headers))

    def _check(self, request: Request, answer: Answer) -> None:
        digest = hashlib.sha256(answer.content).digest()
        self._same = self._same + 1 if answer.items and digest == self._before else 1
        self._before = digest
        most = 2 if _has_objects(answer.body) else _SAME_TEXTS
        if _name(request) in self._asked or self._same >= most:
            raise Endless(
                ResponseInvalid(
                    f"{answer.target} gives the same page again and again.",
                    "Check what the next page is asked for with, or choose to go on with what has come.",
                    details={"pages": self.count},
                )
            )
        if self.count >= self.params.most_pages:
            raise Endless(
                ResponseTooLarge(
                    f"{answer.target} has more than {self.params.most_pages} pages ({self._items} items so far).",
                    "Raise Pages at most, set Items at most, or ask for less.",
                    details={"pages": self.count},
                )
            )

    @property
    def is_repeated(self) -> bool:
        """Whether the last page was the one before it once more."""
        return self._same > 1

    def _kept(self, request: Request) -> Request:
        self._asked.add(_name(request))
        return request

    def _text(self, place: str, answer: Answer, name: str) -> str:
        value = self._value(place, answer, name)
        if value is None or value is MISSING or value is False or value == "":
            return ""
        if isinstance(value, str | int | float):
            return scalar_text(value)
        raise ResponseInvalid(
            f"{answer.target} has no text at {place}, where the next page should be named.", f"Change params.{name}."
        )

    def _value(self, place: str, answer: Answer, name: str) -> Any:
        """Return what a path or an expression gives of an answer."""
        if _OPEN not in place:
            found = field_at(answer.body, place) if place else None
            return None if found is MISSING else found
        seen = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
        scope = replace(self.scope, items=[{"json": {**seen, "page": self.count, "items": self._items}}], origins=())
        where = f"params.{name}"
        try:
            return Evaluator(scope).evaluate(place, 0, where)
        except ExpressionError as error:
            raise ExpressionFailed(
                f"{where}: {error.message}",
                "Change the expression; $json is the answer, with status, headers and body.",
                details={"field": where, "expression": error.expression[:500]},
            ) from None


def with_query(target: Target, name: str, value: str) -> Target:
    """Return a target in whose query a name has one value, whatever it had."""
    path, _, query = target.path.partition("?")
    kept = [pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) != name]
    added = f"{quote(name, safe='')}={quote(value, safe='')}"
    return replace(target, path=f"{path}?{'&'.join([*kept, added])}")


def _name(request: Request) -> tuple[str, bytes]:
    body = request.body if isinstance(request.body, bytes) else b""
    return request.target.url, hashlib.sha256(body).digest()


def _has_objects(body: Any) -> bool:
    return isinstance(body, dict) or (isinstance(body, list) and any(isinstance(one, dict) for one in body))
