"""Sort: keys, types, empty values, and what cannot be compared."""

from typing import Any

import pytest

from functions.nodes.data.sort.run import run
from functions.nodes.data.sort.spec import SPEC
from stepweave.runtime.errors import ExpressionFailed, NodeError, ParameterInvalid, ValueMismatch
from tests.fakes.steps import Bench, items

MIXED: list[dict[str, Any]] = [
    {"v": "b"}, {"v": 10}, {"v": None}, {"v": "10"}, {"v": 9}, {}, {"v": True}, {"v": [1]}, {"v": "B"}, {"v": {"a": 1}},
    {"v": "a"},
]  # fmt: skip
MISSING = "-"


def ordered(params: dict[str, Any], values: list[dict[str, Any]], field: str = "v") -> list[Any]:
    return [one.get(field, MISSING) for one in Bench(SPEC, run).json(params, items(*values))]


def by(**key: Any) -> dict[str, Any]:
    return {"keys": [{"field": "v", **key}]}


@pytest.mark.parametrize(
    ("params", "order"),
    [
        (by(), [True, 9, 10, "10", "a", "b", "B", [1], {"a": 1}, None, MISSING]),
        (by(direction="descending"), [{"a": 1}, [1], "b", "B", "a", "10", 10, 9, True, None, MISSING]),
        ({**by(), "empty": "first"}, [None, MISSING, True, 9, 10, "10", "a", "b", "B", [1], {"a": 1}]),
        ({**by(), "ignoreCase": False}, [True, 9, 10, "10", "B", "a", "b", [1], {"a": 1}, None, MISSING]),
        (by(compare="text"), [10, "10", 9, [1], "a", "b", "B", True, {"a": 1}, None, MISSING]),
        (by(compare="natural"), [9, 10, "10", [1], "a", "b", "B", True, {"a": 1}, None, MISSING]),
        (
            {**by(compare="number"), "unreadable": "empty"},
            [9, 10, "10", "b", None, MISSING, True, [1], "B", {"a": 1}, "a"],
        ),
    ],
)
def test_a_mixture_of_types_has_one_order(params: dict[str, Any], order: list[Any]) -> None:
    assert ordered(params, MIXED) == order


@pytest.mark.parametrize(
    ("values", "key", "order"),
    [
        (["100", "9", "-1", "1e3", " 20 "], {"compare": "number"}, ["-1", "9", " 20 ", "100", "1e3"]),
        ([10**30, "9007199254740993", 9007199254740992], {"compare": "number"}, [2**53, str(2**53 + 1), 10**30]),
        (["", 1, " "], {"compare": "number"}, [1, "", " "]),
        (["v1.10", "v1.9", "v1.9.1"], {"compare": "natural"}, ["v1.9", "v1.9.1", "v1.10"]),
        (["2026-03-01", "2025-12-31T23:00-05:00", 0], {"compare": "date"}, [0, "2025-12-31T23:00-05:00", "2026-03-01"]),
        (["Zoë", "zoe", "ZOË"], {"compare": "natural"}, ["Zoë", "zoe", "ZOË"]),
        (["\ud800", "a"], {}, ["a", "\ud800"]),
        ([{"__proto__": 1}, {"__proto__": 0}], {}, [{"__proto__": 0}, {"__proto__": 1}]),
    ],
)
def test_values_are_compared_as_what_the_key_says(values: list[Any], key: dict[str, Any], order: list[Any]) -> None:
    shown = ["\ufffd" if value == "\ud800" else value for value in order]
    assert ordered(by(**key), [{"v": value} for value in values]) == shown


def test_several_keys_and_equal_items_keep_their_order() -> None:
    rows = [
        {"g": "b", "n": 1, "v": 1},
        {"g": "a", "n": 1, "v": 2},
        {"g": "a", "n": 2, "v": 3},
        {"g": "B", "n": 1, "v": 4},
    ]
    keys = [{"field": "g"}, {"field": "n", "direction": "descending"}]
    assert ordered({"keys": keys}, rows) == [3, 2, 1, 4]
    assert ordered({"keys": [{"field": "g", "direction": "descending"}]}, rows) == [1, 4, 2, 3]


def test_a_key_may_be_a_path_a_name_with_dots_or_a_value_for_each_item() -> None:
    rows: list[dict[str, Any]] = [{"a": {"b": 2}, "a.b": 1, "v": "x"}, {"a": {"b": 1}, "a.b": 2, "v": "yy"}]
    assert ordered({"keys": [{"field": 'a["b"]'}]}, rows) == ["yy", "x"]
    assert ordered({"keys": [{"field": "a.b"}], "dots": False}, rows) == ["x", "yy"]
    value = {"by": "value", "value": "{{ -$json.v.length }}"}
    assert ordered({"keys": [value]}, rows) == ["yy", "x"]
    with pytest.raises(ExpressionFailed) as caught:
        ordered({"keys": [value]}, [*rows, {}])
    assert caught.value.item == 2


def test_a_random_order_loses_nothing_and_can_be_the_same_again() -> None:
    rows = [{"v": number} for number in range(50)]
    first = ordered({"mode": "random", "seed": "x"}, rows)
    assert first == ordered({"mode": "random", "seed": "x"}, rows) != list(range(50))
    assert sorted(ordered({"mode": "random"}, rows)) == list(range(50))


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({}, ParameterInvalid, "nothing to sort by"),
        ({"keys": [{"field": "v"}, {"field": ""}]}, ParameterInvalid, "^Row 2: no field is named"),
        ({"keys": [{"field": "{{ '' }}"}]}, ParameterInvalid, "^Row 1: no field is named"),
        ({"keys": [{"field": "a..b"}]}, ParameterInvalid, "^Row 1: 'a..b' has an empty name at position 2"),
        ({"keys": [{"field": "__proto__"}]}, ParameterInvalid, "__proto__"),
        (by(compare="number"), ValueMismatch, 'Item 0: v: "b" is not a number'),
        (by(compare="date"), ValueMismatch, "A date is"),
    ],
)
def test_what_is_wrong_is_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        ordered(params, MIXED)
    assert caught.value.details["field"].startswith("params.keys")
