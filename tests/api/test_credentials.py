"""Credentials: written, checked by type, never read back."""

from typing import Any

import pytest

from tests.api.conftest import World
from tests.api.test_routes import is_problem


def test_credentials_are_written_and_never_read_back(world: World) -> None:
    client = world.person()
    secret = {"host": "db", "database": "d", "user": "u", "password": "hush-hush"}
    answer = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": secret})
    assert (answer.status_code, answer.json()["hint"]) == (201, "u@db:5432/d")
    id = answer.json()["id"]
    assert is_problem(
        client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": secret}), 409, "name_taken"
    )
    changed = client.put(f"/api/credentials/{id}", json={"name": "DB 2", "data": {**secret, "host": "other"}})
    assert changed.json()["hint"].startswith("u@other")
    listed = client.get("/api/credentials")
    assert [row["name"] for row in listed.json()["items"]] == ["DB 2"]
    assert "hush-hush" not in listed.text + answer.text + changed.text
    assert client.delete(f"/api/credentials/{id}").status_code == 204
    assert client.delete(f"/api/credentials/{id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("postgres", {"host": "db"}, "data"),
        ("smtp", {"port": 25}, "data.host"),
        ("http_header", {"name": "X Y", "value": "v"}, "data.name"),
        ("http_basic", {"user": "u"}, "data.password"),
        ("telepathy", {}, "type"),
    ],
)
def test_incomplete_credentials_name_their_field(world: World, kind: str, data: dict[str, Any], field: str) -> None:
    answer = world.person().post("/api/credentials", json={"name": "C", "type": kind, "data": data})
    assert is_problem(answer, 422, "invalid_request")
    assert field in [entry["field"] for entry in answer.json()["errors"]]
