"""The table node, on a real Postgres: typed rows, conditions, and what does not fit."""

import uuid
from typing import Any

import pytest

from functions.nodes.data.store.options import LOADERS as STORE_LOADERS
from functions.nodes.data.table.options import LOADERS as TABLE_LOADERS
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.options import LoadOptions, Wanted
from stepweave_data.store.tables import Tables
from tests.functions.nodes.test_store_nodes import OWN, stage, table
from tests.functions.system.stored import Stage

__all__ = ["stage"]  # the fixture

PEOPLE = [
    {"name": "Ada", "age": 36, "member": True, "born": "1815-12-10", "tags": ["math"]},
    {"name": "bob", "age": 7, "member": False, "born": "2019-01-01T12:00:00+02:00", "tags": []},
    {"name": "Cy", "age": 2**53 + 1, "member": None, "born": None, "tags": None},
    {"name": "", "age": 0.1, "member": "false", "born": "", "tags": {"b": 1, "a": 2}},
]


@pytest.fixture
def people(stage: Stage) -> Stage:
    columns = {"name": "text", "age": "number", "member": "boolean", "born": "date", "tags": "json"}
    id = str(stage.tenant.id)
    stage.outside.link.tenant(id, lambda it: Tables(it, id).create("People", list(columns.items())))
    table(stage, "insert")(*PEOPLE)
    return stage


def test_rows_come_back_typed_and_exact(people: Stage) -> None:
    found = [{k: v for k, v in row.items() if k not in OWN} for row in table(people, "query")({})]
    assert found == [
        {**PEOPLE[0], "born": "1815-12-10T00:00:00.000Z"},
        {**PEOPLE[1], "born": "2019-01-01T10:00:00.000Z"},
        PEOPLE[2],
        {**PEOPLE[3], "member": False, "born": None},
    ]
    assert list(found[3]["tags"]) == ["b", "a"]


@pytest.mark.parametrize(
    ("column", "operator", "value", "ids"),
    [
        ("name", "equals", "Ada", [1]),
        ("name", "notEquals", "Ada", [2, 3, 4]),
        ("NAME", "contains", "b", [2]),
        ("name", "notContains", "a", [2, 3, 4]),
        ("name", "startsWith", "A", [1]),
        ("name", "endsWith", "y", [3]),
        ("name", "isEmpty", None, [4]),
        ("name", "isNotEmpty", None, [1, 2, 3]),
        ("name", "oneOf", "Ada,Cy", [1, 3]),
        ("name", "oneOf", ["bob"], [2]),
        ("name", "contains", "%", []),
        ("name", "equals", "' OR true --", []),
        ("age", "equals", "36", [1]),
        ("age", "equals", 2**53, []),
        ("age", "equals", 2**53 + 1, [3]),
        ("age", "equals", 0.1, [4]),
        ("age", "greater", 7, [1, 3]),
        ("age", "lessOrEqual", 7, [2, 4]),
        ("age", "oneOf", "7, 36", [1, 2]),
        ("member", "isTrue", None, [1]),
        ("member", "isFalse", None, [2, 4]),
        ("member", "equals", "false", [2, 4]),
        ("member", "notEquals", True, [2, 3, 4]),
        ("member", "isEmpty", None, [3]),
        ("born", "greater", "2018-12-31", [2]),
        ("born", "equals", "2019-01-01T10:00Z", [2]),
        ("born", "less", -4_000_000_000_000, [1]),
        ("born", "isEmpty", None, [3, 4]),
        ("tags", "contains", "math", [1]),
        ("tags", "isEmpty", None, [3]),
        ("id", "greaterOrEqual", 3, [3, 4]),
        ("createdAt", "greater", "2020-01-01", [1, 2, 3, 4]),
        ("updatedAt", "less", "2020-01-01", []),
    ],
)
def test_conditions_are_typed(people: Stage, column: str, operator: str, value: Any, ids: list[int]) -> None:
    condition = {"column": column, "operator": operator, "value": value}
    assert [row["id"] for row in table(people, "query", conditions=[condition])({})] == ids
    assert table(people, "count", conditions=[condition])({}) == [{"count": len(ids)}]


