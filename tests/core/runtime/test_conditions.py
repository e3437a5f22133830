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
    ("text", {"a": 1}, "contains", '"a":1', True),
    ("text", ["a", 1.0], "equals", '["a",1]', True),
    ("text", 1e21, "equals", "1e+21", True),
    ("text", "é", "matches", r"^\p{L}$", True),
    ("text", "abc", "matches", "(?<n>a)", True),
    ("text", "ABC", "matches", "/^abc$/i", True),
    ("text", "١", "matches", r"^\d$", False),
    ("text", "a\n", "matches", "a$", False),
    ("text", "p{L}", "matches", r"\\p", False),
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
    ("number", " 1e3 ", "equals", 1000, True),
    ("number", "9007199254740993", "equals", "9007199254740992", False),
    ("number", 9007199254740992, "equals", "9007199254740993", True),
    ("number", "-.5", "less", "0.", True),
    ("number", " ", "equals", None, True),
    ("boolean", True, "isTrue", None, True),
    ("boolean", "false", "isFalse", None, True),
    ("boolean", None, "isTrue", None, False),
    ("boolean", True, "notEquals", "false", True),
    ("date", "2026-11-23", "less", "2026-11-23T00:00:01Z", True),
    ("date", "2026-11-23T01:00:00+01:00", "equals", "2026-11-23T00:00:00Z", True),
    ("date", 0, "equals", "1970-01-01", True),
    ("date", 1767225600000, "equals", "2026-01-01", True),
    ("date", "1767225600000", "equals", "2026-W01-4", True),
    ("date", "Thu, 01 Jan 2026 01:00:00 +0100", "equals", "2026-01-01T00:00Z", True),
    ("list", [1, "a"], "contains", "a", True),
    ("list", [1], "contains", True, False),
    ("list", [], "isEmpty", None, True),
    ("list", None, "notContains", 1, True),
    ("object", {"a": 1}, "isNotEmpty", None, True),
    ("object", None, "notExists", None, True),
    ("any", True, "equals", 1, False),
    ("any", {"a": [1]}, "equals", {"a": [1.0]}, True),
    ("any", [True], "equals", [1], False),
    ("any", {"a": {"b": 0}}, "notEquals", {"a": {"b": False}}, True),
    ("any", {"a": 1, "b": 2}, "equals", {"b": 2, "a": 1}, True),
    ("any", [1, 2], "equals", [2, 1], False),
    ("any", 9007199254740993, "equals", 9007199254740992, True),
    ("list", [{"a": [1]}], "contains", {"a": [True]}, False),
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
        ("number", "1_0", "greater", "is not a number"),
        ("number", "１", "greater", "is not a number"),
        ("number", "0x10", "greater", "is not a number"),
        ("number", "Infinity", "greater", "is not a number"),
        ("number", "1,5", "greater", "is not a number"),
        ("date", "tomorrow", "less", "is not a date"),
        ("date", "2026-02-30", "less", "is not a date"),
        ("date", True, "less", "is not a date"),
        ("boolean", 1, "isTrue", "1 is not a boolean"),
        ("list", "x" * 100, "contains", "… is not a list"),
        ("number", 1, "startsWith", "does not compare values of type number"),
    ],
)
def test_a_value_of_another_type_is_named(type: Any, left: Any, operator: Any, words: str) -> None:
    with pytest.raises(ValueMismatch, match=words) as caught:
        holds(Condition(left=left, type=type, operator=operator, right=1), field="params.conditions.0")
    assert caught.value.details == {"field": "params.conditions.0"}


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("a", "(", "cannot be read"),
        ("a", r"\p{Nonsense}", "cannot be read"),
        ("a" * 40 + "!", "(a+)+$", "takes too long"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_named(left: str, right: str, words: str) -> None:
    with pytest.raises(PatternInvalid, match=words) as caught:
        holds(Condition(left=left, type="text", operator="matches", right=right), field="params.conditions.0")
    assert caught.value.details["field"] == "params.conditions.0"


def test_dates_without_an_offset_are_in_the_zone() -> None:
    condition = Condition(left="2026-07-01", type="date", operator="greaterOrEqual", right="2026-07-01T00:00-04:00")
    assert [holds(condition, zone=zone) for zone in ("America/New_York", "Europe/Berlin")] == [True, False]


def test_every_operator_has_a_label_for_its_type() -> None:
    options = operator_options()
    assert {kind: [entry["value"] for entry in entries] for kind, entries in options.items()} == {
        kind: list(operators) for kind, operators in OPERATORS.items()
    }
    assert {entry["label"] for entry in options["date"]} >= {"is after", "is before"}
