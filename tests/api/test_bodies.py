"""Bodies that are no JSON, or that cannot be stored or answered: refused whole, never half stored, never a 500."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.bodies import MOST_DEPTH
from api.guard import MOST_BYTES
from api.services import workflows
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow


def sent(client: TestClient, param: str, **headers: str) -> Any:
    """Store a workflow whose first node has `param` (JSON text) as a parameter."""
    body = json.dumps(workflow()).replace('"params": {}', f'"params": {{"x": {param}}}', 1)
    return client.post("/api/workflows", content=body, headers={"content-type": "application/json", **headers})


REFUSED = [
    "NaN",
    "-Infinity",
    "1e999",
    '"\\ud800"',
    '"\\u0000"',
    '{"\\u0000": 1}',
    "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1),
    "[" * 300 + "]" * 300,
    "[" * 5000 + "]" * 5000,
    "1" * 5000,
    "{",
]


@pytest.mark.parametrize("param", REFUSED, ids=lambda text: text[:12])
def test_json_that_cannot_be_kept_is_refused_and_nothing_is_stored(world: World, param: str) -> None:
    client = world.person()
    assert is_problem(sent(client, param), 400, "invalid_json")
    assert client.get("/api/workflows").json()["items"] == []


@pytest.mark.parametrize("param", ['"\\ud83d\\ude00"', '"\\\\u0000 \\\\ud800"', "1e308", "[" * 90 + "]" * 90])
def test_what_only_looks_like_it_is_stored(world: World, param: str) -> None:
    assert sent(world.person(), param).status_code == 201


def test_a_body_is_utf_8(world: World) -> None:
    client = world.person()
    content = '{"schema": 1, "name": "W"}'.encode("utf-16")
    answer = client.post("/api/workflows", content=content, headers={"content-type": "application/json"})
    assert is_problem(answer, 400, "invalid_json")


@pytest.mark.parametrize("length", ["abc", "-1", "9" * 5000])
def test_a_wrong_length_is_refused(world: World, length: str) -> None:
    answer = sent(world.person(), "1", **{"content-length": length})
    assert answer.status_code in (400, 413)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_hides_its_length_is_counted(world: World) -> None:
    client = world.person()
    pieces = (b" " * 1024**2 for _ in range(MOST_BYTES // 1024**2 + 1))
    answer = client.post("/api/workflows", content=pieces, headers={"content-type": "application/json"})
    assert is_problem(answer, 413, "too_large")


def test_what_nobody_foresaw_is_told_without_details_and_with_a_request_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = made(client, workflow())["id"]

    def broken(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(workflows, "find", broken)
    answer = client.get(f"/api/workflows/{id}")
    assert is_problem(answer, 500, "internal_error")
    assert "secret words" not in answer.text
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
