"""The workflows that are measured, as documents."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any


def answer_after_two(path: str) -> dict[str, Any]:
    """Webhook -> set fields -> respond: two nodes between a request and its answer."""
    return chain(
        "Benchmark A",
        [
            node("hook", "webhook_trigger", {"method": "POST", "path": path, "respond": "respondNode"}),
            node(
                "set",
                "set_fields",
                {"assignments": [{"name": "total", "type": "number", "value": "{{ $json.body.n }}"}]},
            ),
            node("answer", "respond_to_webhook", {"bodyKind": "firstItem"}),
        ],
    )


def code_chain(count: int) -> dict[str, Any]:
    """Manual trigger -> `count` light code steps."""
    code = {"mode": "allItems", "code": "return $input.all().map((i) => ({ n: (i.json.n ?? 0) + 1 }));"}
    return chain(
        f"Benchmark B ({count})",
        [node("start", "manual_trigger", {}), *(node(f"code{number}", "code", code) for number in range(count))],
    )


def accepts(path: str) -> dict[str, Any]:
    """Webhook that answers at once -> one set-fields node."""
    fields = {"assignments": [{"name": "n", "type": "number", "value": "1"}]}
    return chain(
        "Benchmark A, accepted",
        [
            node("hook", "webhook_trigger", {"method": "POST", "path": path, "respond": "immediately"}),
            node("set", "set_fields", fields),
        ],
    )


def five_steps(path: str) -> dict[str, Any]:
    """Webhook that answers at once -> five set-fields nodes."""
    fields = {"assignments": [{"name": "n", "type": "number", "value": "1"}]}
    return chain(
        "Benchmark C",
        [
            node("hook", "webhook_trigger", {"method": "POST", "path": path, "respond": "immediately"}),
            *(node(f"set{number}", "set_fields", fields) for number in range(5)),
        ],
    )


def wide(count: int) -> dict[str, Any]:
    """A workflow of `count` nodes to compile: chains with an if and a join every ten nodes."""
    nodes = [node("start", "manual_trigger", {})]
    edges: list[dict[str, Any]] = []
    last = ["start"]
    condition = {"conditions": [{"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 1}]}
    while len(nodes) < count:
        number = len(nodes)
        if number % 10 == 1 and count - number >= 4:
            nodes.append(node(f"if{number}", "if", condition))
            edges += _edges(last, f"if{number}", len(edges))
            for port in ("true", "false"):
                nodes.append(node(f"{port}{number}", "set_fields", {"assignments": []}))
                edges.append(_edge(len(edges), f"if{number}", f"{port}{number}", port))
            last = [f"true{number}", f"false{number}"]
        else:
            previous = nodes[int(len(nodes) / 2)]["name"]
            text = {
                "assignments": [{"name": "x", "type": "text", "value": f"{{{{ $('{previous}').first().json.x }}}}"}]
            }
            nodes.append(node(f"set{number}", "set_fields", text if number % 7 == 0 else {"assignments": []}))
            edges += _edges(last, f"set{number}", len(edges))
            last = [f"set{number}"]
    return {"schema": 1, "name": f"Benchmark E ({count})", "nodes": nodes, "edges": edges}


def chain(name: str, nodes: list[dict[str, Any]], ports: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a workflow of these nodes, one after the other; `ports` names outputs that are not called main."""
    edges = [
        _edge(number, before["id"], after["id"], (ports or {}).get(before["id"], "main"))
        for number, (before, after) in enumerate(pairwise(nodes))
    ]
    return {"schema": 1, "name": name, "nodes": nodes, "edges": edges}


def node(id: str, type: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return a node, its name being its id."""
    return {"id": id, "type": type, "version": 1, "name": id, "params": params}


def _edges(sources: list[str], target: str, start: int) -> list[dict[str, Any]]:
    return [_edge(start + number, source, target) for number, source in enumerate(sources)]


def _edge(number: int, source: str, target: str, port: str = "main") -> dict[str, Any]:
    return {"id": f"e{number}", "source": source, "sourcePort": port, "target": target, "targetPort": "main"}
