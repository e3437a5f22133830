"""What waits on the embedded stack: callbacks, approvals, their time, and executions that end meanwhile."""

import asyncio
import re
from typing import Any

import pytest

from local.client.rest import ApiError, Client
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

ENDED = ("succeeded", "failed", "cancelled", "timed_out")


async def begun(client: Client, document: dict[str, Any]) -> str:
    """Start a workflow's draft and return the execution's id."""
    made = await client.post("/workflows", document)
    found: str = (await client.post(f"/workflows/{made['id']}/run", {}))["executionId"]
    return found


async def until(client: Client, id: str, *, waiting: int | None = None) -> dict[str, Any]:
    """Return the execution once so many nodes wait; without a number, once it and all of its node runs have ended.

    An execution's end may be read a moment before that of its last node runs: several recorders write at once.
    """
    for _ in range(600):
        found: dict[str, Any] = await client.get(f"/executions/{id}")
        states = [run["status"] for run in found["nodeRuns"]]
        ended = found["status"] in ENDED and not {"waiting", "running"} & set(states)
        if ended or (waiting is not None and states.count("waiting") >= waiting):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"execution {id} neither waits nor ends: {found['status']} {states}")


def path(url: str) -> str:
    """Return a callback URL without its origin."""
    return "/hooks/" + url.partition("/hooks/")[2]


def approval(**params: Any) -> dict[str, Any]:
    """Return a workflow that asks for two items, with a node behind each port."""
    ask = {"title": "Ship {{ $json.n }}?", "form": [{"name": "carrier", "required": True}], **params}
    nodes = [
        node("make", "code", {"code": "return [{ n: 1 }, { n: 2 }]"}),
        node("ask", "approval", ask),
        node("yes", "no_op"),
        node("no", "no_op"),
        node("late", "no_op"),
    ]
    edges = ("start>make", "make>ask", "ask.approved>yes", "ask.rejected>no", "ask.timedOut>late")
    return workflow("Approval", nodes, *edges)


def reached(execution: dict[str, Any]) -> set[str]:
    """Return the nodes behind the approval that ran."""
    return {run["nodeId"] for run in execution["nodeRuns"]} & {"yes", "no", "late"}


async def asked(client: Client, execution_id: str) -> dict[str, Any]:
    """Return the approval an execution waits for."""
    found: list[dict[str, Any]] = (await client.get("/approvals", executionId=execution_id))["items"]
    return found[0]


def test_a_callback_lets_the_workflow_go_on(tenant: Session) -> None:
    nodes = [
        node("tell", "set_fields", {"assignments": [{"name": "url", "value": "{{ $execution.resumeUrl }}"}]}),
        node("wait", "wait", {"mode": "callback", "limitSeconds": 600}),
        node("after", "no_op"),
    ]
    document = workflow("Callback", nodes, "start>tell", "tell>wait", "wait>after")

    async def run(client: Client) -> tuple[dict[str, Any], list[Any], dict[str, Any]]:
        id = await begun(client, document)
        waiting = await until(client, id, waiting=1)
        url = path(outputs(waiting, "tell")[0]["url"])
        wrong = await client.raw("POST", url[:-3] + "abc")
        first = await client.raw("POST", url, json={"paid": True}, params={"from": "bank"})
        second = await client.raw("POST", url)
        ended = await until(client, id)
        return waiting, [wrong, first, second, await client.raw("GET", url)], ended

    waiting, answers, ended = tenant(run)
    shown = next(run for run in waiting["nodeRuns"] if run["nodeId"] == "wait")
    assert (shown["status"], shown["waiting"]["kind"], sorted(shown["waiting"])) == (
        "waiting", "callback", ["expiresAt", "kind"],
    )  # fmt: skip
    given = path(outputs(waiting, "tell")[0]["url"])
    assert re.fullmatch(r"/hooks/resume/[0-9a-f-]{36}/[0-9a-f]{11}\.[\w-]{43}", given)
    assert [answer.status_code for answer in answers] == [404, 200, 410, 405]
    assert ended["status"] == "succeeded", ended["error"]
    (called,) = outputs(ended, "after")
    assert (called["method"], called["query"], called["body"]) == ("POST", {"from": "bank"}, {"paid": True})
    assert "path" not in called
    run_ = next(run for run in ended["nodeRuns"] if run["nodeId"] == "wait")
    assert (run_["status"], run_["input"]["main"][0]["count"], run_["output"]["main"]["count"]) == ("succeeded", 1, 1)


@pytest.mark.parametrize(
    ("decision", "port", "node_id"), [("approve", "approved", "yes"), ("reject", "rejected", "no")]
)
def test_people_decide_which_way_the_workflow_goes_on(tenant: Session, decision: str, port: str, node_id: str) -> None:
    async def run(client: Client) -> dict[str, Any]:
        id = await begun(client, approval())
        await until(client, id, waiting=1)
        found = await asked(client, id)
        assert (found["title"], found["canDecide"]) == ("Ship 1?", True)
        answer = {"decision": decision, "comment": "so be it", "form": {"carrier": "post"}}
        await client.post(f"/approvals/{found['id']}/decision", answer)
        with pytest.raises(ApiError) as refused:
            await client.post(f"/approvals/{found['id']}/decision", answer)
        assert refused.value.code == "already_decided"
        return await until(client, id)

    execution = tenant(run)
    assert (execution["status"], reached(execution)) == ("succeeded", {node_id}), execution["error"]
    items = outputs(execution, node_id)
    assert [item["n"] for item in items] == [1, 2]
    assert {item["approval"]["decision"] for item in items} == {port}
    assert items[0]["approval"]["form"] == {"carrier": "post"}


