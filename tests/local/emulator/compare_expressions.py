"""Evaluates expressions plainly and by the library and prints where they differ. Runs under the emulator's
interpreter."""

import itertools
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from local.emulator.states import expressions
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


def result(evaluate: Any, expression: str, bindings: expressions.Bindings) -> Any:
    """The value and its type, or the name of the failure."""
    try:
        value = evaluate(expression, bindings)
    except (expressions.Undefined, StateError) as error:
        return type(error).__name__ if isinstance(error, expressions.Undefined) else error.error
    return repr(value)


def main() -> None:
    """Compare."""
    differences = plain = 0
    for expression, value in itertools.product(EXPRESSIONS, VALUES):
        states = {"input": value, "result": value, "context": {"Execution": {"Id": "arn"}}}
        bindings = expressions.Bindings(states, {"v": value, "w": {"k": value}})
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
    sys.stdout.write(f"compared: {plain} differences: {differences}\n")
    sys.exit(bool(differences) or plain < 100)


if __name__ == "__main__":
    main()
