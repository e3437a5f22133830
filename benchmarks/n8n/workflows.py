"""The workflows that both run, as each writes them: a POST of `{"v": 1}` gets the same answer from both."""

from itertools import pairwise
from typing import Any, Final

from benchmarks.workflows import chain, node

BODY: Final = {"v": 1}
NAMES: Final = ("simple", "five")
ANSWERS: Final[dict[str, dict[str, Any]]] = {"simple": {"v": 1, "name": "x"}, "five": {"v": 5, "name": "x"}}
CODE: Final = "return [{ json: { v: $input.first().json.v * 2 } }];"
FIRST: Final = {"simple": "{{ $json.body.v }}", "five": "{{ $json.body.v + 1 }}"}
SECOND: Final = "{{ $json.v + 1 }}"


def ours(name: str, path: str) -> dict[str, Any]:
    """Return a workflow as Stepweave's document: webhook -> set (-> if -> code -> set) -> answer of the last node."""
    hook = node("hook", "webhook_trigger", {"method": "POST", "path": path, "respond": "lastNode"})
    greater = {"left": "{{ $json.v }}", "type": "number", "operator": "greater", "right": 0}
    nodes = [hook, _set("set", FIRST[name])]
    if name == "five":
        nodes += [
            node("if", "if", {"conditions": [greater]}),
            node("code", "code", {"mode": "allItems", "code": CODE}),
            _set("set2", SECOND),
        ]
    return chain(f"Benchmark N {path}", nodes, ports={"if": "true"})


def _set(id: str, value: str) -> dict[str, Any]:
    assignments = [{"name": "v", "type": "number", "value": value}, {"name": "name", "type": "text", "value": "x"}]
    return node(id, "set_fields", {"assignments": assignments, "keepOtherFields": False})


def theirs(name: str) -> dict[str, Any]:
    """Return the same as a workflow of n8n's; its webhook's path is its name."""
    hook = {"httpMethod": "POST", "path": name, "responseMode": "lastNode", "options": {}}
    nodes = [{**_node("Webhook", "webhook", 2, hook), "webhookId": name}, _their_set("Set", FIRST[name])]
    if name == "five":
        condition = {
            "id": "c",
            "leftValue": "={{ $json.v }}",
            "rightValue": 0,
            "operator": {"type": "number", "operation": "gt"},
        }
        options = {"caseSensitive": True, "typeValidation": "loose", "version": 2}
        conditions = {"options": options, "conditions": [condition], "combinator": "and"}
        nodes += [
            _node("If", "if", 2.2, {"conditions": conditions, "options": {}}),
            _node("Code", "code", 2, {"jsCode": CODE}),
            _their_set("Set2", SECOND),
        ]
    connections = {
        before["name"]: {"main": [[{"node": after["name"], "type": "main", "index": 0}]]}
        for before, after in pairwise(nodes)
    }
    settings = {"executionOrder": "v1"}
    return {"name": name, "nodes": nodes, "connections": connections, "settings": settings, "active": False}


def _their_set(name: str, value: str) -> dict[str, Any]:
    assignments = [
        {"id": "a", "name": "v", "type": "number", "value": f"={value}"},
        {"id": "b", "name": "name", "type": "string", "value": "x"},
    ]
    return _node(name, "set", 3.4, {"assignments": {"assignments": assignments}, "options": {}})


def _node(name: str, type: str, version: float, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": f"n8n-nodes-base.{type}",
        "typeVersion": version,
        "position": [0, 0],
        "parameters": parameters,
    }
