"""Ordinary nodes are lowered and their guards hold; what JSONata would do otherwise is left to the function."""

from typing import Any

import pytest

from tests.core.compiler.native.running import (
    Batches,
    agree,
    bench_of,
    evaluate,
    holds,
    inline,
    lowered,
    natively,
    node,
    program_of,
)
from tests.fakes.steps import context, items

ORDERS: Batches = {
    "main": [inline(*items({"id": 1, "amount": 50, "name": "Ada"}, {"id": 2, "amount": 5000, "name": "Bo"}))]
}
OVER = {"left": "{{ $json.amount }}", "type": "number", "operator": "greater"}

ORDINARY: list[tuple[str, dict[str, Any]]] = [
    ("if", {"conditions": [{**OVER, "right": 1000}]}),
    ("if", {"conditions": [{**OVER, "right": "1000"}, {"left": "{{ $json.name }}", "right": "Ada"}], "combine": "or"}),
    ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "startsWith", "right": "A"}]}),
    ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "endsWith", "right": "da"}]}),
    ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "contains", "right": "d"}]}),
    ("if", {"conditions": [{"left": "{{ $json.missing }}", "operator": "exists"}]}),
    ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "isNotEmpty"}]}),
    ("if", {"conditions": [{"left": "{{ $json.paid }}", "type": "boolean", "operator": "isTrue"}]}),
    ("filter", {"conditions": [{**OVER, "operator": "lessOrEqual", "right": 50}]}),
    (
        "switch",
        {
            "rules": [
                {"output": "gold", "conditions": [{**OVER, "right": 1000}]},
                {"output": "silver", "conditions": [{**OVER, "right": 100}]},
            ]
        },
    ),
    ("no_op", {}),
    ("limit", {"count": 1}),
    ("limit", {"count": 5, "keep": "last"}),
    ("set_fields", {"assignments": [{"name": "total", "type": "number", "value": "{{ $json.amount }}"}]}),
    ("set_fields", {"assignments": [{"name": "a.b", "value": "{% $states %}"}, {"name": "a.c", "value": None}]}),
    ("set_fields", {"assignments": [{"name": "n", "value": "{{ $json.missing }}"}], "keepOtherFields": False}),
    ("set_fields", {"assignments": [{"name": "data", "type": "json", "value": '{"list": [1, {"x": null}]}'}]}),
    ("set_fields", {"assignments": [{"name": "n", "type": "number", "value": "5"}]}),
    ("set_fields", {"assignments": [{"name": "😀", "value": "😀 {% x %} \\ \"'` \n"}]}),
    ("set_fields", {"assignments": []}),
    ("set_fields", {"assignments": [{"name": "next", "value": "{{ $json.id + 1 }}"}]}),
    (
        "set_fields",
        {"assignments": [{"name": "net", "type": "number", "value": "{{ $json.amount / 1.19 - 2 * $json.id }}"}]},
    ),
    (
        "set_fields",
        {"assignments": [{"name": "x", "value": "Dear {{ $json.name }}, you owe {{ $json.amount }}{{ $json.cents }}"}]},
    ),
    ("set_fields", {"assignments": [{"name": "x", "value": "{{ `${$json.id}: ` + $json.name }}"}]}),
    (
        "set_fields",
        {"assignments": [{"name": "x", "value": "{{ $json.amount > 100 && !($json.id === 1) ? 'big' : 'small' }}"}]},
    ),
    (
        "if",
        {
            "conditions": [
                {"left": "{{ $json.amount }}", "type": "number", "operator": "less", "right": "{{ $json.id }}"}
            ]
        },
    ),
    ("if", {"conditions": [{"left": "{{ $json.name }}", "right": "{{ $json.missing }}"}]}),
    ("if", {"conditions": [{"left": "{{ $json.amount * 2 }}", "type": "number", "operator": "greater", "right": 150}]}),
    ("if", {"conditions": [{"left": "{{ $json.amount > 10 }}", "type": "boolean", "operator": "isTrue"}]}),
]
BIG = {"conditions": [{**OVER, "right": 1000}]}
TOTAL = {"assignments": [{"name": "total", "value": "{{ $json.amount }}"}]}


@pytest.mark.parametrize(("type", "params"), ORDINARY)
def test_an_ordinary_node_runs_without_its_function_and_gives_the_same(type: str, params: dict[str, Any]) -> None:
    assert agree(type, params, ORDERS)


@pytest.mark.parametrize("mode", [{"mode": "append"}, {"mode": "choose", "choose": "any"}])
def test_a_merge_runs_without_its_function(mode: dict[str, Any]) -> None:
    batch = ORDERS["main"][0]
    assert agree("merge", mode, {"first": [batch], "second": [batch]})
    assert agree("merge", mode, {"first": [None], "second": [batch, None]})
    assert agree("merge", mode, {"first": [], "second": [batch]})


