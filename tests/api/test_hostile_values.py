"""No route answers 500, whatever stands in its path, its query and its fields, as the OpenAPI document names them."""

import base64
import json
import os
import uuid
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from api.services.schedules import MOST_FIRES
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, recorded, workflow
from tests.fixtures.servers import Databases

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

Client = Any
DEEP = "[" * 5000 + "]" * 5000


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


TEXTS = [
    "", "-1", "1e400", "9" * 40, "../", "a\0b", "😀", "' OR 1=1 --", "%_\\", "x" * 5000, "Europe",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00", "infinity", str(uuid.UUID(int=0)), "[]", "1.999999999999999999999.2", ".",
]  # fmt: skip
CURSORS = [
    cursor_of(text)
    for text in (
        DEEP, "[]", "{}", "null", "5", '"x"', "[1, 2]", "[null, null]", "[[], {}]", '["updated", "infinity", "x"]',
        f'["9999-12-31T23:59:59-14:00", "{uuid.UUID(int=0)}"]', f'["0001-01-01T00:00:00+14:00", "{uuid.UUID(int=0)}"]',
        f'["updated", "9999-12-31T23:59:59-14:00", "{uuid.UUID(int=0)}"]', f'["name", "\\u0000", "{uuid.UUID(int=0)}"]',
        f'["name", "\\ud83d", "{uuid.UUID(int=0)}"]', f'["created", "0001-01-01T00:00:00+14:00", "{uuid.UUID(int=0)}"]',
    )
]  # fmt: skip
SHARES = 1 if os.environ.get("STEPWEAVE_FUZZ") == "all" else 6
"""Each field gets a sixth of the values, the next field the next sixth; with `STEPWEAVE_FUZZ=all` each gets all."""
TURNS = count()
VALUES: list[Any] = [None, True, -1, 2**63, 10**400, 1.5, [], {}, [[]], [{}], {"": {}}, *TEXTS[:12]]


def routes(client: Client) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in client.app.openapi()["paths"].items():
        for method, operation in methods.items():
            if "/auth/" not in path and path != "/api/sessions/end":
                yield method.upper(), path, operation


def filled(path: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def some(values: list[Any]) -> list[Any]:
    return values[next(TURNS) % SHARES :: SHARES]


def answers(answer: Any, *what: Any) -> None:
    assert answer.status_code < 500, (*what, answer.text)


@pytest.fixture
def there(world: World, databases: Databases) -> tuple[Client, dict[str, str]]:
    client = world.person()
    workflow_id = made(client)["id"]
    client.post(f"/api/workflows/{workflow_id}/publish")
    execution = recorded(client, databases, workflow_id, main={"count": 1, "items": [{"json": {"n": 1}}]})
    return client, {"workflow_id": workflow_id, "execution_id": execution, "number": "1"}


def test_no_path_and_no_query_breaks_a_route(there: tuple[Client, dict[str, str]]) -> None:
    client, known = there
    for method, path, operation in routes(client):
        parameters = operation.get("parameters", [])
        given = {one["name"]: known.get(one["name"], str(uuid.uuid4())) for one in parameters if one["in"] == "path"}
        needed = {"nodeId": "a", "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}
        query = {one["name"]: needed[one["name"]] for one in parameters if one["name"] in needed}
        for one in parameters if method == "GET" else []:
            for text in [*some(TEXTS), *(some(CURSORS) if one["name"] == "cursor" else [])]:
                if one["in"] == "path":
                    place = filled(path, {**given, one["name"]: quote(text, safe="") or "%20"})
                    answer = client.get(place, params=query)
                else:
                    answer = client.get(filled(path, given), params={**query, one["name"]: text})
                answers(answer, method, path, one["name"], text)


def test_no_field_breaks_a_route(there: tuple[Client, dict[str, str]]) -> None:
    client, known = there
    schemas = client.app.openapi()["components"]["schemas"]
    for method, path, operation in routes(client):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        place = filled(
            path, {one["name"]: known.get(one["name"], str(uuid.uuid4())) for one in operation.get("parameters", [])}
        )
        schema = schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], {})
        base = {
            name: example(field)
            for name, field in schema.get("properties", {}).items()
            if name in schema.get("required", ())
        }
        bodies = [
            *some(VALUES),
            *({**base, name: value} for name in schema.get("properties", {}) for value in some(VALUES)),
        ]
        for body in bodies:
            text = json.dumps(body)
            answers(
                client.request(method, place, content=text, headers={"content-type": "application/json"}),
                method,
                path,
                text[:300],
            )


def example(field: dict[str, Any]) -> Any:
    if "enum" in field:
        return field["enum"][0]
    return {"string": "x", "integer": 1, "boolean": True, "array": [], "object": {}}.get(field.get("type", ""), "x")


