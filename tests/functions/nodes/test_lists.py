"""Aggregate and split out: many items to one, and one to many."""

from typing import Any

import pytest

from functions.nodes.data.aggregate.run import run as aggregate_run
from functions.nodes.data.aggregate.spec import SPEC as AGGREGATE
from functions.nodes.data.split_out.run import run as split_run
from functions.nodes.data.split_out.spec import SPEC as SPLIT
from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError, ParameterInvalid, ValueMismatch
from tests.fakes.steps import Bench, items

FILE = {"bucket": "data", "key": "k1", "size": 1, "sha256": "aa", "mimeType": "text/plain"}
OTHER = {**FILE, "key": "k2", "sha256": "bb"}
ROWS = items({"id": 1, "a": {"x": [1, None]}}, {"id": None, "a": {"x": 2}}, {"a": {"x": "s"}, "a.x": "dotted"})


def aggregate(params: dict[str, Any], rows: list[Item] = ROWS) -> Any:
    (made,) = Bench(AGGREGATE, aggregate_run).json(params, rows)
    return made


def fields(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"fields": list(rows), **more}


@pytest.mark.parametrize(
    ("params", "made"),
    [
        (fields({"field": "id"}), {"id": [1]}),
        (fields({"field": "id"}, keepMissing=True), {"id": [1, None, None]}),
        (fields({"field": "a.x"}), {"x": [[1], 2, "dotted"]}),
        (fields({"field": 'a["x"]'}, mergeLists=True), {"x": [1, 2, "s"]}),
        (fields({"field": "a.x"}, mergeLists=True, keepMissing=True), {"x": [1, None, 2, "dotted"]}),
        (fields({"field": "a.x"}, dots=False), {"a.x": ["dotted"]}),
        (fields({"field": "id", "output": "lists.ids"}), {"lists": {"ids": [1]}}),
        (fields({"field": "nowhere"}), {"nowhere": []}),
        ({"mode": "all"}, {"data": [one["json"] for one in ROWS]}),
        (
            {"mode": "all", "output": "o.list", "include": "only", "includeFields": "id"},
            {"o": {"list": [{"id": 1}, {"id": None}, {}]}},
        ),
        (
            {"mode": "all", "include": "except", "includeFields": "a"},
            {"data": [{"id": 1}, {"id": None}, {"a.x": "dotted"}]},
        ),
        (
            {"mode": "all", "include": "only", "includeFields": "{{ ['id', 'a.x'] }}", "dots": False},
            {"data": [{"id": 1}, {"id": None}, {"a.x": "dotted"}]},
        ),
    ],
)
def test_items_become_one(params: dict[str, Any], made: dict[str, Any]) -> None:
    assert aggregate(params) == made


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({}, ParameterInvalid, "No field is named"),
        (fields({"field": "a"}, {"field": "b.a"}), ParameterInvalid, "Two lists"),
        (fields({"field": "a..b"}), ParameterInvalid, "empty name"),
        (fields({"field": "a"}, {"field": "b", "output": "a.b"}), ValueMismatch, "is a list"),
        ({"mode": "all", "include": "only"}, ParameterInvalid, "no field is named"),
        ({"mode": "all", "output": "__proto__"}, ParameterInvalid, "__proto__"),
    ],
)
def test_what_cannot_be_aggregated_is_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    with pytest.raises(error, match=words):
        aggregate(params)


def test_files_are_taken_along_on_request_each_under_a_name_of_its_own() -> None:
    rows: list[Any] = [
        {"json": {}, "binary": {"data": FILE, "data_1": OTHER}},
        {"json": {}, "binary": {"data": OTHER}},
        {"json": {}, "binary": {"data": FILE}},
    ]
    run = Bench(AGGREGATE, aggregate_run)

    def files(**params: Any) -> dict[str, Any]:
        (made,) = run({"mode": "all", **params}, rows)["output"]["main"]["items"]
        return {name: ref["key"] for name, ref in made.get("binary", {}).items()}

    assert files() == {}
    assert files(includeFiles=True) == {"data": "k1", "data_1": "k2", "data_2": "k2", "data_3": "k1"}
    assert files(includeFiles=True, uniqueFiles=True) == {"data": "k1", "data_1": "k2"}


def split(params: dict[str, Any], *rows: dict[str, Any]) -> list[dict[str, Any]]:
    return Bench(SPLIT, split_run).json(params, items(*rows))