@pytest.mark.parametrize(
    ("type", "params"),
    [
        ("if", {"conditions": [{"left": "{{ $json.amount % 2 }}", "type": "number", "right": 1}]}),
        ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "matches", "right": "A.*"}]}),
        ("if", {"conditions": [{"left": "{{ $json.name }}", "right": "ada"}], "ignoreCase": True}),
        ("if", {"conditions": [{"left": "{{ $json.at }}", "type": "date", "right": "2026-11-23"}]}),
        ("if", {"conditions": [{"left": "{{ $json.name }}", "operator": "contains", "right": "\ud800"}]}),
        ("if", {"conditions": [{"left": "{{ $json.toString }}", "right": "x"}]}),
        ("if", {"conditions": [{"left": "{{ $json['a`b'] }}", "right": "x"}]}),
        ("if", {"conditions": [{"left": "{{ $json['{% x %}'] }}", "right": "x"}]}),
        ("set_fields", {"assignments": [{"name": "x", "value": "Dear {{ $json.name.trim() }}"}]}),
        ("set_fields", {"assignments": [{"name": "x", "value": 2**60}]}),
        ("set_fields", {"assignments": [{"name": "x", "type": "number", "value": "many"}]}),
        ("merge", {"mode": "fields", "match": [{"first": "id", "second": "id"}]}),
        ("limit", {"count": "{{ $json.n }}"}),
        ("stop_and_error", {"message": "{{ $json.n }} is wrong"}),
    ],
)
def test_what_is_more_than_paths_and_literals_keeps_its_function(type: str, params: dict[str, Any]) -> None:
    assert program_of(node(type, params)) is None


@pytest.mark.parametrize(
    ("type", "params", "fields"),
    [
        ("if", {"conditions": [{**OVER, "right": 1}]}, {"amount": "5"}),
        ("if", {"conditions": [{"left": "{{ $json.name }}", "right": "5"}]}, {"name": 5}),
        ("if", {"conditions": [{"left": "{{ $json.a.b }}", "right": "5"}]}, {"a": [{"b": "5"}]}),
        ("if", {"conditions": [{"left": "{{ $json.a.b }}", "right": "5"}]}, {}),
        ("set_fields", {"assignments": [{"name": "x", "value": "{{ $json.a }}"}]}, {"a": [1]}),
        ("set_fields", {"assignments": [{"name": "x", "value": "{{ $json.a }}"}]}, {"a": 2**53 + 1}),
        ("set_fields", {"assignments": [{"name": "a.b", "value": 1}]}, {"a": "text"}),
    ],
)
def test_a_value_that_jsonata_sees_otherwise_is_left_to_the_function(
    type: str, params: dict[str, Any], fields: dict[str, Any]
) -> None:
    batches: Batches = {"main": [inline(*items(fields))]}
    native = lowered(type, params, batches)
    assert native is not None
    assert not holds(native, batches)


@pytest.mark.parametrize(("type", "params"), [("if", BIG), ("set_fields", TOTAL)])
def test_items_by_reference_are_left_to_the_function(type: str, params: dict[str, Any]) -> None:
    bench = bench_of(type)
    stored = bench.outside.claims.store(f"{context()['tenantId']}/x", items({"amount": 1}))
    assert not agree(type, params, {"main": [stored]}, bench)


@pytest.mark.parametrize(("type", "params"), [("no_op", {}), ("limit", {"count": 1}), ("merge", {})])
def test_one_batch_is_passed_on_even_by_reference(type: str, params: dict[str, Any]) -> None:
    bench = bench_of(type)
    stored = bench.outside.claims.store(f"{context()['tenantId']}/x", items({"amount": 1}))
    port = "first" if type == "merge" else "main"
    batches: Batches = {port: [stored]}
    native = lowered(type, params, batches)
    assert native is not None
    assert holds(native, batches)
    assert natively(native, batches, bench) == {"main": items({"amount": 1})}
    assert evaluate(native.result, batches, nulls=True)["output"]["main"] == stored


def test_a_result_that_has_no_room_in_the_state_is_left_to_the_function() -> None:
    batches: Batches = {"main": [inline(*items({"text": "x" * 1000}))]}
    copied = {"assignments": [{"name": "copy", "value": "{{ $json.text }}"}]}
    for room, fitting in ((9000, True), (8000, False)):
        native = lowered("set_fields", copied, batches, room)
        assert native is not None
        assert holds(native, batches) is fitting
    for type, params in (("no_op", {}), ("if", BIG)):
        native = lowered(type, params, batches, 2000)
        assert native is not None
        assert not holds(native, batches)


def test_many_items_are_left_to_the_function() -> None:
    batches: Batches = {"main": [inline(*items(*({"amount": n} for n in range(201))))]}
    native = lowered("if", BIG, batches)
    assert native is not None
    assert not holds(native, batches)


def test_a_stop_fails_with_the_words_of_its_function() -> None:
    message = '{% "x" %} "quoted" ß\n{"errorMessage": 1}'
    native = lowered("stop_and_error", {"message": message}, ORDERS)
    assert native is not None
    assert native.fails is not None
    assert native.fails == ("StoppedByWorkflow", message)


@pytest.mark.parametrize("settings", [{"executeOnce": True}, {"executeOnce": True, "onError": "continue"}])
def test_a_node_that_runs_for_one_item_keeps_its_function(settings: dict[str, Any]) -> None:
    assert program_of(node("no_op", {}, **settings)) is None


def test_settings_that_a_guard_cannot_answer_for_keep_the_function() -> None:
    assert program_of(node("merge", {}, alwaysOutput=True)) is None
    assert program_of(node("stop_and_error", {"message": "x"}, onError="branch")) is None
    assert program_of(node("if", BIG, alwaysOutput=True, onError="branch")) is not None
