"""Expressions: the contract table, both lanes agreeing, references and syntax checks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepweave.expressions import (
    Evaluator,
    ExpressionError,
    References,
    Scope,
    check,
    contains_expression,
    parse_template,
    references,
    references_in_code,
)
from stepweave.expressions import paths as fast
from stepweave.expressions.check import check_code
from stepweave.expressions.engine import Engine, EngineError

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "contract" / "expressions.json").read_text(encoding="utf-8")
)


def scope_of(items: list[Any], **more: Any) -> Scope:
    return Scope.of_outputs(items, TABLE["nodes"], workflow=TABLE["workflow"], execution=TABLE["execution"], **more)


@pytest.fixture
def evaluator() -> Evaluator:
    return Evaluator(scope_of(TABLE["items"]), seconds=0.2)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["template"])
def test_a_template_gives_its_value(evaluator: Evaluator, case: dict[str, Any]) -> None:
    value = evaluator.evaluate(case["template"], 0)
    assert value == case["value"]
    assert isinstance(value, bool) == isinstance(case["value"], bool)


@pytest.mark.parametrize("case", TABLE["errors"], ids=lambda case: case["template"])
def test_a_broken_template_says_why_and_where(evaluator: Evaluator, case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError, match=re.escape(case["message"])) as caught:
        evaluator.evaluate(case["template"], 0, "params.url")
    assert caught.value.field == "params.url"
    assert caught.value.position is not None


def test_an_evaluator_can_be_used_after_a_limit(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionError):
        evaluator.evaluate("{{ (() => { for (;;) {} })() }}", 0)
    assert evaluator.evaluate("{{ $json.n + 1 }}", 1) == 3


def test_one_items_globals_do_not_reach_into_the_names_of_the_next(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionError):
        evaluator.evaluate("{{ (() => { $json = 5 })() }}", 0)
    assert evaluator.evaluate("{{ $json.n + 0 }}", 1) == 2


@pytest.mark.parametrize("text", ["\ud800", "a\u0000b", "\u2028", "</script>", "'\"`\\${x}"])
def test_hostile_text_passes_through_the_engine_unchanged(text: str) -> None:
    evaluator = Evaluator(scope_of([{"json": {"t": text}}]))
    assert evaluator.evaluate("{{ $json.t.concat('') }}", 0) == text


names = st.sampled_from(["a", "b", "length", "0", "constructor", "c d", "é", "toString", "__proto__"])
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=10,
)
steps = st.lists(names | st.integers(0, 3), max_size=4)


def written(path: list[str | int]) -> str:
    return "$json" + "".join(f"[{step}]" if isinstance(step, int) else f"[{json.dumps(step)}]" for step in path)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(names, json_values, max_size=4), steps)
def test_both_lanes_agree_on_every_plain_path(data: dict[str, Any], path: list[str | int]) -> None:
    source = written(path)
    scope = scope_of([{"json": data}])
    parsed = fast.parse_path(source)
    assert parsed is not None
    try:
        value = fast.resolve(parsed, scope, 0)
    except fast.Doubtful:
        return
    engine = Engine()
    engine.load("items", scope.items)
    assert (None if isinstance(value, fast.Undefined) else value) == engine.value(engine.compile(source))
    try:
        text = fast.to_text(value)
    except fast.Doubtful:
        return
    assert text == engine.text(engine.compile(source))


def test_a_plain_path_does_not_start_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "__init__", lambda *_: pytest.fail("the engine was started"))
    assert Evaluator(scope_of(TABLE["items"])).evaluate("{{ $('Node A').first().json.x }}", 0) == 5


@pytest.mark.parametrize(
    ("code", "names", "dynamic"),
    [
        ("$('A').item.json.x + $node[\"B\"].json.y + $node.C.json", {"A", "B", "C"}, False),
        ("`${$('D').all()}`", {"D"}, False),
        ("\"$('no')\" + /* $('no') */ 1 // $('no')", set(), False),
        ("$(name)", set(), True),
        ("$node[$json.x]", set(), True),
        ("$('it\\'s')", {"it's"}, False),
        ("x.$('no')", set(), False),
        ("/$('no')/.test($('yes').x)", {"yes"}, False),
        ("$(`E`)", {"E"}, False),
        ("$json.x", set(), False),
    ],
)
def test_references_are_found_in_code_and_only_there(code: str, names: set[str], dynamic: bool) -> None:
    assert references_in_code(code) == References(frozenset(names), dynamic)


def test_references_are_found_all_over_a_params_tree() -> None:
    params = {"url": "{{ $('A').item.json.x }}", "rows": [{"value": "a {{ $('B').item.json.y }}"}], "text": "$('C')"}
    assert references(params).names == {"A", "B"}


def test_syntax_errors_name_field_and_position() -> None:
    found = check({"a": "{{ 1 + }}", "b": {"c": ["ok {{ 1 }} {{ foo( }}"]}, "d": "{{ fine() }}", "e": "x {{ a"})
    assert [(problem.path, problem.position) for problem in found] == [("a", 7), ("b.c.0", 19), ("e", 2)]


def test_a_code_nodes_syntax_is_checked_as_an_asynchronous_body() -> None:
    assert check_code("const x = await 1;\nreturn x;") is None
    assert check_code("return 1;\nreturn 1 +;") == (20, "unexpected token in expression: ';'")


def test_a_template_is_taken_apart_once() -> None:
    template = parse_template("a {{ 1 }} b {{ 2 }}")
    assert [expression.source for expression in template.expressions] == [" 1 ", " 2 "]
    assert template.single is None
    assert parse_template("  {{ 1 }} ").single is not None
    assert contains_expression({"a": [{"b": "x {{ y"}]})
    assert not contains_expression({"a": ["{ x }", 5]})


def test_the_engine_gives_no_way_out() -> None:
    engine = Engine()
    for source in ("std", "os", "import('os')", "scriptArgs", "print", "load", "__prelude", "fetch", "setTimeout"):
        with pytest.raises(EngineError):
            engine.value(
                engine.compile(f"(() => {{ const x = {source}; if (x instanceof Promise) throw x; return x }})()")
            )
