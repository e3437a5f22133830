"""The loop's phases, and that splitting and collecting lose nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.nodes.flow.loop.run import run
from functions.nodes.flow.loop.spec import SPEC
from stepweave.model.items import Batch, Item
from stepweave.runtime.errors import (
    DataTooLarge,
    LoopLimit,
    ValueMismatch,
)
from tests.fakes.steps import BUCKET, TENANT, Bench, items

LIMITS = {"inlineRounds": 500, "distributed": True}


def numbered(count: int, width: int = 1) -> list[Item]:
    return items(*({"i": number, "text": "x" * width} for number in range(count)))


def rounds_of(bench: Bench, result: Any) -> list[Batch]:
    """Return each round's batch, as the machine makes them of what splitting gave."""
    batches = result["batches"]
    if "items" in batches:
        return [{"count": len(found), "items": found} for found in batches["items"]]
    places = batches.get("ranges")
    if places is None:
        index = bench.outside.claims.fetch_json(batches["index"]["bucket"], batches["index"]["key"], TENANT)
        places = [(one["offset"], one["length"], one["count"]) for one in index]
    found: list[Any] = [
        {"count": count, "ref": {**batches["ref"], "range": [offset, length]}} for offset, length, count in places
    ]
    return found


@given(st.integers(1, 40), st.integers(1, 15), st.sampled_from([1, 3, 500]), st.sampled_from([100, 32_768]))
def test_what_is_split_comes_back_whole_and_in_order(count: int, size: int, most: int, limit: int) -> None:
    bench, given_items = Bench(SPEC, run), numbered(count)
    loop = {"inlineRounds": most, "distributed": True}
    result = bench({"batchSize": size}, given_items, phase="split", loop=loop, inlineLimit=limit)
    rounds = rounds_of(bench, result)
    assert [found["count"] for found in rounds] == [min(size, count - start) for start in range(0, count, size)]
    assert ("index" in result["batches"]) is (len(rounds) > most)
    back = {"results": [[found] for found in rounds]}
    assert bench.json({}, given_items, "done", phase="collect", loop=back) == [one["json"] for one in given_items]


def test_large_items_are_split_by_reference() -> None:
    bench = Bench(SPEC, run)
    result = bench({"batchSize": 2}, numbered(5, 20_000), phase="split", loop=LIMITS)
    assert result["output"] == {}
    assert len(json.dumps(result)) < 1000
    fetched = [bench.outside.claims.fetch(found, TENANT) for found in rounds_of(bench, result)]
    assert [len(found) for found in fetched] == [2, 2, 1]


def test_an_express_execution_says_when_it_has_no_room() -> None:
    with pytest.raises(DataTooLarge, match="3 rounds are more than the 2"):
        Bench(SPEC, run)({}, numbered(3), phase="split", loop={"inlineRounds": 2, "distributed": False})


def test_only_the_last_phase_ends_the_node() -> None:
    bench = Bench(SPEC, run)
    bench({}, numbered(2), phase="split", loop=LIMITS)
    assert [event["type"] for event in bench.outside.events] == ["node.started"]
    bench({}, numbered(2), phase="collect", loop={"results": [[], []]})
    assert [event["type"] for event in bench.outside.events] == ["node.started", "node.succeeded"]


def test_without_a_way_back_the_items_themselves_are_done() -> None:
    assert len(Bench(SPEC, run).json({}, numbered(3), "done", phase="collect")) == 3


def test_the_files_of_a_distributed_map_are_read_in_the_order_of_the_rounds() -> None:
    bench = Bench(SPEC, run)
    claims = bench.outside.claims

    def execution(number: int) -> dict[str, Any]:
        back = [{"count": 1, "items": items({"i": number})}]
        return {"Input": json.dumps({"iteration": f"4.{number}"}), "Output": json.dumps(back)}

    claims.store_json(f"{TENANT}/e/a.json", [execution(10), execution(2)])
    claims.store_json(f"{TENANT}/e/b.json", [execution(0)])
    succeeded = [{"Key": f"{TENANT}/e/{name}.json", "Size": 1} for name in "ab"]
    claims.store_json(f"{TENANT}/e/manifest.json", {"ResultFiles": {"SUCCEEDED": succeeded}})
    loop = {"manifest": {"bucket": BUCKET, "key": f"{TENANT}/e/manifest.json"}}
    assert [one["i"] for one in bench.json({}, numbered(1), "done", phase="collect", loop=loop)] == [0, 2, 10]


UNTIL = [{"left": "{{ $json.status }}", "operator": "equals", "right": "ready"}]


def turn(params: dict[str, Any], back: list[Item], number: int) -> Any:
    inputs: dict[str, list[Batch]] = {"back": [{"count": len(back), "items": back}] if back else []}
    return Bench(SPEC, run)({"mode": "repeat", **params}, inputs, phase="turn", loop={"round": number})


def test_a_loop_that_repeats_goes_round_with_what_came_back() -> None:
    result = turn({"until": UNTIL}, items({"status": "busy"}), 4)
    assert result["round"] == 5
    assert list(result["output"]) == ["loop"]


@pytest.mark.parametrize(
    ("params", "back", "number", "ports"),
    [
        ({"until": UNTIL}, items({"status": "ready"}, {"status": "busy"}), 0, ["done"]),
        ({"maxRounds": 3}, items({"status": "busy"}), 2, ["done"]),
        ({"maxRounds": 3, "onLimit": "fail"}, items({"status": "busy"}), 2, ["done"]),
        ({}, [], 0, []),
    ],
)
def test_it_ends(params: dict[str, Any], back: list[Item], number: int, ports: list[str]) -> None:
    result = turn(params, back, number)
    assert list(result["output"]) == ports
    assert "round" not in result


