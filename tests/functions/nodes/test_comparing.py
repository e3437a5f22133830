"""Remove duplicates and compare datasets: what is the same, by which rules."""

from typing import Any

import pytest

from functions.nodes.data.compare_datasets.run import run as compare_run
from functions.nodes.data.compare_datasets.spec import SPEC as COMPARE
from functions.nodes.data.remove_duplicates.run import run
from functions.nodes.data.remove_duplicates.spec import SPEC
from stepweave.model.items import Batch
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from tests.fakes.steps import Bench, items

ROWS: list[dict[str, Any]] = [
    {"k": 0, "id": 1, "e": "A@x", "o": {"a": 1, "b": [1, 2]}},
    {"k": 1, "id": 1.0, "e": "a@x", "o": {"b": [1, 2], "a": 1}},
    {"k": 2, "id": "1", "e": "b@x", "o": {"b": [2, 1], "a": 1}},
    {"k": 3, "id": True, "e": "b@x ", "o": None},
    {"k": 4, "id": None},
    {"k": 5},
    {"k": 6, "id": ""},
]


def kept(params: dict[str, Any], rows: list[dict[str, Any]] = ROWS) -> list[Any]:
    bench = Bench(SPEC, run)
    main, dropped = bench.json(params, items(*rows)), bench.json(params, items(*rows), port="duplicates")
    assert len(main) + len(dropped) == len(rows)
    return [row["k"] for row in main]


def only(fields: str, **more: Any) -> dict[str, Any]:
    return {"compare": "only", "fields": fields, **more}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6]),
        (only("id"), [0, 2, 3, 4, 5, 6]),
        (only("id", keep="last"), [1, 2, 3, 4, 5, 6]),
        (only("id", loose=True), [0, 3, 4]),
        (only("id", withoutFields="keep"), [0, 2, 3, 4, 5, 6]),
        (only("id", withoutFields="keep", loose=True), [0, 3, 4, 5, 6]),
        (only("e"), [0, 1, 2, 3, 4]),
        (only("e", ignoreCase=True), [0, 2, 3, 4]),
        (only("e", ignoreCase=True, loose=True), [0, 2, 4]),
        (only("o"), [0, 2, 3, 4]),
        (only("o.b[0]"), [0, 2, 3]),
        (only("id, o.a"), [0, 2, 3, 4, 5, 6]),
        (only("{{ ['o'] }}"), [0, 2, 3, 4]),
        ({"compare": "except", "fields": "k"}, [0, 1, 2, 3, 4, 5, 6]),
        ({"compare": "except", "fields": "k, e, id"}, [0, 2, 3, 4]),
        ({"compare": "except", "fields": "k,e", "ignoreCase": True}, [0, 2, 3, 4, 5, 6]),
    ],
)
def test_one_of_what_is_the_same_stays(params: dict[str, Any], found: list[int]) -> None:
    assert kept(params) == found


def test_ids_that_javascript_cannot_tell_apart_are_different() -> None:
    rows = [{"k": 0, "id": 120219279256800279}, {"k": 1, "id": 120219279256800270}, {"k": 2, "id": 120219279256800279}]
    assert kept(only("id"), rows) == [0, 1]


