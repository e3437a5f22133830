"""Slack's Web API on loopback (docs.slack.dev/reference/methods): `ok: false` with status 200, cursors, uploads."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.web import Exchange, Web

BASE_URL = "https://slack.com/api"
TOKEN = "xoxb-1-secret"
SCOPES = "chat:write,channels:read"


class Refused(Exception):
    """What a method answers with `ok: false`, and the status and headers that it has."""

    def __init__(self, error: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.answer, self.status, self.headers = {"ok": False, "error": error, **more}, status, headers or {}


class Slack:
    """A workspace. `calls` has each method with its arguments; `refuses` is raised by the next calls of a method."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses: dict[str, list[Refused]] = {}
        self.channels = [{"id": f"C000000{n}", "name": f"room-{n}", "purpose": {"value": ""}} for n in range(5)]
        self.messages: list[dict[str, Any]] = []
        self.reactions: set[tuple[str, str]] = set()
        self.uploaded: dict[str, bytes] = {}
        web.otherwise = self.serve

    def named(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of a method's calls."""
        return [given for name, given in self.calls if name == method]

    def serve(self, exchange: Exchange) -> None:
        """Answer a request."""
        asked = exchange.asked
        url = urlsplit(asked.path)
        if url.path.startswith("/upload/"):
            assert "authorization" not in asked.headers
            self.uploaded[url.path.rpartition("/")[2]] = asked.body
            exchange.answer(200, b"OK - 3", content_type="text/plain")
            return
        if url.path.startswith("/files/"):
            signed_in = asked.headers.get("authorization") == f"Bearer {TOKEN}"
            kind = "application/pdf" if signed_in else "text/html"
            exchange.answer(200, b"%PDF" if signed_in else b"<html>", content_type=kind)
            return
        method = url.path.removeprefix("/api/")
        given = json.loads(asked.body) if asked.body else dict(parse_qsl(url.query))
        headers: dict[str, str] = {}
        try:
            if asked.headers.get("authorization") != f"Bearer {TOKEN}":
                raise Refused("invalid_auth")
            self.calls.append((method, given))
            if self.refuses.get(method):
                raise self.refuses[method].pop(0)
            act = getattr(self, "_" + method.replace(".", "_").lower(), None)
            if act is None:
                raise Refused("unknown_method", req_method=method)
            answer, status = {"ok": True, **act(given)}, 200
        except Refused as error:
            answer, status, headers = error.answer, error.status, error.headers
        exchange.answer(status, json.dumps(answer).encode(), content_type="application/json; charset=utf-8", **headers)

    def _channel(self, given: dict[str, Any]) -> str:
        wanted = str(given.get("channel", "")).lstrip("#")
        found = next((one for one in self.channels if wanted in (one["id"], one["name"])), None)
        if found is None and not wanted.startswith("U"):
            raise Refused("channel_not_found")
        return str(found["id"]) if found else "D0000001"

    def _page(self, given: dict[str, Any], name: str, items: list[Any]) -> dict[str, Any]:
        start, size = int(given.get("cursor") or 0), int(given.get("limit") or 100)
        after = str(start + size) if start + size < len(items) else ""
        return {name: items[start : start + size], "response_metadata": {"next_cursor": after}}

    def _chat_postmessage(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        if not (given.get("text") or given.get("blocks") or given.get("attachments")):
            raise Refused("no_text")
        for block in given.get("blocks", []):
            if "type" not in block:
                words = "[ERROR] missing required field: type [json-pointer:/blocks/0]"
                raise Refused("invalid_blocks", response_metadata={"messages": [words]})
        made = {"ts": f"{1503435956 + len(self.messages)}.000247", "text": given.get("text")}
        self.messages.append(made)
        return {"channel": channel, "ts": made["ts"], "message": made}

    _chat_schedulemessage = _chat_postmessage

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        found = next((one for one in self.messages if one["ts"] == given["ts"]), None)
        if found is None:
            raise Refused("message_not_found")
        found["text"] = given.get("text")
        return {"channel": self._channel(given), "ts": given["ts"], "text": given.get("text")}

    def _reactions_add(self, given: dict[str, Any]) -> dict[str, Any]:
        key = (given["timestamp"], given["name"])
        if key in self.reactions:
            raise Refused("already_reacted")
        self.reactions.add(key)
        return {}

    def _conversations_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._page(given, "channels", self.channels)

    def _conversations_members(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._page(given, "members", ["U1", "U2"])

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        self._channel(given)
        return self._page(given, "messages", self.messages)

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": "D0000001"}}

    def _conversations_create(self, given: dict[str, Any]) -> dict[str, Any]:
        if any(one["name"] == given["name"] for one in self.channels):
            raise Refused("name_taken")
        return {"channel": {"id": "C0000009", "name": given["name"], "is_private": given["is_private"]}}

    def _users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._page(given, "members", [{"id": "U1", "name": "ada", "real_name": "Ada Lovelace"}])

    def _users_lookupbyemail(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["email"] != "ada@example.com":
            raise Refused("users_not_found")
        return {"user": {"id": "U1", "name": "ada"}}

    def _files_getuploadurlexternal(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"upload_url": self.web.url("/upload/F1?secret=s3"), "file_id": "F1"}

    def _files_completeuploadexternal(self, given: dict[str, Any]) -> dict[str, Any]:
        if "channel_id" in given and not given["channel_id"].startswith(("C", "D")):
            raise Refused("invalid_arguments")
        return {"files": [{"id": one["id"], "title": one["title"]} for one in given["files"]]}

    def _files_info(self, given: dict[str, Any]) -> dict[str, Any]:
        url = self.web.url("/files/F1/invoice.pdf")
        told = {"id": given["file"], "name": "invoice.pdf", "mimetype": "application/pdf"}
        return {"file": {**told, "url_private_download": url}}
