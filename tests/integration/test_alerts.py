"""Alerts on the whole stack: a workflow that fails opens one, the mail arrives, and a success resolves it."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import boto3
import httpx
import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from tests.integration.conftest import Person, Session
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration
TRIES = 60


async def until(found: Callable[[], Awaitable[Any]], look: Callable[[], None]) -> Any:
    """Have counter and alerter do their minute's work until something is found; return it."""
    for _ in range(TRIES):
        look()
        if value := await found():
            return value
        await asyncio.sleep(0.5)
    raise AssertionError("it was not found")


def test_a_failing_workflow_is_told_by_mail_and_a_success_ends_it(
    tenant: Session, person: Person, settings: LocalSettings
) -> None:
    tag = uuid.uuid4().hex[:8]
    name = f"Alerting {tag}"
    stop = node("stop", "stop_and_error", {"message": "no customer"})
    condition = {"left": "{{ $json.body.n }}", "type": "number", "operator": "greater", "right": 1}
    nodes = [
        node("hook", "webhook_trigger", {"method": "POST", "path": f"alerting-{tag}", "respond": "lastNode"}),
        node("bad", "if", {"conditions": [condition]}),
        stop,
    ]
    edges = [
        {"id": "a", "source": "hook", "sourcePort": "main", "target": "bad", "targetPort": "main"},
        {"id": "b", "source": "bad", "sourcePort": "true", "target": "stop", "targetPort": "main"},
    ]
    given: dict[str, Any] = {
        "endpoint_url": settings.aws_url,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    functions = boto3.client("lambda", **given)

    def look() -> None:
        for function in ("sweeper", "alerter"):
            answer = functions.invoke(FunctionName=f"stepweave-local-{function}", Payload=b"{}")
            assert "FunctionError" not in answer, answer["Payload"].read()

    async def subjects() -> list[str]:
        async with httpx.AsyncClient(trust_env=False) as http:
            mails = (await http.get(f"{settings.mail_url}/api/messages")).json()
        return [one["subject"] for one in mails if person.email in json.dumps(one) and name in one["subject"]]

    async def work(client: Client) -> None:
        made = await client.post("/workflows", {"schema": 1, "name": name, "nodes": nodes, "edges": edges})
        await client.post(f"/workflows/{made['id']}/publish", {})
        url = (await client.get(f"/workflows/{made['id']}"))["webhooks"][0]["url"]
        me = await client.get("/me")
        rule = {
            "name": name,
            "condition": {"kind": "failure"},
            "workflowId": made["id"],
            "targets": [{"kind": "mail", "userIds": [me["user"]["id"]]}],
        }
        await client.post("/alert-rules", rule)

        async def states() -> list[str]:
            found = (await client.get("/alerts?state=all"))["items"]
            return [one["state"] for one in found if one["workflowId"] == made["id"]]

        async def is_open() -> bool:
            return await states() == ["open"] and await subjects() == [f"[Stepweave] “{name}” failed"]

        async def is_over() -> bool:
            return await states() == ["resolved"] and len(await subjects()) == 2

        async with httpx.AsyncClient(trust_env=False, timeout=40) as http:
            await http.post(url, json={"n": 2})
            await until(is_open, look)
            await http.post(url, json={"n": 1})
            await until(is_over, look)
        assert f"[Stepweave] Resolved: “{name}” failed" in await subjects()

    tenant(work)
