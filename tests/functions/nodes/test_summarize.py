"""Summarize and pivot: groups, numbers, and what is no number."""

from typing import Any

import pytest

from functions.nodes.data.pivot.run import run as pivot_run
from functions.nodes.data.pivot.spec import SPEC as PIVOT
from functions.nodes.data.summarize.run import run
from functions.nodes.data.summarize.spec import SPEC
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid, ValueMismatch
from tests.fakes.steps import Bench, items

ROWS: list[dict[str, Any]] = [
    {"c": "DE", "n": 1, "First Name": "x"},
    {"c": "FR", "n": "2.5"},
    {"c": "DE", "n": 4, "First Name": "y"},
    {"n": None, "c": None},
    {"n": ""},
]


def summarize(params: dict[str, Any], rows: list[dict[str, Any]] = ROWS) -> list[dict[str, Any]]:
    return Bench(SPEC, run).json(params, items(*rows))


def one(operation: str, values: list[Any], **more: Any) -> Any:
    options: dict[str, Any] = {
        name: more.pop(name) for name in ("includeEmpty", "textNumbers", "unreadable") if name in more
    }
    row = {"operation": operation, "field": "v", "output": "o", **more}
    (made,) = summarize({"summaries": [row], **options}, [{"v": value} for value in values])
    return made["o"]


@pytest.mark.parametrize(
    ("operation", "values", "more", "result"),
    [
        ("count", [1, None, "", 0, False], {}, 3),
        ("count", [1, None, "", 0, False], {"includeEmpty": True}, 5),
        ("countDistinct", [1, 1.0, "1", True, [1], [1.0], None], {}, 4),
        ("countDistinct", [None, None, 1], {"includeEmpty": True}, 2),
        ("sum", [1, 2, 3], {}, 6),
        ("sum", [0.1] * 10, {}, 1.0),
        ("sum", [2**53, 1, 1], {}, 2**53 + 2),
        ("sum", ["1", " 2.5 ", None, ""], {}, 3.5),
        ("sum", ["1", 2, "x", True, [1]], {"textNumbers": False, "unreadable": "skip"}, 2),
        ("sum", [None], {}, 0),
        ("average", [1, 2, None], {}, 1.5),
        ("average", [None], {}, None),
        ("min", [3, "2", 10], {}, "2"),
        ("min", [3, "2", 10], {"textNumbers": False}, 3),
        ("max", ["2026-01-02", "2026-01-10", None], {}, "2026-01-10"),
        ("max", [None], {}, None),
        ("append", [1, None, [2]], {}, [1, [2]]),
        ("append", [1, None], {"includeEmpty": True}, [1, None]),
        ("distinct", [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}, "x", "x"], {}, [{"a": 1, "b": 2}, "x"]),
        ("concatenate", ["a", 1, True, {"x": 1}, None], {}, 'a, 1, true, {"x":1}'),
        ("concatenate", ["a", "b"], {"separator": r"\n"}, "a\nb"),
        ("first", [None, 2, 3], {}, 2),
        ("last", [2, 3, ""], {}, 3),
        ("median", [4, 1, 3, 2], {}, 2.5),
        ("median", [5], {}, 5),
        ("percentile", list(range(1, 12)), {"percentile": 90}, 10),
        ("percentile", [1, 2], {"percentile": 75}, 1.75),
        ("percentile", [], {}, None),
        ("stddev", [2, 4, 4, 4, 5, 5, 7, 9], {}, pytest.approx(2.138089935)),
        ("stddevPopulation", [2, 4, 4, 4, 5, 5, 7, 9], {}, 2.0),
        ("stddev", [1], {}, None),
        ("stddev", [1e9 + 1, 1e9 + 2, 1e9 + 3], {}, 1.0),
    ],
)
def test_what_values_come_to(operation: str, values: list[Any], more: dict[str, Any], result: Any) -> None:
    if not values:
        values = [None]
    found = one(operation, values, **more)
    assert found == result
    assert not isinstance(result, bool | int) or type(found) is type(result)


COUNT = {"operation": "count"}
SUM = {"operation": "sum", "field": "n"}


