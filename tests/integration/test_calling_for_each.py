"""An execution for each item, all waited for, on the embedded stack: results, failures, limits, and what is stopped."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.integration.conftest import Session
from tests.integration.test_calling import called, executions_of, published
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import begun, until

pytestmark = pytest.mark.integration

COUNT = 5
PICKY = node(
    "picky",
    "code",
    {
        "code": "const [{ json }] = $input.all(); if (json.n === 2) throw new Error('no two'); "
        "return json.n === 3 ? [] : [{ n: json.n }, { n: json.n, second: true }]"
    },
)
LONG = node("pause", "wait", {"amount": 1, "unit": "hours"})


def calling(name: str, workflow_id: str, count: int = COUNT, on_error: str = "stop", **params: Any) -> dict[str, Any]:
    """Return a workflow that calls another one for each of its items, and says what came of which."""
    origin = {"assignments": [{"name": "from", "value": "{{ $('make').item.json.n }}"}]}
    nodes = [
        node("make", "code", {"code": f"return Array.from({{ length: {count} }}, (_, n) => ({{ n, text: 't' + n }}))"}),
        node("call", "execute_workflow", {"workflowId": workflow_id, "send": "each", **params}, onError=on_error),
        node("after", "set_fields", origin),
        node("failed", "set_fields", origin),
    ]
    edges = ["start>make", "make>call", "call>after", "call.error>failed"]
    return workflow(name, nodes, *(edges if on_error == "branch" else edges[:3]))


async def ran(client: Client, *nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Run a caller of a workflow of some nodes to its end."""
    id = await published(client, called(f"Each {nodes[0]['id']}", *nodes))
    return await run_draft(client, calling(f"Calls each {nodes[0]['id']} {more.get('on_error')}", id, **more))


def good(execution: dict[str, Any]) -> list[Any]:
    return [(one["n"], one["from"]) for one in outputs(execution, "after") if "error" not in one]


KEPT = [(n, n) for n in (0, 0, 1, 1, 4, 4)]
"""What the picky workflow gives for its items, each descending from its own."""


def test_one_failure_fails_the_step_once_all_have_ended(tenant: Session) -> None:
    execution = tenant(lambda client: ran(client, PICKY))
    assert (execution["status"], execution["error"]["type"]) == ("failed", "ChildFailed")
    failed = {call["id"] for call in execution["calls"] if call["status"] == "failed"}
    assert sorted(call["status"] for call in execution["calls"]) == ["failed", *["succeeded"] * 4]
    (run,) = [run for run in execution["nodeRuns"] if run["nodeId"] == "call"]
    for error in (execution["error"], run["error"]):
        assert (error["item"], error["details"]["failed"], error["details"]["of"]) == (2, 1, 5)
        assert {error["details"]["executionId"]} == failed
        assert "no two" in error["message"]


@pytest.mark.parametrize("on_error", ["continue", "branch"])
def test_where_it_goes_on_the_others_results_are_kept(tenant: Session, on_error: str) -> None:
    execution = tenant(lambda client: ran(client, PICKY, on_error=on_error))
    assert execution["status"] == "succeeded", execution["error"]
    assert good(execution) == KEPT
    errors = [one for one in outputs(execution, "failed" if on_error == "branch" else "after") if "error" in one]
    (error,) = errors
    assert (error["n"], error["text"], error["from"]) == (2, "t2", 2)
    assert (error["error"]["type"], error["error"]["item"]) == ("ChildFailed", 2)
    assert "no two" in error["error"]["message"]


