"""Evaluates expressions plainly, by the compiled engine and by the library, and prints where they differ. Runs under
the emulator's interpreter."""

import itertools
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from local.emulator.states import expressions, quick
from local.emulator.states.errors import StateError

EXPRESSIONS = [
    "$states.input",
    "$states.input.a",
    "$states.input.a.b",
    "$states.input.a.b.c",
    "$states.input.`odd name`",
    "$states.input.a[0]",
    "$states.input.list",
    "$states.input.list.a",
    "$states.context.Execution.Id",
    "$states.result.Payload.items",
    "$v",
    "$v.a",
    "$v.a.b",
    "$w",
    "$missing",
    "$missing.a",
    "$states",
    "$states.missing",
    "'text'",
    '"text"',
    "12",
    "1.5",
    "true",
    "false",
    "null",
    "{}",
    "{'a': $states.input.a, 'b': {'c': $v}}",
    "{'a': $missing}",
    "{'a': 1, 'a': 2}",
    "{'a': null}",
    "{'a': $states.input.list.a}",
    "$states.input.a{b: c}",
    "$states.input.a[]",
    "$count($v)",
    "$v = 1",
    "$sum([1, 2])",
    "$states.input.a & 'x'",
    "$states.input.a + 1",
    "$exists($v.a)",
    "$not($exists($v.a.b))",
    "$v.a = null",
    "$type($v.a)",
    '$type($v.a) in ["string","null"]',
    "$string($v)",
    "$length($string($v))",
    "$v.a ? 1 : 2",
    "$v.list[a=1]",
    "[$v.list[a=1]]",
    "[$v.list.{'a': a, 'b': b}]",
    "$append($v.list, $v.a)",
    "$merge([$v, {'z': 1}])",
    "$count($v.list)",
    "$v.list.($exists(a) ? a : 0)",
    "($t := [$v.list]; {'count': $count($t), 'items': $t})",
    "$filter($v.list, function($x, $i) { $i < 1 })",
    "$v.a and $v.b",
    "$contains('text', 'ex')",
    "$substring('text', -2)",
    "7 / 2",
    "$abs(-2.50)",
    "$floor(2.5) = 2",
    "[$v.missing ? {'id': 's'}, $v.a ? {'id': 't'}]",
    "$states.result.Payload.(items ? {'id': 'x', 'items': items})",
]
VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    2.5,
    "",
    "text",
    [],
    [1],
    [[1]],
    [None],
    {},
    {"a": None},
    {"a": []},
    {"a": [{"b": 1}]},
    {"a": {"b": [1]}},
    {"a": {"b": [[1, 2]]}},
    {"a": {"b": {"c": "deep"}}, "odd name": 1, "list": [{"a": 1}, {"a": [2]}]},
    {"Payload": {"items": [{"json": {"n": 1}}]}},
]


LIBRARY_IS_WRONG = [("$count($v)", None)]
"""A null is one value (JSONata's `$count`); the library does not count it."""


def quickly(expression: str, bindings: expressions.Bindings) -> Any:
    """Evaluate by the compiled engine."""
    try:
        return quick.evaluate(expression, bindings.variables, bindings.states)
    except quick.Nothing:
        raise expressions.Undefined from None


def result(evaluate: Any, expression: str, bindings: expressions.Bindings) -> Any:
    """The value and its type, or the name of the failure."""
    try:
        value = evaluate(expression, bindings)
    except (expressions.Undefined, StateError) as error:
        return type(error).__name__ if isinstance(error, expressions.Undefined) else error.error
    return repr(value)


def main() -> None:
    """Compare."""
    differences = plain = quickly_read = 0
    for expression, value in itertools.product(EXPRESSIONS, VALUES):
        states = {"input": value, "result": value, "context": {"Execution": {"Id": "arn"}}}
        bindings = expressions.Bindings(states, {"v": value, "w": {"k": value}})
        try:
            compiled = result(quickly, expression, bindings)
        except quick.Unsure:
            compiled = None
        if compiled is not None and (expression, value) not in LIBRARY_IS_WRONG:
            quickly_read += 1
            expected = result(expressions.by_library, expression, bindings)
            if compiled != expected:
                differences += 1
                sys.stdout.write(f"{expression} with {value!r}: quickly {compiled}, by the library {expected}\n")
        reading = expressions.plain(expression)
        if reading is None:
            continue
        plain += 1
        try:
            found = result(lambda _, b, reading=reading: reading(b), expression, bindings)
        except expressions.Unknown:
            continue
        expected = result(expressions.by_library, expression, bindings)
        if found != expected:
            differences += 1
            sys.stdout.write(f"{expression} with {value!r}: plainly {found}, by the library {expected}\n")
    sys.stdout.write(f"compared: {plain} plain, {quickly_read} quick; differences: {differences}\n")
    sys.exit(bool(differences) or plain < 100 or (quick.HERE and quickly_read < 500))


if __name__ == "__main__":
    main()