def test_until_compares_as_it_is_told_to() -> None:
    back = items({"status": "READY", "n": "3"})
    assert list(turn({"until": UNTIL}, back, 0)["output"]) == ["loop"]
    assert list(turn({"until": UNTIL, "ignoreCase": True}, back, 0)["output"]) == ["done"]
    number = [{"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 2}]
    assert list(turn({"until": number}, back, 0)["output"]) == ["done"]
    with pytest.raises(ValueMismatch, match="is not a number"):
        turn({"until": number, "typeValidation": "strict"}, back, 0)


def test_until_may_look_at_the_round_that_has_ended() -> None:
    third = [{"left": "{{ $runIndex }}", "type": "number", "operator": "equals", "right": 2}]
    assert [list(turn({"until": third}, numbered(1), number)["output"]) for number in (1, 2)] == [["loop"], ["done"]]


def test_it_fails_where_it_must_not_end_without_what_it_waits_for() -> None:
    with pytest.raises(LoopLimit, match="3 times"):
        turn({"until": UNTIL, "maxRounds": 3, "onLimit": "fail"}, items({"status": "busy"}), 2)


def test_it_enters_with_all_its_items() -> None:
    result = Bench(SPEC, run)({"mode": "repeat"}, numbered(3), phase="enter")
    assert result["output"]["loop"]["count"] == 3
    assert result["round"] == 0


def until(bench: Bench, params: dict[str, Any], given_items: list[Item], back: Any, limit: int = 32_768) -> Any:
    """Go round as the machine does until the loop is over; return what `done` gives and the rounds' items.

    Args:
        bench: the loop's.
        params: the node's.
        given_items: its input.
        back: what a round brings back, of its items.
        limit: the room of a result.
    """
    result: Any = bench(params, given_items, phase="enter", inlineLimit=limit)
    rounds = []
    claims = bench.outside.claims
    while "loop" in result["output"]:
        assert len(json.dumps(result)) < 3 * limit + 2_000
        going = claims.fetch(result["output"]["loop"], TENANT)
        rounds.append([one["json"]["i"] for one in going])
        loop = {name: result[name] for name in ("round", "left", "kept", "failed") if name in result}
        brought = back(going)
        came: dict[str, list[Batch]] = {"back": [{"count": len(brought), "items": brought}] if brought else []}
        result = bench(params, came, phase="turn", loop=loop, inlineLimit=limit)
    done = claims.fetch(result["output"]["done"], TENANT) if result["output"] else []
    return [one["json"]["i"] for one in done], rounds


ABOVE_TWO = [{"left": "{{ $json.i }}", "type": "number", "operator": "greater", "right": 2}]


@given(st.integers(1, 30), st.integers(1, 4), st.sampled_from([400, 32_768]), st.booleans())
def test_batches_go_round_until_the_condition_holds_and_none_is_lost(
    count: int, size: int, limit: int, only_last: bool
) -> None:
    params = {"mode": "each_until", "batchSize": size, "until": ABOVE_TWO, "onlyLast": only_last}
    numbers = list(range(count))
    batches = [numbers[start : start + size] for start in range(0, count, size)]
    expected: list[list[int]] = []
    for batch in batches:
        expected.append(batch)
        if batch[0] > 2:
            break
    done, rounds = until(Bench(SPEC, run), params, numbered(count, 30), lambda going: going, limit)
    assert rounds == expected
    assert done == (expected[-1] if only_last else [one for batch in expected for one in batch])


def test_a_round_that_brings_nothing_back_is_followed_by_the_next() -> None:
    params = {"mode": "each_until", "until": ABOVE_TWO}
    done, rounds = until(
        Bench(SPEC, run), params, numbered(9), lambda going: going if going[0]["json"]["i"] % 2 else []
    )
    assert (done, rounds) == ([1, 3], [[0], [1], [2], [3]])


def test_more_batches_than_rounds_fail_before_the_first() -> None:
    bench = Bench(SPEC, run)
    with pytest.raises(LoopLimit, match="3 batches need as many rounds, and 2 are allowed"):
        bench({"mode": "each_until", "maxRounds": 2}, numbered(3), phase="enter")


@pytest.mark.parametrize("limit", [300, 32_768])
def test_what_all_rounds_of_a_repeating_loop_brought_back_is_gathered(limit: int) -> None:
    def grown(going: list[Item]) -> list[Item]:
        return [{"json": {**one["json"], "i": one["json"]["i"] + 1}} for one in going if one["json"]["i"] < 5]

    params = {"mode": "repeat", "gather": True}
    done, rounds = until(Bench(SPEC, run), params, numbered(1, 40), grown, limit)
    assert (done, rounds) == ([1, 2, 3, 4, 5], [[0], [1], [2], [3], [4], [5]])


def test_what_a_round_was_given_is_still_there_after_the_next() -> None:
    bench = Bench(SPEC, run)
    refs: list[Batch] = []
    result: Any = bench({"mode": "repeat"}, numbered(1, 100), phase="enter", inlineLimit=50)
    for number in range(3):
        refs.append(result["output"]["loop"])
        back: list[Batch] = [{"count": 1, "items": items({"i": number + 1, "text": "x" * 100})}]
        loop = {"round": result["round"]}
        result = bench({"mode": "repeat"}, {"back": back}, phase="turn", loop=loop, inlineLimit=50)
    assert [bench.outside.claims.fetch(ref, TENANT)[0]["json"]["i"] for ref in refs] == [0, 1, 2]