def test_when_the_caller_is_cancelled_all_are_stopped_and_those_that_queue_never_begin(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        document = called("Each waits long", LONG)
        document["settings"] = {"concurrency": 2}
        id = await published(client, document)
        caller = await begun(client, calling("Calls each that waits", id))
        waiting = await until(client, caller, waiting=1)
        (run,) = [run for run in waiting["nodeRuns"] if run["status"] == "waiting"]
        told = run["waiting"]
        assert (told["executions"], len(told["executionIds"]), told["workflowName"]) == (5, 5, "Each waits long")
        for one in told["executionIds"][:2]:
            await until(client, one, waiting=1)
        assert len((await client.get("/executions", workflowId=id, status="queued"))["items"]) == 3
        await client.post(f"/executions/{caller}/cancel")
        stopped = await executions_of(client, id, "cancelled", COUNT)
        return await until(client, caller), stopped

    caller, stopped = tenant(run)
    assert caller["status"] == "cancelled"
    assert len(stopped) == COUNT


def test_of_a_workflow_with_a_limit_all_have_their_turn(tenant: Session) -> None:
    async def run(client: Client) -> dict[str, Any]:
        document = called(
            "Each in turn", node("twice", "set_fields", {"assignments": [{"name": "n", "value": "{{ $json.n }}"}]})
        )
        document["settings"] = {"concurrency": 1}
        return await run_draft(client, calling("Calls each in turn", await published(client, document)))

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert good(execution) == [(n, n) for n in range(COUNT)]


def test_when_its_time_is_over_all_are_stopped_though_the_caller_goes_on(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], int]:
        id = await published(client, called("Each too long", LONG))
        document = calling("Calls each too long", id, 2, "branch", timeoutSeconds=4)
        document["nodes"].append(node("on", "wait", {"amount": 1, "unit": "hours"}))
        document["edges"].append({"id": "on", "source": "failed", "target": "on"})
        caller = await begun(client, document)
        stopped = await executions_of(client, id, "cancelled", 2)
        goes_on = await until(client, caller, waiting=1)
        await client.post(f"/executions/{caller}/cancel")
        return goes_on, len(stopped)

    caller, stopped = tenant(run)
    assert (caller["status"], stopped) == ("running", 2)
    assert [one["error"]["type"] for one in outputs(caller, "failed")] == ["NodeTimeout"] * 2


def test_one_that_a_person_stops_has_failed_and_the_others_are_kept(tenant: Session) -> None:
    second = [{"left": "{{ $json.n }}", "type": "number", "operator": "equals", "right": 2}]

    async def run(client: Client) -> dict[str, Any]:
        document = called("Each but one", node("which", "if", {"conditions": second}), LONG, node("well", "no_op"))
        document["edges"][1]["sourcePort"] = "true"
        document["edges"][2] = {**document["edges"][2], "source": "which", "sourcePort": "false"}
        id = await published(client, document)
        caller = await begun(client, calling("Calls each but one", id, on_error="continue"))
        await until(client, caller, waiting=1)
        await executions_of(client, id, "succeeded", COUNT - 1)
        (left,) = await executions_of(client, id, "running")
        await until(client, left["id"], waiting=1)
        await client.post(f"/executions/{left['id']}/cancel")
        return await until(client, caller)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    given = outputs(execution, "after")
    assert [one["from"] for one in given] == list(range(COUNT))
    (error,) = [one["error"] for one in given if "error" in one]
    assert (error["type"], error["item"], error["retryable"]) == ("ChildFailed", 2, False)
    assert "'Each but one' was cancelled" in error["message"]


def test_a_step_that_is_resumed_calls_for_each_item_again(tenant: Session) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        id = await published(client, called("Each mended", PICKY))
        document = calling("Calls each mended", id)
        failed = await run_draft(client, document)
        assert await published(client, called("Each mended", node("picky", "no_op"))) == id
        return failed, await run_draft(client, document, fromExecutionId=failed["id"], startNodeId="call")

    failed, resumed = tenant(run)
    assert sorted(call["status"] for call in failed["calls"]) == ["failed", *["succeeded"] * 4]
    assert (resumed["status"], len(resumed["calls"])) == ("succeeded", COUNT), resumed["error"]
    assert good(resumed) == [(n, n) for n in range(COUNT)]


