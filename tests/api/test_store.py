"""Data: keys and tables over HTTP, each tenant's own, and what is refused."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from stepweave_data.store import entries, tables
from tests.api.conftest import World
from tests.api.test_examples import well
from tests.api.test_routes import is_problem

COLUMNS = [{"name": name, "type": name.lower()} for name in ("Text", "Number", "Boolean", "Date", "JSON")]


def table(client: TestClient, name: str = "People", columns: Any = COLUMNS) -> str:
    return str(well(client.post("/api/tables", json={"name": name, "columns": columns}), 201)["id"])


def found(client: TestClient, id: str, **wanted: Any) -> list[int]:
    return [row["id"] for row in well(client.post(f"/api/tables/{id}/rows/query", json=wanted))["items"]]


def test_keys_are_set_listed_and_deleted(world: World) -> None:
    client = world.person()
    assert well(client.get("/api/stores"))["items"] == []
    for key, value in (("a/b?c", {"n": 1}), ("b", None), ("c", 2**53 + 1)):
        well(client.put("/api/stores/entries", json={"store": "my store", "key": key, "value": value}))
    kept = well(client.put("/api/stores/entries", json={"store": "my store", "key": "b", "value": "x", "ttl": 60}))
    assert (kept["value"], kept["expiresAt"] is not None) == ("x", True)
    [listed] = well(client.get("/api/stores"))["items"]
    assert (listed["name"], listed["keys"]) == ("my store", 3)
    assert listed["projectId"] == next(one["id"] for one in well(client.get("/api/projects"))["items"])
    page = well(client.get("/api/stores/entries", params={"store": "my store", "limit": 2}))
    assert ([one["key"] for one in page["items"]], page["nextAfter"]) == (["a/b?c", "b"], "b")
    last = well(client.get("/api/stores/entries", params={"store": "my store", "after": "b"}))
    assert (last["items"][0]["value"], last["nextAfter"]) == (2**53 + 1, None)
    where = {"store": "my store", "key": "a/b?c"}
    well(client.delete("/api/stores/entries", params=where), 204)
    assert is_problem(client.delete("/api/stores/entries", params=where), 404, "not_found")
    assert well(client.delete("/api/stores", params={"store": "my store"})) == {"deleted": 2}


def test_tables_rows_and_columns_are_made_changed_and_deleted(world: World) -> None:
    client = world.person()
    id = table(client)
    row = {"Text": "Ada", "Number": 9007199254740993, "Boolean": True, "Date": "2026-11-24", "JSON": {"b": 1, "a": []}}
    [made] = well(client.post(f"/api/tables/{id}/rows", json={"rows": [row]}), 201)["items"]
    assert made["values"] == {**row, "Number": "9007199254740993", "Date": "2026-11-24T00:00:00.000Z"}
    again = well(client.put(f"/api/tables/{id}/rows/1", json={"values": {**made["values"], "Text": None}}))
    assert again["values"] == {**made["values"], "Text": None}
    well(client.post(f"/api/tables/{id}/rows", json={"rows": [{"text": "b"}, {"text": "C"}]}), 201)
    condition = {"column": "Text", "operator": "equals", "value": "c", "ignoreCase": True}
    assert found(client, id, conditions=[condition]) == [3]
    assert found(client, id, sort=[{"column": "Text", "direction": "descending"}], limit=2, skip=1) == [3, 1]
    changed = well(client.post(f"/api/tables/{id}/columns", json={"name": "More", "type": "text"}), 201)
    column = changed["columns"][-1]["id"]
    well(client.put(f"/api/tables/{id}/rows/3", json={"values": {"More": "m"}}))
    renamed = well(client.put(f"/api/tables/{id}/columns/{column}", json={"name": "Else"}))
    assert renamed["columns"][-1] == {"id": column, "name": "Else", "type": "text"}
    assert found(client, id, conditions=[{"column": "Else", "value": "m"}]) == [3]
    assert len(well(client.delete(f"/api/tables/{id}/columns/{column}"))["columns"]) == 5
    # A column of the same name is another one, and empty.
    well(client.post(f"/api/tables/{id}/columns", json={"name": "Else", "type": "number"}), 201)
    assert found(client, id, conditions=[{"column": "Else", "operator": "isNotEmpty"}]) == []
    assert well(client.put(f"/api/tables/{id}", json={"name": "Folk"}))["name"] == "Folk"
    assert well(client.post(f"/api/tables/{id}/rows/delete", json={"ids": [1, 2, 99]})) == {"deleted": 2}
    assert well(client.get("/api/tables"))["items"][0]["rows"] == 1 == well(client.get(f"/api/tables/{id}"))["rows"]
    well(client.delete(f"/api/tables/{id}"), 204)
    assert is_problem(client.get(f"/api/tables/{id}"), 404, "not_found")


def test_what_is_refused_says_which_field_and_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = table(client)
    rows = f"/api/tables/{id}/rows"
    refusals: list[tuple[Any, str]] = [
        (client.post(rows, json={"rows": [{"Text": "ok"}, {"Number": "seven"}]}), "rows[1].Number"),
        (client.post(rows, json={"rows": [{"Nope": 1}]}), "rows[0].Nope"),
        (client.post(rows, json={"rows": [{"Text": "x" * 300_000}]}), "rows[0].value"),
        (client.post(f"{rows}/query", json={"conditions": [{"column": "Number", "value": "x"}]}), "Number"),
        (client.post(f"{rows}/query", json={"sort": [{"column": "x"}]}), "x"),
        (client.post(f"/api/tables/{id}/columns", json={"name": "text", "type": "text"}), "column"),
        (client.post(f"/api/tables/{id}/columns", json={"name": "createdAt", "type": "text"}), "column"),
        (client.put("/api/stores/entries", json={"store": "s", "key": "k", "value": "x" * 300_000}), "value"),
        (client.put("/api/stores/entries", json={"store": "s", "key": "k", "ttl": -1}), "ttl"),
        (client.put("/api/stores/entries", json={"store": "s", "key": "a\nb"}), "key"),
        (client.get("/api/stores/entries", params={"store": "s" * 64}), "store"),
    ]
    for answer, field in refusals:
        assert is_problem(answer, 422, "invalid_request"), answer.text
        assert answer.json()["errors"][0]["field"] == field, answer.text
    assert found(client, id) == []
    assert is_problem(client.post("/api/tables", json={"name": "PEOPLE"}), 409, "name_taken")
    other = table(client, "Other")
    assert is_problem(client.put(f"/api/tables/{other}", json={"name": "people"}), 409, "name_taken")
    for method, path, body in (
        ("PUT", f"{rows}/1", {"values": {}}),
        ("PUT", f"/api/tables/{id}/columns/c99", {"name": "x"}),
        ("DELETE", f"/api/tables/{id}/columns/c99", None),
    ):
        assert is_problem(client.request(method, path, json=body), 404, "not_found")
    monkeypatch.setattr(tables, "MOST_TABLES", 2)
    assert is_problem(client.post("/api/tables", json={"name": "Third"}), 422, "too_many")
    monkeypatch.setattr(entries, "MOST_KEYS", 0)
    assert is_problem(client.put("/api/stores/entries", json={"store": "s", "key": "k", "value": 1}), 422, "too_many")


def test_nobody_sees_or_changes_what_is_anothers(world: World) -> None:
    mine, theirs = world.person(), world.person()
    id = table(mine)
    well(mine.post(f"/api/tables/{id}/rows", json={"rows": [{"Text": "secret"}]}), 201)
    well(mine.put("/api/stores/entries", json={"store": "s", "key": "k", "value": "secret"}))
    assert well(theirs.get("/api/tables"))["items"] == [] == well(theirs.get("/api/stores"))["items"]
    assert well(theirs.get("/api/stores/entries", params={"store": "s"}))["items"] == []
    for method, path, body in (
        ("GET", f"/api/tables/{id}", None),
        ("DELETE", f"/api/tables/{id}", None),
        ("POST", f"/api/tables/{id}/rows", {"rows": [{}]}),
        ("POST", f"/api/tables/{id}/rows/query", {}),
        ("POST", f"/api/tables/{id}/rows/delete", {"ids": [1]}),
        ("POST", f"/api/tables/{id}/columns", {"name": "x", "type": "text"}),
    ):
        assert is_problem(theirs.request(method, path, json=body), 404, "not_found"), path
    assert found(mine, id) == [1]
