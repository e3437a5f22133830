"""The throttle on the embedded stack: its function, the store's, Redis, and the wait of the state machine."""

import asyncio
import uuid
from typing import Any

import pytest

from local.client.live import events
from local.client.rest import Client
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of, published
from tests.integration.test_flow import MAKE, outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration


def throttled(name: str, count: int, key: str, **params: Any) -> dict[str, Any]:
    nodes = [
        node("make", "code", {"code": MAKE % (count, 0)}),
        node("throttle", "throttle", {"key": key, **params}),
        node("after", "no_op"),
        node("refused", "no_op"),
    ]
    rejects = ["throttle.rejected>refused"] if params.get("mode") == "reject" else []
    return workflow(name, nodes, "start>make", "make>throttle", "throttle>after", *rejects)


def numbers(execution: dict[str, Any], node_id: str) -> list[int]:
    return [one["n"] for one in outputs(execution, node_id)]


def test_a_batch_over_the_limit_waits_for_its_turn_and_goes_on_whole(tenant: Session) -> None:
    document = throttled("Throttle", 3, str(uuid.uuid4()), limit=2, period=1, unit="seconds")

    async def run(client: Client) -> tuple[dict[str, Any], list[str]]:
        execution = await run_draft(client, document)
        told = [event async for event in events(client, execution["id"])]
        return execution, [event["type"] for event in told if event.get("nodeId") == "throttle"]

    execution, told = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert numbers(execution, "after") == [0, 1, 2]
    assert told == ["node.started", "node.waiting", "node.succeeded"]


def test_executions_share_the_turns_and_what_has_none_is_rejected_or_fails(tenant: Session) -> None:
    limit = {"limit": 3, "period": 1, "unit": "days"}
    rejecting = throttled("Throttle rejects", 2, str(uuid.uuid4()), **limit, mode="reject")
    waiting = throttled("Throttle waits too long", 4, str(uuid.uuid4()), **limit, maxWaitSeconds=60)

    async def run(client: Client) -> list[dict[str, Any]]:
        first = await run_draft(client, rejecting)
        more = await asyncio.gather(run_draft(client, rejecting), run_draft(client, waiting))
        return [first, *more]

    first, second, late = tenant(run)
    assert (first["status"], second["status"]) == ("succeeded", "succeeded"), (first["error"], second["error"])
    assert numbers(first, "after") == [0, 1]
    assert (numbers(second, "after"), numbers(second, "refused")) == ([0], [1])
    assert (late["status"], late["error"]["type"]) == ("failed", "ThrottleWaitTooLong")


def test_a_caller_without_a_turn_is_answered_at_once(tenant: Session) -> None:
    path = f"turns-{uuid.uuid4().hex[:8]}"
    nodes = [
        node("throttle", "throttle", {"limit": 2, "unit": "days", "mode": "reject"}),
        node("well", "respond_to_webhook", {"statusCode": 201}),
        node("late", "respond_to_webhook", {"statusCode": 429}),
    ]
    document = workflow("Throttled calls", nodes, "start>throttle", "throttle>well", "throttle.rejected>late")
    hook = {"method": "POST", "path": path, "respond": "respondNode"}
    document["nodes"][0] = node("start", "webhook_trigger", hook)

    async def run(client: Client) -> list[int]:
        id = await published(client, document)
        slug = (await client.get("/me"))["tenant"]["slug"]
        answers = [await client.raw("POST", f"/hooks/{slug}/{path}", json={}) for _ in range(4)]
        await executions_of(client, id, "succeeded", 4)
        return [one.status_code for one in answers]

    assert tenant(run) == [201, 201, 429, 429]