@contextmanager
def breaking_once(settings: LocalSettings, workflow_id: str, after: int) -> Iterator[None]:
    """Have Postgres fail once, the moment that the starter has started so many executions for a workflow's item."""
    tag = uuid.UUID(workflow_id).hex
    make = f"""
CREATE SEQUENCE looks_{tag};
CREATE FUNCTION break_{tag}() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  IF current_query() LIKE 'SELECT 1 FROM waits%' OR current_query() LIKE E'\\nSELECT 1 FROM waits%' THEN
    IF nextval('looks_{tag}') = {after} THEN RAISE EXCEPTION 'a test breaks this' USING ERRCODE = 'XX000'; END IF;
  END IF;
  RETURN true;
END $$;
CREATE POLICY break_{tag} ON waits AS RESTRICTIVE FOR SELECT USING (workflow_id <> '{workflow_id}' OR break_{tag}())
"""
    with psycopg.connect(owner_url(settings), autocommit=True) as connection:
        connection.execute(make.encode())
        try:
            yield
            seen = connection.execute(f"SELECT last_value FROM looks_{tag}".encode()).fetchone()
            assert seen is not None
            assert seen[0] >= after, "nothing broke"
        finally:
            gone = f"DROP POLICY break_{tag} ON waits; DROP FUNCTION break_{tag}; DROP SEQUENCE looks_{tag}"
            connection.execute(gone.encode())


@pytest.mark.parametrize("seconds", [0.01, 8])
def test_a_retry_waits_for_what_had_begun_and_starts_the_rest(
    tenant: Session, settings: LocalSettings, seconds: float
) -> None:
    """Some executions have begun when the database fails; they end before the next attempt begins, or after it."""

    async def run(client: Client) -> dict[str, Any]:
        slow = node("pause", "wait", {"amount": seconds})
        id = await published(client, called(f"Each begun for {seconds} s", slow, PICKY))
        document = calling(f"Calls each of {seconds} s in two attempts", id, on_error="continue")
        document["nodes"][2]["settings"]["retry"] = {"maxAttempts": 3, "intervalSeconds": 3}
        made = await client.post("/workflows", document)
        with breaking_once(settings, made["id"], after=2):
            return await run_draft(client, document)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    (call,) = [run for run in execution["nodeRuns"] if run["nodeId"] == "call"]
    assert (call["status"], call["error"]) == ("succeeded", None)
    assert call["attempt"] > 1
    # Each item has had one execution, which belongs to it whichever attempt began it.
    assert sorted(call["status"] for call in execution["calls"]) == ["failed", *["succeeded"] * 4]
    assert good(execution) == KEPT
    (error,) = [one for one in outputs(execution, "after") if "error" in one]
    assert (error["n"], error["from"], error["error"]["item"]) == (2, 2, 2)


def test_files_come_back_with_their_items_and_an_empty_item_where_there_is_nothing(
    tenant: Session, settings: LocalSettings
) -> None:
    url = settings.demo_url + "/bytes?size={{ 10 + $json.n }}"
    look = "return $input.all().map(({ json, binary }) => ({ size: json.size, file: binary.data.size }))"

    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        get = node("get", "http_request", {"url": url, "responseFormat": "binary"})
        document = calling("Calls each for a file", await published(client, called("Each a file", get)))
        document["nodes"][3] = node("after", "code", {"code": look})
        none = await published(client, called("Each nothing", node("none", "code", {"code": "return []"})))
        empty = calling("Calls each for nothing", none)
        empty["nodes"][2]["settings"]["alwaysOutput"] = True
        empty["nodes"][3] = node("after", "no_op")
        return await run_draft(client, document), await run_draft(client, empty)

    files, empty = tenant(run)
    assert files["status"] == "succeeded", files["error"]
    assert outputs(files, "after") == [{"size": size, "file": size} for size in range(10, 10 + COUNT)]
    assert (empty["status"], outputs(empty, "call")) == ("succeeded", [{}]), empty["error"]
    assert outputs(empty, "after") == [{}]


def test_more_items_than_are_allowed_start_nothing(tenant: Session) -> None:
    execution = tenant(lambda client: ran(client, LONG, count=201))
    assert (execution["error"]["type"], execution["calls"]) == ("WorkflowCallRefused", [])
    assert "at most 200" in execution["error"]["message"]