@pytest.mark.parametrize(
    ("operation", "params", "item", "type", "words"),
    [
        ("query", {"conditions": [{"column": "nope"}]}, {}, "ColumnUnknown", "no column “nope”"),
        ("query", {"conditions": [{"column": "age", "value": "x"}]}, {}, "ColumnMismatch", '"x" does not fit'),
        ("query", {"conditions": [{"column": "age", "value": None}]}, {}, "ColumnMismatch", "has no value"),
        ("query", {"conditions": [{"column": "name", "value": None}]}, {}, "ColumnMismatch", "has no value"),
        (
            "query",
            {"conditions": [{"column": "age", "operator": "contains", "value": 1}]},
            {},
            "ColumnMismatch",
            "not for",
        ),
        ("query", {"sort": [{"column": "x'; --"}]}, {}, "ColumnUnknown", "no column"),
        ("insert", {}, {"age": "seven"}, "ColumnMismatch", "“age”"),
        ("insert", {}, {"age": True}, "ColumnMismatch", "“age”"),
        ("insert", {}, {"age": [1]}, "ColumnMismatch", "“age”"),
        ("insert", {}, {"born": "31.12.2020"}, "ColumnMismatch", "“born”"),
        ("insert", {}, {"member": "yes"}, "ColumnMismatch", "“member”"),
        ("insert", {}, {"name": {"a": 1}}, "ColumnMismatch", "“name”"),
        ("insert", {}, {"name": "a\0"}, "StoreValueInvalid", "NUL"),
        ("insert", {}, {"name": "x" * 300_000}, "StoreValueInvalid", "KB"),
        ("insert", {}, {"other": 1}, "ColumnUnknown", "“other”"),
        ("insert", {"missing": "create"}, {"c" * 64: 1}, "StoreKeyInvalid", "64 characters"),
        ("insert", {"missing": "create"}, {"ID ": 1}, "StoreKeyInvalid", "of its own"),
        ("update", {}, {"age": 1}, "ColumnMismatch", "no condition"),
        ("delete", {}, {}, "ColumnMismatch", "no condition"),
        ("upsert", {"keys": [{"name": "name"}]}, {"age": 1}, "ColumnMismatch", "key column name"),
        ("upsert", {"keys": [{"name": "nope"}]}, {"age": 1}, "ColumnUnknown", "“nope”"),
        ("count", {"table": "Nobody"}, {}, "TableNotFound", "“Nobody”"),
        ("count", {"table": "x'; DROP TABLE store_rows; --"}, {}, "TableNotFound", "no table"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    people: Stage, operation: str, params: dict[str, Any], item: dict[str, Any], type: str, words: str
) -> None:
    before = table(people, "query")({})
    with pytest.raises(NodeError) as raised:
        table(people, operation, **params)(item)
    assert (raised.value.__class__.__name__, words in str(raised.value)) == (type, True), str(raised.value)
    assert raised.value.remedy
    assert table(people, "query")({}) == before


def test_rows_are_ordered_with_empty_values_last_and_paged(people: Stage) -> None:
    def ids(*sort: tuple[str, str], **more: Any) -> list[int]:
        order = [{"column": column, "direction": direction} for column, direction in sort]
        return [row["id"] for row in table(people, "query", sort=order, **more)({})]

    assert ids(("age", "ascending")) == [4, 2, 1, 3]
    assert ids(("born", "descending")) == [2, 1, 3, 4]
    assert ids(("member", "descending"), ("name", "ascending")) == [1, 4, 2, 3]
    assert ids(("id", "descending"), limit=2, skip=1) == [3, 2]


def test_update_upsert_and_delete_change_the_rows_that_are_meant(people: Stage) -> None:
    where = [{"column": "age", "operator": "less", "value": 10}]
    changed = table(people, "update", conditions=where, values=[{"name": "member", "value": None}])({"x": 1})
    assert [(row["id"], row["member"]) for row in changed] == [(2, None), (4, None)]
    assert all(row["updatedAt"] >= row["createdAt"] for row in changed)
    put = table(people, "upsert", keys=[{"name": "name"}])
    made = put({"name": "Ada", "age": 37}, {"name": "", "age": 1}, {"name": None, "age": 2}, {"name": "New", "age": 0})
    assert [row["id"] for row in made] == [1, 4, 5, 6]
    assert [row["id"] for row in put({"name": None, "age": 3}, {"name": "New", "age": 4})] == [5, 6]
    zero = table(people, "upsert", keys=[{"name": "age"}, {"name": "member"}])
    assert [row["id"] for row in zero({"age": 0, "member": False}, {"age": 0, "member": "false"})] == [7, 7]
    ada = [{"column": "name", "operator": "equals", "value": "ADA"}]
    assert table(people, "delete", conditions=ada, ignoreCase=True)({}) == [{"deleted": 1}]
    assert table(people, "delete", allRows=True)({}) == [{"deleted": 6}]
    assert table(people, "insert")({"name": "again"})[0]["id"] == 8


def test_columns_and_tables_are_made_or_values_left_out_where_asked(stage: Stage) -> None:
    make = table(stage, "insert", missing="create")
    [row] = make({"__proto__": "p", "n": 1, "ok": True, "list": [1], "text": "t", "none": None})
    assert (row["__proto__"], row["list"], row["none"]) == ("p", [1], None)
    asked = [(one["name"], one["type"]) for one in stage.store.do({"do": "columns", "table": "people"})]
    assert asked == [
        ("__proto__", "text"), ("n", "number"), ("ok", "boolean"), ("list", "json"), ("text", "text"), ("none", "text"),
    ]  # fmt: skip
    [again] = table(stage, "insert", missing="ignore")({"N": 2, "other": 1})
    assert (again["n"], "other" in again) == (2, False)
    # What was found can be written back as it came.
    [found] = table(stage, "query", conditions=[{"column": "id", "value": 1}])({})
    assert table(stage, "insert")(found)[0]["id"] == 3


def test_a_row_is_inserted_once_over_attempts(people: Stage) -> None:
    put, id = table(people, "insert", values=[{"name": "name", "value": "{{ $now }}"}]), str(uuid.uuid4())
    first = put({}, {}, execution=id)
    assert put({}, {}, execution=id, attempt=2) == first
    assert table(people, "count")({}) == [{"count": 6}]


def test_many_large_rows_are_found_in_several_answers(stage: Stage) -> None:
    table(stage, "insert", missing="create")(*[{"text": "x" * 200_000, "n": n} for n in range(18)])
    stage.outside.requests.clear()
    found = table(stage, "query", sort=[{"column": "n", "direction": "descending"}])({})
    assert [row["n"] for row in found] == list(range(17, -1, -1))
    assert len(stage.outside.requests) == 2


def test_the_editor_is_given_stores_tables_and_columns(people: Stage) -> None:
    def loaded(load: LoadOptions, **params: Any) -> list[tuple[str, str]]:
        node: Any = {"id": "n", "name": "N", "type": "table", "version": 1}
        vault: Any = None
        asked = Asked(str(people.tenant.id), "", node, params, {}, vault, 0.0, people.outside.ask)
        return [(one.value, one.detail) for one in load(asked, Wanted()).options]

    people.store.do({"do": "set", "store": "s", "key": "k", "value": 1})
    assert loaded(STORE_LOADERS["stores"]) == [("s", "1 keys")]
    assert loaded(TABLE_LOADERS["tables"]) == [("People", "4 rows")]
    assert loaded(TABLE_LOADERS["columns"], table="people")[:2] == [("name", "text"), ("age", "number")]
    assert loaded(TABLE_LOADERS["readable"], table="people")[-3:][0] == ("id", "number")
    with pytest.raises(ParameterInvalid):
        loaded(TABLE_LOADERS["columns"])
