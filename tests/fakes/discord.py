"""Discord's API on loopback (docs.discord.com/developers/reference): webhooks, a bot, limits, and what it refuses."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.multipart import parts_of
from tests.fakes.web import Exchange, Web

BASE_URL = "https://discord.com/api/v10"
BOT = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.secret"
HOOK = "https://discord.com/api/webhooks/223704706495545344/3d89bb7572e0fb30d8128367b3b1b44f"
_HOOKED = "/webhooks/223704706495545344/3d89bb7572e0fb30d8128367b3b1b44f"
LONGEST = 2000


class Refused(Exception):
    """What is answered instead, and the headers that it has."""

    def __init__(self, status: int, body: dict[str, Any], **headers: str) -> None:
        super().__init__(str(body))
        self.status, self.body, self.headers = status, body, headers


class Discord:
    """A server with one channel. `calls` has method, path, query and body; `limited` waits are told first."""

    def __init__(self, web: Web) -> None:
        self.calls: list[tuple[str, str, dict[str, str], Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.nonces: dict[str, dict[str, Any]] = {}
        self.files: list[tuple[str, bytes]] = []
        self.limited: list[float] = []
        self.refuses: list[Refused] = []
        web.otherwise = self.serve

    def serve(self, exchange: Exchange) -> None:
        """Answer a request."""
        asked = exchange.asked
        url = urlsplit(asked.path)
        path = unquote(url.path).removeprefix("/api")
        try:
            if not asked.headers.get("user-agent", "").startswith("DiscordBot ("):
                raise Refused(403, {"message": "error code: 1010"})
            if not path.startswith(_HOOKED) and asked.headers.get("authorization") != f"Bot {BOT}":
                raise Refused(401, {"message": "401: Unauthorized", "code": 0})
            body = self._body(exchange)
            self.calls.append((asked.method, path, dict(parse_qsl(url.query)), body))
            if self.limited:
                wait = self.limited.pop(0)
                told = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
                raise Refused(429, told, retry_after=str(int(wait) + 1), x_ratelimit_bucket="abcd1234")
            if self.refuses:
                raise self.refuses.pop(0)
            answer = self._answer(asked.method, path, dict(parse_qsl(url.query)), body)
            status, headers = (204 if answer is None else 200), {}
        except Refused as error:
            answer, status, headers = error.body, error.status, error.headers
        content = b"" if answer is None else json.dumps(answer).encode()
        exchange.answer(status, content, content_type="application/json", **headers)

    def _body(self, exchange: Exchange) -> Any:
        if not exchange.asked.headers.get("content-type", "").startswith("multipart/"):
            return json.loads(exchange.asked.body) if exchange.asked.body else None
        parts = parts_of(exchange.asked)
        self.files += [(name, content) for name, file, _, content in parts if file]
        return json.loads(next(content for name, _, _, content in parts if name == "payload_json"))

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if path == "/users/@me/guilds":
            return [{"id": "197038439483310086", "name": "Builders"}]
        if path == "/users/@me/channels":
            return {"id": "319674150115610528"}
        if path.endswith("/channels") and method == "GET":
            return [{"id": "41771983423143937", "name": "builds", "topic": None}]
        if path.endswith("/members"):
            after = int(query.get("after") or 0)
            return [{"user": {"id": str(n)}} for n in range(after + 1, min(after + int(query["limit"]), 1500) + 1)]
        if "/reactions/" in path or "/roles/" in path or method == "DELETE":
            return None
        if path.endswith("/threads"):
            return {"id": "41771983423143938", "name": body["name"]}
        if path.endswith("/messages") and method == "GET":
            before = int(query.get("before") or 251)
            return [{"id": str(n)} for n in range(before - 1, max(before - 1 - int(query["limit"]), 0), -1)]
        if path in (_HOOKED, f"{_HOOKED}/messages/1") or re.fullmatch(r"/channels/\d+/messages(/\d+)?", path):
            return self._message(body)
        raise Refused(404, {"message": "404: Not Found", "code": 0})

    def _message(self, body: dict[str, Any]) -> dict[str, Any]:
        if len(body.get("content", "")) > LONGEST:
            wrong = {"content": {"_errors": [{"message": "Must be 2000 or fewer in length."}]}}
            raise Refused(400, {"message": "Invalid Form Body", "code": 50035, "errors": wrong})
        if not (body.get("content") or body.get("embeds") or self.files):
            raise Refused(400, {"message": "Cannot send an empty message", "code": 50006})
        known = self.nonces.get(body.get("nonce", ""))
        if known is not None and body.get("enforce_nonce"):
            return known
        made = {
            "id": str(len(self.messages) + 1),
            "channel_id": "41771983423143937",
            "content": body.get("content", ""),
        }
        self.messages.append(made)
        if "nonce" in body:
            self.nonces[body["nonce"]] = made
        return made