def test_files_count_on_request_and_other_fields_go_on_request() -> None:
    file = {"bucket": "data", "key": "k", "size": 1, "sha256": "a", "mimeType": "text/plain"}
    rows: list[Any] = [{"json": {"a": 1, "b": n}, "binary": {"f": {**file, "sha256": str(n)}}} for n in range(2)]
    bench = Bench(SPEC, run)
    assert len(bench(only("a"), rows)["output"]["main"]["items"]) == 1
    assert len(bench(only("a", compareFiles=True), rows)["output"]["main"]["items"]) == 2
    output = bench(only("a", onlyCompared=True), rows)["output"]
    assert output["main"]["items"] == [{"json": {"a": 1}, "binary": rows[0]["binary"]}]
    assert output["duplicates"]["items"] == [rows[1]]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (only(""), "no field is named"),
        (only("nowhere"), "No item has the field 'nowhere'"),
        (only("a..b"), "empty name"),
        ({"compare": "except", "fields": "__proto__"}, "__proto__"),
        ({"mode": "no such"}, "'input'"),
    ],
)
def test_what_cannot_be_compared_is_said(params: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        kept(params)


A: list[dict[str, Any]] = [
    {"id": 1, "n": 1, "at": "mon"},
    {"id": 2, "n": "2", "o": {"x": 1, "y": 1}},
    {"id": 3, "t": "a"},
    {"id": None, "n": 9},
]
B: list[dict[str, Any]] = [
    {"ref": {"id": 1.0}, "n": 1.0, "at": "tue"},
    {"ref": {"id": 2}, "n": 2, "o": {"y": 1, "x": 2}, "new": None},
    {"ref": {"id": 2}, "n": "2", "o": {"y": 1, "x": 1}},
    {"ref": {"id": None}},
    {"ref": {"id": "3"}, "t": "A"},
]
MATCH: dict[str, Any] = {"match": [{"first": "id", "second": "ref.id"}], "skip": "at, ref"}


def compare(
    params: dict[str, Any], first: list[dict[str, Any]] = A, second: list[dict[str, Any]] = B
) -> dict[str, Any]:
    inputs: dict[str, list[Batch]] = {
        port: [{"count": len(rows), "items": items(*rows)}]
        for port, rows in (("first", first), ("second", second))
        if rows
    }
    output = Bench(COMPARE, compare_run)(params, inputs)["output"]
    return {port: [one["json"] for one in batch["items"]] for port, batch in output.items()}


def test_two_lists_are_compared_field_by_field() -> None:
    found = compare(MATCH)
    assert found["onlyFirst"] == [A[2], A[3]]
    assert found["same"] == [A[0]]
    assert found["onlySecond"] == [B[2], B[3], B[4]]
    assert found["different"] == [
        {
            "keys": {"id": 2},
            "same": {},
            "different": {
                "n": {"inputA": "2", "inputB": 2},
                "o": {"inputA": {"x": 1, "y": 1}, "inputB": {"y": 1, "x": 2}},
                "new": {"inputB": None},
            },
            "skipped": {"ref": {"inputB": {"id": 2}}},
        }
    ]


@pytest.mark.parametrize(
    ("params", "same", "different"),
    [
        ({"multiple": "all"}, [1, 2], 1),
        ({"loose": True, "ignoreCase": True}, [1, 3], 1),
        ({"loose": True, "skip": "at, ref, o.x"}, [1, 2], 1),
        ({"skip": "ref"}, [], 2),
    ],
)
def test_rules_say_what_is_the_same(params: dict[str, Any], same: list[int], different: int) -> None:
    found = compare({**MATCH, **params})
    assert [row["id"] for row in found.get("same", [])] == same
    assert len(found["different"]) == different


@pytest.mark.parametrize(
    ("params", "made"),
    [
        ({"resolve": "first"}, A[1]),
        ({"resolve": "second"}, B[1]),
        ({"resolve": "mix"}, {**B[1], **A[1]}),
        (
            {"resolve": "mix", "prefer": "second", "otherFields": "o.x, id, new"},
            {"ref": {"id": 2}, "id": 2, "n": 2, "o": {"y": 1, "x": 1}},
        ),
        ({"resolve": "mix", "otherFields": "n"}, {**B[1], **A[1], "n": 2}),
    ],
)
def test_what_differs_is_given_as_chosen(params: dict[str, Any], made: dict[str, Any]) -> None:
    assert compare({**MATCH, **params})["different"] == [made]


def test_one_list_may_be_empty_and_too_many_pairs_are_refused() -> None:
    assert compare(MATCH, A, []) == {"onlyFirst": A}
    assert compare(MATCH, [], B) == {"onlySecond": B}
    many = [{"id": 1, "ref": {"id": 1}}] * 450
    with pytest.raises(DataTooLarge, match="200,000"):
        compare({**MATCH, "multiple": "all"}, many, many)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "No field says"),
        ({"match": [{"first": "a..", "second": "b"}]}, "empty name"),
        ({**MATCH, "skip": "a["}, "bracket"),
    ],
)
def test_what_cannot_match_is_said(params: dict[str, Any], words: str) -> None:
    error: type[NodeError] = ParameterInvalid
    with pytest.raises(error, match=words):
        compare(params)


def test_a_pair_belongs_to_both_and_has_the_files_of_both() -> None:
    def row(name: str, place: int, n: int) -> Any:
        file = {"bucket": "data", "key": name, "size": 1, "sha256": "a", "mimeType": "text/plain"}
        origin = {"x": ["main", place], name: ["main", 0]}
        return {"json": {"id": 1, "n": n}, "binary": {"f": file, name: file}, "origin": origin}

    inputs: dict[str, list[Batch]] = {
        "first": [{"count": 1, "items": [row("a", 0, 1)]}],
        "second": [{"count": 1, "items": [row("b", 1, 2)]}],
    }
    params = {"match": [{"first": "id", "second": "id"}]}
    (made,) = Bench(COMPARE, compare_run)(params, inputs)["output"]["different"]["items"]
    assert made["origin"] == {"x": None, "a": ["main", 0], "b": ["main", 0]}
    assert {name: ref["key"] for name, ref in made["binary"].items()} == {"f": "a", "a": "a", "b": "b"}
