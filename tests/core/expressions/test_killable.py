"""Expressions that QuickJS would not end: told by what they are made of, run apart, ended with an error."""

from typing import Any

import pytest

from stepweave.expressions import ExpressionError, ExpressionTimeout
from stepweave.expressions.bounded import is_bounded
from stepweave.expressions.errors import ExpressionMemory
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.killable import EngineLost, KillableEngine, _processes
from stepweave.expressions.scope import Scope

HOSTILE = [
    "Array.prototype.reverse.call({length: 2 ** 53 - 1})",
    "[].join.call({length: 2 ** 53 - 1}, '')",
    "Array(2 ** 32 - 1).join('')",
    "[].concat.call({length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true})",
    "'a'.repeat(1e6).indexOf('a'.repeat(5e5) + 'b')",
    "({'__proto__': [], length: 2 ** 53 - 1}).reverse()",
    "({reverse: [].reverse, length: 2 ** 53 - 1}).reverse()",
    "(({reverse}) => ({reverse, length: 2 ** 53 - 1}).reverse())([])",
    "({x: []['reverse'], length: 2 ** 53 - 1}).x()",
    "({x: []['\\x72everse'], length: 2 ** 53 - 1}).x()",
    "({x: []?.reverse, length: 2 ** 53 - 1}).x()",
    "`${({x: [].join, length: 2 ** 53 - 1}).x()}`",
    "$json.text.includes($json.text)",
    "$json.texts.sort()",
    "'x'.padEnd(1e6).split('x'.padEnd(5e5) + 'y')",
    "(7n ** 100000n).toString()",
]
PLAIN = [
    "$json.a.toFixed(2) + 1",
    "$json.list.map(x => x.name).join(', ')",
    "$json.text.split(',').reverse()[0]",
    "$json.text.includes('needle') ? 'yes' : 'no'",
    "$json.text.replace(/a+/g, $json.b)",
    "$json.list.sort((a, b) => a.n - b.n)",
    "$now.plus({days: 1}).toISODate()",
    "JSON.stringify($json.reverse)",
]


def evaluator(**json: Any) -> Evaluator:
    return Evaluator(Scope.of_outputs([{"json": json}], {}, workflow={"timeZone": "UTC"}, execution={}))


@pytest.mark.parametrize("source", HOSTILE)
def test_what_might_not_end_runs_apart(source: str) -> None:
    assert not is_bounded(source)


@pytest.mark.parametrize("source", [source for source in PLAIN if "reverse)" not in source])
def test_what_people_write_mostly_runs_here(source: str) -> None:
    assert is_bounded(source)


def test_a_built_in_without_end_is_ended_and_the_next_expression_works() -> None:
    one = evaluator(n=2)
    with pytest.raises(ExpressionTimeout, match=r"longer than 0\.2 s"):
        Evaluator(one._scope, seconds=0.2).evaluate(f"{{{{ {HOSTILE[0]} }}}}", 0)
    assert one.evaluate("{{ (() => { let a = $json.n; a += 1; return a; })() }}", 0) == 3
    with pytest.raises(ExpressionMemory):
        one.evaluate("{{ 'a'.repeat(1e9) }}", 0)
    assert one.evaluate("{{ (function () { return [$json.n].reverse(); })() }}", 0) == [2]


def test_errors_libraries_and_other_nodes_are_as_in_this_process() -> None:
    outputs: dict[str, Any] = {"B": {"main": [{"json": {"x": "y"}}]}}
    scope = Scope.of_outputs([{"json": {"n": 1}}], outputs, workflow={"timeZone": "Europe/Berlin"}, execution={})
    for source in (
        "$('B').first().json.x + $json.n",
        "DateTime.fromISO('2026-11-23T12:00:00Z').toFormat('HH:mm ZZZZ')",
        "new Intl.NumberFormat('en-US').format(1234.5)",
        "$('Missing').all()",
        "(() => { throw new Error('boom'); })()",
        "1 +",
        "Object.prototype.polluted = 1",
    ):
        found = []
        for apart in (False, True):
            try:
                found.append(Evaluator(scope, apart=apart).evaluate(f"{{{{ {source} }}}}", 0))
            except ExpressionError as error:
                found.append((type(error), error.message, error.position))
        assert found[0] == found[1], source


def test_who_lost_their_process_to_somebody_else_gets_another() -> None:
    one = evaluator(n=2)
    text = "{{ (() => { let a = $json.n; a += 1; return a; })() }}"
    assert one.evaluate(text, 0) == 3
    for place in _processes:
        place.close()
    assert one.evaluate(text, 0) == 3
    engines = [KillableEngine() for _ in range(8)]  # more than a process keeps
    with pytest.raises(EngineLost):
        engines[0].compile("1")
    assert one.evaluate(text, 0) == 3
