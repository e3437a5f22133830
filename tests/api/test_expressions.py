"""What an expression gives while it is written: data of an execution, pinned data, and nobody else's."""

import json
import uuid
from typing import Any

from tests.api.conftest import World
from tests.api.test_partial_runs import batch, chain
from tests.api.test_routes import is_problem, made, recorded
from tests.fakes.steps import items
from tests.fixtures.servers import Databases

INPUT = [{"nodeId": "a", "port": "main"}]


def shown(client: Any, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/expressions/preview", json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_expression_is_shown_on_the_data_of_an_execution(world: World, databases: Databases) -> None:
    client = world.person()
    before = recorded(client, databases, made(client, chain())["id"], main=batch({"n": 1}, {"n": 2}))
    found = shown(client, "{{ $json.n + 1 }}", executionId=before, input=INPUT, index=1)
    assert found == {"value": 3, "error": None, "count": 2, "partial": False, "cut": False, "missing": []}
    named = shown(client, "{{ $('A').last().json.n }}", executionId=before, names={"A": "a", "B": "b"})
    assert named["value"] == 2
    assert shown(client, "{{ $('B').all() }}", executionId=before, names={"B": "b"})["missing"] == ["B"]


def test_the_item_that_one_comes_from_is_shown_and_nobody_sees_lineage(world: World, databases: Databases) -> None:
    client = world.person()
    traced: dict[str, Any] = {"json": {"n": 1}, "origin": {"s": ["main", 1]}}
    given = {"count": 2, "items": [traced, {"json": {"n": 2}}]}
    before = recorded(client, databases, made(client, chain())["id"], main=given)
    more = {"executionId": before, "input": INPUT, "pinned": {"s": {"main": items({"s": "x"}, {"s": "y"})}}}
    names = {"A": "a", "S": "s"}
    assert shown(client, "{{ $('A').item.json.n }}", index=1, names=names, **more)["value"] == 2
    assert shown(client, "{{ $('S').item.json.s }}", names=names, **more)["value"] == "y"
    unknown = shown(client, "{{ $('S').item.json.s }}", index=1, names=names, **more)
    assert "$('S').item is not known: item 1 here" in unknown["error"]["message"]
    assert shown(client, "{{ $input.all() }}", **more)["value"] == items({"n": 1}, {"n": 2})
    page = client.get(f"/api/executions/{before}/items", params={"nodeId": "a", "direction": "out", "port": "main"})
    assert page.json()["items"] == items({"n": 1}, {"n": 2})
    runs = {run["nodeId"]: run for run in client.get(f"/api/executions/{before}").json()["nodeRuns"]}
    assert runs["a"]["output"]["main"]["items"] == items({"n": 1}, {"n": 2})


def test_pinned_data_comes_first_and_no_data_is_no_mistake(world: World, databases: Databases) -> None:
    client = world.person()
    before = recorded(client, databases, made(client, chain())["id"], main=batch({"n": 1}))
    pinned = {"a": {"main": items({"n": "pinned"})}}
    assert shown(client, "{{ $json.n }}", executionId=before, input=INPUT, pinned=pinned)["value"] == "pinned"
    assert shown(client, "{{ 1 + 1 }}")["value"] == 2
    assert shown(client, "{{ $workflow.name }}", workflowName="W")["value"] == "W"


def test_errors_have_their_position_and_long_values_are_cut(world: World) -> None:
    client = world.person()
    found = shown(client, "x {{ nothing.there }}")
    assert found["value"] is None
    assert found["error"]["position"] == 5
    assert "nothing" in found["error"]["message"]
    long = shown(client, "{{ 'a'.repeat(50000) }}")
    assert (long["cut"], long["value"]) == (True, "a" * 20_000)


def test_items_in_s3_are_fetched_and_many_are_looked_at_in_part(world: World, databases: Databases) -> None:
    client = world.person()
    many = json.dumps(items(*({"n": n} for n in range(1500)))).encode()
    tenant = client.get("/api/me").json()["tenant"]["id"]
    sha256 = world.storage.put("data", f"{tenant}/x", many)
    ref = {"bucket": "data", "key": f"{tenant}/x", "sha256": sha256, "bytes": len(many)}
    before = recorded(client, databases, made(client, chain())["id"], main={"count": 1500, "ref": ref})
    found = shown(client, "{{ $input.all().length }}", executionId=before, input=INPUT)
    assert (found["value"], found["count"], found["partial"]) == (1000, 1500, True)


def test_other_tenants_and_viewers_see_nothing(world: World, databases: Databases) -> None:
    other = world.person()
    before = recorded(other, databases, made(other, chain())["id"], main=batch({"n": 1}))
    client = world.person()
    body = {"text": "{{ $json }}", "executionId": before, "input": INPUT}
    is_problem(client.post("/api/expressions/preview", json=body), 404, "not_found")
    unknown = {**body, "executionId": str(uuid.uuid4())}
    is_problem(client.post("/api/expressions/preview", json=unknown), 404, "not_found")
    is_problem(client.post("/api/expressions/preview", json={"text": "x" * 20_001}), 422, "invalid_request")


def test_half_of_a_character_is_shown_as_none(world: World) -> None:
    client = world.person()
    assert shown(client, r"{{ '\ud800' }}")["value"] == "\ufffd"
    assert shown(client, r"{{ ({a: ['\ude00']}) }}")["value"] == {"a": ["\ufffd"]}
    assert "\ufffd" in shown(client, r"{{ (() => { throw new Error('\ud800') })() }}")["error"]["message"]
