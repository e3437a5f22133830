"""After everything else: no canary that a test has planted and no secret of the stack's lies anywhere in the clear."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import psycopg
import pytest
import redis

from local.client.rest import Client
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.fakes.web import web_server
from tests.fixtures.canaries import canary, leaks
from tests.integration.conftest import Person, Session
from tests.integration.test_flow import workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_servers import credential

pytestmark = [pytest.mark.integration, pytest.mark.breaking]


def test_nothing_that_the_suite_has_left_holds_a_secret(
    tenant: Session, person: Person, settings: LocalSettings
) -> None:
    token, basic, key = canary(), canary(), canary()

    async def run(client: Client) -> str:
        url = web.url("/whole")
        header = await credential(client, "http_header", {"name": "X-Key", "value": token, "allowedHosts": "127.0.0.1"})
        login = {"user": "ada", "password": basic, "allowedHosts": "127.0.0.1"}
        by_password = await credential(client, "http_basic", login)
        refused = await credential(client, "redis", {"host": "127.0.0.1", "port": 1, "password": key, "tls": False})
        elsewhere = await credential(
            client, "http_header", {"name": "X-Key", "value": key, "allowedHosts": "a.example"}
        )
        nodes = [
            node("header", "http_request", {"url": url, "authentication": "header", "headerCredential": header}),
            node("basic", "http_request", {"url": url, "authentication": "basic", "basicCredential": by_password}),
            node("bad", "http_request", {"url": url, "authentication": "header", "headerCredential": elsewhere}),
            node("gone", "redis", {"credential": refused, "operation": "get", "key": "k"}),
        ]
        for one in nodes[2:]:
            one["settings"] = {"onError": "continue"}
        flow = ("start>header", "start>basic", "start>bad", "start>gone")
        execution = await run_draft(client, workflow(f"Canaries {uuid.uuid4().hex[:6]}", nodes, *flow))
        assert execution["status"] == "succeeded", execution["error"]
        asked = {"name": f"Sought {uuid.uuid4().hex[:6]}", "permissions": ["workflows.read"]}
        return str((await client.post("/keys", asked))["text"])

    with web_server() as web:
        web.routes["/whole"] = lambda exchange: exchange.answer(200, b"{}", content_type="application/json")
        api_key = tenant(run)
    assert [value for asked in web.asked for value in asked.headers.values() if value == token], "it was used"
    assert len(api_key) > 20
    assert leaks(settings, {"an API key": api_key, "a password": person.password}) == []


def in_postgres(settings: LocalSettings, text: str) -> Callable[[], None]:
    def do(query: str, *values: str) -> None:
        with psycopg.connect(owner_url(settings)) as connection:
            connection.execute(query.encode(), values)

    do("CREATE TABLE IF NOT EXISTS planted (it jsonb)")
    do("INSERT INTO planted VALUES (jsonb_build_object('deep', %s::text))", text)
    return lambda: do("DROP TABLE planted")


def in_redis(settings: LocalSettings, text: str) -> Callable[[], None]:
    def do(work: Callable[[redis.Redis], object]) -> None:
        with redis.Redis.from_url(settings.redis_owner_url) as client:
            work(client)

    do(lambda it: it.rpush("planted", text))
    return lambda: do(lambda it: it.delete("planted"))


def in_an_object(settings: LocalSettings, text: str) -> Callable[[], object]:
    given: dict[str, Any] = {"region_name": "us-east-1", "aws_access_key_id": "t", "aws_secret_access_key": "t"}
    s3 = boto3.client("s3", endpoint_url=settings.aws_url, **given)
    bucket = next(one["Name"] for one in s3.list_buckets()["Buckets"] if not one["Name"].endswith("-assets"))
    s3.put_object(Bucket=bucket, Key="planted", Body=text.encode())
    return lambda: s3.delete_object(Bucket=bucket, Key="planted")


def in_a_functions_log(settings: LocalSettings, text: str) -> Callable[[], object]:
    given: dict[str, Any] = {"region_name": "us-east-1", "aws_access_key_id": "t", "aws_secret_access_key": "t"}
    logs, where = boto3.client("logs", endpoint_url=settings.aws_url, **given), {"logGroupName": "planted"}
    logs.create_log_group(**where)
    logs.create_log_stream(**where, logStreamName="one")
    events: Any = [{"timestamp": int(time.time() * 1000), "message": f"a line with {text}"}]
    logs.put_log_events(**where, logStreamName="one", logEvents=events)
    return lambda: logs.delete_log_group(**where)


def in_a_log(settings: LocalSettings, text: str) -> Callable[[], None]:
    file = settings.logs / "planted.log"
    file.write_text(f"some words {text}\n")
    return file.unlink


def test_one_that_lies_somewhere_is_found(settings: LocalSettings) -> None:
    texts = {plant: canary() for plant in (in_postgres, in_redis, in_an_object, in_a_functions_log, in_a_log)}
    undo = [plant(settings, text) for plant, text in texts.items()]
    try:
        found = leaks(settings, {plant.__name__: text for plant, text in texts.items()})
    finally:
        for one in undo:
            one()
    assert {name.__name__ for name in texts if any(f"holds {name.__name__}:" in line for line in found)} == {
        name.__name__ for name in texts
    }
    assert leaks(settings) == []
