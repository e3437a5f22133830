"""One request of an operation, and those for its further pages: sent with the app's headers and credential."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from stepweave.model.items import BinaryRef
from stepweave.model.numbers import scalar_text
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import DataMissing, NodeError, ParameterInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.http.bodies import FormField, FormFile, Stream, file_body, mime_type_of, multipart_body
from stepweave.runtime.http.client import send
from stepweave.runtime.http.filling import body_of, pairs_of, path_of
from stepweave.runtime.http.headers import header
from stepweave.runtime.http.paging import Page, Pages, body_pages, items_at
from stepweave.runtime.http.reading import Arrived, StoreFile
from stepweave.runtime.http.refusals import seconds_until, words_of
from stepweave.runtime.http.request import Headers, Request, authenticated, json_body, secret_among
from stepweave.runtime.http.told import refusal_of, told
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, RequestTimeout
from stepweave.spec.fieldpaths import MISSING, field_at
from stepweave.spec.operation_files import SentFile
from stepweave.spec.operations import PLACE, App, BodyCursor, Paging, RequestSpec

_MOST_WAITS: Final = 5
"""For one request, in the step itself; then the node's retries are asked."""


def _no_file(name: str, value: Any) -> StoredFile:
    raise DataMissing("There are no files here.", "Send none.")


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
        open_file: returns the file that a parameter names, by the parameter's name and its value.
    """

    app: App
    base_url: str
    authenticate: Callable[[str], Authentication]
    request: RequestSpec
    values: Mapping[str, Any]
    ends: float
    open_file: Callable[[str, Any], StoredFile] = _no_file

    @property
    def authentication(self) -> Authentication:
        """How the credential goes with a request now."""
        return self.authenticate("")

    def answer(self) -> Answer:
        """Send it, and return what comes. Raises what `HTTP_ERRORS` names, ParameterInvalid, CredentialNotForHost."""
        return self._sent(self._target({}))

    def file(self, most_mb: int, store_file: StoreFile, file_name: str = "") -> BinaryRef:
        """Store what is answered as a file. Raises as `answer` does, and StorageUnavailable."""
        with self._accepted(self._target({})) as arrived:
            _, ref = arrived.file(most_mb, partial(_named, store_file, file_name))
            return ref

    def transfer(self, url: str, file: SentFile) -> Any:
        """Send a file to a URL of the provider's, without the credential, and return the answer's JSON or text."""
        headers = Headers({"user-agent": ["Stepweave/1"], "content-type": [mime_type_of(file)]})
        request = Request(self.request.method, target_of(url), headers, file_body(file))
        deadline = self.ends
        response, came_from = send(request, deadline=deadline, follow_redirects=False)
        with Arrived(response, came_from, deadline, request.method) as arrived:
            if arrived.status >= 300:
                raise self._refusal(arrived)
            return arrived.text(arrived.content(self.app.most_mb)) if arrived.has_body else None

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
        size = paging.size if most is None else min(paging.size, most)
        if isinstance(paging, BodyCursor):
            yield from body_pages(paging, items, partial(self._in_time, size))
            return
        pages = Pages(paging, size)
        target: Target | None = self._target(pages.first())
        count = 0
        while target is not None:
            if count and time.monotonic() >= self.ends:
                raise _too_late(target, count)
            answer = self._sent(target)
            found = items_at(answer.body, items)
            count += 1
            yield found
            target = pages.after(Page(answer.target, answer.headers, answer.body, len(found), found), self._target)

    def _in_time(self, size: int, cursor: str, count: int) -> Page:
        """Return the page at a cursor of the body, `count` pages behind the first."""
        if count and time.monotonic() >= self.ends:
            raise _too_late(self._target({}), count)
        answer = replace(self, values={**self.values, "cursor": cursor, "size": size}).answer()
        return Page(answer.target, answer.headers, answer.body, 0)

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
        after = pages.after(Page(answer.target, answer.headers, answer.body, len(found), found), self._target)
        return found, pages.kept(after)

    def _target(self, more: Mapping[str, str]) -> Target:
        query = [(name, text) for name, text in pairs_of(self.request.query, self.values) if name not in more]
        whole = PLACE.fullmatch(self.request.path)
        url = str(self.values.get(whole[1])) if whole else self.base_url + path_of(self.request.path, self.values)
        return target_of(url, [*query, *more.items()])

    def _sent(self, target: Target) -> Answer:
        with self._accepted(target) as arrived:
            value = arrived.json(arrived.content(self.app.most_mb)) if arrived.has_body else None
            self._check(value, arrived.target)
            return Answer(target, arrived.headers, value)

    @contextmanager
    def _accepted(self, target: Target) -> Iterator[Arrived]:
        """Send a request; once more with a renewed token where the server refuses the one that it has."""
        request = self._made(target)
        waits = 0
        while True:
            arrived, token = self._arrived(request, "")
            if arrived.status == 401 and token:
                with arrived:
                    pass
                arrived, _ = self._arrived(request, token)
            with arrived:
                if arrived.status < 400:
                    yield arrived
                    return
                error = self._refusal(arrived)
            waits += 1
            if waits > _MOST_WAITS or not self._waited(error):
                raise error

    def _waited(self, error: NodeError) -> bool:
        """Wait as long as a provider wants that was asked too much, and return whether it may be asked again.

        Nothing was done of a request that is refused so, whatever its method.
        """
        wait = error.retry_after if isinstance(error, HttpRateLimited) else None
        if wait is None or wait > self.app.wait_seconds or time.monotonic() + wait >= self.ends:
            return False
        time.sleep(wait)
        return True

    def _arrived(self, request: Request, refused: str) -> tuple[Arrived, str]:
        """Return the answer to a request, unread, and the name of the token that went with it."""
        authentication = self.authenticate(refused)
        whole = authenticated(request, authentication, "params.credential")
        authentication.paced(self.ends)
        # A file takes as long as it takes, an answer to anything else does not.
        large = isinstance(request.body, Stream)
        deadline = self.ends if large else min(time.monotonic() + self.app.timeout_seconds, self.ends)
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

    def _body(self, headers: Headers) -> bytes | Stream | None:
        body = self.request.body
        if files := list(self._files()):
            stream, boundary = multipart_body([*self._fields(), *files])
            headers["content-type"] = [f"multipart/form-data; boundary={boundary}"]
            return stream
        if body is None:
            return None
        if self.request.form:
            headers["content-type"] = ["application/x-www-form-urlencoded"]
            return urlencode(pairs_of(tuple(body.items()), self.values)).encode()
        headers["content-type"] = ["application/json"]
        filled = body_of(body, self.values)
        return json_body(json.dumps(filled) if isinstance(filled, str) else filled, "params")

    def _fields(self) -> Iterator[FormField]:
        for name, template in self.request.body.items():
            for value in body_of([template], self.values):
                if value is not None:
                    plain = isinstance(value, str | bool | int | float)
                    yield FormField(name, scalar_text(value) if plain else json.dumps(value))

    def _files(self) -> Iterator[FormFile]:
        for name, template in self.request.files:
            place = PLACE.fullmatch(template)
            parameter = place[1] if place else name
            given = self.values.get(parameter)
            for value in given if isinstance(given, list) else [given]:
                if value is not None and value != "":
                    yield FormFile(name, self.open_file(parameter, value))

    def _refusal(self, arrived: Arrived) -> NodeError:
        """Return the error of an answer; one that means "too much at a time" is such, whatever its status."""
        if self.app.refusal is not None:
            return refusal_of(arrived, self.app.refusal)
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
        if not isinstance(value, Mapping):
            return
        errors = field_at(value, app.errors_at) if app.errors_at else None
        is_wrong = bool(app.fine_when) and field_at(value, app.fine_when) is False
        if not is_wrong and not (isinstance(errors, list) and errors):
            return
        error = told(app.refusal, 200, value, target) if app.refusal else None
        if error is not None:
            raise error
        why = field_at(value, app.words_at) if app.words_at else MISSING
        words = words_of(str(why)) if isinstance(why, str) and why else "no reason given"
        raise HttpClientError(
            f"{target} refused: {words}.",
            "Check the credential and what the node sends.",
            details={"status": 200, "url": str(target), "body": words},
        )


def _named(store_file: StoreFile, name: str, file: Any, **more: Any) -> BinaryRef:
    """Store a file under a name of ours, where there is one."""
    return store_file(file, **(more | ({"file_name": name} if name else {})))


def _too_late(target: Target, count: int) -> RequestTimeout:
    return RequestTimeout(
        f"{target}: the step's time was over after {count} pages.",
        "Set a limit instead of Return all, or ask for less by the filters.",
        details={"url": str(target), "pages": count},
    )
