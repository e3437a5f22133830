"""`stepweave replay`, without a stack: what answers as recorded, what really runs, and what is said to differ."""

from dataclasses import replace
from typing import Any

import pytest

from local.cli.catalogue import load_catalogue
from local.offline.comparing import CannotReplay, Difference, as_test, difference, trigger_hint
from local.offline.replay import Recorded, Recording, Replayed, replay
from local.offline.running import run_workflow
from local.offline.testing import run_test
from stepweave.model.workflow import Workflow
from tests.local.test_offline import items as values
from tests.local.test_offline import node, workflow

CATALOGUE = load_catalogue()


def items(*found: dict[str, Any]) -> list[Any]:
    return values(*found)


START = node("start", "manual_trigger", {"items": [{"n": 1}, {"n": 5}, {"n": 9}]})
RATES = node("rates", "http_request", {"url": "https://rates.example"})
LARGE = {"conditions": [{"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 4}]}


def sets(value: str) -> dict[str, Any]:
    return {"assignments": [{"name": "x", "type": "auto", "value": value}]}


def orders(value: str = "{{ $json.n * $('Rates').first().json.rate }}", **more: Any) -> dict[str, Any]:
    """Large orders are priced with a rate that a server gives."""
    nodes = [
        START,
        RATES,
        node("large", "filter", LARGE),
        node("price", "set_fields", sets(value), **more),
        node("merge", "merge", {"mode": "choose", "choose": "first"}),
        node("last", "no_op"),
    ]
    edges = ("start>rates", "start>merge.first", "rates>merge.second", "merge>large", "large>price", "price>last")
    return workflow(nodes, *edges)


def recorded(document: dict[str, Any], error: dict[str, Any] | None = None, **pins: Any) -> Recording:
    """Return a document's run as it would be recorded; `pins` are what nodes gave that cannot run here."""
    parsed = Workflow.model_validate(document)
    nodes = [one.model_copy(update={"pinned": pins.get(one.id)}) for one in parsed.nodes]
    pinned = parsed.model_copy(update={"nodes": nodes})
    start = parsed.nodes[0]
    given = [{"json": one} for one in start.params.get("items", [{}])]
    outcome = run_workflow(pinned, CATALOGUE, start.id, given)  # type: ignore[arg-type]  # items
    assert outcome.error is None or error is not None, outcome.error
    runs = {place: Recorded("succeeded", output) for place, output in outcome.runs.items() if output is not None}
    context: Any = {
        "tenantId": "t",
        "executionId": "e",
        "workflowId": "w",
        "workflowName": "W",
        "workflowVersion": 3,
        "trigger": "manual",
        "mode": "live",
        "startedAt": "2026-12-01T00:00:00.000Z",
        "timeZone": "UTC",
    }
    return Recording(context, "failed" if error else "succeeded", error, parsed, start.id, runs)


def again(recording: Recording, document: dict[str, Any] | None = None) -> tuple[Replayed, Difference]:
    now = Workflow.model_validate(document) if document is not None else recording.document
    made = replay(recording, now, CATALOGUE)
    return made, difference(recording, now, made, CATALOGUE)


def states(found: Difference) -> dict[str, str]:
    return {one.id: one.state for one in found.nodes}


RATE = {"main": items({"rate": 2})}
RECORDED = recorded(orders(), rates=RATE)


def test_what_was_not_changed_is_the_same_and_nothing_runs() -> None:
    made, found = again(RECORDED)
    assert found.same
    assert made.ran == set()
    assert set(states(found).values()) == {"same"}


def test_a_node_that_moved_or_has_other_pins_was_not_changed() -> None:
    moved = orders(position={"x": 900, "y": 9}, pinned={"main": items({"x": "pinned"})})
    made, found = again(RECORDED, moved)
    assert (found.same, made.changed) == (True, frozenset())


def test_a_changed_node_really_runs_and_what_follows_it_too() -> None:
    made, found = again(RECORDED, orders("{{ $json.n * $('Rates').first().json.rate + 1 }}"))
    assert made.ran == {"price", "last"}
    assert states(found) == {
        "rates": "same",
        "merge": "same",
        "large": "same",
        "price": "differs",
        "last": "differs",
    }
    assert not found.same
    text = "\n".join(found.lines())
    assert '-      "x": 18' in text
    assert '+      "x": 19' in text
    assert "--- then" in text
    assert "3 of 5 nodes are the same" in text


def test_a_change_that_changes_nothing_is_the_same() -> None:
    made, found = again(RECORDED, orders("{{ $('Rates').first().json.rate * $json.n }}"))
    assert (found.same, made.ran) == (True, {"price"}), "what follows it got what it got"


def test_what_reads_the_clock_is_no_difference_where_nothing_was_changed() -> None:
    before = recorded(orders("{{ Math.random() }}"), rates=RATE)
    changed = orders("{{ Math.random() }}")
    changed["nodes"].append(node("beside", "no_op", name="Beside"))
    changed["edges"].append({"id": "more", "source": "merge", "target": "beside"})
    made, found = again(before, changed)
    assert states(found) == {
        **dict.fromkeys(("rates", "merge", "large", "price", "last"), "same"),
        "beside": "ran only now",
    }
    assert made.ran == {"beside"}


def test_items_of_other_nodes_are_found_one_by_one_behind_recorded_answers() -> None:
    made, found = again(RECORDED, orders("{{ $('Start').item.json.n }}"))
    assert made.outcome.error is None
    assert made.outcome.runs["price", ""] == {"main": items({"n": 5, "x": 5}, {"n": 9, "x": 9})}
    assert states(found)["large"] == "same"


def test_a_server_is_not_asked_and_answers_as_recorded_where_what_goes_in_differs() -> None:
    chain = [START, node("x", "set_fields", sets("{{ $json.n }}")), node("call", "http_request"), node("end", "no_op")]
    edges = ("start>x", "x>call", "call>end")
    before = recorded(workflow(chain, *edges), call={"main": items({"ok": True})})
    changed = [chain[0], node("x", "set_fields", sets("{{ $json.n + 1 }}")), *chain[2:]]
    made, found = again(before, workflow(changed, *edges))
    assert states(found) == {"x": "differs", "call": "same", "end": "same"}
    assert made.assumed == {"call"}
    assert "What goes in differs, and it cannot run here: it answered as then." in "\n".join(found.lines())


def test_a_changed_node_that_reaches_out_says_that_it_needs_an_answer() -> None:
    changed = orders()
    changed["nodes"][1] = {**RATES, "params": {"url": "https://other.example"}}
    _, found = again(RECORDED, changed)
    assert found.ends_differ
    assert "Pin its output" in "\n".join(found.lines())
    changed["nodes"][1]["pinned"] = {"main": items({"rate": 3})}
    _, found = again(RECORDED, changed)
    assert states(found) == {
        "rates": "differs",
        "merge": "same",
        "large": "same",
        "price": "differs",
        "last": "differs",
    }


def test_a_node_that_is_gone_did_not_run() -> None:
    document = orders()
    document["nodes"] = [one for one in document["nodes"] if one["id"] != "last"]
    document["edges"] = [edge for edge in document["edges"] if edge["target"] != "last"]
    _, found = again(RECORDED, document)
    assert (states(found)["last"], found.same) == ("did not run", False)


def test_a_branch_that_is_not_taken_any_more_did_not_run() -> None:
    document = orders()
    document["nodes"][2]["params"] = {"conditions": [{**LARGE["conditions"][0], "right": 100}]}
    _, found = again(RECORDED, document)
    assert states(found) == {
        "rates": "same",
        "merge": "same",
        "large": "differs",
        "price": "did not run",
        "last": "did not run",
    }


FAILS = {"code": "if ($json.n > 4) throw new Error('too many'); return $json", "mode": "eachItem"}
ERROR = {"type": "CodeFailed", "message": "too many", "node": {"id": "check", "name": "Check"}}


def failing(code: dict[str, Any] = FAILS) -> dict[str, Any]:
    return workflow([START, node("check", "code", code), node("end", "no_op")], "start>check", "check>end")


def a_failure() -> Recording:
    found = recorded(failing(), ERROR)
    runs = {**found.runs, ("check", ""): Recorded("failed", None, ERROR)}
    return replace(found, runs=runs)


def test_a_failure_fails_as_it_did_and_is_no_difference() -> None:
    _, found = again(a_failure())
    assert (found.same, states(found)) == (True, {"check": "same"})
    assert "ended as then: Check: CodeFailed: too many" in found.lines()


def test_a_mended_failure_differs_and_runs_what_follows() -> None:
    made, found = again(a_failure(), failing({"code": "return $json", "mode": "eachItem"}))
    assert made.ran == {"check", "end"}
    assert found.ends_differ
    assert states(found) == {"check": "ran only now", "end": "ran only now"}
    assert found.to_json()["now"] == {"status": "succeeded", "error": None}


def test_each_round_of_a_loop_answers_as_it_did() -> None:
    nodes = [
        START,
        node("loop", "loop", {"batchSize": 1}),
        node("call", "http_request"),
        node("x", "set_fields", sets("{{ $json.a + 1 }}")),
        node("end", "no_op"),
    ]
    edges = ("start>loop", "loop.loop>call", "call>x", "x>loop.back", "loop.done>end")
    document = workflow(nodes, *edges)
    found = recorded(document, call={"main": items({"a": 0})})
    runs: dict[Any, Recorded] = dict(found.runs)
    for number in range(3):
        runs["call", str(number)] = Recorded("succeeded", {"main": items({"a": number})})
        runs["x", str(number)] = Recorded("succeeded", {"main": items({"a": number, "x": number + 1})})
    ended = items(*({"a": number, "x": number + 1} for number in range(3)))
    runs |= {("loop", ""): Recorded("succeeded", {"done": ended}), ("end", ""): Recorded("succeeded", {"main": ended})}
    recording = replace(found, runs=runs)
    assert again(recording)[1].same
    nodes[3] = node("x", "set_fields", sets("{{ $json.a === 1 ? 'other' : $json.a + 1 }}"))
    _, differing = again(recording, workflow(nodes, *edges))
    x = next(one for one in differing.nodes if one.id == "x")
    assert [one.iteration for one in x.rounds] == ["1"]
    assert "    round 2, port main" in differing.lines()
    with pytest.raises(CannotReplay, match="'Call' cannot run offline, and gave something else in each round"):
        as_test(
            recording, recording.document, replay(recording, recording.document, CATALOGUE, probing=True), CATALOGUE
        )


def a_test(recording: Recording, document: dict[str, Any] | None = None) -> dict[str, Any]:
    now = Workflow.model_validate(document) if document is not None else recording.document
    return as_test(recording, now, replay(recording, now, CATALOGUE, probing=True), CATALOGUE)


def test_the_same_as_a_test_file_holds_and_sees_what_changes() -> None:
    made = a_test(RECORDED)
    fields = {one["id"]: [name for name in ("pinned", "expected") if name in one] for one in made["nodes"]}
    assert fields == {
        "start": ["pinned"],
        "rates": ["pinned"],
        **{id: ["expected"] for id in ("large", "price", "merge", "last")},
    }
    report = run_test(Workflow.model_validate(made), CATALOGUE)
    assert report.passed, report.lines()
    assert report.expectations >= 4
    changed = a_test(RECORDED, orders("{{ 7 }}"))
    assert not run_test(Workflow.model_validate(changed), CATALOGUE).passed
    assert trigger_hint(made, RECORDED, CATALOGUE) == ""


def test_what_gives_something_else_each_time_is_an_answer_of_the_test() -> None:
    made = a_test(recorded(orders("{{ Math.random() }}"), rates=RATE))
    price = next(one for one in made["nodes"] if one["id"] == "price")
    assert "pinned" in price
    assert run_test(Workflow.model_validate(made), CATALOGUE).passed


def test_a_failure_of_what_cannot_run_here_is_no_test() -> None:
    runs = {**RECORDED.runs, ("rates", ""): Recorded("failed", None, {"type": "HttpServerError", "message": "500"})}
    with pytest.raises(CannotReplay, match="'Rates' cannot run offline, and failed"):
        a_test(replace(RECORDED, runs=runs, status="failed"))


def test_an_execution_from_the_middle_is_no_test_and_is_replayed() -> None:
    given = frozenset(("rates", "merge", "large"))
    recording = replace(RECORDED, given=given, fired=given)
    assert again(recording)[1].same
    with pytest.raises(CannotReplay, match="in the middle of the workflow"):
        a_test(recording)