@pytest.mark.parametrize(
    ("params", "made"),
    [
        (
            {"groupBy": "c"},
            [
                {"c": "DE", "count": 2, "sum_n": 5},
                {"c": "FR", "count": 1, "sum_n": 2.5},
                {"c": None, "count": 2, "sum_n": 0},
            ],
        ),
        (
            {"groupBy": "c", "withoutGroup": "skip"},
            [{"c": "DE", "count": 2, "sum_n": 5}, {"c": "FR", "count": 1, "sum_n": 2.5}],
        ),
        ({}, [{"count": 5, "sum_n": 7.5}]),
        ({"output": "one"}, [{"count": 5, "sum_n": 7.5}]),
        (
            {"groupBy": "c", "output": "one", "withoutGroup": "skip"},
            [{"DE": {"count": 2, "sum_n": 5}, "FR": {"count": 1, "sum_n": 2.5}}],
        ),
        (
            {"groupBy": "c, First Name", "output": "one", "withoutGroup": "skip"},
            [{"DE": {"x": {"count": 1, "sum_n": 1}, "y": {"count": 1, "sum_n": 4}}}],
        ),
        (
            {"groupBy": "First Name", "withoutGroup": "skip"},
            [{"First_Name": "x", "count": 1, "sum_n": 1}, {"First_Name": "y", "count": 1, "sum_n": 4}],
        ),
    ],
)
def test_items_are_summed_up_by_group(params: dict[str, Any], made: list[dict[str, Any]]) -> None:
    assert summarize({"summaries": [COUNT, SUM], **params}) == made


def test_groups_keep_their_values_types_and_digits() -> None:
    rows: list[dict[str, Any]] = [
        {"id": "120219279256800279"}, {"id": 120219279256800279}, {"id": 1}, {"id": 1.0}, {"id": "1"}, {"id": True},
        {"id": {"b": 1, "a": 2}}, {"id": {"a": 2, "b": 1}},
    ]  # fmt: skip
    made = summarize({"summaries": [COUNT], "groupBy": "id"}, rows)
    assert [(row["id"], row["count"]) for row in made] == [
        ("120219279256800279", 1), (120219279256800279, 1), (1, 2), ("1", 1), (True, 1), ({"b": 1, "a": 2}, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({}, ParameterInvalid, "nothing to sum up"),
        ({"summaries": [{"operation": "sum"}]}, ParameterInvalid, "Only a count needs no field"),
        ({"summaries": [{"operation": "sum", "field": "x"}]}, ParameterInvalid, "No item has the field 'x'"),
        ({"summaries": [COUNT], "groupBy": "x"}, ParameterInvalid, "No item has the field 'x'"),
        ({"summaries": [COUNT, COUNT]}, ParameterInvalid, "would be called 'count'"),
        ({"summaries": [{**COUNT, "output": "c"}], "groupBy": "c"}, ParameterInvalid, "would be called 'c'"),
        ({"summaries": [{"operation": "sum", "field": "c"}]}, ValueMismatch, 'Item 0: c: "DE" is not a number'),
        ({"summaries": [COUNT], "groupBy": "v", "output": "one"}, ValueMismatch, "Two groups would be called '1'"),
        ({"summaries": [{"operation": "sum", "field": "big"}]}, ValueMismatch, "beyond what a number can be"),
        ({"summaries": [{"operation": "percentile", "field": "n", "percentile": 101}]}, ParameterInvalid, "100"),
    ],
)
def test_what_cannot_be_summed_up_is_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    rows = [{**row, "v": value, "big": 1.5e308} for row, value in zip(ROWS, [1, "1", 2, 3, 4], strict=True)]
    with pytest.raises(error, match=words) as caught:
        summarize(params, rows)
    assert caught.value.details["field"].startswith("params.")


def test_a_field_that_no_item_has_may_give_nothing() -> None:
    params = {"summaries": [{"operation": "sum", "field": "x"}, {"operation": "max", "field": "y"}], "missing": "empty"}
    assert summarize(params) == [{"sum_x": 0, "max_y": None}]


SALES: list[dict[str, Any]] = [
    {"c": "DE", "m": "Jan", "t": 1, "k": {"z": 1}},
    {"c": "FR", "m": "Feb", "t": 2},
    {"c": "DE", "m": "Jan", "t": 3},
    {"c": "DE", "m": None, "t": 4},
]
SUMS = {"rows": "c", "column": "m", "value": "t", "operation": "sum"}


