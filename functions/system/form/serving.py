"""Serves forms: the page at a form's address, which starts its workflow when it is sent, and the pages after it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
import redis

from functions.system.form import answers, pages, trying
from functions.system.form.refusing import refused
from functions.system.form.submissions import digest, item_of, prefilled, strange
from functions.system.form.targets import FormTarget
from functions.system.form.visits import Visits
from functions.system.form.words import Words, words_of
from stepweave.aws import AwsError
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import NodeError
from stepweave.runtime.form_links import ROOM, VISITS, new_token, path_of, submission_of
from stepweave.runtime.starting import StartFailed, execution_id_of
from stepweave.spec.forms.pages import PageEntry
from stepweave_data.hooks import bodies, probing
from stepweave_data.hooks.bodies import Content
from stepweave_data.hooks.limits import is_too_often
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.page_targets import Targets, Unavailable
from stepweave_data.hooks.refusals import Refusal, count_as, counted
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.starting import Starter
from stepweave_data.hooks.tries import Tries
from stepweave_data.hooks.visitors import plain
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about

MOST_BYTES: Final = 42 * 1024 * 1024 // 10
"""Of a page that is sent: in base64 it fits Lambda's request of 6 MB (AWS Lambda quotas)."""
LOOKS: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Forms:
    """Serves requests. `secret` gives what addresses and pages are signed with."""

    targets: Targets
    starter: Starter
    visits: Visits
    redis: redis.Redis
    tries: Tries
    secret: Callable[[], str]

    def serve(self, request: Request) -> dict[str, Any]:
        """Return the answer to a request."""
        try:
            answer = self._served(request)
        except Refusal as refusal:
            # A form or a visit that is none, or a body that is no form: for people, as a page.
            answer = refused(counted(refusal), plain(request.headers))
        return {**answer, "body": ""} if request.method == "HEAD" else answer

    def _served(self, request: Request) -> dict[str, Any]:
        if request.method not in (*LOOKS, "POST"):
            if request.slug != VISITS:
                about(tenant_id=self._target(request)["start"]["tenant_id"])  # it is refused at this form's door
            words = "This address shows a form (GET) and takes its answers (POST)."
            raise Refusal(405, "wrong_method", "Method not allowed", words, {"allow": "GET, HEAD, POST"})
        if probing.is_probe(request, ROOM, self.secret):
            target = self._target(request)
            start = target["start"]
            return probing.answer(start["workflow_id"], target["nodeId"], paused=target.get("paused", False))
        if request.slug == VISITS:
            return _read(
                request, lambda: self.visits.look(request), lambda content: self.visits.serve(request, content)
            )
        target = self._target(request)
        about(tenant_id=target["start"]["tenant_id"])
        return _read(request, lambda: target["look"], lambda content: self._shown(request, target, content))

    def _shown(self, request: Request, target: FormTarget, content: Content | None) -> dict[str, Any]:
        words = words_of(target["look"]["language"])
        if target.get("paused"):
            again = {"retry-after": "300"}
            return pages.message(words("closed"), words("closedNow"), target["look"], 503, headers=again)
        if content is None:
            return self._page(target, prefilled(target["page"]["fields"], request.raw_query))
        return self._sent(request, target, content, words)

    def _target(self, request: Request) -> FormTarget:
        if trying.is_test(request):
            return trying.listening(request, self.tries)
        try:
            found = self.targets.of(request.slug, request.path)
        except Unavailable as error:
            words = "The form cannot be looked up now. Try again in a moment."
            raise Refusal(503, "not_available", "Not available", words, {"retry-after": "5"}) from error
        if found is None:
            raise Refusal(404, "unknown_form", "Not found", "There is no published form at this address.")
        return cast("FormTarget", found)

    def _page(
        self,
        target: FormTarget,
        given: dict[int, list[str]],
        lost: dict[int, str] | None = None,
        said: str = "",
        status: int = 200,
    ) -> dict[str, Any]:
        own = {"~token": new_token(self.secret(), identity(target))}
        return pages.form(target["page"], target["look"], own, given, lost, said, status, note=_note(target))

    def _sent(self, request: Request, target: FormTarget, content: Content, words: Words) -> dict[str, Any]:
        start = target["start"]
        form = f"{start['workflow_id']} {target['nodeId']}"
        if is_too_often(self.redis, "form", f"{form}\n{request.caller}", target["perMinute"]):
            again = {"retry-after": "60"}
            count_as("too_often")
            return pages.message(words("tooOften"), words("tooOftenNow"), target["look"], 429, headers=again)
        token = answers.own(content, "~token")
        submission = submission_of(self.secret(), identity(target), token)
        found = answers.read(target["page"], content, words)
        if submission is None:
            # Under the places of another page: the visitor sees where each lies now, but for what is hidden.
            given = {**found.given, **_hidden(target["page"]["fields"], request.raw_query)}
            return self._page(target, given, found.lost, words("changedMeanwhile"), 409)
        if not found.fine or answers.filled_in(content, words):
            page, look, own = target["page"], target["look"], {"~token": token}
            said = answers.filled_in(content, words) or strange(found, words)
            return pages.form(page, look, own, found.given, found.marked, said, 422, note=_note(target))
        if "listenId" in target:
            return trying.heard(target, request.slug, found, self.starter.claims, self.tries)
        execution_id = execution_id_of("form", form, submission, digest(found))
        about(execution_id=execution_id)
        try:
            key = f"{start['tenant_id']}/{execution_id}/{target['nodeId']}/1-"
            item = item_of(found, key, self.starter.store_file)
            self.starter(start, target["nodeId"], item, execution_id, target.get("mode", "live"))
        except NoRoom as error:
            told = self._page(target, found.given, found.lost, words("notTakenNow"), 429)
            return {**told, "headers": {**told["headers"], **error.headers}}
        except (NodeError, AwsError, StartFailed, psycopg.OperationalError, psycopg.InterfaceError):
            return self._page(target, found.given, found.lost, words("notTakenNow"), 503)
        return pages.elsewhere(path_of(self.secret(), execution_id), target["look"])