def test_when_nobody_decides_in_time_the_items_take_the_third_way(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        execution = await run_draft(client, approval(limitSeconds=1))
        return execution, await asked(client, execution["id"])

    execution, found = tenant(run)
    assert (execution["status"], reached(execution)) == ("succeeded", {"late"}), execution["error"]
    assert [(item["n"], item["approval"]["decision"]) for item in outputs(execution, "late")] == [
        (1, "timedOut"),
        (2, "timedOut"),
    ]
    assert (found["state"], found["canDecide"]) == ("expired", False)


def test_cancelling_ends_what_waits(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        id = await begun(client, approval())
        await until(client, id, waiting=1)
        await client.post(f"/executions/{id}/cancel")
        ended = await until(client, id)
        found = await asked(client, id)
        with pytest.raises(ApiError) as refused:
            await client.post(f"/approvals/{found['id']}/decision", {"decision": "approve", "form": {"carrier": "x"}})
        assert refused.value.code == "approval_cancelled"
        return ended, found

    ended, found = tenant(run)
    assert (ended["status"], found["state"]) == ("cancelled", "cancelled")
    assert next(run for run in ended["nodeRuns"] if run["nodeId"] == "ask")["status"] == "failed"


def test_rounds_of_a_loop_wait_each_for_their_own_approval(tenant: Session) -> None:
    nodes = [
        node("make", "code", {"code": "return [{ n: 1 }, { n: 2 }, { n: 3 }]"}),
        node("loop", "loop", {"batchSize": 1, "concurrency": 3}),
        node("ask", "approval", {"title": "Ship {{ $json.n }}?"}),
        node("after", "no_op"),
    ]
    edges = ("start>make", "make>loop", "loop.loop>ask", "ask.approved>loop.back", "loop.done>after")

    async def run(client: Client) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        id = await begun(client, workflow("Approve each", nodes, *edges))
        found: list[dict[str, Any]] = []
        for _ in range(300):
            found = (await client.get("/approvals", executionId=id))["items"]
            if len(found) == 3:
                break
            await asyncio.sleep(0.1)
        for one in found:
            decision = "reject" if one["title"] == "Ship 2?" else "approve"
            await client.post(f"/approvals/{one['id']}/decision", {"decision": decision})
        ended = await until(client, id)
        runs = (await client.get(f"/executions/{id}/node-runs", nodeId="ask"))["items"]
        return ended, runs

    execution, runs = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert [item["n"] for item in outputs(execution, "after")] == [1, 3]
    assert [(run["iteration"], run["status"], *run["output"]) for run in runs] == [
        ("0", "succeeded", "approved"),
        ("1", "succeeded", "rejected"),
        ("2", "succeeded", "approved"),
    ]
    latest = next(run for run in execution["nodeRuns"] if run["nodeId"] == "ask")
    assert latest["runs"] == {"total": 3, "succeeded": 3, "failed": 0}


def test_what_waits_in_a_try_ends_when_another_branch_of_it_fails(tenant: Session) -> None:
    nodes = [
        node("try", "try", onError="branch"),
        node("ask", "approval", {"title": "In the try?"}),
        node("hear", "wait", {"mode": "callback", "limitSeconds": 600}),
        node("long", "wait", {"amount": 600}),
        node("soon", "wait", {"amount": 1}),
        node("bad", "stop_and_error", {"message": "no"}),
        node("well", "no_op"),
        node("hold", "approval", {"title": "After it?"}),
        node("after", "no_op"),
    ]
    inside = ("try.try>ask", "try.try>hear", "try.try>long", "try.try>soon", "soon>bad", "ask.approved>try.back")
    edges = ("start>try", *inside, "try.done>well", "try.error>hold", "hold.approved>after")

    async def run(client: Client) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
        id = await begun(client, workflow("Cut off", nodes, *edges))
        for _ in range(1200):
            found = (await client.get("/approvals", executionId=id))["items"]
            if len(found) == 2 and sum(one["state"] == "open" for one in found) == 1:
                break
            await asyncio.sleep(0.1)
        (held,) = [one for one in found if one["state"] == "open"]
        running = await until(client, id, waiting=1)
        await client.post(f"/approvals/{held['id']}/decision", {"decision": "approve"})
        return found, running, await until(client, id)

    approvals, running, ended = tenant(run)
    assert {one["title"]: one["state"] for one in approvals} == {"In the try?": "cancelled", "After it?": "open"}
    states = {run["nodeId"]: (run["status"], (run["error"] or {}).get("type")) for run in running["nodeRuns"]}
    assert {states[id] for id in ("ask", "hear", "long")} == {("failed", "CutOff")}
    assert (ended["status"], [item["error"]["type"] for item in outputs(ended, "after")]) == (
        "succeeded",
        ["StoppedByWorkflow"],
    )
    assert outputs(ended, "after")[0]["error"]["node"] == {"id": "bad", "name": "bad"}
