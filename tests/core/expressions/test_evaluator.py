"""Evaluating templates: the contract table, whole params trees, limits, isolation."""

import contextlib
import re
from datetime import datetime
from typing import Any

import pytest

from stepweave.expressions import (
    Evaluator,
    ExpressionError,
    ExpressionMemory,
    ExpressionSyntax,
    ExpressionTimeout,
    Scope,
)
from stepweave.expressions.engine import Engine, EngineError, Wanted
from tests.core.expressions.table import TABLE, scope_of


@pytest.fixture
def evaluator() -> Evaluator:
    return Evaluator(scope_of(TABLE["items"]), seconds=0.5)


def json_type(value: Any) -> type:
    return float if type(value) is int else type(value)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["template"])
def test_a_template_gives_its_value(evaluator: Evaluator, case: dict[str, Any]) -> None:
    value = evaluator.evaluate(case["template"], 0)
    assert value == case["value"]
    assert json_type(value) is json_type(case["value"])


@pytest.mark.parametrize("case", TABLE["errors"], ids=lambda case: case["template"])
def test_a_broken_template_says_why_and_where(evaluator: Evaluator, case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError, match=re.escape(case["message"])) as caught:
        evaluator.evaluate(case["template"], 0, "params.url")
    assert caught.value.field == "params.url"
    assert caught.value.position is not None
    assert caught.value.expression


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("{{ 1 + }}", ExpressionSyntax),
        ("{{ (() => { for (;;) {} })() }}", ExpressionTimeout),
        ("{{ 'a'.repeat(2 ** 29) }}", ExpressionMemory),
        ("{{ (function f() { f() })() }}", ExpressionMemory),
        ("{{ missing }}", ExpressionError),
    ],
)
def test_each_failure_has_its_kind(evaluator: Evaluator, template: str, kind: type[ExpressionError]) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate(template, 0)
    assert type(caught.value) is kind


def test_a_whole_tree_is_evaluated_for_each_item(evaluator: Evaluator) -> None:
    params = {"a": ["{{ $json.n }}", {"b": "n is {{ $json.n + 0 }}"}], "c": 5, "d": None, "e": "plain"}
    assert [evaluator.evaluate(params, index) for index in (0, 1)] == [
        {"a": [1, {"b": "n is 1"}], "c": 5, "d": None, "e": "plain"},
        {"a": [2, {"b": "n is 2"}], "c": 5, "d": None, "e": "plain"},
    ]


def test_an_error_in_a_tree_names_its_place(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate({"headers": [{"value": "x {{ nothing() }}"}]}, 0, "params")
    assert (caught.value.field, caught.value.position) == ("params.headers.0.value", 5)


@pytest.mark.parametrize("broken", ["{{ (() => { for (;;) {} })() }}", "{{ 'a'.repeat(2 ** 29) }}"])
def test_an_evaluator_can_be_used_after_a_limit(evaluator: Evaluator, broken: str) -> None:
    with pytest.raises(ExpressionError):
        evaluator.evaluate(broken, 0)
    assert evaluator.evaluate("{{ $json.n + 1 }}", 1) == 3


def test_what_one_expression_changes_no_other_sees(evaluator: Evaluator) -> None:
    assert evaluator.evaluate("{{ ($json.list.push(9), $json.list.length) }}", 0) == 4
    assert evaluator.evaluate("{{ $json.list.length + 0 }}", 0) == 3
    assert evaluator.evaluate("{{ ($('Split').first().json.x = 9, 1) }}", 0) == 1
    assert evaluator.evaluate("{{ $('Split').first().json.x + 0 }}", 0) == 1
    assert evaluator.evaluate("{{ $input.all().reverse()[0].json.n }}", 0) == 2
    assert evaluator.evaluate("{{ $input.all().at(0).json.n }}", 0) == 1


def test_names_cannot_be_taken_over(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionError):
        evaluator.evaluate("{{ (() => { $json = 5 })() }}", 0)
    assert evaluator.evaluate("{{ $json.n + 0 }}", 1) == 2


def test_catching_our_errors_does_not_hide_data(evaluator: Evaluator) -> None:
    source = "{{ (() => { try { return $('Node A').first().json.x } catch { return 'none' } })() }}"
    assert evaluator.evaluate(source, 0) == 5


@pytest.mark.parametrize("text", ["\ud800", "a\u0000b", "\u2028", "</script>", "'\"`\\${x}", "{{ 1 }}"])
def test_hostile_text_passes_through_both_lanes_unchanged(text: str) -> None:
    evaluator = Evaluator(scope_of([{"json": {"t": text, text: 1}}]))
    assert evaluator.evaluate("{{ $json.t.concat('') }}", 0) == text
    assert evaluator.evaluate("{{ $json.t }}", 0) == text


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400])
def test_numbers_that_json_does_not_have_are_null(number: float) -> None:
    evaluator = Evaluator(scope_of([{"json": {"x": number, "y": 1}}]))
    assert evaluator.evaluate("{{ $json }}", 0) == {"x": None, "y": 1}


