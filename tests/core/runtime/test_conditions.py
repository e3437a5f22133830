"""When a condition holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from stepweave.runtime.conditions import Comparing, all_or_any_hold, holds
from stepweave.runtime.errors import ParameterInvalid, PatternInvalid, ValueMismatch
from stepweave.spec.conditions import OPERATORS, Condition, operator_options

CASES: list[dict[str, Any]] = json.loads(Path("tests/contract/conditions.json").read_text())["cases"]


def how(case: dict[str, Any]) -> Comparing:
    given = case.get("how", {})
    return Comparing(given.get("ignoreCase", False), given.get("strict", False))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']}-{case['operator']}")
def test_whether_it_holds(case: dict[str, Any]) -> None:
    condition = Condition(left=case["left"], type=case["type"], operator=case["operator"], right=case["right"])
    if "error" in case:
        with pytest.raises(ValueMismatch) as caught:
            holds(condition, how(case))
        assert type(caught.value).__name__ == case["error"]
    else:
        assert holds(condition, how(case)) is case["holds"]


def test_every_operator_of_every_type_is_in_the_table() -> None:
    shown = {(case["type"], case["operator"]) for case in CASES if "holds" in case}
    assert {(type, operator) for type, operators in OPERATORS.items() for operator in operators} <= shown


A = Condition(left=1, type="number", operator="equals", right=1)
NOT_A = Condition(left=1, type="number", operator="equals", right=2)
WRONG = Condition(left="x", type="number", operator="equals", right=2)


def group(combine: Any, *conditions: Condition) -> Condition:
    return Condition.model_validate(
        {"type": "group", "combine": combine, "conditions": [one.model_dump(include=PLAIN) for one in conditions]}
    )


PLAIN = {"left", "type", "operator", "right"}


@pytest.mark.parametrize(
    ("conditions", "combine", "expected"),
    [
        ([group("or", NOT_A, A), group("or", A, NOT_A)], "and", True),
        ([group("or", NOT_A, NOT_A), A], "and", False),
        ([group("and", A, NOT_A), group("and", A, A)], "or", True),
        ([group("and", A, NOT_A), NOT_A], "or", False),
        ([group("or", A, WRONG)], "and", True),
        ([NOT_A, group("or", WRONG)], "and", False),
    ],
)
def test_groups_hold_as_their_conditions_do_and_stop_where_it_is_decided(
    conditions: list[Condition], combine: str, expected: bool
) -> None:
    assert all_or_any_hold(conditions, combine, Comparing()) is expected


def test_a_condition_in_a_group_and_an_empty_group_are_named() -> None:
    with pytest.raises(ValueMismatch) as mismatch:
        all_or_any_hold([A, group("and", A, WRONG)], "and", Comparing(field="params.conditions"))
    assert mismatch.value.details["field"] == "params.conditions.1.conditions.1"
    with pytest.raises(ParameterInvalid) as empty:
        all_or_any_hold([Condition(type="group")], "and", Comparing(field="params.conditions"))
    assert empty.value.details == {"field": "params.conditions.0.conditions"}


def test_case_can_be_ignored() -> None:
    condition = Condition(left="ÄPFEL", type="text", operator="equals", right="äpfel")
    assert (holds(condition), holds(condition, Comparing(ignore_case=True))) == (False, True)
    pattern = Condition(left="ABC", type="text", operator="matches", right="b")
    assert (holds(pattern), holds(pattern, Comparing(ignore_case=True))) == (False, True)


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
        ("boolean", 2, "isTrue", "2 is not a boolean"),
        ("list", "x" * 100, "contains", "… is not a list"),
        ("number", 1, "startsWith", "does not compare values of type number"),
    ],
)
def test_a_value_of_another_type_is_named(type: Any, left: Any, operator: Any, words: str) -> None:
    with pytest.raises(ValueMismatch, match=words) as caught:
        holds(Condition(left=left, type=type, operator=operator, right=1), Comparing(field="params.conditions.0"))
    assert caught.value.details["field"] == "params.conditions.0"


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
        holds(
            Condition(left=left, type="text", operator="matches", right=right), Comparing(field="params.conditions.0")
        )
    assert caught.value.details["field"] == "params.conditions.0"


def test_a_mismatch_says_what_was_compared_and_what_to_do() -> None:
    with pytest.raises(ValueMismatch) as caught:
        holds(Condition(left="5", type="number", operator="greater", right=4), Comparing(strict=True))
    assert caught.value.details == {
        "field": "condition",
        "type": "number",
        "operator": "greater",
        "left": '"5"',
        "right": "4",
    }
    assert str(caught.value.message) == '"5" is not a number, in: "5" greater 4. Values of another type fail here.'
    assert "let the node convert values" in caught.value.remedy


def test_dates_without_an_offset_are_in_the_zone() -> None:
    condition = Condition(left="2026-07-01", type="date", operator="greaterOrEqual", right="2026-07-01T00:00-04:00")
    assert [holds(condition, Comparing(zone=zone)) for zone in ("America/New_York", "Europe/Berlin")] == [True, False]


def test_every_operator_has_a_label_for_its_type() -> None:
    options = operator_options()
    assert {kind: [entry["value"] for entry in entries] for kind, entries in options.items()} == {
        kind: list(operators) for kind, operators in OPERATORS.items()
    }
    assert {entry["label"] for entry in options["date"]} >= {"is after", "is before"}
