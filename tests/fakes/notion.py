"""Notion's API on loopback, as developers.notion.com documents it (version 2025-09-03): one workspace, in memory."""

import json
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.web import Exchange, Web

BASE_URL = "https://api.notion.com/v1"
TOKEN = "ntn_secret"
VERSION = "2025-09-03"
DATABASE = "11111111-1111-4111-8111-111111111111"
SOURCE = "22222222-2222-4222-8222-222222222222"
TYPES = {
    "Name": "title",
    "Notes": "rich_text",
    "Age": "number",
    "Status": "status",
    "Kind": "select",
    "Tags": "multi_select",
    "Due": "date",
    "Done": "checkbox",
    "Link": "url",
    "Mail": "email",
    "Phone": "phone_number",
    "Who": "people",
    "Files": "files",
    "Orders": "relation",
    "Twice": "formula",
    "Edited": "last_edited_time",
}
COMPUTED = {"formula", "last_edited_time"}


class Notion:
    """A workspace with the database `Tasks`. `refuses` makes the next requests fail."""

    def __init__(self, web: Web, before: str = "") -> None:
        self.web, self.before = web, before
        self.pages: dict[str, dict[str, Any]] = {}
        self.blocks: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.refuses: list[tuple[int, Any, dict[str, str]]] = []
        self.page_size = 100
        self.sources = [{"id": SOURCE, "name": "Tasks"}]
        web.otherwise = self.answer

    def add(self, time: str = "2026-11-30T09:00:00.000Z", **properties: Any) -> str:
        """Have a page; properties as Notion has them. Returns its ID."""
        id = str(uuid.uuid4())
        title = {"id": "title", "type": "title", "title": [{"plain_text": properties.pop("Name", "Ada")}]}
        own = {name: {"id": name, "type": TYPES[name], TYPES[name]: value} for name, value in properties.items()}
        self.pages[id] = {
            "object": "page",
            "id": id,
            "url": f"https://www.notion.so/{id.replace('-', '')}",
            "created_time": time,
            "last_edited_time": time,
            "in_trash": False,
            "parent": {"type": "data_source_id", "data_source_id": SOURCE},
            "properties": {"Name": title, **own},
        }
        return id

    def answer(self, exchange: Exchange) -> None:
        """Answer a request."""
        url = urlsplit(exchange.asked.path)
        path = url.path.removeprefix(self.before).strip("/").split("/")
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        body = json.loads(exchange.asked.body) if exchange.asked.body else {}
        self.asked.append((exchange.asked.method, "/".join(path), body or query))
        headers = exchange.asked.headers
        try:
            if headers.get("notion-version") != VERSION:
                raise Refused(400, "missing_version", "Notion-Version header should be defined")
            if headers.get("authorization") != f"Bearer {TOKEN}":
                raise Refused(401, "unauthorized", "API token is invalid.")
            if self.refuses:
                status, words, more = self.refuses.pop(0)
                return give(exchange, words, status, **more)
            give(exchange, self._done(exchange.asked.method, path, query, body))
        except Refused as no:
            give(exchange, {"object": "error", "status": no.status, "code": no.code, "message": no.words}, no.status)

    def _done(self, method: str, path: list[str], query: dict[str, str], body: dict[str, Any]) -> Any:
        match method, path:
            case "GET", ["databases", id] if id == DATABASE:
                return {"object": "database", "id": id, "data_sources": self.sources}
            case "GET", ["data_sources", id] if id == SOURCE:
                known = {name: {"id": name.lower(), "name": name, "type": kind} for name, kind in TYPES.items()}
                return {"object": "data_source", "id": id, "title": [{"plain_text": "Tasks"}], "properties": known}
            case "POST", ["data_sources", id, "query"] if id == SOURCE:
                return self._page(self._found(body), body)
            case "POST", ["search"]:
                source = body["filter"]["value"] == "data_source"
                tasks = {"object": "data_source", "id": SOURCE, "title": [{"plain_text": "Tasks"}]}
                return self._page([tasks] if source else list(self.pages.values()), body)
            case "POST", ["pages"]:
                return self._made(body)
            case "PATCH", ["pages", id]:
                return self._changed(id, body)
            case "GET", ["pages", id]:
                return self._one(id)
            case "GET", ["pages", id, "properties", name]:
                own = self._one(id)["properties"][name]
                return self._page([{own["type"]: one} for one in own["whole"]], query)
            case "PATCH", ["blocks", id, "children"]:
                return self._appended(id, body)
            case "GET", ["blocks", id, "children"]:
                found = [{**one, "has_children": bool(self.blocks[one["id"]])} for one in self.blocks.get(id, [])]
                return self._page(found, query)
            case "GET", ["users"]:
                return self._page([{"object": "user", "id": "u1", "name": "Ada", "type": "person"}], query)
            case "POST", ["comments"]:
                return {"object": "comment", "id": "c1", **body}
        raise Refused(404, "object_not_found", f"Could not find object with ID: {path[-1]}.")

    def _page(self, found: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
        start, size = int(asked.get("start_cursor", 0)), min(int(asked.get("page_size", 100)), self.page_size)
        after = start + size
        more = after < len(found)
        return {"results": found[start:after], "has_more": more, "next_cursor": str(after) if more else None}

    def _one(self, id: str) -> dict[str, Any]:
        if id not in self.pages:
            raise Refused(404, "object_not_found", f"Could not find page with ID: {id}.")
        return self.pages[id]

    def _found(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        found, asked = list(self.pages.values()), body.get("filter") or {}
        stamp = asked.get("timestamp", "created_time")
        if "timestamp" in asked:
            since = _moment(asked[stamp]["on_or_after"])
            found = [page for page in found if _moment(page[stamp]) >= since]
        for sort in body.get("sorts", []):
            down = sort["direction"] == "descending"
            found.sort(key=lambda page: str(page[stamp]), reverse=down)
        return found

    def _made(self, body: dict[str, Any]) -> dict[str, Any]:
        properties = body["properties"]
        _fit(properties)
        page = self.pages[self.add()]
        page["parent"], page["icon"] = body["parent"], body.get("icon")
        page["properties"] |= _stored(properties)
        return page

    def _changed(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        page = self._one(id)
        _fit(body.get("properties", {}))
        page["properties"] |= _stored(body.get("properties", {}))
        page["in_trash"] = body.get("in_trash", page["in_trash"])
        return page

    def _appended(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        children = body["children"]
        made = self._kept(children, 1)
        there = self.blocks.setdefault(id, [])
        place = next((n + 1 for n, one in enumerate(there) if one["id"] == body.get("after")), len(there))
        there[place:place] = made
        return {"results": made, "has_more": False}

    def _kept(self, blocks: list[dict[str, Any]], depth: int) -> list[dict[str, Any]]:
        if len(blocks) > 100:
            raise _invalid("body.children.length should be ≤ `100`")
        if blocks and depth > 2:
            raise _invalid("body.children[0].children should be not present")
        made = []
        for block in blocks:
            inner = dict(block[block["type"]])
            _fit_texts(inner.get("rich_text", []))
            children = inner.pop("children", [])
            id = str(uuid.uuid4())
            self.blocks[id] = self._kept(children, depth + 1)
            text = [_read(piece) for piece in inner.get("rich_text", [])]
            if "caption" in inner:
                inner["caption"] = [_read(piece) for piece in inner["caption"]]
            if "cells" in inner:
                inner["cells"] = [[_read(piece) for piece in cell] for cell in inner["cells"]]
            kept = {**inner, "rich_text": text} if "rich_text" in inner else inner
            made.append({"object": "block", "id": id, "type": block["type"], block["type"]: kept})
        return made


class Refused(Exception):
    """A refusal."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


def _invalid(words: str) -> Refused:
    return Refused(400, "validation_error", f"body failed validation: {words}")


def _fit(properties: dict[str, Any]) -> None:
    for name, value in properties.items():
        kind = "title" if name == "title" else TYPES.get(name)
        if kind is None:
            raise _invalid(f"{name} is not a property that exists.")
        if set(value) != {kind} or kind in COMPUTED:
            raise _invalid(f"{name} is expected to be {kind}.")
        if kind in ("title", "rich_text"):
            _fit_texts(value[kind])


def _fit_texts(pieces: list[dict[str, Any]]) -> None:
    if len(pieces) > 100:
        raise _invalid("rich_text.length should be ≤ `100`")
    if any(len(piece["text"]["content"].encode("utf-16-le")) > 4000 for piece in pieces):
        raise _invalid("text.content.length should be ≤ `2000`")


def _stored(properties: dict[str, Any]) -> dict[str, Any]:
    stored = {}
    for name, value in properties.items():
        own = "Name" if name == "title" else name
        kind = TYPES[own]
        inner = [_read(piece) for piece in value[kind]] if kind in ("title", "rich_text") else value[kind]
        stored[own] = {"id": own, "type": kind, kind: inner}
    return stored


def _read(piece: dict[str, Any]) -> dict[str, Any]:
    link = (piece["text"].get("link") or {}).get("url")
    return {**piece, "plain_text": piece["text"]["content"], "href": link, "annotations": piece.get("annotations", {})}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def give(exchange: Exchange, data: Any, status: int = 200, **headers: str) -> None:
    """Answer with JSON."""
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json; charset=utf-8", **headers)
