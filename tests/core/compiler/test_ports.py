"""What the checks say of ports that parameters leave unused, of outputs that nothing names, and of empty groups."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from stepweave.compiler import Compiled, CompileOptions, compile_workflow, validate
from stepweave.compiler.lowerings.rules import LOWERING
from stepweave.compiler.lowerings.stop import LOWERING as STOP
from stepweave.model.diagnostics import Severity
from stepweave.spec.catalogue import Catalogue

CATALOGUE: Final = Catalogue.from_json(
    json.loads((Path(__file__).parents[3] / "docs" / "reference" / "catalog.json").read_text(encoding="utf-8"))
)
IS_SET: Final = {"left": "{{ $json.a }}", "type": "any", "operator": "exists"}
GROUP: Final = {"type": "group", "conditions": []}
RULES: Final = [{"output": "gold", "conditions": [IS_SET]}]


def node(id: str, type: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id, "params": params, "position": {"x": 0, "y": 0}}


def document(type: str, params: dict[str, Any], *ports: str) -> dict[str, Any]:
    """Return a workflow with a node from whose ports edges lead on."""
    edges = [("start", "main", "it"), *(("it", port, f"to-{port}") for port in ports)]
    return {
        "schema": 1,
        "name": "W",
        "nodes": [
            node("start", "manual_trigger", {}),
            node("it", type, params),
            *(node(f"to-{port}", "no_op", {}) for port in ports),
        ],
        "edges": [
            {"id": f"{source}-{port}", "source": source, "sourcePort": port, "target": target, "targetPort": "main"}
            for source, port, target in edges
        ],
    }


def found(type: str, params: dict[str, Any], *ports: str) -> list[tuple[str, str | None]]:
    diagnostics = validate(document(type, params, *ports), CATALOGUE)
    return [(one.code, one.edge_id or one.field) for one in diagnostics if one.node_id == "it"]


@pytest.mark.parametrize(
    ("type", "params", "port"),
    [
        ("switch", {"rules": RULES, "fallback": "none"}, "fallback"),
        ("switch", {"rules": RULES, "fallback": "output", "fallbackOutput": "gold"}, "fallback"),
        ("switch", {"mode": "expression", "output": "x", "outputs": [{"output": "x"}]}, "fallback"),
        ("switch", {"mode": "expression", "output": "x", "outputs": [{"output": "x"}], "rules": RULES}, "gold"),
        ("wait", {}, "timeout"),
    ],
)
def test_an_edge_of_a_port_out_of_use_is_a_warning_and_the_workflow_compiles(
    type: str, params: dict[str, Any], port: str
) -> None:
    used = {"switch": "x" if "outputs" in params else "gold", "wait": "main"}[type]
    assert found(type, params, used, port) == [("unused_port", f"it-{port}")]
    [warning] = validate(document(type, params, used, port), CATALOGUE)
    assert warning.severity is Severity.WARNING
    assert isinstance(compile_workflow(document(type, params, used, port), CATALOGUE, CompileOptions("p")), Compiled)


@pytest.mark.parametrize(
    ("type", "params", "port"),
    [
        ("switch", {"rules": RULES}, "fallback"),
        ("switch", {"rules": [{**RULES[0], "output": "fallback"}], "fallback": "none"}, "fallback"),
        (
            "switch",
            {"mode": "expression", "output": "x", "outputs": [{"output": "x"}], "otherwise": "extra"},
            "fallback",
        ),
        ("wait", {"mode": "callback"}, "timeout"),
    ],
)
def test_a_port_in_use_is_fine(type: str, params: dict[str, Any], port: str) -> None:
    assert found(type, params, port) == []


def test_a_port_that_nothing_names_is_still_an_error() -> None:
    assert found("switch", {"rules": RULES}, "bronze") == [("missing_port", "it-bronze")]


@pytest.mark.parametrize(
    ("type", "params", "expected"),
    [
        (
            "switch",
            {"rules": RULES, "fallback": "output", "fallbackOutput": "bronze"},
            [("unknown_output", "params.fallbackOutput")],
        ),
        ("switch", {"rules": RULES, "fallback": "output", "fallbackOutput": "gold"}, []),
        ("switch", {"rules": RULES, "fallbackOutput": "bronze"}, []),
        (
            "switch",
            {"rules": RULES, "fallback": "output", "fallbackOutput": ""},
            [("missing_parameter", "params.fallbackOutput")],
        ),
        ("switch", {}, [("missing_parameter", "params.rules")]),
        (
            "switch",
            {"mode": "expression"},
            [("missing_parameter", "params.output"), ("missing_parameter", "params.outputs")],
        ),
        ("if", {"conditions": [IS_SET, GROUP]}, [("empty_group", "params.conditions.1.conditions")]),
        ("if", {"conditions": [{"type": "group"}]}, [("empty_group", "params.conditions.0.conditions")]),
        ("if", {"conditions": [{**GROUP, "conditions": [IS_SET]}]}, []),
        (
            "switch",
            {"rules": [*RULES, {"output": "b", "conditions": [GROUP]}]},
            [("empty_group", "params.rules.1.conditions.0.conditions")],
        ),
        ("sort", {"keys": [{"field": "n"}, {"field": ""}]}, [("missing_parameter", "params.keys.1.field")]),
        ("sort", {"keys": [{}, {"by": "value"}]}, [("missing_parameter", "params.keys.0.field")]),
        ("sort", {"keys": [{"field": "{{ $json.by }}"}, 5]}, [("invalid_parameter", "params.keys.1")]),
        ("sort", {"mode": "random", "keys": [{}]}, []),
        ("loop", {"until": [GROUP]}, []),  # what the form does not show does not count
    ],
)
def test_what_was_found_at_run_time_only_is_said_at_the_field(
    type: str, params: dict[str, Any], expected: list[Any]
) -> None:
    assert found(type, params) == expected


@pytest.mark.parametrize(
    "rows", [None, 5, "{{ $json.rows }}", [None], [5], ["group"], [{"type": "group", "conditions": 5}]]
)
def test_conditions_of_any_shape_can_be_looked_at(rows: Any) -> None:
    assert "empty_group" not in [code for code, _ in found("if", {"conditions": rows})]
    assert "empty_group" not in [code for code, _ in found("switch", {"rules": rows})]


def test_only_rules_are_lowered() -> None:
    rules = [{"output": "gold", "conditions": [{**IS_SET, "left": "{{ $json.a }}"}]}]
    assert LOWERING.program({"rules": rules}, ["gold", "fallback"]) is not None
    by_expression = {"mode": "expression", "output": "{{ $json.a }}", "outputs": [{"output": "gold"}], "rules": rules}
    assert LOWERING.program(by_expression, ["gold", "fallback"]) is None


def test_only_a_message_is_lowered() -> None:
    assert STOP.program({"message": "No"}, []) is not None
    assert STOP.program({"message": "No", "mode": "object", "errorObject": {"message": "Yes"}}, []) is None
