"""A loop's rounds that fail, and how many items an expression gives a batch."""

from typing import Any

import pytest

from functions.nodes.flow.loop.run import run
from functions.nodes.flow.loop.spec import SPEC
from stepweave.model.items import Batch, Item
from stepweave.runtime.errors import ExpressionFailed, NodeError, ParameterInvalid, ValueMismatch
from tests.fakes.steps import TENANT, Bench
from tests.functions.nodes.test_loop import ABOVE_TWO, LIMITS, numbered


def rounds_failing(
    params: dict[str, Any], given_items: list[Item], on_error: str, limit: int
) -> dict[str, list[tuple[int, str | None]]]:
    """Go round as the machine does, those rounds failing that have an odd `i` first; return each port's items."""
    bench = Bench(SPEC, run)
    failure = {"error": "Broken", "cause": "it broke", "port": {"continue": "done", "branch": "error"}[on_error]}
    settings = {"onError": on_error}
    result: Any = bench(params, given_items, phase="enter", inlineLimit=limit, settings=settings)
    claims = bench.outside.claims
    while "loop" in result["output"]:
        loop = {name: result[name] for name in ("round", "left", "kept", "failed") if name in result}
        came = result["output"]["loop"]
        first = claims.fetch(came, TENANT)[0]["json"]["i"]
        broken = first % 2
        given: Any = {"main" if broken else "back": [came]}
        more: Any = {"failure": {**failure, "round": str(loop["round"]), "cutOff": ["w"]}} if broken else {}
        result = bench(params, given, phase="turn", loop=loop, inlineLimit=limit, settings=settings, **more)
        if broken:
            (line,) = [event for event in bench.outside.of("node.log") if event.get("iteration") == str(loop["round"])]
            assert (line["message"], line["cutOff"]) == ("A round failed: it broke", ["w"])
    return {
        port: [(one["json"]["i"], one["json"].get("error", {}).get("type")) for one in claims.fetch(batch, TENANT)]
        for port, batch in result["output"].items()
    }


@pytest.mark.parametrize("limit", [300, 32_768])
@pytest.mark.parametrize("only_last", [False, True])
def test_after_a_round_that_failed_the_other_batches_go_on_and_nothing_is_lost(limit: int, only_last: bool) -> None:
    params = {"mode": "each_until", "until": [], "onlyLast": only_last}
    whole = [(number, "Broken" if number % 2 else None) for number in range(5)]
    well, broken = whole[::2], whole[1::2]
    found = rounds_failing(params, numbered(5, 60), "continue", limit)
    assert found == {"done": [*broken, *well[-1:]] if only_last else whole}
    found = rounds_failing(params, numbered(5, 60), "branch", limit)
    assert found == {"done": well[-1:] if only_last else well, "error": broken}


def test_a_loop_that_repeats_ends_with_a_round_that_failed() -> None:
    given = numbered(2, 10)[1:]
    assert rounds_failing({"mode": "repeat", "gather": True}, given, "branch", 32_768) == {"error": [(1, "Broken")]}


def test_the_last_round_may_be_one_that_failed() -> None:
    params = {"mode": "each_until", "until": [], "onlyLast": True}
    found = rounds_failing(params, numbered(4, 60), "continue", 32_768)
    assert found == {"done": [(1, "Broken"), (3, "Broken")]}


@pytest.mark.parametrize("gather", [True, False])
def test_after_too_many_rounds_what_was_gathered_is_kept_and_the_last_ones_items_are_error_items(gather: bool) -> None:
    params: dict[str, Any] = {"mode": "repeat", "gather": gather, "maxRounds": 3, "onLimit": "fail", "until": ABOVE_TWO}
    back: dict[str, list[Batch]] = {"back": [{"count": 2, "items": numbered(2)}]}
    loop: dict[str, Any] = {"round": 2, "kept": {"items": numbered(1)}} if gather else {"round": 2}
    gathered = [(0, None)] if gather else []
    for on_error, expected in (
        ("continue", {"done": [*gathered, (0, "LoopLimit"), (1, "LoopLimit")]}),
        ("branch", {"done": gathered, "error": [(0, "LoopLimit"), (1, "LoopLimit")]}),
    ):
        bench = Bench(SPEC, run)
        result: Any = bench(params, back, phase="turn", loop=loop, settings={"onError": on_error})
        found = {
            port: [(one["json"]["i"], one["json"].get("error", {}).get("type")) for one in batch["items"]]
            for port, batch in result["output"].items()
        }
        assert found == {port: items for port, items in expected.items() if items}


@pytest.mark.parametrize("on_error", ["continue", "branch"])
def test_where_until_cannot_be_told_what_came_back_are_error_items(on_error: str) -> None:
    params = {"mode": "each_until", "until": [{**ABOVE_TWO[0], "left": "{{ $json.text }}"}]}
    bench = Bench(SPEC, run)
    back: dict[str, list[Batch]] = {"back": [{"count": 2, "items": numbered(2)}]}
    loop = {"round": 0, "left": {"items": [numbered(2), numbered(1)]}, "kept": {"items": numbered(1)}}
    result: Any = bench(params, back, phase="turn", loop=loop, settings={"onError": on_error})
    assert result["output"]["loop"]["count"] == 1
    failed = result["failed" if on_error == "branch" else "kept"]["items"][-2:]
    assert [one["json"]["error"]["type"] for one in failed] == ["ValueMismatch"] * 2
    with pytest.raises(ValueMismatch):
        bench(params, back, phase="turn", loop=loop)


@pytest.mark.parametrize("phase", ["split", "enter"])
def test_an_expression_says_how_many_items_a_batch_has_and_until_is_not_asked_yet(phase: str) -> None:
    until = [{"left": "{{ $json.none.at }}", "type": "number", "operator": "greater", "right": 0}]
    params = {"mode": "each_until", "until": until, "batchSize": "{{ $input.all().length - $json.i - 2 }}"}
    result: Any = Bench(SPEC, run)(params, numbered(5), phase=phase, loop=LIMITS)
    batches = result["batches" if phase == "split" else "left"]["items"]
    assert [[one["json"]["i"] for one in batch] for batch in batches] == [[0, 1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("size", "error", "words"),
    [
        ("{{ 0 }}", ParameterInvalid, "greater than or equal to 1, not 0"),
        ("{{ -3 }}", ParameterInvalid, "greater than or equal to 1, not -3"),
        ("{{ 10001 }}", ParameterInvalid, "less than or equal to 10000"),
        ("{{ 2.5 }}", ParameterInvalid, "valid integer"),
        ("{{ 'ten' }}", ParameterInvalid, "valid integer, unable to parse string as an integer, not 'ten'"),
        ("{{ $json.none }}", ParameterInvalid, "valid integer, not null"),
        ("{{ $json.none.at }}", ExpressionFailed, "params.batchSize"),
    ],
)
@pytest.mark.parametrize("phase", ["split", "enter"])
def test_a_size_of_batches_that_is_none_names_its_field(
    size: str, error: type[NodeError], words: str, phase: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        Bench(SPEC, run)({"mode": "each_until", "batchSize": size}, numbered(5), phase=phase, loop=LIMITS)
    assert caught.value.details["field"] == "params.batchSize"
