"""Nodes that send items their way: switch, filter, limit, merge, stop and error."""

import json
from typing import Any

import pytest

from functions.nodes.flow.filter.run import run as filter_run
from functions.nodes.flow.filter.spec import SPEC as FILTER
from functions.nodes.flow.limit.run import run as limit_run
from functions.nodes.flow.limit.spec import SPEC as LIMIT
from functions.nodes.flow.merge import run as merging
from functions.nodes.flow.merge.run import run as merge_run
from functions.nodes.flow.merge.spec import SPEC as MERGE
from functions.nodes.flow.stop_and_error.run import StoppedByWorkflow
from functions.nodes.flow.stop_and_error.run import run as stop_run
from functions.nodes.flow.stop_and_error.spec import SPEC as STOP
from functions.nodes.flow.switch.run import run as switch_run
from functions.nodes.flow.switch.spec import SPEC as SWITCH
from stepweave.model.items import Batch
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid, ValueMismatch
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.ports import output_ports
from tests.fakes.steps import Bench, items

AMOUNT = {"left": "{{ $json.amount }}", "type": "number", "operator": "greaterOrEqual"}
ORDERS = items({"id": 1, "amount": 50}, {"id": 2, "amount": 500}, {"id": 3, "amount": 5000})


def ids(found: list[dict[str, Any]]) -> list[Any]:
    return [one["id"] for one in found]


def ports(bench: Bench, params: dict[str, Any]) -> dict[str, list[Any]]:
    output = bench(params, ORDERS)["output"]
    return {port: [one["json"]["id"] for one in batch["items"]] for port, batch in output.items()}


def test_a_filter_keeps_what_meets_the_conditions_and_shows_the_rest() -> None:
    assert ports(Bench(FILTER, filter_run), {"conditions": [{**AMOUNT, "right": 500}]}) == {
        "main": [2, 3],
        "rejected": [1],
    }


RULES = [
    {"output": "gold", "conditions": [{**AMOUNT, "right": 1000}]},
    {"output": "silver", "conditions": [{**AMOUNT, "right": 100}]},
]


def test_a_switch_takes_the_first_rule_or_the_fallback() -> None:
    assert ports(Bench(SWITCH, switch_run), {"rules": RULES}) == {"fallback": [1], "silver": [2], "gold": [3]}


@pytest.mark.parametrize(
    ("fallback", "expected"),
    [
        ({"fallback": "none"}, {"silver": [2], "gold": [3]}),
        ({"fallback": "output", "fallbackOutput": "silver"}, {"silver": [1, 2], "gold": [3]}),
        ({"fallback": "output", "fallbackOutput": "silver", "allMatches": True}, {"silver": [1, 2, 3], "gold": [3]}),
    ],
)
def test_what_meets_no_rule_of_a_switch_goes_where_it_says(
    fallback: dict[str, Any], expected: dict[str, list[int]]
) -> None:
    assert ports(Bench(SWITCH, switch_run), {"rules": RULES, **fallback}) == expected


def test_a_switch_refuses_an_output_for_the_rest_that_no_rule_names() -> None:
    with pytest.raises(ParameterInvalid, match="No rule has the output 'bronze'") as caught:
        Bench(SWITCH, switch_run)({"rules": RULES, "fallback": "output", "fallbackOutput": "bronze"}, ORDERS)
    assert caught.value.details == {"field": "params.fallbackOutput"}


def test_a_switch_may_take_every_rule_that_holds_each_output_once() -> None:
    rules = [*RULES, {"output": "gold", "conditions": [{**AMOUNT, "right": 4000}]}]
    assert ports(Bench(SWITCH, switch_run), {"rules": rules, "allMatches": True}) == {
        "fallback": [1],
        "silver": [2, 3],
        "gold": [3],
    }


def test_the_outputs_of_a_switch_are_what_its_rules_name_each_once_and_the_fallback() -> None:
    rules = [*RULES, {"output": "gold"}, {"output": "fallback"}, {"output": ""}, {}]
    assert [port.name for port in output_ports(SWITCH, {"rules": rules})] == ["gold", "silver", "fallback"]
    assert [port.name for port in output_ports(SWITCH, {"rules": "{{ $json }}"})] == ["fallback"]


def test_a_switch_names_the_condition_that_cannot_be_compared() -> None:
    with pytest.raises(ValueMismatch) as caught:
        Bench(SWITCH, switch_run)({"rules": RULES}, items({"amount": "much"}))
    assert caught.value.details["field"] == "params.rules.0.conditions.0"