def test_a_plain_path_does_not_start_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "__init__", lambda *_: pytest.fail("the engine was started"))
    evaluator = Evaluator(scope_of(TABLE["items"]))
    for source in ("$('Node A').first().json.x", "$node['Node A'].json.x", "$now", "$json?.a.b[1]", "'x'", "$vars.a"):
        evaluator.evaluate(f"{{{{ {source} }}}}", 0)


def test_a_number_only_the_engine_can_write_is_written_by_it(evaluator: Evaluator) -> None:
    assert float(evaluator.evaluate("{{ $json.power }}{{ '' }}", 0)) == 2.0**-24


def test_long_texts_come_out_whole(evaluator: Evaluator) -> None:
    assert evaluator.evaluate("{{ 'a'.repeat(1e6) + 'b'.repeat(1e6) }}", 0) == "a" * 10**6 + "b" * 10**6
    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate("{{ (() => { throw 'a'.repeat(1e5) + 'b'.repeat(1e5) })() }}", 0)
    assert caught.value.message == "a" * 10**5 + "b" * 10**5


def test_outputs_are_fetched_once_and_only_when_asked_for() -> None:
    asked: list[str] = []

    def output_of(name: str) -> Any:
        asked.append(name)
        return {"main": [{"json": {"x": name}}]}

    evaluator = Evaluator(Scope([{"json": {"who": "B"}}], output_of, frozenset("ABC")))
    assert evaluator.evaluate("{{ $node[$json.who].json.x + $('A').first().json.x }}", 0) == "BA"
    assert evaluator.evaluate("{{ $node[$json.who].json.x + '' }}", 0) == "B"
    assert asked == ["B", "A"]


def test_more_wants_than_allowed_are_an_error(evaluator: Evaluator) -> None:
    source = "{{ [...Array(300).keys()].filter((n) => { try { $('n' + n) } catch { return false } }) }}"
    assert evaluator.evaluate(source, 0) == []
    endless = "{{ (() => { $('n' + Math.random()) })() }}"
    with pytest.raises(ExpressionError, match="more than 200"):
        evaluator.evaluate(endless, 0)


@pytest.mark.parametrize(
    ("iteration", "round", "expected"),
    [("", None, 0), ("3", None, 3), ("3.0", None, 0), ("0.12", None, 12), ("3", 7, 7), ("", 0, 0)],
)
def test_the_round_is_that_of_the_innermost_loop(iteration: str, round: int | None, expected: int) -> None:
    evaluator = Evaluator(Scope.of_outputs([{"json": {}}], {}, iteration=iteration, round=round))
    assert evaluator.evaluate("{{ $runIndex }}", 0, "f") == expected
    assert evaluator.evaluate("{{ $runIndex + 1 }}", 0, "f") == expected + 1


def test_other_input_ports_can_be_read() -> None:
    inputs: dict[str, Any] = {"other": [{"json": {"n": 2}}]}
    evaluator = Evaluator(Scope.of_outputs([{"json": {"n": 1}}], {}, inputs=inputs))
    assert evaluator.evaluate("{{ $input.last('other').json.n + $input.first('main').json.n }}", 0) == 3


def test_a_time_zone_that_is_not_there_is_an_error() -> None:
    evaluator = Evaluator(Scope.of_outputs([{"json": {}}], {}, time_zone="Nowhere/Nothing"))
    for template in ("{{ $now }}", "{{ $today }}", "{{ DateTime.now() }}"):
        with pytest.raises(ExpressionError, match="there is no time zone Nowhere/Nothing"):
            evaluator.evaluate(template, 0)


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("UTC", "2026-07-01T22:30:05.250Z", "2026-07-01T00:00:00.000Z"),
        ("Europe/Berlin", "2026-07-02T00:30:05.250+02:00", "2026-07-02T00:00:00.000+02:00"),
        ("America/New_York", "2026-07-01T18:30:05.250-04:00", "2026-07-01T00:00:00.000-04:00"),
        ("Etc/UTC", "2026-07-01T22:30:05.250+00:00", "2026-07-01T00:00:00.000+00:00"),
    ],
)
def test_dates_are_in_the_workflows_time_zone_in_both_lanes(zone: str, now: str, today: str) -> None:
    moment = datetime.fromisoformat(TABLE["now"])
    evaluator = Evaluator(Scope.of_outputs([{"json": {}}], {}, workflow={"timeZone": zone}, now=moment))
    assert evaluator.evaluate("{{ $now }}", 0) == evaluator.evaluate("{{ $now.toISO() }}", 0) == now
    assert evaluator.evaluate("{{ $today }}", 0) == evaluator.evaluate("{{ $today.toISO() }}", 0) == today
    assert evaluator.evaluate("{{ DateTime.fromISO('2026-07-02').zoneName }}", 0) == zone


