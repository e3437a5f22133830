"""Gmail: a mailbox whose messages are given as they came, and are told as Gmail tells them."""

import base64
import email
import json
import re
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from itertools import count
from typing import Any

from tests.fakes.google.server import Answered, Asked, Google, Refused

SYSTEM = ("INBOX", "SENT", "DRAFT", "UNREAD", "STARRED", "TRASH", "SPAM")


@dataclass
class Kept:
    """A message of the mailbox."""

    id: str
    thread: str
    raw: bytes
    labels: list[str]
    date: int

    @property
    def parsed(self) -> "Message[Any, Any]":
        return email.message_from_bytes(self.raw)


@dataclass
class Gmail:
    """A mailbox of `me@example.com`."""

    google: Google
    messages: dict[str, Kept] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=lambda: {"Label_7": "Invoices/2024"})
    drafts: list[str] = field(default_factory=list)
    sessions: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, handler in (
            ("messages.send", self._send),
            ("messages.get", self._get),
            ("messages.list", self._list),
            ("messages.modify", lambda asked: self._changed(asked, asked.body)),
            ("messages.trash", lambda asked: self._changed(asked, {"addLabelIds": ["TRASH"]})),
            ("messages.untrash", lambda asked: self._changed(asked, {"removeLabelIds": ["TRASH"]})),
            ("messages.delete", self._delete),
            ("messages.attachments.get", self._attachment),
            ("drafts.create", self._send),
            ("labels.list", lambda asked: {"labels": self._labels()}),
            ("labels.create", self._label),
            ("threads.modify", self._thread),
            ("getProfile", lambda asked: {"emailAddress": "me@example.com"}),
        ):
            self.google.handlers[f"gmail.users.{name}"] = handler

    def comes(self, raw: str | bytes, *labels: str, id: str = "", thread: str = "", date: int = 0) -> Kept:
        """Have a message."""
        id = id or f"m{len(self.messages)}"
        content = raw.encode() if isinstance(raw, str) else raw
        self.messages[id] = Kept(
            id, thread or id, content, list(labels or ("INBOX", "UNREAD")), date or len(self.messages)
        )
        return self.messages[id]

    def sent(self) -> list["Message[Any, Any]"]:
        """What was sent, in order."""
        return [one.parsed for one in self.messages.values() if "SENT" in one.labels]

    def _of(self, asked: Asked) -> Kept:
        found = self.messages.get(asked.values.get("messageId") or asked["id"])
        if found is None:
            raise Refused(404, "Requested entity was not found.", "notFound")
        return found

    def _send(self, asked: Asked) -> Any:
        assert asked["userId"] == "me"
        told = asked.body if asked.method.endswith("send") else asked.body["message"]
        label = "SENT" if asked.method.endswith("send") else "DRAFT"
        if asked.values.get("uploadType") == "resumable":
            assert asked.exchange.asked.headers["x-upload-content-type"] == "message/rfc822"
            url = self.google.web.url(f"/upload-session/{len(self.sessions)}")
            self.sessions[url] = (label, told)
            self.google.web.routes[f"/upload-session/{len(self.sessions) - 1}"] = lambda exchange: exchange.answer(
                200, self._kept(exchange.asked.body, *self.sessions[url]), content_type="application/json"
            )
            asked.exchange.answer(200, b"", location=url)
            return Answered()
        raw = base64.urlsafe_b64decode(told["raw"])
        return json.loads(self._kept(raw, label, told))

    def _kept(self, raw: bytes, label: str, told: Any) -> bytes:
        parsed = email.message_from_bytes(raw)
        if not any(parsed.get(name) for name in ("to", "cc", "bcc")):
            raise Refused(400, "Recipient address required", "invalidArgument")
        thread = told.get("threadId", "")
        if thread and thread not in {one.thread for one in self.messages.values()}:
            raise Refused(404, "Requested entity was not found.", "notFound")
        made = self.comes(raw, label, thread=thread)
        answer = {"id": made.id, "threadId": made.thread, "labelIds": made.labels}
        return json.dumps(answer if label == "SENT" else {"id": f"r-{made.id}", "message": answer}).encode()

    def _delete(self, asked: Asked) -> None:
        del self.messages[self._of(asked).id]

    def _get(self, asked: Asked) -> Any:
        found, form = self._of(asked), asked.values.get("format", "full")
        headers = [{"name": name, "value": unfolded(value)} for name, value in found.parsed.items()]
        payload = {"headers": headers, "mimeType": found.parsed.get_content_type()}
        if form == "full":
            payload = payload_of(found.parsed)
        return {
            "id": found.id,
            "threadId": found.thread,
            "labelIds": found.labels,
            "internalDate": str(found.date),
            "snippet": "…",
            "payload": payload,
        }

    def _list(self, asked: Asked) -> Any:
        wanted = asked.values.get("labelIds", [])
        found = [
            one
            for one in sorted(self.messages.values(), key=lambda one: -one.date)
            if set(wanted) <= set(one.labels) and self._is_found(one, asked)
        ]
        size, start = int(asked.values.get("maxResults", 100)), int(asked.values.get("pageToken", 0))
        answer: dict[str, Any] = {"resultSizeEstimate": len(found)}
        if found[start : start + size]:
            answer["messages"] = [{"id": one.id, "threadId": one.thread} for one in found[start : start + size]]
        if start + size < len(found):
            answer["nextPageToken"] = str(start + size)
        return answer

    def _is_found(self, one: Kept, asked: Asked) -> bool:
        q = asked.values.get("q", "")
        if {"TRASH", "SPAM"} & set(one.labels) and not asked.values.get("includeSpamTrash"):
            return False
        if ("-in:sent" in q and "SENT" in one.labels) or ("-in:drafts" in q and "DRAFT" in one.labels):
            return False
        subject = re.search(r"subject:(\S+)", q)
        return subject is None or subject[1] in str(one.parsed.get("subject", ""))

    def _changed(self, asked: Asked, told: Any) -> Any:
        found = self._of(asked)
        return self._with_labels(found, told) and {"id": found.id, "threadId": found.thread, "labelIds": found.labels}

    def _thread(self, asked: Asked) -> Any:
        for one in self.messages.values():
            if one.thread == asked["id"]:
                self._with_labels(one, asked.body)
        return {"id": asked["id"], "historyId": "42"}

    def _with_labels(self, one: Kept, told: Any) -> bool:
        for id in (*told.get("addLabelIds", ()), *told.get("removeLabelIds", ())):
            if id not in SYSTEM and id not in self.labels:
                raise Refused(400, f"Invalid label: {id}", "invalidArgument")
        kept = [label for label in one.labels if label not in told.get("removeLabelIds", ())]
        one.labels = list(dict.fromkeys([*kept, *told.get("addLabelIds", ())]))
        return True

    def _labels(self) -> list[dict[str, str]]:
        own = [{"id": id, "name": name, "type": "user"} for id, name in self.labels.items()]
        return [*({"id": name, "name": name, "type": "system"} for name in SYSTEM), *own]

    def _label(self, asked: Asked) -> Any:
        if asked.body["name"] in self.labels.values():
            raise Refused(409, "Label name exists or conflicts", "aborted")
        self.labels[f"Label_{len(self.labels) + 7}"] = asked.body["name"]
        return {"id": f"Label_{len(self.labels) + 6}", "name": asked.body["name"]}

    def _attachment(self, asked: Asked) -> Any:
        found = self._of(asked)
        part = [one for one in found.parsed.walk() if not one.is_multipart()][int(asked["id"].removeprefix("A"))]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode().rstrip("=")}


def payload_of(whole: "Message[Any, Any]") -> dict[str, Any]:
    """Return a message's parts as Gmail tells them: texts within, files by an ID, which is their place."""
    places = count()

    def told(part: "Message[Any, Any]") -> dict[str, Any]:
        name = part.get_filename()
        made: dict[str, Any] = {
            "mimeType": part.get_content_type(),
            "filename": str(make_header(decode_header(name))) if name else "",
            "headers": [{"name": header, "value": unfolded(value)} for header, value in part.items()],
        }
        if part.is_multipart():
            inner: Any = part.get_payload()
            return made | {"body": {"size": 0}, "parts": [told(one) for one in inner]}
        place, content = next(places), part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if name:
            return made | {"body": {"size": len(content), "attachmentId": f"A{place}"}}
        data = base64.urlsafe_b64encode(content).decode().rstrip("=")
        return made | {"body": {"size": len(content), "data": data}}

    return told(whole)


def unfolded(value: Any) -> str:
    """Return a header as Gmail tells it: on one line, decoded."""
    return str(make_header(decode_header(re.sub(r"\r?\n[ \t]", " ", str(value)))))
