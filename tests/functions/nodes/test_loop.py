"""The loop's phases, and that splitting and collecting lose nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.nodes.flow.loop.run import run
from functions.nodes.flow.loop.spec import SPEC
from stepweave.model.items import Batch, Item
from stepweave.runtime.errors import DataTooLarge, LoopLimit, ValueMismatch
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
