"""Serves chats: the page, its script, and what the script asks for.

Behind a chat's address lie `~session` (lets a visitor in), `~talk` (the conversation), `~send`, `~turn/<id>` (how far
the answer is), `~stop/<id>`, `~live/<id>` (a ticket to hear when there is something new) and `~embed.js`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg

from functions.system.chat import embedding, pages
from functions.system.chat.access import Access, away
from functions.system.chat.talking import Talks
from functions.system.chat.targets import ChatTarget
from functions.system.chat.words import words_of
from stepweave.aws import AwsError
from stepweave.model.json_text import JsonInvalid
from stepweave.model.json_text import read as read_json
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks import probing
from stepweave_data.hooks.page_places import CHAT
from stepweave_data.hooks.page_targets import Targets, Unavailable
from stepweave_data.hooks.refusals import Refusal, counted
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.visitors import plain
from stepweave_data.telemetry import about

MARK: Final = "/~"
"""What parts a chat's path from what is asked of it; paths have no `~`."""
_MOST_JSON: Final = 10_000
_ALLOWED: Final = {"": "GET, HEAD", "embed.js": "GET, HEAD", "chat.js": "GET, HEAD", "talk": "GET", "turn": "GET"}
"""How what lies behind a chat's address is asked for; anything else is sent to it."""
Answer = dict[str, Any]
Action = Callable[[Request, ChatTarget, str], Answer]


@dataclass(frozen=True)
class Chats:
    """Serves requests. `secret` gives what test calls are signed with, `app` is the app's address."""

    targets: Targets
    access: Access
    talks: Talks
    secret: Callable[[], str]
    app: str = ""

    def serve(self, request: Request) -> Answer:
        """Return the answer to a request."""
        try:
            answer = self._served(request)
        except Refusal as refusal:
            answer = counted(refusal)
            if MARK not in request.path and request.method != "POST":
                answer = pages.refused(answer, plain(request.headers))  # for people
        return {**answer, "body": ""} if request.method == "HEAD" else answer

    def _served(self, request: Request) -> Answer:
        path, _, asked = request.path.partition(MARK)
        if probing.is_probe(request, CHAT.room, self.secret):
            target = self._target(request, path)
            start = target["start"]
            return probing.answer(start["workflow_id"], target["nodeId"], paused=target.get("paused", False))
        name, _, rest = asked.partition("/")
        method = "GET" if request.method == "HEAD" else request.method
        target = self._target(request, path)
        about(tenant_id=target["start"]["tenant_id"])
        action = self._actions().get((method, name))
        if action is None:
            words = "This is a chat's address: its page is shown by GET, and asks for the rest itself."
            raise Refusal(405, "wrong_method", "Method not allowed", words, {"allow": _ALLOWED.get(name, "POST")})
        if method == "POST":
            _check_origin(request)
        try:
            return action(request, target, rest)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise away("The chat cannot be looked up now.") from error
        except (NodeError, AwsError) as error:
            raise away("The chat could not be served.") from error

    def _actions(self) -> dict[tuple[str, str], Action]:
        return {
            ("GET", ""): self._page,
            ("GET", "embed.js"): lambda request, target, _: embedding.script(request, target),
            ("GET", "chat.js"): lambda request, _, __: pages.script(request),
            ("POST", "session"): self._session,
            ("GET", "talk"): self.talks.talk,
            ("POST", "send"): self.talks.send,
            ("GET", "turn"): self.talks.turn,
            ("POST", "stop"): self.talks.stop,
            ("POST", "live"): self.talks.live,
        }

    def _target(self, request: Request, path: str) -> ChatTarget:
        try:
            found = self.targets.of(request.slug, path)
        except Unavailable as error:
            raise away("The chat cannot be looked up now.") from error
        if found is None:
            raise Refusal(404, "unknown_chat", "Not found", "There is no published chat at this address.")
        return cast("ChatTarget", found)

    def _page(self, request: Request, target: ChatTarget, _: str) -> Answer:
        if target.get("paused"):
            words = words_of(target["look"]["language"])
            return pages.closed(target, words("closed"))
        return pages.chat(request, target, self.app)

    def _session(self, request: Request, target: ChatTarget, _: str) -> Answer:
        session = self.access.enter(request, target, _json(request))
        return pages.data({"token": session.token, "shown": pages.shown(target)})


def _json(request: Request) -> dict[str, Any]:
    """Return a small JSON object that was sent. Raises Refusal: 400, 415."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        # A page of another origin may send forms and plain text, and nothing else unasked (Fetch, CORS).
        raise Refusal(415, "not_json", "Not JSON", "Send JSON.")
    try:
        found = read_json(request.body[:_MOST_JSON])
    except JsonInvalid as error:
        raise Refusal(400, "invalid_json", "Not JSON", f"The body is {error}.") from None
    return found if isinstance(found, dict) else {}


def _check_origin(request: Request) -> None:
    """Raise Refusal (403) where a page of another origin sends: it has no session, and is to know why nothing works."""
    origin = request.headers.get("origin", "")
    own = request.headers.get("host", "")
    if origin and origin.partition("://")[2] != own:
        raise Refusal(403, "other_origin", "Other origin", "Only the chat's own page may send.")