@pytest.mark.parametrize("path", ["/api/workflows", "/api/executions", "/api/approvals"])
@pytest.mark.parametrize("text", [DEEP, "[1, 2, 3]", '[{"a": []}, 1]', "{}", "null"])
def test_a_cursor_that_is_none_is_refused(world: World, path: str, text: str) -> None:
    assert is_problem(world.person().get(path, params={"cursor": cursor_of(text)}), 422, "invalid_request")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("9999-12-01", "9999-12-31"),
        ("9999-12-31T23:59:00-14:00", "9999-12-31T23:59:59-14:00"),
        ("0001-01-01", "0001-01-02"),
    ],
)
def test_a_calendar_ends_somewhere(world: World, start: str, end: str) -> None:
    assert is_problem(
        world.person().get("/api/schedules/fires", params={"from": start, "to": end}), 422, "invalid_request"
    )


def test_a_far_calendar_has_fires(world: World) -> None:
    client = world.person()
    document = workflow()
    document["nodes"][0] = {"id": "t", "type": "schedule_trigger", "name": "S", "params": {"expression": "* * * * *"}}
    client.post(f"/api/workflows/{made(client, document)['id']}/publish")
    [fires] = client.get("/api/schedules/fires", params={"from": "2998-12-01", "to": "2998-12-02"}).json()["items"]
    assert (len(fires["at"]), fires["more"]) == (MOST_FIRES, True)


@pytest.mark.parametrize(
    "zone",
    ["Europe", " ", "../UTC", "localtime", "posix/UTC", "europe/berlin", "Factory", "a\x1fb", "/etc/passwd", "x" * 64],
)
def test_what_is_no_time_zone_is_said(world: World, zone: str) -> None:
    client = world.person()
    answer = client.post("/api/schedules/next", json={"expression": "0 9 * * *", "timeZone": zone})
    assert answer.json()["error"].startswith("There is no time zone"), answer.text
    document = workflow()
    document["nodes"][0] = {"id": "t", "type": "schedule_trigger", "name": "S", "params": {"timeZone": zone}}
    published = client.post(f"/api/workflows/{made(client, document)['id']}/publish")
    assert is_problem(published, 422, "workflow_invalid")
    assert published.json()["diagnostics"][0]["field"] == "params.timeZone"


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("depth", [150, 260, 900, 3000])
def test_whatever_is_stored_can_be_read(world: World, databases: Databases, depth: int) -> None:
    client = world.person()
    id = recorded(client, databases, made(client)["id"], main={"count": 1, "items": [{"json": nested(depth)}]})
    for path in ("", "/events", "/items?nodeId=a", "/node-runs?nodeId=a"):
        answer = client.get(f"/api/executions/{id}{path}")
        assert answer.status_code == 200, (path, answer.text[:300])
    [shown] = client.get(f"/api/executions/{id}/items?nodeId=a").json()["items"]
    assert (shown == {"json": nested(depth)}) == (depth == 150)
    if depth > 150:
        assert "…" in json.dumps(shown, ensure_ascii=False)


def test_what_is_larger_than_an_answer_is_said(world: World, databases: Databases) -> None:
    client = world.person()
    items = [{"json": {"text": "x" * 2_000_000}} for _ in range(4)]
    id = recorded(client, databases, made(client)["id"], main={"count": 4, "items": items})
    answer = client.get(f"/api/executions/{id}/items", params={"nodeId": "a"})
    assert is_problem(answer, 422, "answer_too_large")
    assert "`limit`" in answer.json()["detail"]
    assert len(client.get(f"/api/executions/{id}/items", params={"nodeId": "a", "limit": 2}).json()["items"]) == 2


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"type": "manual_trigger", "params": {"items": [{"a": 1}, {"a": 2}]}}, [{"a": 1}, {"a": 2}]),
        ({"type": "manual_trigger", "params": {}}, [{}]),
        ({"type": "webhook_trigger", "params": {"path": "first-items", "method": "GET"}},
         [{"method": "GET", "path": "first-items", "params": {}, "headers": {}, "query": {}, "body": {}}]),
        ({"type": "workflow_trigger", "params": {}}, [{}]),
    ],
)  # fmt: skip
def test_a_run_without_items_gives_what_the_trigger_would(world: World, trigger: dict[str, Any], expected: Any) -> None:
    client = world.person()
    document = workflow()
    document["nodes"][0] |= trigger
    id = made(client, document)["id"]
    assert client.post(f"/api/workflows/{id}/run", json={}).status_code == 202
    assert [one["json"] for one in world.starts.started[-1]["items"]] == expected


def test_a_schedule_run_by_hand_is_due_now(world: World) -> None:
    client = world.person()
    document = workflow()
    document["nodes"][0] |= {"type": "schedule_trigger", "params": {"timeZone": "Europe/Berlin"}}
    client.post(f"/api/workflows/{made(client, document)['id']}/run", json={})
    [first] = world.starts.started[-1]["items"]
    assert first["json"]["timeZone"] == "Europe/Berlin"
    assert first["json"]["scheduledAt"].endswith("Z")