ORDER: dict[str, Any] = {"id": 7, "lines": [{"p": "a"}, {"p": "b"}], "o": {"tags": ["x", ["y", ["z"]]]}, "n": None}


@pytest.mark.parametrize(
    ("params", "made"),
    [
        ({"fields": "lines"}, [{"p": "a"}, {"p": "b"}]),
        ({"fields": "lines", "output": "line"}, [{"line": {"p": "a"}}, {"line": {"p": "b"}}]),
        (
            {"fields": "lines", "include": "only", "includeFields": "id"},
            [{"id": 7, "lines": {"p": "a"}}, {"id": 7, "lines": {"p": "b"}}],
        ),
        (
            {"fields": "lines", "include": "all"},
            [{"id": 7, "o": ORDER["o"], "n": None, "lines": {"p": p}} for p in "ab"],
        ),
        ({"fields": "o.tags"}, [{"o.tags": "x"}, {"o.tags": ["y", ["z"]]}]),
        ({"fields": "o.tags", "flatten": True, "output": "tag"}, [{"tag": "x"}, {"tag": "y"}, {"tag": "z"}]),
        (
            {"fields": "o.tags", "include": "all", "output": "t"},
            [{"id": 7, "lines": ORDER["lines"], "o": {}, "n": None, "t": t} for t in ORDER["o"]["tags"]],
        ),
        (
            {"fields": "lines, o.tags"},
            [{"lines": {"p": "a"}, "o.tags": "x"}, {"lines": {"p": "b"}, "o.tags": ["y", ["z"]]}],
        ),
        ({"fields": "lines, id", "output": "l, i"}, [{"l": {"p": "a"}, "i": 7}, {"l": {"p": "b"}}]),
        ({"fields": "id"}, [{"id": 7}]),
        ({"fields": "o"}, [{"o": ["x", ["y", ["z"]]]}]),
        ({"fields": "{{ ['lines'] }}"}, [{"p": "a"}, {"p": "b"}]),
        ({"fields": "n"}, []),
        ({"fields": "nowhere"}, []),
        ({"fields": "nowhere", "nothing": "keep"}, [ORDER]),
        ({"fields": "lines", "dots": False}, [{"p": "a"}, {"p": "b"}]),
        ({"fields": "o.tags", "dots": False}, []),
    ],
)
def test_one_item_becomes_many(params: dict[str, Any], made: list[dict[str, Any]]) -> None:
    assert split(params, ORDER) == made


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({}, ParameterInvalid, "no field is named"),
        ({"fields": "{{ $json.lines }}"}, ParameterInvalid, "valid string"),
        ({"fields": "{{ 5 }}"}, ParameterInvalid, "valid list"),
        ({"fields": "n", "nothing": "fail"}, ValueMismatch, "Item 0 has no entries in n"),
    ],
)
def test_what_cannot_be_split_is_said(params: dict[str, Any], error: type[NodeError], words: str) -> None:
    with pytest.raises(error, match=words):
        split(params, ORDER)


def test_what_gives_nothing_is_logged_and_files_are_split_too() -> None:
    bench = Bench(SPLIT, split_run)
    rows: list[Any] = [{"json": {"a": []}}, {"json": {"a": [1]}, "binary": {"data": FILE, "b": OTHER}}]
    bench({"fields": "a"}, rows)
    assert "1 items have nothing to split out in a" in bench.outside.of("node.log")[0]["message"]
    assert bench({"fields": "a", "includeFiles": True}, rows)["output"]["main"]["items"] == [
        rows[1] | {"json": {"a": 1}}
    ]
    made = bench({"fields": "$binary"}, rows)["output"]["main"]["items"]
    assert made == [{"json": {}, "binary": {"data": FILE}}, {"json": {}, "binary": {"b": OTHER}}]


def test_entries_come_from_their_item() -> None:
    rows: list[Any] = [{"json": {"a": [n, n]}, "origin": {"x": ["main", n]}} for n in range(2)]
    made = Bench(SPLIT, split_run)({"fields": "a"}, rows)["output"]["main"]["items"]
    assert [one["origin"] for one in made] == [{"x": ["main", place]} for place in (0, 0, 1, 1)]
    (one,) = Bench(AGGREGATE, aggregate_run)({"mode": "all"}, rows)["output"]["main"]["items"]
    assert one["origin"] == {"x": None}