@pytest.mark.parametrize(
    ("params", "kept"),
    [({"count": 2}, [1, 2]), ({"count": 2, "keep": "last"}, [2, 3]), ({"count": 9}, [1, 2, 3]), ({}, [1])],
)
def test_a_limit_keeps_so_many(params: dict[str, Any], kept: list[int]) -> None:
    assert ids(Bench(LIMIT, limit_run).json(params, ORDERS)) == kept


def test_a_limit_reads_its_count_from_the_first_item() -> None:
    assert ids(Bench(LIMIT, limit_run).json({"count": "{{ $json.id + 1 }}"}, ORDERS)) == [1, 2]


def test_stopping_says_what_the_workflow_says() -> None:
    with pytest.raises(StoppedByWorkflow, match="Order 1 has no customer"):
        Bench(STOP, stop_run)({"message": "Order {{ $json.id }} has no customer."}, ORDERS)


def test_stopping_can_be_gone_on_from_only_where_an_error_port_is() -> None:
    output = Bench(STOP, stop_run)({"message": "no"}, ORDERS, settings={"onError": "branch"})["output"]
    assert [one["json"]["error"]["type"] for one in output["error"]["items"]] == ["StoppedByWorkflow"] * 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"message": "No customer", "code": "C1"}, "No customer"),
        ({"description": " Late "}, "Late"),
        ({"message": "", "error": {"message": "Inner"}}, "Inner"),
        ({"message": 5, "error": "gone"}, "gone"),
        ({"code": 7}, '{"code": 7}'),
        ({"__proto__": {"message": "no"}, "message": None}, '{"__proto__": {"message": "no"}, "message": null}'),
        ({}, "{}"),
    ],
)
def test_stopping_with_an_object_says_its_message_and_keeps_all_of_it(given: dict[str, Any], message: str) -> None:
    for written in (given, "{{ $json }}", json.dumps(given)):
        with pytest.raises(StoppedByWorkflow) as caught:
            Bench(STOP, stop_run)({"mode": "object", "errorObject": written}, items(given))
        assert (caught.value.message, caught.value.details) == (message, {"error": given})


@pytest.mark.parametrize("value", [None, "", "no JSON", "[1]", 5, [], "[" * 100_000, "{{ $json.gone }}"])
def test_stopping_with_what_is_no_object_says_so(value: Any) -> None:
    with pytest.raises(ParameterInvalid, match="is no object") as caught:
        Bench(STOP, stop_run)({"mode": "object", "errorObject": value}, ORDERS)
    assert caught.value.details == {"field": "params.errorObject"}


def test_an_error_object_that_is_too_large_leaves_its_message() -> None:
    with pytest.raises(StoppedByWorkflow) as caught:
        Bench(STOP, stop_run)({"mode": "object", "errorObject": {"message": "m" * 50_000}}, ORDERS)
    assert (len(caught.value.message), caught.value.details) == (10_000, {})


FIRST: list[dict[str, Any]] = [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}, {"id": None, "a": "n"}]
SECOND: list[dict[str, Any]] = [
    {"ref": {"id": 2}, "b": "p"},
    {"ref": {"id": 2.0}, "b": "q"},
    {"ref": {"id": "2"}, "b": "s"},
    {"b": "none"},
]


