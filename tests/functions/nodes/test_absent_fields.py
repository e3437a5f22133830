"""Fields that no item has: an error where the result would be wrong, elsewhere a warning; never silence."""

import importlib
from typing import Any

import pytest

from stepweave.model.items import Batch
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import Bench, items

ORDERS = ({"id": 1, "total": 5, "by": {"x.y": 2}}, {"id": 2, "total": None})


def lines(node: str, params: dict[str, Any], *lists: tuple[dict[str, Any], ...]) -> list[str]:
    """Return the warnings of a run of a node over one list, or over two."""
    room = importlib.import_module(f"functions.nodes.{node}.spec")
    bench = Bench(room.SPEC, importlib.import_module(f"functions.nodes.{node}.run").run)
    batches: dict[str, list[Batch]] = {
        name: [{"count": len(one), "items": items(*one)}] if one else []
        for name, one in zip(("first", "second"), lists, strict=False)
    }
    bench(params, items(*lists[0]) if len(lists) == 1 else batches)
    told = bench.outside.of("node.log")
    assert all(line["level"] == "warning" for line in told)
    return [line["message"] for line in told]


def match(first: str, second: str) -> dict[str, Any]:
    return {"match": [{"first": first, "second": second}]}


@pytest.mark.parametrize(
    ("node", "params", "words"),
    [
        ("data.sort", {"keys": [{"field": "Total"}]}, "'Total' (params.keys.0.field), so it puts none before another."),
        ("data.sort", {"keys": [{"field": "id"}, {"field": "by.x.z"}]}, "'by.x.z' (params.keys.1.field)"),
        ("data.sort", {"keys": [{"field": "by.x.y"}], "dots": False}, "'by.x.y' (params.keys.0.field)"),
        (
            "data.aggregate",
            {"mode": "fields", "fields": [{"field": "Id"}]},
            "'Id' (params.fields.0.field), so its list is",
        ),
        (
            "data.aggregate",
            {"mode": "all", "include": "only", "includeFields": "id, No"},
            "'No' (params.includeFields), so none is kept",
        ),
        (
            "data.aggregate",
            {"mode": "all", "include": "except", "includeFields": "No"},
            "so nothing is left out by it.",
        ),
        (
            "data.pivot",
            {"rows": "Id", "column": "id", "value": "total"},
            "'Id' (params.rows), so it is null in all rows.",
        ),
        ("data.pivot", {"column": "Id", "value": "total"}, "'Id' (params.column), so there is one column, for null."),
        ("data.pivot", {"column": "id", "value": "Total"}, "'Total' (params.value), so the columns are empty."),
        (
            "data.remove_duplicates",
            {"compare": "except", "fields": "Id"},
            "'Id' (params.fields), so it leaves nothing out.",
        ),
        (
            "data.summarize",
            {"groupBy": "id", "summaries": [{"operation": "sum", "field": "Total"}], "missing": "empty"},
            "'Total' (params.summaries.0.field), so there is nothing to sum up.",
        ),
    ],
)
def test_a_field_that_no_item_has_is_told_with_its_place_and_what_comes_of_it(
    node: str, params: dict[str, Any], words: str
) -> None:
    [told] = lines(node, params, ORDERS)
    assert told.startswith("No item has the field ")
    assert words in told
    assert lines(node, params, ()) == []  # of nothing at all


@pytest.mark.parametrize(
    ("node", "more"), [("data.compare_datasets", {}), ("flow.merge", {"mode": "fields", "keep": "everything"})]
)
def test_a_field_to_match_by_that_no_item_of_its_list_has_is_told(node: str, more: dict[str, Any]) -> None:
    assert lines(node, {**more, **match("id", "Id")}, ORDERS, ORDERS) == [
        "No item of the second list has the field 'Id' (params.match.0.second), so nothing matches. Did you mean 'id'?"
    ]
    assert lines(node, {**more, **match("ID", "id")}, ORDERS, ORDERS) == [
        "No item of the first list has the field 'ID' (params.match.0.first), so nothing matches. Did you mean 'id'?"
    ]
    assert lines(node, {**more, **match("id", "Id")}, ORDERS, ()) == []


@pytest.mark.parametrize(
    ("node", "params"),
    [
        ("data.sort", {"keys": [{"field": "by.x"}, {"field": "by['x.y']"}, {"field": "total"}]}),
        ("data.aggregate", {"mode": "fields", "fields": [{"field": "total"}]}),
        ("data.pivot", {"rows": "by", "column": "id", "value": "total"}),
    ],
)
def test_a_field_that_one_item_has_is_no_reason_to_say_anything(node: str, params: dict[str, Any]) -> None:
    assert [line for line in lines(node, params, ORDERS) if "'by.x'" not in line] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Total", "Did you mean 'total'?"),
        (" id ", "Did you mean 'id'?"),
        ("$json.total", "Did you mean 'total'?"),
        ("5", "It is a value of the field 'total': write that name, without an expression."),
        ("{{ $json.total }}", "It is a value of the field 'total'"),
        ("else", "before another."),
    ],
)
def test_what_is_meant_is_asked_for(name: str, words: str) -> None:
    [told] = lines("data.sort", {"keys": [{"field": name}]}, ORDERS)
    assert words in told
    with pytest.raises(ParameterInvalid) as caught:
        lines("data.remove_duplicates", {"compare": "only", "fields": "ID"}, ORDERS)
    assert str(caught.value) == "No item has the field 'ID', so all would be the same. Did you mean 'id'?"
