"""Telegram's Bot API on loopback (core.telegram.org/bots/api): messages, files, a webhook, and what it refuses."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.multipart import parts_of
from tests.fakes.web import Exchange, Web

BASE_URL = "https://api.telegram.org"
TOKEN = "123456:AAsecret-token_x"
CHAT = 42


def units(text: str) -> int:
    """Return a text's length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


class Refused(Exception):
    """What the API answers with `ok: false`."""

    def __init__(self, description: str, code: int = 400, **parameters: Any) -> None:
        super().__init__(description)
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


class Telegram:
    """A bot's side. `calls` has each method with its arguments, `sent` the messages, `files` what can be fetched.

    `refuses` is raised by the next calls of a method, one each; `hook` is what `setWebhook` was told.
    """

    def __init__(self, web: Web, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.refuses: dict[str, list[Refused]] = {}
        self.hook: dict[str, Any] = {"url": ""}
        self.updates: list[str] | None = None
        web.otherwise = self.serve

    def serve(self, exchange: Exchange) -> None:
        """Answer a request."""
        path = unquote(exchange.asked.path.partition("?")[0])
        if path.startswith(f"/file/bot{self.token}/"):
            self._file(exchange, path.removeprefix(f"/file/bot{self.token}/"))
            return
        whose, _, method = path.removeprefix("/").partition("/")
        try:
            if whose != f"bot{self.token}":
                raise Refused("Unauthorized", 401)
            given = arguments(exchange)
            self.calls.append((method, given))
            if self.refuses.get(method):
                raise self.refuses[method].pop(0)
            act = getattr(self, "_" + re.sub("([A-Z])", r"_\1", method).lower(), None)
            if act is None:
                raise Refused("Not Found", 404)
            answer: dict[str, Any] = {"ok": True, "result": act(given)}
        except Refused as error:
            answer = error.answer
        exchange.answer(answer.get("error_code", 200), json.dumps(answer).encode(), content_type="application/json")

    def _file(self, exchange: Exchange, path: str) -> None:
        found = next((content for name, content in self.files.values() if name == path), None)
        exchange.answer(404 if found is None else 200, found or b"", content_type="application/octet-stream")

    def _chat(self, given: dict[str, Any]) -> int:
        if given.get("chat_id") not in (CHAT, str(CHAT), "@orders"):
            raise Refused("Bad Request: chat not found")
        return CHAT

    def _message(self, given: dict[str, Any], **content: Any) -> dict[str, Any]:
        made = {"message_id": len(self.sent) + 1, "chat": {"id": self._chat(given)}, **content}
        self.sent.append(made)
        return made

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        text = checked(given.get("text", ""), given.get("entities", []), 4096, "message is too long")
        return self._message(given, text=text)

    def _media(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        checked(given.get("caption", "-"), given.get("caption_entities", []), 1024, "message caption is too long")
        if kind not in given:
            raise Refused(f"Bad Request: there is no {kind} in the request")
        return self._message(given, **{kind: {"file_id": "AgACAgIAAxkBAAIB"}})

    def _send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "photo")

    def _send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "document")

    def _send_audio(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "audio")

    def _send_location(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._message(given, location={"latitude": given["latitude"]})

    def _send_media_group(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        entries = given["media"]
        for entry in entries:
            if entry["media"].startswith("attach://") and entry["media"][9:] not in given:
                raise Refused("Bad Request: wrong file identifier/HTTP URL specified")
        return [self._message(given, media_group_id="1") for _ in entries]

    def _edit_message_text(self, given: dict[str, Any]) -> dict[str, Any]:
        found = next((one for one in self.sent if one["message_id"] == given["message_id"]), None)
        if found is None:
            raise Refused("Bad Request: message to edit not found")
        if found["text"] == given["text"]:
            raise Refused("Bad Request: message is not modified: specified new message content is the same")
        found["text"] = given["text"]
        return found

    def _delete_message(self, given: dict[str, Any]) -> bool:
        if not any(one["message_id"] == given["message_id"] for one in self.sent):
            raise Refused("Bad Request: message to delete not found")
        return True

    def _answer_callback_query(self, given: dict[str, Any]) -> bool:
        return True

    def _get_chat(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"id": self._chat(given), "type": "private"}

    def _get_chat_administrators(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {"status": "creator", "user": {"id": self._chat(given)}},
            {"status": "administrator", "user": {"id": 7}},
        ]

    def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["file_id"] not in self.files:
            raise Refused("Bad Request: invalid file_id")
        path, content = self.files[given["file_id"]]
        if len(content) > 20 * 1024 * 1024:
            raise Refused("Bad Request: file is too big")
        return {"file_id": given["file_id"], "file_size": len(content), "file_path": path}

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        if not given["url"].startswith("https://"):
            raise Refused("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.updates = given.get("allowed_updates", self.updates)
        self.hook = given
        return True

    def _delete_webhook(self, given: dict[str, Any]) -> bool:
        self.hook = {"url": ""}
        return True

    def _get_webhook_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.hook["url"], "allowed_updates": self.updates or []}


def checked(text: str, entities: list[dict[str, Any]], most: int, words: str) -> str:
    """Refuse what the API refuses of a text. Raises Refused."""
    if not text.strip():
        raise Refused("Bad Request: message text is empty")
    if units(text) > most:
        raise Refused(f"Bad Request: {words}")
    for one in entities:
        if one["offset"] < 0 or one["length"] <= 0 or one["offset"] + one["length"] > units(text):
            raise Refused("Bad Request: entity beyond the end of the text")
    return text


def arguments(exchange: Exchange) -> dict[str, Any]:
    """Return the arguments of a call: JSON, or a form with files, whose contents stand for them."""
    asked = exchange.asked
    kind = asked.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        return {name: content if file else _value(content.decode()) for name, file, _, content in parts_of(asked)}
    given: dict[str, Any] = json.loads(asked.body) if asked.body else dict(parse_qsl(asked.path.partition("?")[2]))
    return given


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
