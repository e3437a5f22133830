"""Each handler with its own environment, real Postgres and Redis, and a server that answers as AWS."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest

from functions.system.live import handler as live
from functions.system.recorder import handler as recorder
from functions.system.resume import handler as resume
from functions.system.starter import calling
from functions.system.starter import handler as starter
from functions.system.status import handler as status
from functions.system.store import handler as store
from functions.system.sweeper import handler as sweeper
from functions.system.vault import handler as vault
from functions.system.webhook import handler as webhook
from functions.system.webhook import targets
from local.settings import LocalSettings
from stepweave.aws import Aws
from stepweave.aws.passes import SECRET, request_by
from stepweave.model.events import EventType
from stepweave.runtime.callbacks import signature
from stepweave.runtime.events import deduplication_id, event
from stepweave.runtime.starting import Launch
from stepweave_data import redis_keys as keys
from stepweave_data import refused
from stepweave_data.history.connections import Connections, Gone
from stepweave_data.history.live import connect
from stepweave_data.hooks import serving as serving_functions
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.cloud import Cloud, serving
from tests.functions.system.hooks import call, content, target
from tests.functions.system.messages import batch, context_of, record, rows, started, stored_events
from tests.functions.system.waiting import begin, waiting

WORKERS = (
    live.live,
    recorder.recorder,
    resume.resume,
    starter.link,
    calling.calls,
    calling.passes,
    store.passes,
    vault.passes,
    sweeper.sweeper,
    sweeper.leaving,
    sweeper.link,
    sweeper.client,
    serving_functions._redis,
    store.link,
    vault.link,
    webhook.webhook,
    targets._link,
    Aws.shared,
    Launch.shared,
    Connections.from_environment,
)
"""What the functions keep per worker."""


@pytest.fixture
def cloud(
    databases: Databases, redis_url: str, servers_settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cloud]:
    with serving() as made:
        variables = {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_ENDPOINT_URL": made.url,
            "STEPWEAVE_DATABASE_URL": databases.app,
            "STEPWEAVE_REDIS_URL": servers_settings.redis_url,
            "STEPWEAVE_EVENTS_QUEUE_URL": "http://queue",
            "STEPWEAVE_DATA_BUCKET": "data",
            "STEPWEAVE_CONNECTIONS_ENDPOINT": f"{made.url}/live/",
            "STEPWEAVE_PUBLIC_URL": "https://stepweave.example",
            "STEPWEAVE_PREFIX": "stepweave-test",
            "STEPWEAVE_STARTER_FUNCTION_ARN": "the-starter",
            "STEPWEAVE_VAULT_FUNCTION": "the-vault",
            "STEPWEAVE_KMS_KEY_ID": "the-key",
            "STEPWEAVE_RESUME_SECRET": "the-secret",
            SECRET: "signs-contexts",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        _forget()
        connect(redis_url).flushdb()
        yield made
        starter.link().close()
        resume.resume().link.close()
        store.link().close()
        vault.link().close()
        targets._link().close()
        for worker in (live.live()._history, recorder.recorder()._history):
            worker.close()  # type: ignore[attr-defined]  # the handler's is a History
        recorder.recorder()._settler.link.close()  # type: ignore[union-attr]  # the handler's has one
        sweeper.link().close()
        Aws.shared().close()
        Connections.from_environment()._transport.pool.close()
        _forget()


def _forget() -> None:
    for worker in WORKERS:
        worker.cache_clear()


def test_the_recorder_records_and_posts_to_who_watches(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    context = context_of(tenants[0])
    user = str(tenants[0].user_id)
    who = {"tenantId": str(tenants[0].id), "userId": user, "sessionId": str(tenants[0].session_id), "principalId": user}
    request = {"connectionId": "c=1", "authorizer": who}
    assert live.handler({"requestContext": {**request, "routeKey": "$connect"}}, CONTEXT) == {"statusCode": 200}
    message = json.dumps({"action": "subscribe", "channel": f"tenant:{tenants[0].id}"})
    live.handler(
        {"requestContext": {**request, "routeKey": "subscribe"}, "isBase64Encoded": False, "body": message}, CONTEXT
    )
    broken = record("{", message_id="broken")
    records = [broken, record(batch(context, started(context)))]
    assert recorder.handler({"Records": records}, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "broken"}]}
    assert len(stored_events(databases, context["executionId"])) == 1
    subscribed, told = cloud.of("/live/@connections/c%3D1")
    assert (subscribed["type"], told["type"]) == ("subscribed", "execution")
    assert told["execution"]["id"] == context["executionId"]
    live.handler({"requestContext": {**request, "routeKey": "$disconnect"}}, CONTEXT)
    recorder.handler({"Records": [record(batch(context, event(EventType.EXECUTION_SUCCEEDED)))]}, CONTEXT)
    assert len(cloud.of("/live/@connections/c%3D1")) == 2


def test_only_a_connection_that_closed_is_gone(cloud: Cloud) -> None:
    path = "/live/@connections/c"
    cloud.answers[path] = 410
    with pytest.raises(Gone):
        Connections.from_environment().post("c", "x")
    cloud.answers[path] = 403
    with pytest.raises(OSError, match="403"):
        Connections.from_environment().post("c", "x")


def test_resume_lets_a_node_go_on_and_tells_it(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    id = begin(databases, tenants[0], waiting())["executionId"]
    path = f"/hooks/resume/{id}/{signature('the-secret', id)}"
    assert resume.handler(call(path, {"a": 1}), CONTEXT)["statusCode"] == 200
    (answered,) = cloud.of("SendTaskSuccess")
    assert answered["taskToken"] == "token"
    assert json.loads(answered["output"])["output"]["main"]["items"][0]["json"]["body"] == {"a": 1}
    assert cloud.events() == ["node.succeeded"]
    assert resume.handler(call(path + "x"), CONTEXT)["statusCode"] == 404


def test_a_mistake_of_resume_is_a_problem_document(cloud: Cloud, log_lines: list[dict[str, Any]]) -> None:
    answer = resume.handler({}, CONTEXT)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (500, "internal")
    assert "KeyError" in log_lines[0]["exception"]


def test_the_webhook_runs_a_published_workflow(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    stored = target(respond="lastNode")
    stored["start"] |= {"tenant_id": str(tenants[0].id), "workflow_id": str(tenants[0].workflow_id)}
    _publish(databases, tenants[0], "orders", json.dumps(stored))
    last = {"main": {"count": 1, "items": [{"json": {"done": True}}]}}
    cloud.answers["StartSyncExecution"] = {
        "executionArn": "arn",
        "status": "SUCCEEDED",
        "output": json.dumps({"response": None, "last": last}),
    }
    answer = webhook.handler(call(f"/hooks/{tenants[0].slug}/orders", {"id": 1}), CONTEXT)
    assert (answer["statusCode"], content(answer)) == (200, {"done": True})
    assert cloud.events() == ["execution.started", "node.started", "node.succeeded", "execution.succeeded"]
    assert webhook.handler(call(f"/hooks/{tenants[1].slug}/orders", {}), CONTEXT)["statusCode"] == 404


def test_the_webhook_hands_over_what_nobody_waits_for(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    stored = target(respond="immediately")
    stored["start"] |= {"tenant_id": str(tenants[0].id), "workflow_id": str(tenants[0].workflow_id)}
    _publish(databases, tenants[0], "later", json.dumps(stored))
    answer = webhook.handler(call(f"/hooks/{tenants[0].slug}/later", {"id": 1}), CONTEXT)
    assert answer["statusCode"] == 202
    (request,) = cloud.of("/2015-03-31/functions/the-starter/invocations")
    cloud.answers["StartSyncExecution"] = {"executionArn": "arn", "status": "SUCCEEDED", "output": "{}"}
    assert starter.handler(request, CONTEXT) == {"executionId": content(answer)["executionId"]}
    assert cloud.events()[-1] == "execution.succeeded"


def test_what_a_door_refuses_is_counted_for_whose_door_it_is_and_folded_into_their_audit(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    far = time.time() + refused.WINDOW_SECONDS
    refused.fold(sweeper.client(), sweeper.link(), far)
    stored: dict[str, Any] = {**target(respond="immediately"), "maxBodyKb": 1}
    stored["start"] |= {"tenant_id": str(tenants[0].id), "workflow_id": str(tenants[0].workflow_id)}
    _publish(databases, tenants[0], "small", json.dumps(stored))
    large = {"x": "y" * 2000}
    for _ in range(3):
        assert webhook.handler(call(f"/hooks/{tenants[0].slug}/small", large), CONTEXT)["statusCode"] == 413
    assert webhook.handler(call("/hooks/nobody/nothing", {}), CONTEXT)["statusCode"] == 404
    wrong = call(f"/hooks/{tenants[0].slug}/small", method="DELETE")
    assert webhook.handler(wrong, CONTEXT)["statusCode"] == 405
    assert refused.fold(sweeper.client(), sweeper.link(), far) == 3
    with psycopg.connect(databases.owner) as connection:
        found, method = connection.execute(
            "SELECT action, actor_kind, details FROM audit WHERE tenant_id = %s AND action LIKE 'refused.%%'"
            " ORDER BY action",
            (tenants[0].id,),
        ).fetchall()
        nobodys = connection.execute("SELECT kind, times FROM platform_refusals ORDER BY id DESC LIMIT 1").fetchone()
    assert (found[0], found[1], found[2]["times"]) == ("refused.too_large", "visitor", 3)
    assert found[2]["operations"] == [{"operation": "webhook", "times": 3}]
    assert (method[0], method[2]["times"]) == ("refused.wrong_method", 1)
    assert nobodys == ("unknown_webhook", 1)


DOORS: Final[list[tuple[str, int, dict[str, Any], list[dict[str, Any]]]]] = [
    ("address_not_allowed", 403, {"networks": ["203.0.113.0/24"]}, [{}]),
    ("origin_not_allowed", 403, {"origins": "https://shop.example"},
     [{"method": "OPTIONS", "headers": {"origin": "https://evil.example", "access-control-request-method": "POST"}}]),
    ("too_many_calls", 429, {"rate": {"calls": 1, "seconds": 60, "per": "webhook"}}, [{}, {}]),
    ("no_idempotency_key", 400, {"idempotencyKey": "{{ $json.body.id }}"}, [{}]),
    ("idempotency_key_reused", 422, {},
     [{"headers": {"idempotency-key": "k"}, "body": {"n": n}} for n in (1, 2)]),
    ("invalid_json", 400, {"bodyType": "json"}, [{"body": "{"}]),
    ("unsupported_encoding", 415, {}, [{"body": "x", "headers": {"content-encoding": "zstd"}}]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status", "changes", "calls"), DOORS, ids=[one[0] for one in DOORS])
def test_each_kind_of_refusal_at_a_webhook_is_counted_in_its_workspace(
    code: str,
    status: int,
    changes: dict[str, Any],
    calls: list[dict[str, Any]],
    cloud: Cloud,
    databases: Databases,
    tenants: tuple[Tenant, Tenant],
) -> None:
    far = time.time() + refused.WINDOW_SECONDS
    refused.fold(sweeper.client(), sweeper.link(), far)
    stored: dict[str, Any] = {**target(respond="immediately"), **changes}
    stored["start"] |= {"tenant_id": str(tenants[0].id), "workflow_id": str(tenants[0].workflow_id)}
    path = code.replace("_", "-")
    _publish(databases, tenants[0], path, json.dumps(stored))
    for one in calls:
        given = {"body": {}, **one}
        answer = webhook.handler(call(f"/hooks/{tenants[0].slug}/{path}", given.pop("body"), **given), CONTEXT)
    assert (answer["statusCode"], content(answer).get("code")) == (status, code)
    refused.fold(sweeper.client(), sweeper.link(), far)
    with psycopg.connect(databases.owner) as connection:
        found = connection.execute(
            "SELECT count(*) FROM audit WHERE tenant_id = %s AND action = %s", (tenants[0].id, f"refused.{code}")
        ).fetchone()
    assert found == (1,)


def test_a_mistake_of_ours_is_a_problem_document_too(cloud: Cloud, log_lines: list[dict[str, Any]]) -> None:
    answer = webhook.handler({"rawPath": "/hooks/a/b"}, CONTEXT)
    assert (answer["statusCode"], content(answer)["code"]) == (500, "internal")
    assert "KeyError" in log_lines[0]["exception"]


def test_the_starter_says_why_it_starts_nothing(cloud: Cloud, log_lines: list[dict[str, Any]]) -> None:
    firing = {"tenantId": str(uuid.uuid4()), "scheduleId": str(uuid.uuid4()), "scheduledTime": "2026-11-23T09:00:00Z"}
    assert starter.handler(firing, CONTEXT) == {"skipped": "the schedule is gone"}
    (line,) = log_lines
    assert (line["tenant_id"], line["schedule_id"]) == (firing["tenantId"], firing["scheduleId"])
    assert cloud.asked == []


def test_an_end_reaches_who_waits_and_the_error_workflow_through_the_handlers(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    tenant, child = tenants[0], str(uuid.uuid4())
    caller = begin(databases, tenant)
    details = json.dumps({"executionId": child, "workflowName": "W", "resume": {"inlineLimit": 1000}})
    query = """INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, kind, token, details, created_at)
               VALUES (%s, %s, %s, 'w', 'workflow', 'the-token', %s, now()) RETURNING id"""
    rows(databases, query, tenant.id, caller["executionId"], tenant.workflow_id, details)
    settings = json.dumps({"settings": {"errorWorkflowId": str(uuid.uuid4())}})
    query = """INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)
               VALUES (%s, %s, 3, %s, 'h') RETURNING id"""
    rows(databases, query, tenant.id, tenant.workflow_id, settings)
    end = event(EventType.EXECUTION_FAILED, error={"type": "X", "message": "no"})
    parent = {"executionId": caller["executionId"], "nodeId": "w", "iteration": ""}
    told = record(batch(context_of(tenant, child, parent=parent), end))
    assert recorder.handler({"Records": [told]}, CONTEXT) == {"batchItemFailures": []}
    (answer,) = cloud.of("SendTaskFailure")
    assert (answer["taskToken"], answer["error"]) == ("the-token", "ChildFailed")
    (request,) = cloud.of("/2015-03-31/functions/the-starter/invocations")
    assert request == {"failed": {"tenantId": str(tenant.id), "executionId": child}}
    assert starter.handler(request, CONTEXT) == {
        "skipped": "There is no such workflow in this project, or shared with it to be run."
    }


def test_the_starter_answers_a_nodes_call(cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    request = {
        "context": begin(databases, tenants[0]),
        "nodeId": "w",
        "iteration": "",
        "attempt": 1,
        "workflowId": str(tenants[0].workflow_id),
        "batch": {"count": 1, "items": [{"json": {}}]},
        "each": False,
    }
    refused = calling.handler({"call": request}, CONTEXT)["refused"]
    assert (refused["type"], refused["remedy"]) == ("WorkflowNotCallable", "Publish it.")
    assert cloud.asked == []


def test_the_status_function_tells_an_end_in_the_executions_own_order(
    cloud: Cloud, tenants: tuple[Tenant, Tenant]
) -> None:
    context = context_of(tenants[0])
    given = json.dumps({"context": context})
    status.handler({"detail": {"status": "ABORTED", "input": given}}, CONTEXT)
    status.handler({"detail": {"status": "ABORTED", "input": "{}"}}, CONTEXT)
    (message,) = cloud.of("SendMessage")
    assert message["MessageGroupId"] == context["executionId"]
    assert message["MessageDeduplicationId"] == deduplication_id([f"{context['executionId']}-ended"])
    assert cloud.events() == ["execution.cancelled"]


def test_the_sweeper_asks_step_functions_and_tells(
    cloud: Cloud, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    rows(databases, "UPDATE executions SET status = 'succeeded' WHERE status IN ('queued', 'running') RETURNING id")
    context = context_of(tenants[0], startedAt="2026-11-20T12:00:00.000Z")
    first = started(context, machineType="standard", executionArn="arn:e")
    recorder.handler({"Records": [record(batch(context, first))]}, CONTEXT)
    cloud.answers["DescribeExecution"] = {"status": "ABORTED"}
    done = sweeper.handler({}, CONTEXT)
    assert {**done, "expired": 0, "erased": 0, "told": 0, "collected": 0, "counted": 0, "retired": 0} == {
        "ended": 1,
        "gone": 0,
        "caughtUp": 0,
        "expired": 0,
        "erased": 0,
        "told": 0,
        "collected": 0,
        "counted": 0,
        "retired": 0,
    }
    assert cloud.of("DescribeExecution") == [{"executionArn": "arn:e"}]
    assert cloud.events() == ["execution.cancelled"]


@pytest.mark.usefixtures("cloud")
def test_the_vault_answers_a_mistake_of_the_asking_node_as_data(tenants: tuple[Tenant, Tenant]) -> None:
    request = request_by(str(tenants[0].id), credentialId="x", type="smtp")
    answer = vault.handler(request, CONTEXT)
    assert answer["error"].pop("remedy")
    assert answer == {"error": {"code": "CredentialNotFound", "message": "There is no such credential."}}


@pytest.mark.usefixtures("cloud")
def test_the_store_answers_what_is_done_and_what_is_refused_as_data(tenants: tuple[Tenant, Tenant]) -> None:
    wanted = [{"do": "set", "store": "s", "key": key, "value": 1} for key in ("k", "")]
    answer = store.handler(request_by(str(tenants[0].id), operations=wanted), CONTEXT)
    assert [list(result) for result in answer["results"]] == [["value"], ["error"]]


def test_a_snapshot_is_there_after_recording(cloud: Cloud, redis_url: str, tenants: tuple[Tenant, Tenant]) -> None:
    context = context_of(tenants[0])
    recorder.handler({"Records": [record(batch(context, started(context)))]}, CONTEXT)
    client = connect(redis_url)
    assert client.hget(keys.snapshot(context["executionId"]), "lastSeq") == "1"
    client.close()


def _publish(databases: Databases, tenant: Tenant, path: str, stored: str) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            """INSERT INTO webhooks (tenant_id, workflow_id, node_id, method, path, target)
               VALUES (%s, %s, 'hook', 'POST', %s, %s)""",
            (tenant.id, tenant.workflow_id, path, stored),
        )