def _read(
    request: Request, look: Callable[[], Look], serve: Callable[[Content | None], dict[str, Any]]
) -> dict[str, Any]:
    """Serve with what was sent, None where the visitor only looks.

    What cannot be read is told on a page that looks as the form does: in its language, and where it is framed.
    """
    if request.method == "POST" and len(request.body) > MOST_BYTES:
        shown = look()
        words = words_of(shown["language"])
        size, most = size_text(len(request.body)), size_text(MOST_BYTES)
        count_as("too_large")
        return pages.message(words("tooLarge"), words("tooLargeNow", size=size, most=most), shown, 413)
    try:
        content = _content(request)
    except Refusal as refusal:
        return refused(counted(refusal), look())
    return serve(content)


def _content(request: Request) -> Content | None:
    """Return what was sent; None where nothing is. Raises Refusal: 400 or 415."""
    if request.method != "POST":
        return None
    kind = bodies.content_type(request.headers)[0]
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        words = "Answers are sent as a form (multipart/form-data or application/x-www-form-urlencoded)."
        raise Refusal(415, "not_a_form", "Not a form", words)
    return bodies.read(request.body, request.headers, json_required=False, most_bytes=MOST_BYTES)


def _note(target: FormTarget) -> str:
    return words_of(target["look"]["language"])("isTest") if "listenId" in target else ""


def identity(target: FormTarget) -> str:
    """Return what tells a page from others: answers to another one are under other places."""
    shown = hashlib.sha256(json.dumps(target["page"], sort_keys=True).encode()).hexdigest()
    return f"{target['start']['workflow_id']} {target['nodeId']} {shown}"


def _hidden(fields: Sequence[PageEntry], raw_query: str) -> dict[int, list[str]]:
    """Return what hidden fields have at first, by their places."""
    first = prefilled(fields, raw_query)
    return {index: first.get(index, []) for index, entry in enumerate(fields) if entry["type"] == "hidden"}
