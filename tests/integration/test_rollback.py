"""Going back to a version whose state machine was collected: it is made again, and what comes in runs on it."""

import asyncio
import uuid
from typing import Any

import boto3
import httpx
import psycopg
import pytest

from local.client.live import events
from local.client.rest import Client
from local.seed import people
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.integration.conftest import Session
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration
WELL = 200
TRIES = 60


def said(text: str, path: str) -> dict[str, Any]:
    """Return a workflow whose webhook answers with a text."""
    hook = node("hook", "webhook_trigger", {"method": "POST", "path": path, "respond": "lastNode"})
    says = node("says", "set_fields", {"assignments": [{"name": "said", "value": text}]})
    edge = {"id": "e", "source": "hook", "target": "says"}
    return {"schema": 1, "name": f"Back {path}", "nodes": [hook, says], "edges": [edge]}


class Cloud:
    """What the stack's Step Functions has, and the sweeper, which takes from it what nothing needs."""

    def __init__(self, settings: LocalSettings) -> None:
        given: dict[str, Any] = {
            "endpoint_url": settings.aws_url,
            "region_name": "us-east-1",
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        self._machines = boto3.client("stepfunctions", **given)
        self._functions = boto3.client("lambda", **given)
        self._settings = settings

    def arns(self, workflow_id: str) -> list[str]:
        """Return the versions that a workflow's state machines have."""
        found = [one["stateMachineArn"] for one in self._machines.list_state_machines()["stateMachines"]]
        ours = [arn for arn in found if workflow_id in arn]
        lists = [self._machines.list_state_machine_versions(stateMachineArn=arn) for arn in ours]
        return [one["stateMachineVersionArn"] for each in lists for one in each["stateMachineVersions"]]

    async def collect(self, workflow_id: str, left: int) -> list[str]:
        """Have two hours and many versions go by, and the sweeper come until so many versions are left; return them."""
        with psycopg.connect(owner_url(self._settings)) as connection:
            aged = b"used_at = used_at - interval '2 hours', look_after = now() - interval '1 second'"
            connection.execute(b"UPDATE compiled_machines SET " + aged + b" WHERE workflow_id = %s", (workflow_id,))
            connection.execute("SELECT collect_machines(500, 1, 20)")
        arns: list[str] = []
        for _ in range(TRIES):  # the stack's own sweeper may be at it, too
            answer = self._functions.invoke(FunctionName="stepweave-local-sweeper", Payload=b"{}")
            assert "FunctionError" not in answer, answer["Payload"].read()
            arns = self.arns(workflow_id)
            if len(arns) == left:
                return arns
            await asyncio.sleep(0.5)
        raise AssertionError(f"{arns} are left")


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_a_version_whose_machine_was_collected_runs_again(settings: LocalSettings, environment: str) -> None:
    cloud, path = Cloud(settings), f"back-{uuid.uuid4().hex[:8]}"

    async def live(client: Client, id: str, number: int) -> None:
        await client.post(f"/workflows/{id}/versions/{number}/publish?environment={environment}")

    async def answer(client: Client, id: str) -> Any:
        places = (await client.get(f"/workflows/{id}/environments"))["items"]
        [line] = next(place["urls"] for place in places if place["key"] == environment)
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
            answered = await http.post(line.removeprefix("POST "), json={})
        assert answered.status_code == WELL, answered.text
        return answered.json()

    async def alone(client: Client) -> None:
        email = f"{path}@example.com"
        await people.log_in_new(client, settings, email, "a-long-password", path)

    async def work(client: Client) -> None:
        if environment != "production":
            body = {"key": environment, "name": "Staging"}
            await client.post("/environments", body)
        made = await client.post("/workflows", said("first", path))
        id, revision = made["id"], made["revision"]
        for text in ("first", "second", "third"):
            draft = {"document": said(text, path), "revision": revision}
            revision = (await client.put(f"/workflows/{id}", draft))["revision"]
            number = (await client.post(f"/workflows/{id}/publish", {}))["number"]
            await live(client, id, number)
        before = cloud.arns(id)
        assert len(before) == 3
        [kept] = await cloud.collect(id, 1)
        assert kept in before
        assert (await answer(client, id))["said"] == "third"

        await live(client, id, 1)
        [again] = set(cloud.arns(id)) - {kept}
        assert again not in before, "a version that went does not come back"
        assert (await answer(client, id))["said"] == "first"
        run = await client.post(f"/workflows/{id}/run", {"mode": "live", "environment": environment})
        ends = [one["type"] async for one in events(client, run["executionId"])]
        assert ends[-1] == "execution.succeeded"
        execution = await client.get(f"/executions/{run['executionId']}")
        assert execution["workflowVersion"] == 1
        # What the one that was left ran on goes in turn, and what is live stays.
        assert again in await cloud.collect(id, 2)
        assert (await answer(client, id))["said"] == "first"

    Session(settings, alone)(work)
