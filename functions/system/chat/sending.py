"""Reads a message that a visitor sent, checks it against what the chat takes, and makes the item of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.system.chat.targets import ChatTarget, Files
from functions.system.chat.words import Words
from stepweave.model.items import Item
from stepweave_data.hooks import bodies
from stepweave_data.hooks.file_kinds import is_of
from stepweave_data.hooks.forms import File
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request

MOST_BYTES: Final = 42 * 1024 * 1024 // 10
"""Of a message: in base64 it fits Lambda's request of 6 MB (AWS Lambda quotas)."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FILE: Final = "file"


@dataclass(frozen=True)
class Given:
    """A message as it was sent. `id` is the browser's, the same each time it sends the message."""

    id: str
    text: str
    files: list[File]

    @property
    def told(self) -> list[dict[str, Any]]:
        """What is known of its files."""
        return [{"fileName": one.file_name, "mimeType": one.mime_type, "size": len(one.content)} for one in self.files]

    def item(self, session_id: str, key: str, store: bodies.Store) -> Item:
        """Return what the workflow starts with; files get keys that begin with `key`. Raises StorageUnavailable."""
        made: Item = {
            "json": {
                "sessionId": session_id,
                "chatInput": self.text,
                "action": "sendMessage",
                "messageId": self.id,
                "files": self.told,
            }
        }
        if self.files:
            made["binary"] = bodies.stored(self.files, lambda index: f"{key}file-{index}", store)
        return made


def read(request: Request, target: ChatTarget, words: Words) -> Given:
    """Return the message of a request.

    Raises:
        Refusal: 413, 422; 400 and 415 where the body is none.
    """
    if len(request.body) > MOST_BYTES:
        raise Refusal(413, "too_large", "Too large", words("tooLarge"))
    kind = bodies.content_type(request.headers)[0]
    if kind != "multipart/form-data":
        words_ = "A message is sent as multipart/form-data: messageId, text, and files under file."
        raise Refusal(415, "not_a_form", "Not a form", words_)
    content = bodies.read(request.body, request.headers, json_required=False, most_bytes=MOST_BYTES)
    fields: Mapping[str, Any] = content.value if isinstance(content.value, dict) else {}
    id, text = fields.get("messageId", ""), fields.get("text", "")
    if not isinstance(id, str) or not _ID.fullmatch(id) or not isinstance(text, str):
        raise _unfit("bad_message", words("badMessage"))
    text = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    most = target["mostCharacters"]
    if len(text) > most:
        raise _unfit("too_long", words("tooLong", count=len(text), most=most))
    files = [File(_FILE, one.content, one.mime_type, one.file_name) for one in content.files]
    _check(files, target["files"], words)
    if not text and not files:
        raise _unfit("empty", words("nothing"))
    return Given(id, text, files)


def _check(files: list[File], taken: Files | None, words: Words) -> None:
    if not files:
        return
    if taken is None:
        raise _unfit("no_files", words("noFiles"))
    if len(files) > taken["most"]:
        raise _unfit("too_many_files", words("tooManyFiles", most=taken["most"]))
    for one in files:
        if not one.content:
            raise _unfit("empty_file", words("emptyFile", name=one.file_name))
        if taken["accept"] and not any(is_of(kind, one.file_name, one.mime_type) for kind in taken["accept"]):
            raise _unfit("file_kind", words("fileKinds", name=one.file_name, kinds=", ".join(taken["accept"])))


def _unfit(code: str, detail: str) -> Refusal:
    return Refusal(422, code, "Not taken", detail)