@pytest.mark.parametrize(
    "source", ["std", "os", "import('os')", "scriptArgs", "print", "load", "require", "fetch", "setTimeout", "process"]
)
def test_the_engine_gives_no_way_out(source: str) -> None:
    engine = Engine()
    with pytest.raises(EngineError):
        engine.run(engine.compile(source), as_text=False)


def test_the_engine_says_what_it_wants() -> None:
    engine = Engine()
    compiled = engine.compile("$workflow.id")
    assert engine.run(compiled, as_text=False) == Wanted(("workflow",))
    engine.give("workflow", {"id": "w"})
    assert engine.run(compiled, as_text=True) == "w"


@pytest.mark.parametrize(
    "text",
    [
        "a {{ ▸nope + 1 }}",
        "{{ 1 +\n  ▸nope }}",
        "😀 {{ 'é😀' + ▸nope }}",
        "{{ 1 }} and {{ [1].map((x) => ▸x.y.z) }}",
        "{{ [1].map((x) =>\n  ▸x.foo.bar) }}",
        "{{ ▸null.foo }}",
        "{{ ▸$json.a.b.c }}",
        "{{ ▸$('Nobody').item.json.x + 1 }}",
        "{{ JSON.▸parse('no') }}",
        "{{ `text ${▸nope}` }}",
        "{{ 1 + ▸😀 }}",
    ],
)
def test_an_error_has_the_place_of_what_threw(text: str) -> None:
    scope = Scope.of_outputs([{"json": {"a": {}}}], {})
    before, _, after = text.partition("▸")
    with pytest.raises(ExpressionError) as caught:
        Evaluator(scope).evaluate(before + after, 0)
    assert caught.value.position == len(before), caught.value.message


@pytest.mark.parametrize(
    ("change", "look", "value"),
    [
        ("Object.prototype.x = 5", "({}).x", None),
        ("String.prototype.trim = () => 'changed'", "' a '.trim()", "a"),
        ("Object.defineProperty(Array.prototype, 'at', { value: null })", "[1].at(0)", 1),
        ("[].values().__proto__.next = null", "[...[1, 2]].length", 2),
        ("(function* () {})().__proto__.__proto__.next = null", "[...(function* () { yield 1; })()]", [1]),
        ("Math.max = () => 7", "Math.max(1, 2)", 2),
        ("Date.now = () => 0", "Date.now() > 0", True),
        ("delete JSON.stringify", "JSON.stringify([1])", "[1]"),
        ("DateTime.prototype.toISODate = null", "$now.toISODate().length", 10),
        ("$now.__proto__.constructor.local = null", "typeof DateTime.local", "function"),
        ("URL.prototype.toString = null", "new URL('http://h/').toString()", "http://h/"),
        ("globalThis.left = 1", "typeof left", "undefined"),
        ("Error.prototype.name = 'Changed'", "new Error('a').name", "Error"),
    ],
)
def test_what_an_expression_changes_is_not_there_for_the_next(change: str, look: str, value: Any) -> None:
    evaluator = Evaluator(Scope.of_outputs([{"json": {}}, {"json": {}}], {}))
    with contextlib.suppress(ExpressionError):
        evaluator.evaluate(f"{{{{ (() => {{ {change} }})() }}}}", 0)
    assert evaluator.evaluate(f"{{{{ {look} }}}}", 1) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(() => { const e = new Error('a'); e.name = 'Mine'; return String(e) })()", "Mine: a"),
        ("(() => { const o = {}; o.toString = () => 'mine'; return `${o}` })()", "mine"),
        ("(() => { class A { constructor() { this.constructor = 1 } } return new A().constructor })()", 1),
        ("(() => { const f = () => 1; f.toString = () => 'f'; return `${f}` })()", "f"),
        ("Object.assign({}, { constructor: 5, valueOf: 7 })", {"constructor": 5, "valueOf": 7}),
    ],
)
def test_own_objects_may_have_any_name(source: str, value: Any) -> None:
    assert Evaluator(Scope.of_outputs([{"json": {}}], {})).evaluate(f"{{{{ {source} }}}}", 0) == value
