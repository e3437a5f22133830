"""Loops, waits, ways and partial runs on the embedded stack: real functions, real state machines."""

import asyncio
from typing import Any

import pytest

from local.client.rest import Client
from tests.integration.conftest import Session
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

MAKE = "return Array.from({ length: %d }, (_, n) => ({ n, text: 'x'.repeat(%d) }))"


def workflow(name: str, nodes: list[dict[str, Any]], *edges: str) -> dict[str, Any]:
    """Return a workflow whose edges are written `source.port>target.port`; `main` may be left out."""
    made: list[dict[str, Any]] = []
    for text in edges:
        ends = [[*end.split("."), "main"][:2] for end in text.split(">")]
        (source, source_port), (target, target_port) = ends
        edge = {"id": f"e{len(made)}", "source": source, "sourcePort": source_port}
        made.append({**edge, "target": target, "targetPort": target_port})
    return {"schema": 1, "name": name, "nodes": [node("start", "manual_trigger"), *nodes], "edges": made}


def outputs(execution: dict[str, Any], node_id: str, port: str = "main") -> list[Any]:
    """Return the JSON of the items that a node's latest run gave inline."""
    run = next(run for run in execution["nodeRuns"] if run["nodeId"] == node_id)
    return [item["json"] for item in run["output"][port]["items"]]


def loop(count: int, width: int, **params: Any) -> dict[str, Any]:
    nodes = [
        node("make", "code", {"code": MAKE % (count, width)}),
        node("loop", "loop", params),
        node("body", "set_fields", {"assignments": [{"name": "twice", "value": "{{ $json.n * 2 }}"}]}),
        node("sum", "code", {"code": "return [{ count: $input.all().length, last: $input.last().json.twice }]"}),
    ]
    edges = ("start>make", "make>loop", "loop.loop>body", "body>loop.back", "loop.done>sum")
    return workflow(f"Loop over {count}", nodes, *edges)


def test_a_loop_over_batches_gives_everything_back_in_order(tenant: Session) -> None:
    async def run(client: Client) -> list[dict[str, Any]]:
        small = run_draft(client, loop(7, 1, batchSize=3, concurrency=3))
        large = run_draft(client, loop(60, 3000, batchSize=10, concurrency=4))
        return list(await asyncio.gather(small, large))

    small, large = tenant(run)
    assert (small["status"], large["status"]) == ("succeeded", "succeeded"), (small["error"], large["error"])
    assert outputs(small, "sum") == [{"count": 7, "last": 12}]
    assert outputs(large, "sum") == [{"count": 60, "last": 118}]


def test_a_loop_with_many_rounds_is_distributed(tenant: Session) -> None:
    execution = tenant(lambda client: run_draft(client, loop(501, 1, batchSize=1, concurrency=40)))
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "sum") == [{"count": 501, "last": 1000}]


def test_a_loop_that_repeats_ends_when_it_has_what_it_waits_for(tenant: Session) -> None:
    until = [{"left": "{{ $json.n }}", "type": "number", "operator": "greaterOrEqual", "right": 3}]
    add = {"assignments": [{"name": "n", "value": "{{ ($json.n ?? 0) + 1 }}"}]}
    nodes = [
        node("loop", "loop", {"mode": "repeat", "until": until}),
        node("add", "set_fields", add),
        node("wait", "wait", {"amount": 0.01}),
        node("after", "no_op"),
    ]
    edges = ("start>loop", "loop.loop>add", "add>wait", "wait>loop.back", "loop.done>after")
    execution = tenant(lambda client: run_draft(client, workflow("Repeat", nodes, *edges)))
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "after") == [{"n": 3}]


def test_items_take_the_ways_that_rules_name_and_come_together(tenant: Session) -> None:
    number = {"left": "{{ $json.n }}", "type": "number", "operator": "greaterOrEqual"}
    nodes = [
        node("make", "code", {"code": MAKE % (5, 0)}),
        node("switch", "switch", {"rules": [{"output": "high", "conditions": [{**number, "right": 3}]}]}),
        node("limit", "limit", {"count": 1}),
        node("merge", "merge", {"mode": "append"}),
        node("keep", "filter", {"conditions": [{**number, "right": 1}]}),
    ]
    to_merge = ("switch.high>limit", "limit>merge.first", "switch.fallback>merge.second", "merge>keep")
    edges = ("start>make", "make>switch", *to_merge)
    execution = tenant(lambda client: run_draft(client, workflow("Ways", nodes, *edges)))
    assert execution["status"] == "succeeded", execution["error"]
    assert [one["n"] for one in outputs(execution, "keep")] == [3, 1, 2]


def test_stopping_fails_the_execution_with_the_workflows_words(tenant: Session) -> None:
    document = workflow("Stop", [node("stop", "stop_and_error", {"message": "{{ 'no ' + 'customer' }}"})], "start>stop")
    execution = tenant(lambda client: run_draft(client, document))
    assert (execution["status"], execution["error"]["type"]) == ("failed", "StoppedByWorkflow")
    assert "no customer" in execution["error"]["message"]


def test_a_failed_execution_is_fixed_and_resumed(tenant: Session) -> None:
    nodes = [
        node("make", "code", {"code": "return [{ at: Math.random() }]"}),
        node("broken", "code", {"code": "throw new Error('broken')"}),
        node("after", "no_op"),
    ]

    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        document = workflow("Fix and resume", nodes, "start>make", "make>broken", "broken>after")
        failed = await run_draft(client, document)
        nodes[1]["params"] = {"code": "return $input.all()"}
        more = {"fromExecutionId": failed["id"], "startNodeId": "broken"}
        return failed, await run_draft(client, document, **more)

    failed, resumed = tenant(run)
    assert (failed["status"], resumed["status"]) == ("failed", "succeeded"), resumed["error"]
    assert outputs(resumed, "after") == outputs(failed, "make")
    seeded = next(run for run in resumed["nodeRuns"] if run["nodeId"] == "make")
    assert (seeded["status"], seeded["durationMs"]) == ("succeeded", 0)


def test_pinned_data_stands_in_for_a_node(tenant: Session) -> None:
    pinned = {**node("make", "code", {"code": "throw new Error('not run')"}), "pinned": {"main": [{"json": {"p": 1}}]}}
    document = workflow("Pinned", [pinned, node("after", "no_op")], "start>make", "make>after")
    execution = tenant(lambda client: run_draft(client, document))
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "after") == [{"p": 1}]
