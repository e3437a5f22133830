"""AWS, Redis, MongoDB and SSH on the embedded stack: real functions and their layers, real or faithful servers."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from local.client.rest import Client
from tests.fakes.mongo import mongo_server
from tests.fixtures.redis_server import redis_server
from tests.fixtures.ssh_server import ssh_server
from tests.integration.conftest import Session
from tests.integration.test_aws_events import KEYS, Cloud
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration


async def credential(client: Client, type: str, data: dict[str, Any]) -> str:
    body = {"name": f"{type} {uuid.uuid4().hex[:6]}", "type": type, "data": data}
    return str((await client.post("/credentials", body))["id"])


def test_things_of_aws_are_made_and_found(tenant: Session, moto_endpoint: str) -> None:
    cloud = Cloud(moto_endpoint)
    cloud.client("s3").create_bucket(Bucket=cloud.name)
    cloud.client("dynamodb").create_table(
        TableName=cloud.name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    where = {"bucket": cloud.name, "key": "a/ü b.txt"}

    def nodes(id: str) -> list[dict[str, Any]]:
        def made(name: str, type: str, **params: Any) -> dict[str, Any]:
            return node(name, type, {"credential": id, **params})

        return [
            made("put", "aws_s3", operation="put", source="text", text="hello", **where),
            made("get", "aws_s3", operation="get", **where),
            made("again", "aws_s3", operation="put", bucket=cloud.name, key="copy"),
            made("send", "aws_sqs", operation="send", queue=cloud.name, body={"n": 7}),
            made("receive", "aws_sqs", operation="receive", queue=cloud.name, wait=1, deleteReceived=True),
            made("store", "aws_dynamodb", operation="put", table=cloud.name, item={"id": "a", "n": 0.1}),
            made("fetch", "aws_dynamodb", operation="get", table=cloud.name, key={"id": "a"}),
            made("who", "aws", service="sts", operation="GetCallerIdentity"),
        ]

    async def run(client: Client) -> dict[str, Any]:
        id = await credential(client, "aws", {**KEYS, "endpoint": cloud.endpoint})
        flow = (
            "start>put",
            "put>get",
            "get>again",
            "start>send",
            "send>receive",
            "start>store",
            "store>fetch",
            "start>who",
        )
        return await run_draft(client, workflow(f"Cloud {cloud.name}", nodes(id), *flow))

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "get")[0]["size"] == 5
    assert cloud.client("s3").get_object(Bucket=cloud.name, Key="copy")["Body"].read() == b"hello"
    assert [one["body"] for one in outputs(execution, "receive")] == [{"n": 7}]
    assert outputs(execution, "fetch") == [{"id": "a", "n": 0.1}]
    assert "Account" in outputs(execution, "who")[0]


def test_servers_are_asked_by_their_own_protocols(tenant: Session, tmp_path: Path) -> None:
    key = f"test:{uuid.uuid4().hex}"

    async def run(client: Client) -> dict[str, Any]:
        ids = await asyncio.gather(
            credential(client, "redis", {"host": "127.0.0.1", "port": redis.port, "password": "", "tls": False}),
            credential(client, "mongodb", {"host": "127.0.0.1", "port": mongo.port, "tls": False, "database": "shop"}),
            credential(client, "ssh", ssh.account()),
        )
        nodes = [
            node("count", "redis", {"credential": ids[0], "operation": "increment", "key": key, "ttl": 60}),
            node(
                "insert",
                "mongodb",
                {"credential": ids[1], "operation": "insert", "collection": "c", "document": {"n": 1}},
            ),
            node("find", "mongodb", {"credential": ids[1], "operation": "find", "collection": "c"}),
            node("ask", "ssh", {"credential": ids[2], "command": "cat", "stdin": "hello"}),
        ]
        return await run_draft(
            client, workflow(f"Servers {key}", nodes, "start>count", "start>insert", "insert>find", "start>ask")
        )

    with mongo_server() as mongo, ssh_server(tmp_path) as ssh, redis_server(tmp_path) as redis:
        execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "count") == [{"key": key, "value": 1}]
    assert [one["n"] for one in outputs(execution, "find")] == [1]
    assert outputs(execution, "ask") == [{"stdout": "hello", "stderr": "", "exitCode": 0}]
