"""`stepweave test`: workflows run offline, and what their nodes give is compared with what they should."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli.main import app


def node(id: str, type: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": more.pop("name", id.title()), "params": params or {}, **more}


def workflow(nodes: list[dict[str, Any]], *edges: str) -> dict[str, Any]:
    """Edges are written `a>b` or `a.port>b.port`."""
    made = []
    for number, edge in enumerate(edges):
        (source, out), (target, into) = ([*end.split("."), "main"][:2] for end in edge.split(">"))
        ends = {"source": source, "sourcePort": out, "target": target, "targetPort": into}
        made.append({"id": f"e{number}", **ends})
    return {"schema": 1, "name": "W", "nodes": nodes, "edges": made}


def items(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"json": value} for value in values]


def call(document: dict[str, Any], *arguments: str) -> Result:
    return CliRunner().invoke(app, ["test", "-", *arguments], input=json.dumps(document))


def report(document: dict[str, Any], *arguments: str) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(call(document, "--output", "json", *arguments).stdout)
    return printed


START = node("start", "manual_trigger", {"items": [{"n": 1}, {"n": 5}, {"n": 9}]})
RATES = node("rates", "http_request", {"url": "https://rates.example"}, pinned={"main": items({"rate": 2})})
IS_LARGE = {"conditions": [{"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 4}]}
TIMES_RATE = {"assignments": [{"name": "x", "type": "number", "value": "{{ $json.n * $('Rates').first().json.rate }}"}]}


def priced(**expected: list[dict[str, Any]]) -> dict[str, Any]:
    """Only large ones are priced, with the rate that a pinned request gives."""
    nodes = [
        START,
        RATES,
        node("large", "filter", IS_LARGE),
        node("price", "set_fields", TIMES_RATE, expected=expected),
        node("merge", "merge", {"mode": "choose", "choose": "first"}),
    ]
    return workflow(nodes, "start>rates", "start>merge.first", "rates>merge.second", "merge>large", "large>price")


def test_what_holds_ends_with_zero() -> None:
    result = call(priced(main=items({"n": 5, "x": 10}, {"n": 9, "x": 18})))
    assert result.exit_code == 0, result.stdout
    assert "Price: ran  ok" in result.stdout
    assert "Rates: pinned" in result.stdout
    assert result.stdout.endswith("1 of 1 expectations hold\n")


def test_what_differs_is_shown_and_ends_with_one() -> None:
    result = call(priced(main=items({"n": 5, "x": 10}, {"n": 9, "x": 17})))
    assert result.exit_code == 1
    assert "Price: ran  DIFFERS" in result.stdout
    assert '-      "x": 17' in result.stdout
    assert '+      "x": 18' in result.stdout


def test_the_report_has_both_sides() -> None:
    found = report(priced(main=items({"n": 5, "x": 10})))
    assert not found["passed"]
    assert found["error"] is None
    price = next(entry for entry in found["nodes"] if entry["id"] == "price")
    assert (price["state"], price["rounds"], price["passed"]) == ("ran", 1, False)
    assert price["ports"] == [
        {
            "port": "main",
            "passed": False,
            "expected": items({"n": 5, "x": 10}),
            "actual": items({"n": 5, "x": 10}, {"n": 9, "x": 18}),
        }
    ]


def test_a_port_may_be_expected_dead() -> None:
    document = workflow([START, node("large", "filter", IS_LARGE, expected={"rejected": []})], "start>large")
    assert not report(document)["passed"]
    assert report(document, "--input", '{"n": 7}')["passed"]


def test_the_network_is_refused_by_name() -> None:
    rates = {key: value for key, value in RATES.items() if key != "pinned"}
    result = call(workflow([START, rates], "start>rates"), "--output", "json")
    error = json.loads(result.stdout)["error"]
    assert result.exit_code == 1
    assert (error["type"], error["node"]) == ("NetworkRefused", "Rates")
    assert "Pin its output" in error["message"]


@pytest.mark.parametrize("send", ["together", "each"])
@pytest.mark.parametrize("wait", [True, False])
def test_other_workflows_are_not_started(wait: bool, send: str) -> None:
    other = "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003"
    calls = node("calls", "execute_workflow", {"workflowId": other, "wait": wait, "send": send})
    error = report(workflow([START, calls], "start>calls"))["error"]
    assert (error["type"], error["node"]) == ("NobodyAnswers" if wait else "NetworkRefused", "Calls")


def test_an_error_branch_does_not_make_the_network_a_failure_like_others() -> None:
    rates = {key: value for key, value in RATES.items() if key != "pinned"} | {"settings": {"onError": "continue"}}
    assert report(workflow([START, rates], "start>rates"))["error"]["type"] == "NetworkRefused"


def test_nobody_answers_who_is_waited_for() -> None:
    waiting = node("asked", "wait", {"mode": "callback"})
    assert report(workflow([START, waiting], "start>asked"))["error"]["type"] == "NobodyAnswers"
    answered = waiting | {"pinned": {"main": items({"answer": "yes"})}}
    assert report(workflow([START, answered], "start>asked"))["passed"]


def test_waiting_for_a_moment_takes_none() -> None:
    waiting = node("pause", "wait", {"amount": 300, "unit": "days"}, expected={"main": items({"n": 1})})
    assert report(workflow([START, waiting], "start>pause"), "--input", '{"n": 1}')["passed"]


def test_the_rounds_of_a_loop_come_one_after_another() -> None:
    double = {"assignments": [{"name": "n", "type": "number", "value": "{{ $json.n * 2 }}"}]}
    document = workflow(
        [
            START,
            node("loop", "loop", {"batchSize": 2}, expected={"done": items({"n": 2}, {"n": 10}, {"n": 18})}),
            node("double", "set_fields", double, expected={"main": items({"n": 2}, {"n": 10}, {"n": 18})}),
        ],
        "start>loop",
        "loop.loop>double",
        "double>loop.back",
    )
    found = report(document)
    assert found["passed"], found
    assert [entry["rounds"] for entry in found["nodes"]] == [1, 1, 2]


def test_a_loop_that_repeats_ends_when_its_condition_holds() -> None:
    double = {"assignments": [{"name": "n", "type": "number", "value": "{{ $json.n * 2 }}"}]}
    until = [{"left": "{{ $json.n }}", "type": "number", "operator": "greater", "right": 10}]
    document = workflow(
        [
            START,
            node("loop", "loop", {"mode": "repeat", "until": until}, expected={"done": items({"n": 16})}),
            node("double", "set_fields", double),
        ],
        "start>loop",
        "loop.loop>double",
        "double>loop.back",
    )
    assert report(document, "--input", '{"n": 1}')["passed"]


def test_a_failure_names_its_node() -> None:
    stop = node("stop", "stop_and_error", {"message": "No more of {{ $json.n }}"})
    result = call(workflow([START, stop], "start>stop"), "--input", '{"n": 3}')
    assert result.exit_code == 1
    assert "Stop: failed" in result.stdout
    assert "FAILED  Stop: StoppedByWorkflow: No more of 3" in result.stdout


def test_a_workflow_that_does_not_compile_is_not_run() -> None:
    result = call(workflow([node("x", "no_op")]))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["diagnostics"][0]["code"] == "no_trigger"


@pytest.mark.parametrize(
    ("document", "arguments", "words"),
    [
        (priced(), ("--trigger", "Nobody"), "there is no trigger 'Nobody'; the workflow has 'Start'"),
        (priced(), ("--input", "5"), "--input must be"),
        (priced(mian=[]), (), "'Price' has expected items on 'mian'; its ports are main"),
    ],
)
def test_what_makes_no_sense_ends_with_two(document: dict[str, Any], arguments: tuple[str, ...], words: str) -> None:
    result = call(document, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_pinned_items_of_a_trigger_start_the_run() -> None:
    hook = node("hook", "webhook_trigger", {"path": "x"}, pinned={"main": items({"body": {"a": 1}})})
    body = {"assignments": [{"name": "a", "value": "{{ $json.body.a }}"}], "keepOtherFields": False}
    document = workflow([hook, node("body", "set_fields", body, expected={"main": items({"a": 1})})], "hook>body")
    assert report(document)["passed"]


def test_a_node_that_reaches_out_for_some_of_its_work_does_the_rest_in_a_test() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln"
    given = {"main": items(*({"n": n, "claims": {"sub": "ada"}} for n in (1, 5, 9)))}
    read = node("read", "jwt", {"operation": "decode", "token": token, "outputField": "claims"}, expected=given)
    told = report(workflow([START, read], "start>read"))
    assert told["passed"], told
    verify = {"operation": "verify", "token": token, "credential": "00000000-0000-4000-8000-000000000000"}
    told = report(workflow([START, node("read", "jwt", verify)], "start>read"))
    assert (told["error"]["type"], told["error"]["node"]) == ("NetworkRefused", "Read")
