"""What waits in a try on the embedded stack: its time is over there, or a person ends all of it."""

from typing import Any, Final

import pytest

from local.client.rest import Client
from tests.integration.conftest import Session
from tests.integration.test_calling import called, executions_of, published
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import begun, until

pytestmark = pytest.mark.integration

LONG: Final = node("pause", "wait", {"amount": 1, "unit": "hours"})
PAGE: Final = {"title": "Size?", "fields": [{"name": "size", "label": "Size", "type": "text"}]}
WAITS: Final[dict[str, tuple[str, dict[str, Any], str, str]]] = {
    "call": ("execute_workflow", {}, "timeoutSeconds", ""),
    "each": ("execute_workflow", {"send": "each"}, "timeoutSeconds", ""),
    "ask": ("approval", {"title": "Ship?"}, "limitSeconds", "timedOut"),
    "hear": ("wait", {"mode": "callback"}, "limitSeconds", "timeout"),
    "page": ("form_page", PAGE, "limitSeconds", "timeout"),
}
"""Nodes that wait for somebody: type, parameters, which of them says how long, and the port that is taken then."""


def waits(name: str, seconds: int, callee: str) -> dict[str, Any]:
    """Return a workflow in which two items come to each of these nodes, each in a try of its own."""
    nodes, edges = [node("make", "code", {"code": "return [{ n: 0 }, { n: 1 }]"})], ["start>make"]
    for id, (type, params, limit, port) in WAITS.items():
        more = {"workflowId": callee} if type == "execute_workflow" else {}
        nodes += [node(f"try-{id}", "try"), node(id, type, {**params, **more, limit: seconds})]
        nodes += [node(f"done-{id}", "no_op"), node(f"failed-{id}", "no_op")]
        out = "approved" if type == "approval" else "main"
        edges += [f"make>try-{id}", f"try-{id}.try>{id}", f"{id}.{out}>try-{id}.back"]
        edges += [f"try-{id}.done>done-{id}", f"try-{id}.error>failed-{id}"]
        edges += [f"{id}.{port}>try-{id}.back"] if port else []
    return workflow(name, nodes, *edges)


def test_where_the_time_of_a_wait_is_over_its_port_is_taken_or_the_try_says_which_node_waited(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], int]:
        callee = await published(client, called("Too long for a try", LONG))
        execution = await run_draft(client, waits("Time-outs in tries", 2, callee))
        return execution, len(await executions_of(client, callee, "cancelled", 3))

    execution, stopped = tenant(run)
    assert (execution["status"], stopped) == ("succeeded", 3), execution["error"]
    runs = {run["nodeId"]: run for run in execution["nodeRuns"]}
    for id, (_, _, _, port) in WAITS.items():
        if port:
            assert [item["n"] for item in outputs(execution, f"done-{id}")] == [0, 1]
            assert f"failed-{id}" not in runs
            continue
        failed = outputs(execution, f"failed-{id}")
        assert [(item["n"], item["error"]["type"], item["error"]["node"]["id"]) for item in failed] == [
            (n, "NodeTimeout", id) for n in range(2)
        ]
        assert (runs[id]["status"], runs[id]["error"]["type"]) == ("failed", "NodeTimeout")
        for error in (failed[0]["error"], runs[id]["error"]):
            assert error["message"] == "What the node waits for did not come within the time it may wait."
            assert error["retryable"] is False


def test_cancelling_ends_all_that_waits_in_tries_and_what_it_called(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], list[str], int, int]:
        callee = await published(client, called("Called in tries", LONG))
        id = await begun(client, waits("Cancelled in tries", 600, callee))
        await until(client, id, waiting=len(WAITS))
        for one in await executions_of(client, callee, "running", 3):
            await until(client, one["id"], waiting=1)
        await client.post(f"/executions/{id}/cancel")
        ended = await until(client, id)
        stopped = len(await executions_of(client, callee, "cancelled", 3))
        approvals = [one["state"] for one in (await client.get("/approvals", executionId=id))["items"]]
        return ended, approvals, stopped, len((await client.get("/executions", workflowId=callee))["items"])

    ended, approvals, stopped, called_ones = tenant(run)
    assert (ended["status"], approvals, stopped, called_ones) == ("cancelled", ["cancelled"], 3, 3)
    runs = {run["nodeId"]: run for run in ended["nodeRuns"]}
    assert {runs[id]["status"] for id in WAITS} == {"failed"}
    assert not any(id.startswith(("done-", "failed-")) for id in runs)
