"""When a condition holds."""

from typing import Any

import pytest

from stepweave.runtime.conditions import holds
from stepweave.runtime.errors import PatternInvalid, ValueMismatch
from stepweave.spec.parts import OPERATORS, Condition, operator_options

HOLDS: list[tuple[str, Any, str, Any, bool]] = [
    ("text", "abc", "equals", "abc", True),
    ("text", "abc", "notEquals", "abd", True),
    ("text", 5, "equals", "5", True),
    ("text", True, "equals", "true", True),
    ("text", {"a": 1}, "contains", '"a"', True),
    ("text", "Straße", "contains", "aß", True),
    ("text", "abc", "notContains", "b", False),
    ("text", "abc", "startsWith", "ab", True),
    ("text", "abc", "endsWith", "ab", False),
    ("text", "a1", "matches", r"^[a-z]\d$", True),
    ("text", "", "isEmpty", None, True),
    ("text", None, "contains", "x", False),
    ("text", None, "equals", "", False),
    ("number", 10, "greater", 9.5, True),
    ("number", "10", "greater", "9", True),
    ("number", 1e400, "lessOrEqual", 1, False),
    ("number", 0, "exists", None, True),
    ("number", None, "less", 5, False),
    ("number", None, "greaterOrEqual", 5, False),
    ("number", "", "equals", None, True),
    ("number", 1, "equals", 1.0, True),
    ("boolean", True, "isTrue", None, True),
    ("boolean", "false", "isFalse", None, True),
    ("boolean", None, "isTrue", None, False),
    ("boolean", True, "notEquals", "false", True),
    ("date", "2026-11-23", "less", "2026-11-23T00:00:01Z", True),
    ("date", "2026-11-23T01:00:00+01:00", "equals", "2026-11-23T00:00:00Z", True),
    ("date", 0, "equals", "1970-01-01", True),
    ("list", [1, "a"], "contains", "a", True),
    ("list", [1], "contains", True, False),
    ("list", [], "isEmpty", None, True),
    ("list", None, "notContains", 1, True),
    ("object", {"a": 1}, "isNotEmpty", None, True),
    ("object", None, "notExists", None, True),
    ("any", True, "equals", 1, False),
    ("any", {"a": [1]}, "equals", {"a": [1]}, True),
    ("any", 0, "isEmpty", None, False),
]


@pytest.mark.parametrize(("type", "left", "operator", "right", "expected"), HOLDS)
def test_whether_it_holds(type: Any, left: Any, operator: Any, right: Any, expected: bool) -> None:
    assert holds(Condition(left=left, type=type, operator=operator, right=right)) is expected


def test_case_can_be_ignored() -> None:
    condition = Condition(left="ÄPFEL", type="text", operator="equals", right="äpfel")
    assert (holds(condition), holds(condition, ignore_case=True)) == (False, True)
    pattern = Condition(left="ABC", type="text", operator="matches", right="b")
    assert (holds(pattern), holds(pattern, ignore_case=True)) == (False, True)


@pytest.mark.parametrize(
    ("type", "left", "operator", "words"),
    [
        ("number", "abc", "greater", '"abc" is not a number'),
        ("number", True, "greater", "true is not a number"),
        ("number", "nan", "greater", "is not a number"),
        ("date", "tomorrow", "less", "is not a date"),
        ("boolean", 1, "isTrue", "1 is not a boolean"),
        ("list", "x" * 100, "contains", "… is not a list"),
        ("number", 1, "startsWith", "does not compare values of type number"),
    ],
)
def test_a_value_of_another_type_is_named(type: Any, left: Any, operator: Any, words: str) -> None:
    with pytest.raises(ValueMismatch, match=words) as caught:
        holds(Condition(left=left, type=type, operator=operator, right=1), field="params.conditions.0")
    assert caught.value.details == {"field": "params.conditions.0"}


def test_a_pattern_that_cannot_be_read_is_named() -> None:
    with pytest.raises(PatternInvalid, match="cannot be read"):
        holds(Condition(left="a", type="text", operator="matches", right="("))


def test_every_operator_has_a_label_for_its_type() -> None:
    options = operator_options()
    assert {kind: [entry["value"] for entry in entries] for kind, entries in options.items()} == {
        kind: list(operators) for kind, operators in OPERATORS.items()
    }
    assert {entry["label"] for entry in options["date"]} >= {"is after", "is before"}