def pivot(params: dict[str, Any], rows: list[dict[str, Any]] = SALES) -> list[dict[str, Any]]:
    return Bench(PIVOT, pivot_run).json(params, items(*rows))


@pytest.mark.parametrize(
    ("params", "made"),
    [
        (SUMS, [{"c": "DE", "Jan": 4, "Feb": None, "null": 4}, {"c": "FR", "Jan": None, "Feb": 2, "null": None}]),
        ({**SUMS, "rows": "", "fill": 0, "operation": "append"}, [{"Jan": [1, 3], "Feb": [2], "null": [4]}]),
        (
            {**SUMS, "rows": "k.z", "operation": "first", "prefix": "in "},
            [
                {"k": {"z": 1}, "in Jan": 1, "in Feb": None, "in null": None},
                {"k": {"z": None}, "in Jan": 3, "in Feb": 2, "in null": 4},
            ],
        ),
        (
            {**SUMS, "column": "t", "value": "m", "operation": "count", "fill": 0},
            [
                {"c": "DE", "1": 1, "2": 0, "3": 1, "4": 0},
                {"c": "FR", "1": 0, "2": 1, "3": 0, "4": 0},
            ],
        ),
    ],
)
def test_values_become_columns(params: dict[str, Any], made: list[dict[str, Any]]) -> None:
    assert pivot(params) == made


def test_columns_become_items_and_back() -> None:
    rows: list[dict[str, Any]] = [{"c": "DE", "Jan": 1, "Feb": None}, {"c": "FR", "Jan": 0, "Feb": 2}]
    long = pivot({"mode": "unpivot", "fields": "c", "nameOutput": "m", "valueOutput": "t"}, rows)
    assert long == [
        {"c": "DE", "m": "Jan", "t": 1}, {"c": "DE", "m": "Feb", "t": None},
        {"c": "FR", "m": "Jan", "t": 0}, {"c": "FR", "m": "Feb", "t": 2},
    ]  # fmt: skip
    assert pivot({**SUMS, "operation": "first"}, long) == rows
    only = {"mode": "unpivot", "which": "only", "fields": "Jan, Feb", "skipEmpty": True}
    assert pivot(only, rows)[0] == {"c": "DE", "name": "Jan", "value": 1}
    assert len(pivot(only, rows)) == 3


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({"rows": "c"}, ParameterInvalid, "Columns: no field is named"),
        ({"column": "c"}, ParameterInvalid, "Values: no field is named"),
        ({**SUMS, "rows": "t", "column": "name"}, ValueMismatch, "would be called 't'"),
        ({**SUMS, "value": "c"}, ValueMismatch, '"DE" is not a number'),
        ({"mode": "unpivot", "fields": "c", "nameOutput": "c"}, ValueMismatch, "'c' is there already"),
        ({"mode": "unpivot", "nameOutput": "x", "valueOutput": "x"}, ValueMismatch, "'x' is there already"),
    ],
)
def test_what_is_no_table_is_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    with pytest.raises(error, match=words):
        pivot(params, [{**SALES[0], "name": "t"}, *SALES[1:]])


def test_a_table_has_no_more_columns_than_can_be_read() -> None:
    with pytest.raises(DataTooLarge, match="more than 1,000 values"):
        pivot(SUMS, [{"c": 1, "m": number, "t": 1} for number in range(1001)])


def test_a_group_belongs_to_its_items_and_columns_to_theirs() -> None:
    rows: list[Any] = [{"json": row, "origin": {"x": ["main", number]}} for number, row in enumerate(SALES)]
    made = Bench(SPEC, run)({"summaries": [COUNT], "groupBy": "c"}, rows)["output"]["main"]["items"]
    assert [one["origin"]["x"] for one in made] == [None, ["main", 1]]
    made = Bench(PIVOT, pivot_run)({"mode": "unpivot", "fields": "c,m,k"}, rows)["output"]["main"]["items"]
    assert [one["origin"] for one in made] == [{"x": ["main", place]} for place in range(4)]
