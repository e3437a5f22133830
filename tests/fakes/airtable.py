"""Airtable's Web API on loopback, as airtable.com/developers/web/api documents it: records of one base, in memory."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.web import Exchange, Web

BASE_URL = "https://api.airtable.com/v0"
CONTENT_URL = "https://content.airtable.com/v0"
TOKEN = "pat_secret"
BASE = "app1"
FIELDS = [
    {"id": "fld1", "name": "Name", "type": "singleLineText"},
    {"id": "fld2", "name": "Total", "type": "number"},
    {"id": "fld3", "name": "Twice", "type": "formula"},
    {"id": "fld4", "name": "Changed", "type": "lastModifiedTime"},
    {"id": "fld5", "name": "Files", "type": "multipleAttachments"},
    {"id": "fld6", "name": "Status", "type": "singleSelect"},
]
_COMPUTED = {"Twice", "Changed"}
_SINCE = re.compile(r'NOT\(IS_BEFORE\((CREATED_TIME\(\)|\{[^}]*\}),DATETIME_PARSE\("([^"]*)"\)\)\)')


class Airtable:
    """A base with the table `Orders`. `refuses` makes the next requests fail; `matches` says what a formula finds."""

    def __init__(self, web: Web, before: str = "") -> None:
        self.web = web
        self.records: dict[str, dict[str, Any]] = {}
        self.refuses: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.matches: Callable[[str, dict[str, Any]], bool] = _since
        self.page = 100
        self.made = 0
        self.before = before
        web.otherwise = self.answer

    def add(self, created: str = "2026-11-30T09:00:00.000Z", **fields: Any) -> str:
        """Have a record. Returns its ID."""
        self.made += 1
        id = f"rec{self.made}"
        self.records[id] = {"id": id, "createdTime": created, "fields": fields}
        return id

    def answer(self, exchange: Exchange) -> None:
        """Answer a request."""
        url = urlsplit(exchange.asked.path)
        path = [unquote(part) for part in url.path.removeprefix(self.before).strip("/").split("/")]
        body = json.loads(exchange.asked.body) if exchange.asked.body else {}
        self.asked.append((exchange.asked.method, "/".join(path), body or parse_qs(url.query)))
        if exchange.asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return give(
                exchange, {"error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}}, 401
            )
        if self.refuses:
            status, words = self.refuses.pop(0)
            return give(exchange, words, status)
        try:
            give(exchange, self._done(exchange.asked.method, path, parse_qs(url.query), body))
        except _No as no:
            give(exchange, no.args[1], no.args[0])

    def _done(self, method: str, path: list[str], query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        match method, path:
            case "GET", ["meta", "bases"]:
                more = "itr2" not in query.get("offset", [])
                page = (
                    [{"id": BASE, "name": "Shop", "permissionLevel": "create"}]
                    if more
                    else [{"id": "app2", "name": "Old"}]
                )
                return {"bases": page, **({"offset": "itr2"} if more else {})}
            case "GET", ["meta", "bases", base, "tables"] if base == BASE:
                views = [{"id": "viw1", "name": "Grid", "type": "grid"}]
                return {"tables": [{"id": "tbl1", "name": "Orders", "fields": FIELDS, "views": views}]}
            case "POST", [base, record, field, "uploadAttachment"]:
                return {"id": record, "fields": {field: [{"filename": body["filename"], "type": body["contentType"]}]}}
            case _, [base, "Orders" | "tbl1", *rest] if base == BASE:
                return self._records(method, rest, query, body)
        raise _No(403, {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": "Invalid permissions"}})

    def _records(self, method: str, rest: list[str], query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        match method, rest:
            case "GET", [id]:
                return self._one(id)
            case "POST", ["listRecords"]:
                return self._listed(body)
            case "POST", []:
                self._fit(body["records"], body)
                return {"records": [self.records[self.add(**one["fields"])] for one in body["records"]]}
            case "PATCH" | "PUT", []:
                return self._changed(method, body)
            case "DELETE", []:
                ids = query["records[]"]
                self._few(ids)
                for id in ids:
                    self._one(id)
                return {"records": [{"id": id, "deleted": bool(self.records.pop(id))} for id in ids]}
        raise _No(404, {"error": "NOT_FOUND"})

    def _one(self, id: str) -> dict[str, Any]:
        if id not in self.records:
            raise _No(404, {"error": {"type": "MODEL_ID_NOT_FOUND", "message": f"Record {id} not found"}})
        return self.records[id]

    def _few(self, records: list[Any]) -> None:
        if len(records) > 10:
            raise _No(422, {"error": {"type": "INVALID_RECORDS", "message": "At most 10 records"}})

    def _fit(self, records: list[dict[str, Any]], body: dict[str, Any]) -> None:
        self._few(records)
        known = {str(field["name"]) for field in FIELDS}
        for name, value in ((name, value) for one in records for name, value in one["fields"].items()):
            if name not in known:
                words = f'Unknown field name: "{name}"'
                raise _No(422, {"error": {"type": "UNKNOWN_FIELD_NAME", "message": words}})
            number = isinstance(value, int | float) or value is None or (body["typecast"] and _numeric(value))
            if name in _COMPUTED or (name == "Total" and not number):
                words = f'Field "{name}" cannot accept the provided value'
                raise _No(422, {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": words}})

    def _changed(self, method: str, body: dict[str, Any]) -> Any:
        records, merge = body["records"], body.get("performUpsert", {}).get("fieldsToMergeOn", [])
        ids = [one["id"] for one in records if "id" in one]
        if len(set(ids)) < len(ids):
            raise _No(422, {"error": {"type": "INVALID_RECORDS", "message": "You cannot update the same record twice"}})
        self._fit(records, body)
        created, given = [], []
        for one in records:
            found = [self._one(one["id"])] if "id" in one else self._like(one["fields"], merge)
            if len(found) > 1:
                raise _No(
                    422, {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": "More than one record matches"}}
                )
            if not found:
                created.append(self.add())
                found = [self.records[created[-1]]]
            kept = {} if method == "PUT" else found[0]["fields"]
            fields = {name: value for name, value in {**kept, **one["fields"]}.items() if value is not None}
            found[0]["fields"] = fields
            given.append(dict(found[0]))
        updated = [one["id"] for one in given if one["id"] not in created]
        return {"records": given, **({"createdRecords": created, "updatedRecords": updated} if merge else {})}

    def _like(self, fields: dict[str, Any], merge: list[str]) -> list[dict[str, Any]]:
        return [one for one in self.records.values() if all(one["fields"].get(name) == fields[name] for name in merge)]

    def _listed(self, body: dict[str, Any]) -> Any:
        formula = body.get("filterByFormula", "")
        found = [one for one in self.records.values() if not formula or self.matches(formula, one)]
        for sort in body.get("sort", [])[::-1]:
            field = sort["field"]
            found.sort(key=lambda one: str(one["fields"].get(field)), reverse=sort["direction"] == "desc")
        start, size = int(body.get("offset", "itr0")[3:]), min(body["pageSize"], self.page)
        after = start + size
        return {"records": found[start:after], **({"offset": f"itr{after}"} if after < len(found) else {})}


class _No(Exception):
    """A refusal: its status and body."""


def _numeric(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _since(formula: str, record: dict[str, Any]) -> bool:
    """Return whether a record is of the time that a trigger asks for; any other formula finds all."""
    found = _SINCE.search(formula)
    if found is None:
        return True
    text = record["createdTime"] if found[1] == "CREATED_TIME()" else record["fields"].get(found[1][1:-1])
    return text is not None and _moment(text) >= _moment(found[2])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def give(exchange: Exchange, data: Any, status: int = 200) -> None:
    """Answer with JSON."""
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json; charset=utf-8")
