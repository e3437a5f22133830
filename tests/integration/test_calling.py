"""Workflows that call workflows on the embedded stack, error workflows, and where data of partial runs is from."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from local.client.rest import Client
from local.seed.seed import find_workflow
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import begun, until

pytestmark = pytest.mark.integration


def called(name: str, *nodes: dict[str, Any], trigger: str = "workflow_trigger", **params: Any) -> dict[str, Any]:
    """Return a workflow that begins at another trigger and runs its nodes one after another."""
    ids = ["start", *(one["id"] for one in nodes)]
    made = workflow(name, list(nodes), *(f"{one}>{two}" for one, two in pairwise(ids)))
    made["nodes"][0] = node("start", trigger, params)
    return made


def calling(name: str, workflow_id: str, **params: Any) -> dict[str, Any]:
    """Return a workflow that makes two items and calls another with them."""
    nodes = [
        node("make", "code", {"code": "return [{ n: 1 }, { n: 2 }]"}),
        node("call", "execute_workflow", {"workflowId": workflow_id, **params}),
        node("after", "no_op"),
    ]
    return workflow(name, nodes, "start>make", "make>call", "call>after")


async def published(client: Client, document: dict[str, Any]) -> str:
    """Publish a document under its name and return the workflow's id."""
    known = await find_workflow(client, document["name"])
    if known is None:
        known = await client.post("/workflows", document)
    else:
        known = await client.put(f"/workflows/{known['id']}", {"document": document, "revision": known["revision"]})
    await client.post(f"/workflows/{known['id']}/publish", {})
    id: str = known["id"]
    return id


async def executions_of(client: Client, workflow_id: str, status: str, count: int = 1) -> list[dict[str, Any]]:
    """Return a workflow's executions with a status, once there are so many."""
    for _ in range(300):
        found: list[dict[str, Any]] = (await client.get("/executions", workflowId=workflow_id, status=status))["items"]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"workflow {workflow_id} has {len(found)} executions that {status}, not {count}")


TWICE = node("twice", "set_fields", {"assignments": [{"name": "twice", "value": "{{ $json.n * 2 }}"}]})


