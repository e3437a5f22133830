"""After everything else: no canary that a test has planted and no secret of the stack's lies anywhere in the clear."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import httpx
import psycopg
import pytest
import redis

from local.client.rest import Client
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.fakes.web import web_server
from tests.fixtures.canaries import KEYS, MARK, canary, leaks
from tests.integration.conftest import Person, Session
from tests.integration.test_alerts import until
from tests.integration.test_debugging import Debug
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


def test_what_alerts_debug_runs_and_environments_have_left_holds_none_either(
    tenant: Session, settings: LocalSettings
) -> None:
    tag = uuid.uuid4().hex[:8]
    seen: dict[str, str] = {}

    async def plant(client: Client) -> None:
        header = {"name": "X-Key", "allowedHosts": "127.0.0.1"}
        ours, theirs = [await credential(client, "http_header", {**header, "value": canary()}) for _ in range(2)]
        await client.post("/environments", {"key": f"e{tag}", "name": f"Canaries {tag}"})
        await client.put(f"/credentials/{ours}/mappings/e{tag}", {"credentialId": theirs})
        asks = node("asks", "http_request", {"url": web.url("/"), "authentication": "header", "headerCredential": ours})
        nodes = [
            node("hook", "webhook_trigger", {"method": "POST", "path": f"canaries-{tag}", "respond": "immediately"}),
            asks,
        ]
        nodes.append(node("stop", "stop_and_error", {"message": "on purpose"}))
        made = await client.post(
            "/workflows", workflow(f"Newer canaries {tag}", nodes, "start>asks", "hook>asks", "asks>stop")
        )
        place = f"/workflows/{made['id']}"
        targets = [
            {"kind": "webhook", "url": f"{web.url('/alerts')}?token={canary()}", "secret": canary()},
            {"kind": "webhook", "url": f"http://127.0.0.1:9/{canary()}", "secret": canary()},
        ]
        rule = {"name": tag, "condition": {"kind": "failure"}, "workflowId": made["id"], "targets": targets}
        await client.post("/alert-rules", rule)
        slack = [{"kind": "slack", "url": f"https://hooks.slack.com/services/{canary()}"}]
        await client.post("/alert-rules", {**rule, "name": f"{tag} asleep", "enabled": False, "targets": slack})
        await client.post(f"{place}/publish", {"note": "with keys"})
        await client.post(f"{place}/versions/1/publish?environment=production")
        hook = (await client.get(place))["webhooks"][0]["url"]
        await client.post("/templates", {"workflowId": made["id"], "name": tag, "summary": tag, "uses": ["data"]})
        page = {"title": tag, "items": [{"workflowId": made["id"], "label": "Orders"}]}
        await client.put("/status-page", page)
        seen["the link to the status page"] = (await client.post("/status-page/link"))["url"].rpartition("/")[2]
        await client.get(f"/shared-status/{seen['the link to the status page']}")
        run = await client.post(f"{place}/run", {"debug": {"breakpoints": [{"nodeId": "stop"}]}})
        debug = Debug(client, run["executionId"])
        shown = await client.get(f"/executions/{debug.id}/stops/{(await debug.stops())[0]['id']}")
        seen["stop"] = json.dumps(shown)
        await debug.go_on("run")
        await refused(settings, hook)
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.post(hook, json={})).status_code == 202

        async def told() -> bool:
            return any(one.path.startswith("/alerts") for one in web.asked)

        await until(told, lambda: looked(settings))

    with web_server() as web:
        web.routes["/"] = lambda exchange: exchange.answer(200, b"{}", content_type="application/json")
        web.routes["/alerts"] = lambda exchange: exchange.answer(200, b"{}", content_type="application/json")
        tenant(plant)
    assert MARK not in seen.pop("stop")
    assert leaks(settings, seen) == []


async def refused(settings: LocalSettings, hook: str) -> None:
    """Have each door refuse a secret."""
    async with httpx.AsyncClient(trust_env=False, base_url=settings.url) as http:
        for path, body in (
            ("login", {"email": "nobody@example.com", "password": canary()}),
            ("reset", {"token": canary(), "password": canary()}),
            ("confirm", {"token": canary(), "password": canary()}),
            ("email", {"token": canary()}),
            ("second-factor", {"challenge": canary(), "code": canary()}),
        ):
            assert 400 <= (await http.post(f"/api/auth/{path}", json=body)).status_code < 500, path
        for token in (canary(), f"swk_{canary()}"):
            answer = await http.get("/api/me", headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == 401
        for query in (f"cursor={canary()}", f"limit={canary()}"):
            assert 400 <= (await http.get(f"/api/workflows?{query}")).status_code < 500
        assert (await http.get(f"/api/shared-status/{canary()}")).status_code in (404, 422)
        refresh = await http.post("/api/auth/refresh", headers={"cookie": f"stepweave_refresh={canary()}"})
        assert 400 <= refresh.status_code < 500
        wrong = await http.put(hook, headers={"authorization": f"Bearer {canary()}", "x-key": canary()})
        assert 400 <= wrong.status_code < 500


def looked(settings: LocalSettings) -> None:
    """Have counter and alerter do their minute's work."""
    given: dict[str, Any] = {"endpoint_url": settings.aws_url, **KEYS}
    functions = boto3.client("lambda", **given)
    for function in ("sweeper", "alerter"):
        answer = functions.invoke(FunctionName=f"stepweave-local-{function}", Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()


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
