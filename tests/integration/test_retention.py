"""Retention on the whole stack: what an execution stored is in the bucket, and gone with it; a running one stays."""

import asyncio
import uuid
from typing import Any

import boto3
import pytest

from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from tests.integration.conftest import Session
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration
TRIES = 60


def test_an_execution_whose_time_is_over_goes_with_what_it_stored(tenant: Session, settings: LocalSettings) -> None:
    given: dict[str, Any] = {
        "endpoint_url": settings.aws_url,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    functions, storage = boto3.client("lambda", **given), boto3.client("s3", **given)
    [bucket] = [one["Name"] for one in storage.list_buckets()["Buckets"] if "-data-" in one["Name"]]

    def sweep() -> None:
        answer = functions.invoke(FunctionName="stepweave-local-sweeper", Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()

    def stored(prefix: str) -> int:
        return int(storage.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"])

    async def over(client: Client, id: str) -> None:
        for _ in range(TRIES):
            if (await client.get(f"/executions/{id}"))["endedAt"]:
                return
            await asyncio.sleep(0.5)
        raise AssertionError("it did not end")

    async def ran(client: Client, id: str, big: str) -> str:
        body = {"mode": "draft", "items": [{"json": {"text": big}}]}
        started = await client.post(f"/workflows/{id}/run", body)
        return str(started["executionId"])

    async def work(client: Client) -> None:
        me = await client.get("/me")
        nodes = [node("start", "manual_trigger", {}), node("next", "no_op", {})]
        edges = [{"id": "a", "source": "start", "sourcePort": "main", "target": "next", "targetPort": "main"}]
        document = {"schema": 1, "name": f"Goes {uuid.uuid4().hex[:8]}", "nodes": nodes, "edges": edges}
        workflow = (await client.post("/workflows", document))["id"]
        kept, gone = [await ran(client, workflow, "x" * 60_000) for _ in range(2)]
        for id in (kept, gone):
            await over(client, id)
            assert stored(f"{me['tenant']['id']}/{id}/") > 0
        await client.put(f"/executions/{kept}/kept", {"kept": True})
        await client.put(f"/workflows/{workflow}/retention", {"own": True, "succeededDays": 0, "failedDays": 0})
        for _ in range(3):  # what is counted goes
            sweep()
        assert (await client.get(f"/executions/{kept}"))["keptAt"]
        with pytest.raises(ApiError) as refused:
            await client.get(f"/executions/{gone}")
        assert (refused.value.status, refused.value.problem["code"]) == (410, "execution_deleted")
        assert stored(f"{me['tenant']['id']}/{kept}/") > 0
        assert stored(f"{me['tenant']['id']}/{gone}/") == 0

    tenant(work)
