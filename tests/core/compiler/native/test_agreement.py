"""Whenever a lowered node's guard holds, its result is what the node's function gives, for any parameters and items."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stepweave.model.items import Batch, Item
from stepweave.spec.conditions import OPERATORS
from tests.core.compiler.native.running import Batches, agree, bench_of, inline
from tests.fakes.steps import Outside, context

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

SPECIAL = (
    "",
    "abc",
    "ab",
    "{% x %}",
    "%}",
    "q\"uo'te",
    "back`tick",
    "a\nb\\",
    "ß→😀",
    "\u0000",
    "true",
    " TRUE ",
    "1",
    "-2.50",
    "1e3",
    "null",
    "[1]",
    '{"a": 1}',
)
NUMBERS = (0, 1, -1, 2.5, 1e21, 2**53, 2**53 + 1, -(2**53) - 1, 1.0, 0.1, 1e-7, 10**30)
NAMES = ("a", "b", "in", "a b", "toString", "length", "0", "a.b", "größe", "{% x %}", "x`y", "and", "constructor")
SCALARS = st.one_of(st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(SPECIAL), st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)),
    max_leaves=4,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
REF = {"name": {"bucket": "data", "key": "k", "size": 1, "sha256": "", "mimeType": "text/plain"}}
ITEMS = st.builds(
    lambda json, binary: {"json": json, **binary},
    OBJECTS,
    st.sampled_from([{}, {}, {"binary": REF}, {"binary": {}}]),
)
STEPS = st.sampled_from(
    [".a", ".b", "?.a", "?.b", '["a b"]', ".in", "[0]", ".toString", '["größe"]', ".length", '["{% x %}"]', '["a.b"]']
)
PATHS = st.builds(
    lambda root, steps: f"{{{{ {root}{''.join(steps)} }}}}",
    st.sampled_from(["$json", "$json", "$json", "$input.item.json", "$input.first().json"]),
    st.lists(STEPS, min_size=1, max_size=3),
)
SIMPLE_PATHS = st.sampled_from(["{{ $json.a }}", "{{ $json.b }}", "{{ $json.a.b }}", "{{ $json.a?.b }}"])
OTHER = st.sampled_from(["{{ 'x' }}", "{{ 5 }}", "{{ null }}", "{{ undefined }}", "{{ $json.a }}!", "{{ $itemIndex }}"])
SIGNS = st.sampled_from(["+", "+", "-", "*", "/", "<", ">=", "==", "!==", "&&", "||"])
TERMS = st.sampled_from(
    [
        "$json.a",
        "$json.b",
        "$json.a.b",
        "$json.a?.b",
        "1",
        "2.5",
        "0",
        "9007199254740991",
        "'x'",
        "''",
        "true",
        "-$json.a",
    ]
)
FORMULAS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(lambda left, sign, right: f"{left} {sign} {right}", inner, SIGNS, inner),
        st.builds(lambda one: f"({one})", inner),
        st.builds(lambda one: f"!{one}", inner),
        st.builds(lambda one, two: f"`{one[:1]} ${{{one}}}${{{two}}}`" if "`" not in one + two else one, inner, inner),
        st.builds(lambda test, one, two: f"({test} ? {one} : {two})", inner, inner, inner),
    ),
    max_leaves=5,
).map(lambda source: f"{{{{ {source} }}}}")
TEXTS = st.builds(
    lambda *parts: "".join(parts), st.sampled_from(["", "Dear ", "{", "%} ", "ß"]), FORMULAS, SIMPLE_PATHS
)
OPERANDS = st.one_of(SIMPLE_PATHS, PATHS, VALUES, OTHER, FORMULAS, TEXTS)
TYPED = st.sampled_from([(type, operator) for type, operators in OPERATORS.items() for operator in operators])


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    type, operator = draw(TYPED)
    right = draw(st.one_of(SCALARS, SCALARS, SIMPLE_PATHS, OPERANDS))
    return {"left": draw(st.one_of(SIMPLE_PATHS, OPERANDS)), "type": type, "operator": operator, "right": right}


COMBINE = st.sampled_from(["and", "or"])
GROUPS = st.fixed_dictionaries(
    {"type": st.just("group"), "conditions": st.lists(conditions(), min_size=1, max_size=2)},
    optional={"combine": COMBINE},
)
CONDITIONS = st.fixed_dictionaries(
    {"conditions": st.lists(st.one_of(conditions(), conditions(), GROUPS), min_size=1, max_size=3)},
    optional={
        "combine": COMBINE,
        "ignoreCase": st.booleans(),
        "typeValidation": st.sampled_from(["loose", "strict"]),
    },
)


@st.composite
def batches(draw: st.DrawFn, outside: Outside, ports: tuple[str, ...] = ("main",), most: int = 3) -> Batches:
    """Draw what comes in: on each port some edges, of which one at least is live, now and then by reference."""
    found: Batches = {}
    for port in ports:
        found[port] = [draw(st.one_of(st.none(), _batch(outside))) for _ in range(draw(st.integers(0, most)))]
    if not any(batch for edges in found.values() for batch in edges):
        found[ports[0]] = [draw(_batch(outside))]
    return found


@st.composite
def _batch(draw: st.DrawFn, outside: Outside) -> Batch:
    batch = inline(*draw(st.lists(ITEMS, min_size=1, max_size=3)))  # type: ignore[arg-type]
    if draw(st.integers(0, 5)) == 0:
        return outside.claims.store(f"{context()['tenantId']}/x/{len(outside.storage.objects)}", batch["items"])
    return batch


def prove(type: str, params: Any, data: st.DataObject, ports: tuple[str, ...] = ("main",), most: int = 3) -> None:
    bench = bench_of(type)
    agree(type, params, data.draw(batches(bench.outside, ports, most)), bench)


@given(CONDITIONS, st.data())
def test_if_agrees(params: dict[str, Any], data: st.DataObject) -> None:
    prove("if", params, data)


@given(CONDITIONS, st.data())
def test_filter_agrees(params: dict[str, Any], data: st.DataObject) -> None:
    prove("filter", params, data)


def _without_case(params: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key not in ("ignoreCase", "typeValidation")}


ASSIGNED = st.one_of(
    st.sampled_from(["a", "b", "c", "a.b", "a.c", "a.b.c", "x\\.y", "in", "toString.a", "{% x %}"]),
    st.sampled_from(["a[0].b", "a.0", 'a["a.b"]', '["a.b"].c', "a[b].c", "a.a.b", "a..b", "__proto__.a"]),
    st.text(min_size=1, max_size=4),
)
ASSIGNMENTS = st.fixed_dictionaries(
    {
        "assignments": st.lists(
            st.fixed_dictionaries(
                {"name": ASSIGNED, "value": OPERANDS},
                optional={"type": st.sampled_from(["auto", "text", "number", "boolean", "json"])},
            ),
            max_size=3,
        )
    },
    optional={"keepOtherFields": st.booleans()},
)


@given(ASSIGNMENTS, st.data())
def test_set_fields_agrees(params: dict[str, Any], data: st.DataObject) -> None:
    prove("set_fields", params, data)


@given(st.data())
def test_no_op_agrees(data: st.DataObject) -> None:
    prove("no_op", {}, data)


RULES = st.lists(
    st.builds(
        lambda output, conditions: {"output": output, **conditions},
        st.sampled_from(["x", "y", "fallback"]),
        CONDITIONS.map(_without_case),
    ),
    min_size=1,
    max_size=3,
)


FALLBACKS = st.sampled_from(
    [{}, {"fallback": "extra"}, {"fallback": "none"}]
    + [{"fallback": "output", "fallbackOutput": output} for output in ("x", "y", "nowhere")]
)


@given(RULES, st.booleans(), st.sampled_from(["loose", "strict"]), FALLBACKS, st.data())
def test_switch_agrees(
    rules: list[Any], every: bool, validation: str, fallback: dict[str, str], data: st.DataObject
) -> None:
    prove("switch", {"rules": rules, "allMatches": every, "typeValidation": validation, **fallback}, data)


@given(st.integers(1, 4), st.sampled_from(["first", "last"]), st.data())
def test_limit_agrees(count: int, keep: str, data: st.DataObject) -> None:
    prove("limit", {"count": count, "keep": keep}, data)


@given(st.sampled_from(["append", "choose"]), st.sampled_from(["any", "first", "second"]), st.data())
def test_merge_agrees(mode: str, choose: str, data: st.DataObject) -> None:
    prove("merge", {"mode": mode, "choose": choose}, data, ("first", "second"), 2)


@given(conditions(), ITEMS)
@example({"left": "{{ $json.a }}", "type": "any", "operator": "equals", "right": True}, {"json": {"a": 1}})
@example({"left": "{{ $json.a }}", "type": "any", "operator": "equals", "right": 1}, {"json": {"a": True}})
@example({"left": "{{ $json.a }}", "type": "text", "operator": "endsWith", "right": "abc"}, {"json": {"a": "bc"}})
@example({"left": "{{ $json.a }}", "type": "number", "operator": "less", "right": 1}, {"json": {"a": None}})
@example(
    {"left": "{{ $json.a.b }}", "type": "text", "operator": "notEquals", "right": "x"}, {"json": {"a": [{"b": "x"}]}}
)
@example({"left": "{{ $json.a }}", "type": "list", "operator": "isEmpty", "right": None}, {"json": {"a": [""]}})
@example({"left": "{{ $json.a }}", "type": "list", "operator": "contains", "right": "x"}, {"json": {"a": ["x"]}})
def test_single_conditions_agree(condition: dict[str, Any], item: Any) -> None:
    agree("if", {"conditions": [condition]}, {"main": [inline(item)]})


TABLE = json.loads(Path("tests/contract/conditions.json").read_text())["cases"]


def test_the_table_of_conditions_agrees_with_literals_and_with_paths() -> None:
    lowered = set()
    for case in TABLE:
        how = case.get("how", {})
        for right in (case["right"], "{{ $json.right }}"):
            condition = {"left": "{{ $json.left }}", "type": case["type"], "operator": case["operator"], "right": right}
            params = {
                "conditions": [condition],
                "ignoreCase": how.get("ignoreCase", False),
                "typeValidation": "strict" if how.get("strict") else "loose",
            }
            item: Item = {"json": {"left": case["left"], "right": case["right"]}}
            if agree("if", params, {"main": [inline(item)]}):
                assert "error" not in case
                lowered.add((case["type"], case["operator"]))
    assert {
        ("list", "lengthGreater"),
        ("text", "notStartsWith"),
        ("number", "isEmpty"),
        ("boolean", "isFalse"),
    } <= lowered


@given(FORMULAS, st.sampled_from(["auto", "text", "number", "boolean", "json"]), ITEMS)
@example("{{ $json.a + 1 }}", "auto", {"json": {"a": 0.1}})
@example("{{ $json.a / $json.b }}", "auto", {"json": {"a": 1, "b": 0}})
@example("{{ $json.a * $json.a * $json.a }}", "auto", {"json": {"a": 2**52}})
@example("{{ $json.a + 'x' }}", "auto", {"json": {"a": 1e21}})
@example("{{ `${$json.a}` }}", "text", {"json": {"a": None}})
@example("{{ $json.a == $json.b }}", "text", {"json": {"a": 1, "b": 1}})
@example("{{ $json.a - $json.b - 1 }}", "number", {"json": {"a": 1, "b": 2}})
@example("{{ $json.a && $json.b }}", "boolean", {"json": {"a": True, "b": False}})
def test_formulas_agree(value: str, type: str, item: Any) -> None:
    params = {"assignments": [{"name": "x", "value": value, "type": type}]}
    agree("set_fields", params, {"main": [inline(item)]})
