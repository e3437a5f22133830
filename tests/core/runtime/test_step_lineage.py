"""What a step's items come from: told by `Step.each`, by behaviours, or by nobody; and what expressions read by it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from stepweave.model.items import Batch, Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ExpressionFailed
from stepweave.runtime.network import ConnectionFailed
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from tests.fakes.steps import TENANT, Bench, items


class Params(NodeParams):
    text: Any = ui("", title="Text", kind=Kind.TEXT)


SPEC = NodeSpec(
    type="sample", name="Sample", category=Category.DATA, icon="x", summary="", docs="", params=Params
)  # fmt: skip
GIVEN: list[Any] = [
    {"json": {"n": 1}, "origin": {"a": ["main", 2], "b": ["main", 0]}},
    {"json": {"n": 2}, "origin": {"a": ["main", 0], "b": ["main", 0]}},
]
A: dict[str, Batch] = {"main": {"count": 3, "items": items({"a": "x"}, {"a": "y"}, {"a": "z"})}}
READ = {"refs": {"A": A}, "paired": {"A": "a"}}


def out(run: Callable[[Step[Params]], Any], given: list[Item] = GIVEN, **more: Any) -> list[Any]:
    bench = Bench(SPEC, run)
    inputs: dict[str, list[Batch]] = {"main": [{"count": len(given), "items": given}]}
    output = bench(more.pop("params", {}), more.pop("inputs", inputs), **more)["output"]
    return [one for batch in output.values() for one in bench.outside.claims.fetch(batch, TENANT)]


def origins(found: list[Any]) -> list[Any]:
    return [one.get("origin") for one in found]


def two(entry: Entry[Params]) -> list[Item]:
    return items({"first": entry.json["n"]}, {"second": entry.json["n"]})


def test_what_an_item_gives_comes_from_it() -> None:
    first, second = (one["origin"] for one in GIVEN)
    assert origins(out(lambda step: step.each(two))) == [first, first, second, second]
    assert origins(out(lambda step: step.each(lambda entry: {"main": two(entry)}, concurrency=2)))[:2] == [first, first]


def test_an_error_item_comes_from_the_item_that_failed() -> None:
    def fail(entry: Entry[Params]) -> list[Item]:
        raise ConnectionFailed("away")

    found = out(lambda step: step.each(fail), settings={"onError": "continue"})
    assert origins(found) == origins(GIVEN)


def test_what_nobody_speaks_for_comes_from_some_item() -> None:
    assert origins(out(lambda step: {"main": items({"sum": 3})})) == [{"a": None, "b": ["main", 0]}]
    assert origins(out(lambda step: {"main": items({}, {})}, GIVEN[:1])) == [GIVEN[0]["origin"]] * 2
    assert origins(out(lambda step: {"main": items({})}, items({}))) == [None]


def test_of_items_without_partners_nothing_is_made_up() -> None:
    given = [*GIVEN, *items({"n": 3})]
    assert origins(out(lambda step: step.each(two), given)) == [
        *[GIVEN[0]["origin"]] * 2,
        *[GIVEN[1]["origin"]] * 2,
        None,
        None,
    ]
    assert origins(out(lambda step: {"main": step.items()[::-1]}, given)) == [None, *origins(GIVEN)[::-1]]
    assert origins(out(lambda step: step.each(lambda entry: [entry.item]), given)) == [*origins(GIVEN), None]


def test_an_item_for_nothing_comes_from_all_that_came() -> None:
    found = out(lambda step: {"main": []}, settings={"alwaysOutput": True})
    assert found == [{"json": {}, "origin": {"a": None, "b": ["main", 0]}}]


def test_places_are_noted_where_the_machine_asks_for_it_and_told_to_nobody() -> None:
    bench = Bench(SPEC, lambda step: {"main": step.items()})
    batch: Batch = {"count": 2, "items": items({"n": 1}, {"n": 2}), "of": ["x", "true"]}
    other: Batch = {"count": 1, "items": items({"n": 3})}
    output = bench({}, {"main": [batch, other]}, iteration="2")["output"]
    assert origins(output["main"]["items"]) == [{"x": ["true", 0, "2"]}, {"x": ["true", 1, "2"]}, None]
    [told] = bench.outside.of("node.succeeded")
    assert told["input"] == {"main": [{"count": 2, "items": items({"n": 1}, {"n": 2})}, other]}


def read(step: Step[Params]) -> dict[str, list[Item]]:
    return step.each(lambda entry: items({"read": entry.params.text}))


def reading(text: str, given: list[Any] = GIVEN, **more: Any) -> list[Any]:
    found = out(read, given, params={"text": text}, **{**READ, **more})
    return [one["json"]["read"] for one in found]


@pytest.mark.parametrize("text", ["{{ $('A').item.json.a }}", "{{ $('A').item.json.a + '' }}", "{{ $node.A.json.a }}"])
def test_an_expression_reads_the_item_that_one_comes_from(text: str) -> None:
    assert reading(text) == ["z", "x"]


def test_expressions_do_not_see_lineage() -> None:
    assert reading("{{ $input.item }}") == [{"json": {"n": 1}}, {"json": {"n": 2}}]
    given: Mapping[str, Any] = {"A": {"main": {"count": 2, "items": GIVEN}}}
    assert reading("{{ $('A').all() }}", refs=given)[0] == [{"json": {"n": 1}}, {"json": {"n": 2}}]


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({"a": None}, r"\$\('A'\)\.item is not clear: item 0 here comes from several of the 3 items"),
        ({}, r"\$\('A'\)\.item is not known: item 0 here comes from none of the 3 items"),
        ({"a": ["main", 3]}, "is not known"),
        ({"a": ["other", 0]}, "is not known"),
        ({"a": ["main", 0, "1"]}, "is not known"),
    ],
)
@pytest.mark.parametrize("more", ["", " + ''"])
def test_where_it_is_not_known_the_expression_says_so(origin: dict[str, Any], words: str, more: str) -> None:
    with pytest.raises(ExpressionFailed, match=words):
        reading(f"{{{{ $('A').item.json.a{more} }}}}", [{"json": {}, "origin": origin}], iteration="10.2")


def test_the_only_item_of_a_node_belongs_to_all() -> None:
    one = {"A": {"main": {"count": 1, "items": items({"a": "only"})}}}
    assert reading("{{ $('A').item.json.a }}", items({}, {}), refs=one) == ["only", "only"]
    assert reading("{{ $('A').item }}", items({}), refs={"A": None}) == [None]


def test_within_a_round_items_of_that_round_and_of_outer_ones_are_found() -> None:
    for iteration in ("10.2", "10", ""):
        place = ["main", 1, iteration] if iteration else ["main", 1]
        given = [{"json": {}, "origin": {"a": place}}]
        assert reading("{{ $('A').item.json.a }}", given, iteration="10.2") == ["y"]