def merge(params: dict[str, Any], first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    inputs: dict[str, list[Batch]] = {}
    for port, found in (("first", first), ("second", second)):
        if found:
            inputs[port] = [{"count": len(found), "items": items(*found)}]
    output = Bench(MERGE, merge_run)(params, inputs)["output"]
    return [one["json"] for one in output["main"]["items"]] if "main" in output else []


def test_merge_appends() -> None:
    assert merge({}, [{"a": 1}], [{"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert merge({}, [], [{"b": 2}]) == [{"b": 2}]


@pytest.mark.parametrize(
    ("keep", "made"),
    [
        ("matched", [{"a": 1, "b": 8}]),
        ("first", [{"a": 1, "b": 8}, {"a": 2}]),
        ("second", [{"a": 1, "b": 8}]),
        ("everything", [{"a": 1, "b": 8}, {"a": 2}]),
        ("unmatched", [{"a": 2}]),
    ],
)
def test_merge_combines_by_position(keep: str, made: list[Any]) -> None:
    assert merge({"mode": "position", "keep": keep}, [{"a": 1}, {"a": 2}], [{"b": 8}]) == made


MATCH = {"mode": "fields", "match": [{"first": "id", "second": "ref.id"}]}


@pytest.mark.parametrize(
    ("keep", "made"),
    [
        ("matched", ["yp", "yq"]),
        ("first", ["yp", "yq", "x", "n"]),
        ("second", ["yp", "yq", "s", "none"]),
        ("everything", ["yp", "yq", "x", "n", "s", "none"]),
        ("unmatched", ["x", "n", "s", "none"]),
    ],
)
def test_merge_combines_where_fields_are_equal(keep: str, made: list[str]) -> None:
    found = merge({**MATCH, "keep": keep}, FIRST, SECOND)
    assert [one.get("a", "") + one.get("b", "") for one in found] == made


def test_true_is_not_one_when_fields_are_compared() -> None:
    params = {"mode": "fields", "match": [{"first": "a", "second": "a"}]}
    assert merge(params, [{"a": True}, {"a": [1]}], [{"a": 1}, {"a": [1], "b": 1}]) == [{"a": [1], "b": 1}]


@pytest.mark.parametrize(
    ("clash", "made"),
    [("second", {"k": 2, "a": 0}), ("first", {"k": 1, "a": 0}), ("suffix", {"k_1": 1, "k_2": 2, "a": 0})],
)
def test_merge_settles_which_field_wins(clash: str, made: dict[str, Any]) -> None:
    assert merge({"mode": "position", "clash": clash}, [{"k": 1, "a": 0}], [{"k": 2}]) == [made]


def test_a_suffix_overwrites_no_field_that_is_called_so() -> None:
    params = {"mode": "position", "clash": "suffix"}
    assert merge(params, [{"id": 1, "id_1": "kept"}], [{"id": 2, "id_2": "too"}]) == [
        {"id_1_1": 1, "id_1": "kept", "id_2_2": 2, "id_2": "too"}
    ]
    [both] = merge(params, [{"a": 1, "a_1": 2, "a_1_1": 3}], [{"a": 4, "a_1": 5}])
    assert sorted(both.values()) == [1, 2, 3, 4, 5]


def test_merge_looks_into_lists_and_says_which_path_is_none() -> None:
    match = {"mode": "fields", "match": [{"first": "lines[0].id", "second": "ref.0.id"}]}
    assert merge(match, [{"lines": [{"id": 7}]}], [{"ref": [{"id": 7}]}]) == [
        {"lines": [{"id": 7}], "ref": [{"id": 7}]}
    ]
    with pytest.raises(ParameterInvalid, match=r"'lines\[\]' has empty brackets at position 5"):
        merge({"mode": "fields", "match": [{"first": "lines[]", "second": "id"}]}, [{}], [{}])


def test_a_combined_item_comes_from_both_of_its_pair() -> None:
    first: list[Any] = [{"json": {"k": n}, "origin": {"a": ["main", n], "c": ["main", 0]}} for n in range(2)]
    second: list[Any] = [{"json": {"k": n}, "origin": {"b": ["main", n], "c": ["main", n]}} for n in range(2)]
    batches: Any = {port: [{"count": 2, "items": found}] for port, found in (("first", first), ("second", second))}
    made = Bench(MERGE, merge_run)({"mode": "fields", "match": [{"first": "k", "second": "k"}]}, batches)["output"]
    assert [one["origin"] for one in made["main"]["items"]] == [
        {"a": ["main", 0], "b": ["main", 0], "c": ["main", 0]},
        {"a": ["main", 1], "b": ["main", 1], "c": None},
    ]


def test_merge_makes_all_combinations_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    params = {"mode": "all"}
    assert merge(params, [{"a": 1}, {"a": 2}], [{"b": 1}]) == [{"a": 1, "b": 1}, {"a": 2, "b": 1}]
    assert merge(params, [{"a": 1}], []) == []
    monkeypatch.setattr(merging, "MOST_COMBINATIONS", 1)
    with pytest.raises(DataTooLarge):
        merge(params, [{"a": 1}, {"a": 2}], [{"b": 1}])


@pytest.mark.parametrize(("choose", "made"), [("any", "b"), ("first", ""), ("second", "b")])
def test_merge_chooses_a_list(choose: str, made: str) -> None:
    found = merge({"mode": "choose", "choose": choose}, [], [{"b": 1}])
    assert "".join(key for one in found for key in one) == made


@pytest.mark.parametrize(
    ("params", "made"),
    [
        ({"keep": "unmatched", "take": "first"}, ["x", "n"]),
        ({"keep": "unmatched", "take": "second"}, ["s", "none"]),
        ({"take": "first"}, ["y"]),
        ({"take": "second"}, ["p", "q"]),
        ({"multiple": "first"}, ["yp"]),
        ({"multiple": "first", "keep": "second"}, ["yp", "q", "s", "none"]),
        ({"loose": True}, ["yp", "yq", "ys"]),
        ({"keep": "everything", "take": "first"}, ["yp", "yq", "x", "n", "s", "none"]),
        ({"match": [{"first": "a", "second": "b"}], "ignoreCase": True}, []),
        ({"match": [{"first": "a", "second": "b"}, {"first": "id", "second": "ref.id"}]}, []),
    ],
)
def test_merge_joins_as_sql_does(params: dict[str, Any], made: list[str]) -> None:
    found = merge({**MATCH, **params}, FIRST, SECOND)
    assert [one.get("a", "") + one.get("b", "") for one in found] == made


@pytest.mark.parametrize(
    ("params", "made"),
    [
        ({}, {"o": {"y": 2}, "e": "", "n": 2}),
        ({"deep": True}, {"o": {"x": 1, "y": 2}, "e": "", "n": 2}),
        ({"clash": "first", "deep": True}, {"o": {"x": 1, "y": 1}, "e": 1, "n": None}),
        ({"fillEmpty": True}, {"o": {"y": 2}, "e": 1, "n": 2}),
        ({"clash": "first", "fillEmpty": True}, {"o": {"x": 1, "y": 1}, "e": 1, "n": 2}),
        (
            {"clash": "suffix", "deep": True},
            {"o_1": {"x": 1, "y": 1}, "o_2": {"y": 2}, "e_1": 1, "e_2": "", "n_1": None, "n_2": 2},
        ),
    ],
)
def test_merge_says_whose_field_wins(params: dict[str, Any], made: dict[str, Any]) -> None:
    first, second = {"o": {"x": 1, "y": 1}, "e": 1, "n": None}, {"o": {"y": 2}, "e": "", "n": 2}
    assert merge({"mode": "position", **params}, [first], [second]) == [made]


def test_merge_may_wait_for_both_and_give_one_empty_item() -> None:
    assert merge({"mode": "choose", "choose": "empty"}, [{"a": 1}], [{"a": 2}]) == [{}]
    with pytest.raises(ParameterInvalid, match="No field says which items belong together"):
        merge({"mode": "fields"}, [{"a": 1}], [{"a": 2}])


LISTS: dict[str, list[dict[str, Any]]] = {
    "first": [{"a": 1, "n": "x"}, {"a": 2, "n": "y"}],
    "second": [],
    "third": [{"c": 3, "n": "z"}],
}


def merge_three(params: dict[str, Any]) -> list[dict[str, Any]]:
    inputs: dict[str, list[Batch]] = {
        port: [{"count": len(found), "items": items(*found)}] if found else [] for port, found in LISTS.items()
    }
    output = Bench(MERGE, merge_run)({"inputs": 3, **params}, inputs)["output"]
    return [one["json"] for one in output["main"]["items"]] if "main" in output else []


@pytest.mark.parametrize(
    ("params", "made"),
    [
        ({}, [*LISTS["first"], *LISTS["third"]]),
        ({"inputs": 2}, LISTS["first"]),
        ({"mode": "position"}, []),
        ({"mode": "position", "keep": "everything"}, [{"a": 1, "c": 3, "n": "z"}, {"a": 2, "n": "y"}]),
        (
            {"mode": "position", "keep": "everything", "clash": "first"},
            [{"a": 1, "c": 3, "n": "x"}, {"a": 2, "n": "y"}],
        ),
        (
            {"mode": "position", "keep": "everything", "clash": "suffix"},
            [{"a": 1, "n_1": "x", "c": 3, "n_3": "z"}, {"a": 2, "n": "y"}],
        ),
        ({"mode": "all"}, []),
        ({"mode": "choose"}, LISTS["first"]),
        ({"mode": "choose", "choose": "third"}, LISTS["third"]),
        ({"mode": "choose", "choose": "second"}, []),
        ({"mode": "choose", "choose": "empty"}, [{}]),
    ],
)
def test_merge_takes_more_than_two_lists(params: dict[str, Any], made: list[dict[str, Any]]) -> None:
    assert merge_three(params) == made


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"mode": "fields", **MATCH}, "Two lists are combined where fields are equal"),
        ({"mode": "position", "keep": "first"}, "3 lists cannot be combined so"),
        ({"mode": "choose", "choose": "fourth"}, "There is no fourth list"),
        ({"inputs": 11}, "10"),
    ],
)
def test_merge_says_which_modes_combine_two_lists_only(params: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        merge_three(params)


def test_the_inputs_of_a_merge_are_as_many_as_it_says() -> None:
    entry = CatalogueEntry.of(MERGE)
    for count, wanted in ((2, 2), (7, 7), (10, 10), (0, 2), (11, 2), ("3", 2), (True, 2)):
        assert len(entry.input_ports({"inputs": count})) == wanted
    assert [port.name for port in entry.input_ports({})] == ["first", "second"]
