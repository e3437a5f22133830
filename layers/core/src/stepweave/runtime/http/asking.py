"""One request of an operation, and those for its further pages: sent with the app's headers and credential."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http.client import send
from stepweave.runtime.http.filling import body_of, pairs_of, path_of
from stepweave.runtime.http.headers import header
from stepweave.runtime.http.paging import Page, Pages, items_at
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.refusals import seconds_until, words_of
from stepweave.runtime.http.request import Headers, Request, authenticated, json_body, secret_among
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, RequestTimeout
from stepweave.spec.fieldpaths import MISSING, field_at
from stepweave.spec.operations import App, Paging, RequestSpec


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    target: Target
    headers: Mapping[str, Any]
    body: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is ready to be filled in and sent.

    Attributes:
        authenticate: gives the credential, renewed where its argument is a token that was refused ("" for none).
        ends: when the step's time is up, on the clock of `time.monotonic`.
    """

    app: App
    base_url: str
    authenticate: Callable[[str], Authentication]
    request: RequestSpec
    values: Mapping[str, Any]
    ends: float

    @property
    def authentication(self) -> Authentication:
        """How the credential goes with a request now."""
        return self.authenticate("")

    def answer(self) -> Answer:
        """Send it, and return what comes. Raises what `HTTP_ERRORS` names, ParameterInvalid, CredentialNotForHost."""
        return self._sent(self._target({}))

    def pages(self, paging: Paging | None, items: str, most: int | None) -> Iterator[list[Any]]:
        """Yield the items of each page. Raises as `answer` does.

        Args:
            paging: None for the one answer.
            items: the path to them.
            most: how many items are wanted, so that no longer pages are asked for; None for all.
        """
        if paging is None:
            yield items_at(self.answer().body, items)
            return
        pages = Pages(paging, paging.size if most is None else min(paging.size, most))
        target: Target | None = self._target(pages.first())
        count = 0
        while target is not None:
            if count and time.monotonic() >= self.ends:
                raise _too_late(target, count)
            answer = self._sent(target)
            found = items_at(answer.body, items)
            count += 1
            yield found
            target = pages.after(Page(answer.target, answer.headers, answer.body, len(found)), self._target)

    def page(self, paging: Paging | None, items: str, at: str) -> tuple[list[Any], str]:
        """Return the items of one page, and where the next one is, for `at`; "" where there is none.

        Args:
            paging: None for the one answer.
            items: the path to them.
            at: where to go on; "" for the first page.

        Raises:
            ParameterInvalid: `at` is no page of this list.
        """
        if paging is None:
            return items_at(self.answer().body, items), ""
        pages = Pages(paging, paging.size)
        target = self._target(pages.first())
        if at:
            origin, target = target.origin, pages.at(at)
            if target.origin != origin:
                raise ParameterInvalid("The page is one of another server.", "Begin with the first page.")
        answer = self._sent(target)
        found = items_at(answer.body, items)
        after = pages.after(Page(answer.target, answer.headers, answer.body, len(found)), self._target)
        return found, pages.kept(after)

    def _target(self, more: Mapping[str, str]) -> Target:
        query = [(name, text) for name, text in pairs_of(self.request.query, self.values) if name not in more]
        return target_of(self.base_url + path_of(self.request.path, self.values), [*query, *more.items()])

    def _sent(self, target: Target) -> Answer:
        """Send a request; once more with a renewed token where the server refuses the one that it has."""
        request = self._made(target)
        arrived, token = self._arrived(request, "")
        if arrived.status == 401 and token:
            with arrived:
                pass
            arrived, _ = self._arrived(request, token)
        with arrived:
            if arrived.status >= 400:
                raise self._refusal(arrived)
            value = arrived.json(arrived.content(self.app.most_mb)) if arrived.has_body else None
            self._check(value, arrived.target)
            return Answer(target, arrived.headers, value)

    def _arrived(self, request: Request, refused: str) -> tuple[Arrived, str]:
        """Return the answer to a request, unread, and the name of the token that went with it."""
        authentication = self.authenticate(refused)
        whole = authenticated(request, authentication, "params.credential")
        authentication.paced(self.ends)
        deadline = min(time.monotonic() + self.app.timeout_seconds, self.ends)
        response, came_from = send(whole, deadline=deadline, follow_redirects=True)
        return Arrived(response, came_from, deadline, request.method), authentication.token

    def _made(self, target: Target) -> Request:
        headers = Headers({"user-agent": ["Stepweave/1"], "accept": ["application/json"]})
        headers["accept-encoding"] = ["gzip, deflate"]
        given = Headers()
        for name, text in (*self.app.headers, *pairs_of(self.request.headers, self.values)):
            given.pop(name.lower(), None)
            given.put(name, text, "params")
        body = self._body(headers)
        headers |= given
        return Request(self.request.method, target, headers, body, secret_among(headers))

    def _body(self, headers: Headers) -> bytes | None:
        body = self.request.body
        if body is None:
            return None
        if self.request.form:
            headers["content-type"] = ["application/x-www-form-urlencoded"]
            return urlencode(pairs_of(tuple(body.items()), self.values)).encode()
        headers["content-type"] = ["application/json"]
        filled = body_of(body, self.values)
        return json_body(json.dumps(filled) if isinstance(filled, str) else filled, "params")

    def _refusal(self, arrived: Arrived) -> NodeError:
        """Return the error of an answer; one that means "too much at a time" is such, whatever its status."""
        error, limit = arrived.refusal(), self.app.rate_limit
        if limit is None or arrived.status not in limit.statuses:
            return error
        response = arrived.response
        wait = seconds_until(header(response, "retry-after"))
        if wait is None and header(response, limit.remaining).strip() == "0":
            reset = header(response, limit.reset).strip()
            wait = max(0.0, float(reset) - time.time()) if reset.isdecimal() and len(reset) < 12 else None
        elif wait is None and arrived.status != 429:
            return error
        remedy = "Send fewer requests at a time, or let the node retry."
        return HttpRateLimited(error.message, remedy, details=error.details, retry_after=wait)

    def _check(self, value: Any, target: Target) -> None:
        """Refuse an answer that is a refusal though its status says 200."""
        app = self.app
        if not app.fine_when or not isinstance(value, Mapping) or field_at(value, app.fine_when) is not False:
            return
        why = field_at(value, app.words_at) if app.words_at else MISSING
        words = words_of(str(why)) if isinstance(why, str) and why else "no reason given"
        raise HttpClientError(
            f"{target} refused: {words}.",
            "Check the credential and what the node sends.",
            details={"status": 200, "url": str(target), "body": words},
        )


def _too_late(target: Target, count: int) -> RequestTimeout:
    return RequestTimeout(
        f"{target}: the step's time was over after {count} pages.",
        "Set a limit instead of Return all, or ask for less by the filters.",
        details={"url": str(target), "pages": count},
    )