def test_a_workflow_gives_its_last_nodes_items_to_the_one_that_calls_it(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        id = await published(client, called("Twice", TWICE, fields=[{"name": "n", "type": "number"}]))
        execution = await run_draft(client, calling("Calls twice", id))
        return execution, await client.get(f"/executions/{execution['calls'][0]['id']}")

    execution, child = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert [one["twice"] for one in outputs(execution, "after")] == [2, 4]
    assert (child["status"], child["trigger"]) == ("succeeded", "workflow")
    assert child["parent"] == {"executionId": execution["id"], "nodeId": "call", "iteration": ""}


def test_an_expression_names_the_workflow_that_is_called(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        id = await published(client, called("Twice", TWICE))
        good = await run_draft(client, calling("Calls by id", "{{ '" + id + "' }}"))
        return good, await run_draft(client, calling("Calls by a wrong id", "{{ 'no-' + $json.n }}"))

    good, wrong = tenant(run)
    assert [one["twice"] for one in outputs(good, "after")] == [2, 4]
    assert wrong["status"] == "failed"
    assert wrong["error"]["type"] == "WorkflowCallRefused"  # the items name two
    assert "no-1" in wrong["error"]["message"]


def test_large_items_are_called_with_by_reference_and_answered_so(tenant: Session) -> None:
    make = "return Array.from({ length: 50 }, (_, n) => ({ n, text: 'x'.repeat(3000) }))"

    async def run(client: Client) -> dict[str, Any]:
        id = await published(client, called("Twice", TWICE))
        document = calling("Calls with much", id)
        document["nodes"][1]["params"] = {"code": make}
        return await run_draft(client, document)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    batch = next(run for run in execution["nodeRuns"] if run["nodeId"] == "after")["output"]["main"]
    assert (batch["count"], batch["preview"][0]["json"]["twice"]) == (50, 0)
    assert "ref" in batch


def test_fields_that_are_filled_in_arrive_with_their_types_and_what_does_not_fit_names_its_field(
    tenant: Session,
) -> None:
    kinds = node("kinds", "code", {"code": "return $input.all().map(({ json }) => ({ ...json, of: typeof json.n }))"})
    fields = [{"name": "n", "type": "number"}, {"name": "note", "default": "none"}, {"name": "x", "required": False}]

    async def run(client: Client) -> list[dict[str, Any]]:
        id = await published(client, called("Typed", kinds, fields=fields))
        given = [[{"name": "n", "value": "{{ $json.n }}0"}], [{"name": "n", "value": "{{ 'n' + $json.n }}"}]]
        return [await run_draft(client, calling("Fills in", id, inputs="fields", values=rows)) for rows in given]

    fits, refused = tenant(run)
    assert fits["status"] == "succeeded", fits["error"]
    assert outputs(fits, "after") == [{"n": n, "note": "none", "of": "number"} for n in (10, 20)]
    assert refused["error"]["type"] == "WorkflowCallRefused"
    assert "'n' of item 0 is a text, not of type number" in refused["error"]["message"]


def test_a_failure_of_the_called_workflow_takes_the_error_port(tenant: Session) -> None:
    async def run(client: Client) -> dict[str, Any]:
        id = await published(client, called("Fails", node("stop", "stop_and_error", {"message": "no stock"})))
        document = calling("Calls what fails", id)
        document["nodes"][2]["settings"] = {"onError": "branch"}
        document["edges"][-1]["sourcePort"] = "error"
        return await run_draft(client, document)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    failed = outputs(execution, "after")
    errors = [item.pop("error") for item in failed]
    assert failed == outputs(execution, "make")
    for error in errors:
        assert error["type"] == "ChildFailed"
        assert "'Fails' failed" in error["message"]
        assert "no stock" in error["message"]


def test_what_cannot_be_called_is_told_at_once(tenant: Session) -> None:
    async def run(client: Client) -> list[dict[str, Any]]:
        draft = await client.post("/workflows", called("Never published", TWICE))
        strict = await published(client, called("Strict", TWICE, fields=[{"name": "orderId"}]))
        wanted = [draft["id"], strict, "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002"]
        return [await run_draft(client, calling("Calls in vain", id)) for id in wanted]

    errors = [execution["error"]["type"] for execution in tenant(run)]
    assert errors == ["WorkflowNotCallable", "WorkflowCallRefused", "WorkflowNotFound"]


def test_without_waiting_each_item_starts_an_execution(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        id = await published(client, called("Once per item", TWICE))
        execution = await run_draft(client, calling("Calls for each", id, wait=False, send="each"))
        await executions_of(client, id, "succeeded", 2)
        ids = [one["execution"]["id"] for one in outputs(execution, "after")]
        return execution, [await client.get(f"/executions/{one}") for one in ids]

    execution, children = tenant(run)
    assert {call["id"] for call in execution["calls"]} == {child["id"] for child in children}
    assert [outputs(child, "twice")[0]["n"] for child in children] == [1, 2]


def test_cancelling_the_caller_cancels_what_it_waits_for(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        id = await published(client, called("Waits long", node("wait", "wait", {"amount": 1, "unit": "hours"})))
        caller = await begun(client, calling("Calls what waits", id))
        waiting = await until(client, caller, waiting=1)
        (run,) = [run for run in waiting["nodeRuns"] if run["status"] == "waiting"]
        assert (run["waiting"]["kind"], run["waiting"]["workflowName"]) == ("workflow", "Waits long")
        child = run["waiting"]["executionId"]
        await until(client, child, waiting=1)
        await client.post(f"/executions/{caller}/cancel")
        return await until(client, caller), await until(client, child)

    caller, child = tenant(run)
    assert (caller["status"], child["status"]) == ("cancelled", "cancelled")


def test_a_live_failure_starts_the_error_workflow_once_and_its_own_failure_none(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any], int]:
        handler = called("On error", node("stop", "stop_and_error", {"message": "again"}), trigger="error_trigger")
        handler_id = await published(client, handler)
        handler["settings"] = {"errorWorkflowId": handler_id}
        await published(client, handler)
        failing = workflow("Fails live", [node("broken", "code", {"code": "throw new Error('no')"})], "start>broken")
        failing["settings"] = {"errorWorkflowId": handler_id}
        id = await published(client, failing)
        started = await client.post(f"/workflows/{id}/run", {"mode": "live"})
        failed = await until(client, started["executionId"])
        (told,) = await executions_of(client, handler_id, "failed")
        await asyncio.sleep(1)
        count = len((await client.get("/executions", workflowId=handler_id))["items"])
        return failed, await client.get(f"/executions/{told['id']}"), count

    failed, told, count = tenant(run)
    assert (told["trigger"], count) == ("error", 1)
    (item,) = outputs(told, "start")
    assert item["execution"]["id"] == failed["id"]
    assert item["execution"]["error"]["type"] == "JavaScriptError"
    assert item["execution"]["url"].endswith(f"/executions/{failed['id']}")
    assert (item["workflow"]["name"], item["node"]["id"]) == ("Fails live", "broken")


def test_partial_runs_show_where_their_data_is_from(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        nodes = [node("make", "code", {"code": "return [{ at: 1 }]"}), node("pin", "no_op"), node("after", "no_op")]
        nodes[1]["pinned"] = {"main": [{"json": {"pinned": True}}]}
        document = workflow("Sources", nodes, "start>make", "make>pin", "pin>after")
        first = await run_draft(client, document)
        more = {"fromExecutionId": first["id"], "startNodeId": "after", "pinned": False}
        return first, await run_draft(client, document, **more)

    first, second = tenant(run)
    sources = [{run["nodeId"]: run["source"] for run in one["nodeRuns"]} for one in (first, second)]
    from_first = {"kind": "execution", "executionId": first["id"]}
    assert sources[0] == {"start": None, "make": None, "pin": {"kind": "pinned"}, "after": None}
    assert sources[1] == {"start": None, "make": from_first, "pin": from_first, "after": None}
