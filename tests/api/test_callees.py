"""What the editor is told of calls of other workflows: whether they fit what is published, and the fields there are."""

import json
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World

NUMBER = {"name": "orderId", "type": "number"}


def document(name: str, *nodes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    ids = [f"n{index}" for index in range(len(nodes))]
    made = [
        {"id": id, "type": type, "version": 1, "name": id, "params": params, "position": {"x": 0, "y": 0}}
        for id, (type, params) in zip(ids, nodes, strict=True)
    ]
    edges = [
        {"id": f"{one}-{two}", "source": one, "sourcePort": "main", "target": two, "targetPort": "main"}
        for one, two in pairwise(ids)
    ]
    return {"schema": 1, "name": name, "nodes": made, "edges": edges}


def expecting(client: TestClient, *fields: dict[str, Any], publish: bool = True, **params: Any) -> str:
    """Make a workflow that expects fields of who calls it, and return its id."""
    whole = document("Price it", ("workflow_trigger", {"fields": list(fields), **params}), ("no_op", {}))
    id: str = client.post("/api/workflows", json=whole).json()["id"]
    if publish:
        again(client, id, *fields, **params)
    return id


def again(client: TestClient, id: str, *fields: dict[str, Any], **params: Any) -> None:
    """Publish a workflow with other fields."""
    whole = document("Price it", ("workflow_trigger", {"fields": list(fields), **params}), ("no_op", {}))
    revision = client.get(f"/api/workflows/{id}").json()["revision"]
    saved = client.put(f"/api/workflows/{id}", json={"document": whole, "revision": revision})
    assert saved.status_code == 200, saved.text
    answer = client.post(f"/api/workflows/{id}/publish")
    assert answer.status_code == 200, answer.text


def found(client: TestClient, id: str, values: Any = None, **params: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a call: code and field."""
    sent = {"inputs": "fields", "values": values} if values is not None else {}
    whole = document("Calls", ("manual_trigger", {}), ("execute_workflow", {"workflowId": id, **sent, **params}))
    answer = client.post("/api/workflows/validate", json=whole)
    assert answer.status_code == 200, answer.text
    told = answer.json()["diagnostics"]
    assert {one["nodeId"] for one in told} <= {"n1"}
    assert all(one["severity"] == "warning" and one["remedy"] for one in told)
    return [(one["code"], one["field"].removeprefix("params.")) for one in told]


def row(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "value": value}


def test_a_call_is_held_against_what_the_other_workflow_expects(world: World) -> None:
    client = world.person()
    id = expecting(client, NUMBER, {"name": "urgent", "type": "boolean", "default": "false"})
    fits = row("orderId", "{{ $json.id }}")
    for values, told in (
        ([fits], []),
        ([row("orderId", "7"), row("urgent", "true")], []),
        ([], [("callee_input_missing", "values")]),
        ([row("orderId", "soon")], [("callee_input_type", "values.0.value")]),
        ([row("orderId", "")], [("callee_input_type", "values.0.value")]),
        ([fits, row("gone", 1)], [("callee_input_unknown", "values.1.name")]),
        ([fits, fits], [("callee_input_unknown", "values.1.name")]),
        ([fits, row("__proto__", "x")], [("callee_input_unknown", "values.1.name")]),
    ):
        assert found(client, id, values) == told, values
    assert found(client, id, [row("orderId", "7")], convert=False) == [("callee_input_type", "values.0.value")]
    assert found(client, id) == []
    assert found(client, "{{ $json.to }}") == []  # nobody knows it before
    assert found(client, id, inputs="fields") == [("callee_input_missing", "values")]


def test_what_changed_there_is_told_once_it_is_published(world: World) -> None:
    client = world.person()
    id = expecting(client, NUMBER)
    values = [row("orderId", 7)]
    assert found(client, id, values) == []
    again(client, id, {"name": "order", "type": "object"})
    assert found(client, id, values) == [("callee_input_unknown", "values.0.name"), ("callee_input_missing", "values")]
    again(client, id)
    assert found(client, id, values) == []


def test_what_cannot_be_called_is_told(world: World) -> None:
    client, other = world.person(), world.person()
    unavailable = [("callee_unavailable", "workflowId")]
    assert found(client, expecting(client, publish=False), []) == unavailable
    assert found(client, expecting(other, NUMBER), []) == unavailable
    assert found(client, "no id") == unavailable
    by_hand = client.post("/api/workflows", json=document("By hand", ("manual_trigger", {}), ("no_op", {})))
    client.post(f"/api/workflows/{by_hand.json()['id']}/publish")
    assert found(client, by_hand.json()["id"], []) == unavailable


@pytest.mark.parametrize("values", ["text", [1, None, "x"], [{"value": 1}], [{"name": None}], {"name": "a"}])
def test_rows_that_are_none_are_the_compilers_to_tell(world: World, values: Any) -> None:
    client = world.person()
    sent = {"workflowId": expecting(client), "inputs": "fields", "values": values}
    whole = document("Calls", ("manual_trigger", {}), ("execute_workflow", sent))
    answer = client.post("/api/workflows/validate", json=whole)
    assert answer.status_code == 200, answer.text
    assert any(one["severity"] == "error" for one in answer.json()["diagnostics"])


def test_a_declaration_that_makes_no_sense_cannot_be_published(world: World) -> None:
    client = world.person()
    id = expecting(client, publish=False, declare="example", example=[1])
    answer = client.post(f"/api/workflows/{id}/publish")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["diagnostics"]] == ["params.example"]


def test_the_fields_are_asked_for_anew_when_another_version_is_published(world: World) -> None:
    client = world.person()
    id = expecting(client, NUMBER)
    one = {"value": "orderId", "label": "orderId", "detail": "number, required", "required": True}
    world.nodes.answer = lambda payload: {"options": [one]}

    def asked() -> Any:
        body = {"field": "values.name", "params": {"workflowId": id, "inputs": "fields"}}
        return client.post("/api/node-types/execute_workflow/options", json=body)

    assert asked().json()["options"] == [one]
    asked()
    assert len(world.nodes.asked) == 1
    again(client, id, NUMBER, {"name": "urgent"})
    asked()
    assert len(world.nodes.asked) == 2


AGENT = {
    "credential": "00000000-0000-4000-8000-000000000000",
    "model": "m",
    "prompt": "{{ $json.question }}",
}


def agent(*tools: tuple[str, dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Return a workflow whose agent has these tools: id, parameters and settings of the nodes that call."""
    whole = document("Asks", ("manual_trigger", {}), ("agent", AGENT))
    for id, params, settings in tools:
        position = {"x": 0, "y": 0}
        whole["nodes"].append(
            {"id": id, "type": "execute_workflow", "version": 1, "name": id, "params": params, "position": position}
            | ({"settings": settings} if settings else {})
        )
        ends = {"source": "n1", "sourcePort": "tools", "target": id, "targetPort": "main"}
        whole["edges"].append({"id": f"to-{id}", **ends})
    return whole


def told(world: World, client: TestClient, whole: dict[str, Any]) -> dict[str, Any]:
    """Publish an agent's workflow, and return by tool what the machine tells its model of the arguments."""
    id = client.post("/api/workflows", json=whole).json()["id"]
    answer = client.post(f"/api/workflows/{id}/publish")
    assert answer.status_code == 200, answer.text
    return {
        one["name"]: one["parameters"] for one in _tools(json.loads(list(world.machines.versions.values())[-1][-1]))
    }


def _tools(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(tools := value.get("tools"), list):
            return tools
        return next((found for one in value.values() if (found := _tools(one))), [])
    return next((found for one in value if (found := _tools(one))), []) if isinstance(value, list) else []


def test_a_model_is_told_what_a_workflow_expects_that_is_its_tool(world: World) -> None:
    client = world.person()
    urgent = {"name": "urgent", "type": "boolean", "default": "false", "description": "Before all others?"}
    id = expecting(client, NUMBER, urgent, {"name": "when", "type": "date", "required": False})
    own = {"type": "object", "properties": {"x": {}}}
    given = told(
        world,
        client,
        agent(
            ("plain", {"workflowId": id}, {}),
            ("approved", {"workflowId": id}, {"tool": {"approval": True}}),
            ("own", {"workflowId": id}, {"tool": {"parameters": own}}),
            ("mapped", {"workflowId": id, "inputs": "fields", "values": [row("orderId", "{{ $fromAI('o') }}")]}, {}),
        ),
    )
    assert given["plain"] == given["approved"]
    assert given["plain"] == {
        "type": "object",
        "properties": {
            "orderId": {"type": "number"},
            "urgent": {"type": "boolean", "default": False, "description": "Before all others?"},
            "when": {"type": "string", "format": "date-time"},
        },
        "required": ["orderId"],
        "additionalProperties": False,
    }
    assert given["own"] == own
    assert list(given["mapped"]["properties"]) == ["o"]


def test_a_tool_that_expects_nothing_or_is_not_there_is_told_as_it_is(world: World) -> None:
    client = world.person()
    takes_all = expecting(client)
    given = told(
        world,
        client,
        agent(
            ("anything", {"workflowId": takes_all}, {}),
            ("gone", {"workflowId": "00000000-0000-4000-8000-000000000000"}, {}),
        ),
    )
    assert given["anything"] == given["gone"]
    assert "additionalProperties" not in given["gone"] or given["gone"]["additionalProperties"]
