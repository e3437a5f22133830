"""Microsoft Graph on loopback, as learn.microsoft.com/graph documents it: a mailbox, workbooks and teams, in memory."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.web import Exchange, Web

BASE_URL = "https://graph.microsoft.com/v1.0"
TOKEN = "eyJ.secret"

Handle = Callable[[str, list[str], dict[str, str], Any, dict[str, str]], Any]


class Refused(Exception):
    """A refusal."""

    def __init__(self, status: int, code: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words, self.headers = status, code, words, headers

    @property
    def body(self) -> dict[str, Any]:
        """As Graph writes it."""
        inner = {"date": "2026-11-30T09:00:00", "request-id": "r1", "client-request-id": "r1"}
        return {"error": {"code": self.code, "message": self.words, "innerError": inner}}


class Graph:
    """Answers requests, also several in one (`$batch`). `refuses` makes the next ones fail."""

    def __init__(self, web: Web, before: str = "") -> None:
        self.web, self.before = web, before
        self.asked: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.refuses: list[Refused] = []
        self.loses: set[str] = set()
        """IDs of requests within a batch that get no answer."""
        self.handlers: dict[str, Handle] = {}
        """By the part of a path that says what is asked for."""
        self.uploads: dict[str, bytes] = {}
        self.page = 100
        web.otherwise = self.answer

    def answer(self, exchange: Exchange) -> None:
        """Answer a request."""
        path = exchange.asked.path.removeprefix(self.before)
        if path.startswith("/upload/"):
            self._uploaded(exchange, path.removeprefix("/upload/"))
            return
        body: Any = json.loads(exchange.asked.body) if exchange.asked.body else None
        self.asked.append((exchange.asked.method, unquote(path.partition("?")[0]), body))
        self.headers.append(exchange.asked.headers)
        if exchange.asked.headers.get("authorization") != f"Bearer {TOKEN}":
            refused = Refused(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
            give(exchange, refused.body, 401)
            return
        try:
            if path == "/$batch":
                give(exchange, {"responses": self._batch(body["requests"])})
                return
            found = self.done(exchange.asked.method, path, body, exchange.asked.headers)
        except Refused as refused:
            headers = {"retry_after": refused.headers["retry_after"]} if refused.headers else {}
            give(exchange, refused.body, refused.status, **headers)
            return
        if isinstance(found, bytes):
            exchange.answer(200, found, content_type="application/octet-stream")
        elif found is None:
            exchange.answer(204)
        else:
            give(exchange, found)

    def done(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        """Return what one request gives. Raises Refused."""
        if self.refuses:
            raise self.refuses.pop(0)
        url = urlsplit(path)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        for name, handle in self.handlers.items():
            if name in parts:
                return handle(method, parts, query, body, headers)
        raise Refused(404, "itemNotFound", f"The resource {url.path} could not be found.")

    def listed(self, found: list[Any], query: dict[str, str], path: str) -> dict[str, Any]:
        """Return a page of a list, with the next one's address."""
        start, size = int(query.get("$skip", 0)), min(int(query.get("$top", 10)), self.page)
        more = start + size < len(found)
        rest = "&".join(f"{name}={value}" for name, value in {**query, "$skip": str(start + size)}.items())
        link = {"@odata.nextLink": self.web.url(f"{self.before}/{path}?{rest}")} if more else {}
        return {"value": found[start : start + size], **link}

    def session(self, id: str) -> dict[str, Any]:
        """Return where a file is uploaded."""
        self.uploads[id] = b""
        return {"uploadUrl": self.web.url(f"{self.before}/upload/{id}"), "nextExpectedRanges": ["0-"]}

    def _uploaded(self, exchange: Exchange, id: str) -> None:
        """Take a part of a file: without a credential, in order, and below 4 MB."""
        told, body = exchange.asked.headers.get("content-range", ""), exchange.asked.body
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", told)
        start, end, size = (int(one) for one in found.groups()) if found else (-1, -1, -1)
        fits = start == len(self.uploads[id]) and end - start + 1 == len(body) and len(body) < 4 * 1024 * 1024
        if "authorization" in exchange.asked.headers or not fits:
            give(exchange, Refused(400, "InvalidContentRange", "Invalid range").body, 400)
            return
        self.uploads[id] += body
        done = len(self.uploads[id]) == size
        give(exchange, {} if done else {"nextExpectedRanges": [f"{end + 1}-"]}, 201 if done else 200)

    def _batch(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answer several requests, the last first: no order is promised."""
        if len(requests) > 20:
            raise Refused(400, "BadRequest", "Batch request limit exceeded. Max limit is 20.")
        answers = []
        for one in requests[::-1]:
            if one["id"] in self.loses:
                continue
            headers = {name.lower(): value for name, value in one.get("headers", {}).items()}
            self.asked.append((f"batch {one['method']}", unquote(one["url"]), one.get("body")))
            try:
                body = self.done(one["method"], one["url"], one.get("body"), headers)
                answers.append({"id": one["id"], "status": 200 if body is not None else 204, "body": body})
            except Refused as refused:
                told = {name.replace("_", "-").title(): value for name, value in refused.headers.items()}
                answers.append({"id": one["id"], "status": refused.status, "headers": told, "body": refused.body})
        return answers


class Mailbox:
    """Messages, folders, events and contacts of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.messages: dict[str, dict[str, Any]] = {}
        self.sent: list[dict[str, Any]] = []
        self.attached: dict[str, list[dict[str, Any]]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        for name in ("sendMail", "messages", "mailFolders", "events", "calendars", "calendarView", "contacts"):
            graph.handlers[name] = getattr(self, f"_{name.lower()}")
        graph.handlers = {name: graph.handlers[name] for name in ("sendMail", "messages", *graph.handlers)}

    def add(self, **fields: Any) -> str:
        """Have a message. Returns its ID."""
        id = f"AAMk{len(self.messages) + 1}="
        self.messages[id] = {"id": id, "subject": "", "isRead": False, **fields}
        return id

    def _sendmail(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        self.sent.append(body["message"])

    def _messages(self, method: str, parts: list[str], query: dict[str, str], body: Any, headers: Any) -> Any:
        after = parts[parts.index("messages") + 1 :]
        match method, after:
            case "GET", []:
                _fit(query)
                return self.graph.listed(list(self.messages.values()), query, "/".join(parts))
            case "POST", []:
                return self.messages[self.add(isDraft=True, **body)]
            case "GET", [id]:
                return self._one(id)
            case "PATCH", [id]:
                self._one(id).update(body)
                return self._one(id)
            case "DELETE", [id]:
                self._one(id)
                del self.messages[id]
                return None
        return self._done(method, after, body)

    def _done(self, method: str, after: list[str], body: Any) -> Any:
        id = after[0]
        message = self._one(id)
        match method, after[1:]:
            case "POST", ["move"]:
                return {**message, "parentFolderId": body["destinationId"]}
            case "POST", ["send"]:
                self.sent.append({**message, "files": self.attached.get(id, [])})
                return None
            case "POST", ["forward"]:
                self.sent.append({**message, **body})
                return None
            case "POST", ["createReply" | "createReplyAll" as how]:
                return self.messages[self.add(subject=f"RE: {message['subject']}", comment=body["comment"], how=how)]
            case "POST", ["attachments"]:
                self.attached.setdefault(id, []).append(body)
                return body
            case "POST", ["attachments", "createUploadSession"]:
                return self.graph.session(f"{id}{body['AttachmentItem']['name']}")
            case "GET", ["attachments"]:
                return {"value": self.attached.get(id, [])}
            case "GET", ["attachments", file, "$value"]:
                return next(one["bytes"].encode() for one in self.attached[id] if one["id"] == file)
        raise Refused(405, "BadRequest", "Method not allowed")

    def _one(self, id: str) -> dict[str, Any]:
        if id not in self.messages:
            raise Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return self.messages[id]

    def _mailfolders(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        if method == "POST":
            return {"id": "AAMkF", **body}
        return {"value": [{"id": "AAMkI", "displayName": "Inbox"}]}

    def _calendars(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        return {"value": [{"id": "AAMkK", "name": "Calendar", "owner": {"address": "ada@example.com"}}]}

    def _events(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        if method != "POST":
            return {"value": list(self.events.values())}
        there = [one for one in self.events.values() if one["transactionId"] == body["transactionId"]]
        event = there[0] if there else {"id": f"AAMkE{len(self.events)}", **body}
        self.events[event["id"]] = event
        return event

    def _calendarview(self, method: str, parts: list[str], query: dict[str, str], body: Any, headers: Any) -> Any:
        return {"value": [{"asked": query}]}

    def _contacts(self, method: str, parts: list[str], query: dict[str, str], body: Any, headers: Any) -> Any:
        return {"id": "AAMkC", **body} if method == "POST" else {"value": [{"asked": query}]}


def _fit(query: dict[str, str]) -> None:
    """Refuse what Exchange refuses in a list of messages."""
    asked, order = query.get("$filter", ""), query.get("$orderby", "")
    if query.get("$search") and (asked or order):
        raise Refused(400, "SearchWithFilter", "The query parameter '$filter' is not supported with '$search'.")
    if asked and order and not asked.startswith(order.split(" ")[0]):
        raise Refused(400, "InefficientFilter", "The restriction or sort order is too complex for this operation.")


def give(exchange: Exchange, data: Any, status: int = 200, **headers: str) -> None:
    """Answer with JSON."""
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json", **headers)
