"""The live side: tickets, subscriptions, history first and live after, and nobody sees another tenant's."""

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.system.authorizer import handler as authorizer
from functions.system.front import handler as front
from functions.system.live.channels import Caller, Live
from functions.system.recorder import pushing
from functions.system.recorder.pushing import Pusher
from functions.system.recorder.recording import Recorder
from local.stack.ports import free_port
from stepweave.model.events import Event, EventType
from stepweave.runtime.events import event
from stepweave_data import redis_keys as keys
from stepweave_data import refused
from stepweave_data.history.connections import Gone
from stepweave_data.history.live import Watchers, connect
from stepweave_data.history.messages import MOST_BYTES
from stepweave_data.history.store import History
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import LOG, STARTED, SUCCEEDED, batch, context_of, node, record, rows, started


class Sockets:
    """The `@connections` API in memory: what each connection was sent. A connection in `gone` has closed."""

    def __init__(self) -> None:
        self.sent: dict[str, list[dict[str, Any]]] = {}
        self.gone: set[str] = set()
        self.closed: set[str] = set()
        self.broken: set[str] = set()

    def post(self, connection_id: str, message: str) -> None:
        assert len(message.encode()) <= MOST_BYTES
        if connection_id in self.gone:
            raise Gone(connection_id)
        if connection_id in self.broken:
            raise OSError("no answer")
        self.sent.setdefault(connection_id, []).append(json.loads(message))

    def close(self, connection_id: str) -> None:
        self.closed.add(connection_id)

    def events(self, connection_id: str) -> list[int]:
        """The numbers of the events a connection got, as they came."""
        return [
            event["seq"]
            for message in self.sent.get(connection_id, [])
            if message["type"] == "events"
            for event in message["events"]
        ]

    def of(self, connection_id: str, kind: str) -> list[dict[str, Any]]:
        """The messages of a type that a connection got."""
        return [message for message in self.sent.get(connection_id, []) if message["type"] == kind]


class Stage:
    """Recorder and live function on the same Postgres, Redis and connections."""

    def __init__(self, databases: Databases, redis_url: str, tenant: Tenant) -> None:
        self.databases, self.tenant = databases, tenant
        self.redis = connect(redis_url)
        self.redis.flushdb()
        self.sockets = Sockets()
        self.history = History(databases.app)
        self.recorder = Recorder(self.history, Pusher(self.redis, lambda: self.sockets, self.history.projects_of))
        self.live = Live(Watchers(self.redis), self.history, self.sockets)

    def close(self) -> None:
        self.history.close()
        self.redis.close()

    def caller(self, connection_id: str = "c1", tenant: Tenant | None = None) -> Caller:
        owner = tenant or self.tenant
        return Caller(connection_id, str(owner.id), str(owner.user_id), str(owner.session_id))

    def say(self, caller: Caller, **message: Any) -> list[dict[str, Any]]:
        """Send a message and return the answers."""
        before = len(self.sockets.sent.get(caller.connection_id, []))
        self.live.message(caller, json.dumps(message))
        return self.sockets.sent.get(caller.connection_id, [])[before:]

    def watch(self, caller: Caller, channel: str, after: int = 0) -> list[dict[str, Any]]:
        return self.say(caller, action="subscribe", channel=channel, after=after)

    def tell(self, context: Any, *events: Event) -> None:
        assert self.recorder.take([record(batch(context, *events))]) == []


@pytest.fixture
def stage(databases: Databases, redis_url: str, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, redis_url, tenants[0])
    yield made
    made.close()


def logs(count: int, size: int = 10) -> list[Event]:
    return [node(LOG, level="info", message="x" * size) for _ in range(count)]


# Subscribing


def test_who_subscribes_gets_history_then_what_happens(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context), *logs(2))
    answers = stage.watch(stage.caller(), channel)
    assert answers[-1] == {"type": "subscribed", "channel": channel, "lastSeq": 3, "fresh": True}
    stage.tell(context, *logs(1), event(EventType.EXECUTION_SUCCEEDED))
    assert stage.sockets.events("c1") == [1, 2, 3, 4, 5]
    message = stage.sockets.of("c1", "events")[-1]
    assert (message["channel"], message["executionId"]) == (channel, context["executionId"])


def test_who_comes_back_gets_only_what_it_missed(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.tell(context, started(context), *logs(5))
    stage.watch(stage.caller("c2"), f"execution:{context['executionId']}", after=4)
    assert stage.sockets.events("c2") == [5, 6]


def test_history_and_live_agree_on_what_an_event_is(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.watch(stage.caller("c1"), channel, after=1)
    output = {"main": {"count": 1, "items": [{"json": {"a": None, "ü": [1.5]}}]}}
    stage.tell(context, node(STARTED), node(SUCCEEDED, input={}, output=output, durationMs=1.5))
    stage.watch(stage.caller("c2"), channel, after=1)
    first, second = (stage.sockets.of(id, "events")[0]["events"] for id in ("c1", "c2"))
    assert first == second


def test_long_history_comes_in_messages_that_fit_a_frame(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.tell(context, started(context), *logs(400, size=300))
    stage.watch(stage.caller(), f"execution:{context['executionId']}")
    assert stage.sockets.events("c1") == list(range(1, 402))
    assert len(stage.sockets.of("c1", "events")) > 3


def test_an_event_too_large_for_a_frame_comes_cut_and_whole_in_history(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.tell(context, started(context))
    stage.watch(stage.caller(), f"execution:{context['executionId']}", after=1)
    items = [{"json": {"n": n, "text": "é" * 100}} for n in range(500)]
    big = {"main": {"count": 500, "items": items}}
    stage.tell(context, node(SUCCEEDED, input={"main": [big["main"]]}, output=big, durationMs=1.0))
    (cut,) = stage.sockets.of("c1", "events")[0]["events"]
    assert cut["truncated"] is True
    assert cut["output"]["main"] == {"count": 500, "preview": items[:3], "truncated": True}
    assert cut["input"]["main"][0]["count"] == 500
    stored = rows(
        stage.databases, "SELECT data FROM execution_events WHERE execution_id = %s AND seq = 2", context["executionId"]
    )
    assert len(stored[0][0]["output"]["main"]["items"]) == 500


@pytest.mark.parametrize("field", ["message", "data", "response"])
def test_an_event_of_one_huge_text_comes_with_its_beginning(stage: Stage, field: str) -> None:
    context = context_of(stage.tenant)
    fields: dict[str, Any] = {"level": "info", "message": "m", field: "🎉" * 50_000}
    stage.tell(context, node(LOG, **fields))
    stage.watch(stage.caller(), f"execution:{context['executionId']}")
    (cut,) = stage.sockets.of("c1", "events")[0]["events"]
    assert cut[field] == "🎉" * 1000 + "…"


def test_an_event_of_many_texts_loses_the_largest_field_first(stage: Stage) -> None:
    context = context_of(stage.tenant)
    error = {"type": "X", "message": "what happened"}
    stage.tell(context, node(LOG, level="info", message="m", data=["x" * 900] * 60, error=error))
    stage.watch(stage.caller(), f"execution:{context['executionId']}")
    (cut,) = stage.sockets.of("c1", "events")[0]["events"]
    assert "data" not in cut
    assert (cut["error"], cut["message"], cut["truncated"]) == (error, "m", True)


def test_an_event_of_one_huge_item_still_fits(stage: Stage) -> None:
    context = context_of(stage.tenant)
    output = {"main": {"count": 1, "items": [{"json": {"x": "y" * 40_000}}]}}
    stage.tell(context, node(SUCCEEDED, output=output, durationMs=1.0))
    stage.watch(stage.caller(), f"execution:{context['executionId']}")
    (cut,) = stage.sockets.of("c1", "events")[0]["events"]
    assert cut["output"]["main"] == {"count": 1, "preview": [], "truncated": True}


def test_nobody_watches_another_tenants(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    context = context_of(stage.tenant)
    stage.tell(context, started(context))
    stranger = stage.caller("spy", tenants[1])
    channels = (
        f"execution:{context['executionId']}",
        f"workflow:{stage.tenant.workflow_id}",
        f"tenant:{stage.tenant.id}",
        f"execution:{uuid.uuid4()}",
        "execution:no-uuid",
        "nonsense",
        "conn:x",
    )
    for channel in channels:
        (answer,) = stage.watch(stranger, channel)
        assert (answer["type"], answer["code"]) == ("error", "not_found")
    stage.tell(context, *logs(1), event(EventType.EXECUTION_SUCCEEDED))
    assert stage.sockets.events("spy") == []
    assert stage.sockets.of("spy", "execution") == []


def test_a_chats_page_hears_that_there_is_something_of_its_execution_and_nothing_else(stage: Stage) -> None:
    context, other = context_of(stage.tenant, trigger="chat"), context_of(stage.tenant, trigger="chat")
    stage.tell(context, started(context))
    stage.tell(other, started(other))
    channel = f"chat:{context['executionId']}"
    page = Caller("page", str(stage.tenant.id), channel)
    (answer,) = stage.watch(page, channel)
    assert (answer["type"], answer["lastSeq"]) == ("subscribed", 0)
    for forbidden in (
        f"chat:{other['executionId']}",
        f"execution:{context['executionId']}",
        f"workflow:{stage.tenant.workflow_id}",
        f"tenant:{stage.tenant.id}",
    ):
        (answer,) = stage.watch(page, forbidden)
        assert (answer["type"], answer["code"]) == ("error", "not_found")
    # A member has no ticket for it, either: what a chat shows is its visitor's.
    assert stage.watch(stage.caller(), channel)[0]["type"] == "error"
    stage.tell(context, node(LOG, level="info", message="a secret"))
    stage.tell(other, *logs(1))
    assert stage.sockets.of("page", "chat") == [{"type": "chat", "channel": channel, "lastSeq": 2}]
    assert "secret" not in json.dumps(stage.sockets.sent["page"])


def test_after_unsubscribing_nothing_comes(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.watch(stage.caller(), channel)
    assert stage.say(stage.caller(), action="unsubscribe", channel=channel) == []
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == [1]


def test_lists_hear_of_a_start_and_an_end_and_of_nothing_between(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.watch(stage.caller("w"), f"workflow:{stage.tenant.workflow_id}")
    stage.watch(stage.caller("t"), f"tenant:{stage.tenant.id}")
    stage.tell(context, started(context, machineType="express"))
    stage.tell(context, *logs(2))
    error = {"type": "X", "message": "y"}
    stage.tell(context, {**event(EventType.EXECUTION_FAILED, error=error), "at": "2026-11-23T12:00:01.500Z"})
    for connection_id in ("w", "t"):
        first, last = (message["execution"] for message in stage.sockets.of(connection_id, "execution"))
        assert (first["id"], first["status"]) == (context["executionId"], "running")
        assert {key: last[key] for key in ("workflowName", "status", "durationMs", "error", "lastSeq", "mode")} == {
            "workflowName": "W",
            "status": "failed",
            "durationMs": 1500,
            "error": error,
            "lastSeq": 4,
            "mode": "live",
        }


def test_lists_hear_of_an_execution_that_waits_for_somebody(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.watch(stage.caller(), f"tenant:{stage.tenant.id}")
    stage.tell(context, started(context))
    about: dict[str, Any] = {"nodeId": "w", "attempt": 1}
    stage.tell(context, event(EventType.NODE_STARTED, **about))
    assert len(stage.sockets.of("c1", "execution")) == 1
    stage.tell(context, event(EventType.NODE_WAITING, **about, waiting={"kind": "time", "until": "2027-01-01"}))
    first, second = (message["execution"] for message in stage.sockets.of("c1", "execution"))
    assert (first["status"], first["steps"]) == ("running", {"done": 0, "running": 0, "waiting": 0})
    assert (second["status"], second["steps"]) == ("running", {"done": 0, "running": 0, "waiting": 1})


# Odd messages


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "invalid_message"),
        ("{", "invalid_message"),
        ("[" * 50_000, "invalid_message"),
        ("[]", "invalid_message"),
        ("{}", "unknown_action"),
        ('{"action": ["subscribe"]}', "unknown_action"),
        ('{"action": "subscribe"}', "invalid_message"),
        ('{"action": "subscribe", "channel": 5}', "invalid_message"),
        ('{"action": "unsubscribe", "channel": ""}', "invalid_message"),
        (json.dumps({"action": "subscribe", "channel": "x" * 101}), "invalid_message"),
        ('{"action": "subscribe", "channel": "tenant:x", "after": -1}', "invalid_message"),
        ('{"action": "subscribe", "channel": "tenant:x", "after": true}', "invalid_message"),
        ('{"action": "subscribe", "channel": "tenant:x", "after": "1"}', "invalid_message"),
        ('{"action": "subscribe", "channel": "tenant:x", "after": 1e9}', "invalid_message"),
        ('{"action": "subscribe", "channel": "tenant:x", "after": 99999999999}', "invalid_message"),
    ],
)
def test_an_odd_message_is_answered_with_an_error(stage: Stage, body: str, code: str) -> None:
    stage.live.message(stage.caller(), body)
    (answer,) = stage.sockets.sent["c1"]
    assert (answer["type"], answer["code"]) == ("error", code)
    assert answer["message"]


def test_a_ping_is_answered(stage: Stage) -> None:
    assert stage.say(stage.caller(), action="ping") == [{"type": "pong"}]


# Connections


def test_a_connection_that_closed_is_forgotten(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    for id in ("c1", "c2", "c3"):
        stage.live.connected(stage.caller(id))
        stage.watch(stage.caller(id), channel)
    stage.live.disconnected("c1")
    stage.sockets.gone.add("c2")
    stage.tell(context, *logs(1))
    assert stage.redis.zrange(keys.subscribers(channel), 0, -1) == ["c3"]
    assert stage.redis.keys("live:conn:c[12]*") == []
    assert stage.sockets.events("c3") == [1, 2]


def test_one_that_closed_while_it_spoke_is_forgotten(stage: Stage) -> None:
    stage.live.connected(stage.caller())
    stage.sockets.gone.add("c1")
    stage.watch(stage.caller(), f"tenant:{stage.tenant.id}")
    assert stage.redis.keys("live:*") == []


def test_a_mistake_in_telling_stops_no_recording(stage: Stage, log_lines: list[dict[str, Any]]) -> None:
    def nonsense() -> Sockets:
        raise ZeroDivisionError

    context = context_of(stage.tenant)
    stage.tell(context, started(context))
    stage.watch(stage.caller(), f"execution:{context['executionId']}")
    recorder = Recorder(stage.history, Pusher(stage.redis, nonsense, stage.history.projects_of))
    assert recorder.take([record(batch(context, *logs(1)))]) == []
    assert "ZeroDivisionError" in log_lines[0]["exception"]


def test_pushing_ends_in_time_and_who_missed_something_gets_it_when_it_renews(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.watch(stage.caller(), channel)
    monkeypatch.setattr(pushing, "PUSH_SECONDS", -1.0)
    stage.tell(context, *logs(1))
    monkeypatch.undo()
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == [1]
    stage.watch(stage.caller(), channel, after=1)
    assert stage.sockets.events("c1") == [1, 2, 3]


def test_one_that_does_not_answer_holds_no_other_up(stage: Stage, log_lines: list[dict[str, Any]]) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    for id in ("c1", "c2"):
        stage.watch(stage.caller(id), channel)
    stage.sockets.broken.add("c1")
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c2") == [1, 2]
    assert [line["message"] for line in log_lines] == ["a connection could not be reached"]


def test_one_that_was_not_reached_costs_the_next_batch_nothing_and_is_told_that_it_missed_something(
    stage: Stage,
) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.watch(stage.caller(), channel)
    stage.sockets.broken.add("c1")
    stage.tell(context, *logs(1))
    assert stage.redis.zrange(keys.subscribers(channel), 0, -1) == []
    stage.sockets.broken.clear()
    *_, answer = stage.watch(stage.caller(), channel, after=1)
    assert (answer["lastSeq"], answer["fresh"]) == (2, True)
    assert stage.sockets.events("c1") == [1, 2]


def test_one_that_hangs_does_not_hold_up_the_others(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    for id in ("c1", "c2"):
        stage.watch(stage.caller(id), channel)
    reached = threading.Event()
    post = stage.sockets.post

    def hanging(connection_id: str, message: str) -> None:
        if connection_id == "c1":
            assert reached.wait(20), "the other connection waits for this one"
            raise OSError("no answer")
        post(connection_id, message)
        reached.set()

    monkeypatch.setattr(stage.sockets, "post", hanging)
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c2") == [1, 2]


# Leases


def test_a_lease_that_is_renewed_goes_on_and_says_that_nothing_was_missed(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    first, second = (stage.watch(stage.caller(), channel, after=1)[-1] for _ in range(2))
    assert (first["fresh"], second["fresh"]) == (True, False)


def test_a_lease_that_ended_brings_nothing_and_begins_anew(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    for id in ("c1", "c2"):
        stage.watch(stage.caller(id), channel, after=1)
    stage.redis.zadd(keys.subscribers(channel), {"c1": time.time() - 1})
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == []
    assert stage.sockets.events("c2") == [2]
    assert stage.watch(stage.caller(), channel, after=1)[-1]["fresh"] is True


def test_who_left_the_tenant_is_not_told_of_it_any_more(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.watch(stage.caller(), channel)
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", (stage.tenant.user_id,))
    for asked in (channel, f"workflow:{stage.tenant.workflow_id}", f"tenant:{stage.tenant.id}"):
        (answer,) = stage.watch(stage.caller(), asked, after=1)
        assert answer["code"] == "session_over"
    assert stage.sockets.closed == {"c1"}
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == [1]


def test_who_ends_the_session_or_is_cut_off_is_not_told_any_more(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context))
    stage.live.connected(stage.caller())
    stage.watch(stage.caller(), channel)
    Watchers(stage.redis).cut(str(stage.tenant.user_id))
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == [1]
    stage.watch(stage.caller(), channel, after=1)
    assert stage.sockets.events("c1") == [1, 2]
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = %s", (stage.tenant.user_id,))
    assert stage.watch(stage.caller(), channel, after=2)[-1]["code"] == "session_over"
    assert stage.sockets.closed == {"c1"}


def test_a_role_of_the_tenants_own_watches_only_where_it_may_read_executions(stage: Stage) -> None:
    for permissions, code in ((["store.read"], "not_found"), (["executions.read"], None)):
        with psycopg.connect(stage.databases.owner) as connection:
            connection.execute(
                "WITH made AS (INSERT INTO roles (tenant_id, name, permissions) VALUES (%s, %s, %s) RETURNING id)"
                " UPDATE memberships SET role = 'custom', role_id = made.id FROM made WHERE user_id = %s",
                (stage.tenant.id, permissions[0], permissions, stage.tenant.user_id),
            )
        assert stage.watch(stage.caller(), f"tenant:{stage.tenant.id}")[-1].get("code") == code


def test_after_redis_forgot_everything_subscribing_again_gives_all_that_was_missed(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.live.connected(stage.caller())
    stage.tell(context, started(context))
    stage.watch(stage.caller(), channel)
    stage.redis.flushdb()
    stage.tell(context, *logs(2))
    stage.watch(stage.caller(), channel, after=1)
    stage.tell(context, *logs(1))
    assert stage.sockets.events("c1") == [1, 2, 3, 4]


def test_a_recorder_that_died_before_it_told_anybody_tells_when_the_batch_comes_again(stage: Stage) -> None:
    context = context_of(stage.tenant)
    channel = f"execution:{context['executionId']}"
    stage.tell(context, started(context, machineType="standard"))
    stage.watch(stage.caller(), channel)
    end = event(EventType.EXECUTION_SUCCEEDED, response={"statusCode": 200, "headers": {}, "body": 1})
    stage.history.record(str(stage.tenant.id), [batch(context, end)])  # and no more
    assert stage.sockets.events("c1") == [1]
    stage.tell(context, end)
    assert stage.sockets.events("c1") == [1, 2]
    assert stage.redis.llen(keys.answer(context["executionId"])) == 1


def test_without_redis_the_history_is_written_and_browsers_are_told_to_come_again(
    databases: Databases, redis_url: str, stage: Stage, log_lines: list[dict[str, Any]]
) -> None:
    nowhere = connect(f"redis://127.0.0.1:{free_port()}/0")
    context = context_of(stage.tenant)
    recorder = Recorder(stage.history, Pusher(nowhere, lambda: stage.sockets, stage.history.projects_of))
    assert recorder.take([record(batch(context, started(context)))]) == []
    assert [line["message"] for line in log_lines] == ["live updates are off: Redis failed"]
    stored = rows(databases, "SELECT count(*) FROM execution_events WHERE execution_id = %s", context["executionId"])
    assert stored == [(1,)]
    live = Live(Watchers(nowhere), stage.history, stage.sockets)
    channel = f"execution:{context['executionId']}"
    live.message(stage.caller(), json.dumps({"action": "subscribe", "channel": channel}))
    assert stage.sockets.sent["c1"][0]["code"] == "unavailable"
    nowhere.close()


def test_without_postgres_browsers_are_told_to_come_again(stage: Stage) -> None:
    nowhere = History(f"postgresql://x:y@127.0.0.1:{free_port()}/z")
    live = Live(Watchers(stage.redis), nowhere, stage.sockets)
    live.message(stage.caller(), json.dumps({"action": "subscribe", "channel": f"execution:{uuid.uuid4()}"}))
    assert stage.sockets.sent["c1"][0]["code"] == "unavailable"


# What Redis keeps


def test_the_snapshot_is_the_latest_state_of_execution_and_nodes(stage: Stage) -> None:
    context = context_of(stage.tenant)
    stage.tell(context, started(context), node(STARTED, "a"), node(SUCCEEDED, "a"), node(STARTED, "b"))
    key = keys.snapshot(context["executionId"])
    assert stage.redis.hgetall(key) == {
        "status": "running",
        "lastSeq": "4",
        "node:a": "succeeded",
        "node:b": "running",
    }
    assert 0 < int(stage.redis.ttl(key)) <= keys.SNAPSHOT_SECONDS


def test_only_a_webhook_that_waits_is_answered(stage: Stage) -> None:
    response = {"statusCode": 200, "headers": {}, "body": {"ok": True}}
    for trigger, machine, answers in (("webhook", "standard", 2), ("webhook", "express", 0), ("manual", "standard", 0)):
        context = context_of(stage.tenant, trigger=trigger)
        stage.tell(
            context,
            started(context, machineType=machine),
            event(EventType.EXECUTION_RESPONSE, response=response),
            event(EventType.EXECUTION_SUCCEEDED),
        )
        found = stage.redis.lrange(keys.answer(context["executionId"]), 0, -1)
        assert len(found) == answers
        if found:
            assert json.loads(found[0]) == {"response": response}
            assert json.loads(found[1])["ended"] == "succeeded"
        stored = rows(stage.databases, "SELECT response FROM executions WHERE id = %s", context["executionId"])
        assert stored == [(response,)]


# The authorizer


def ask(ticket: str | None) -> dict[str, Any]:
    query = {"ticket": ticket} if ticket is not None else None
    arn = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"
    answer: dict[str, Any] = authorizer.handler({"methodArn": arn, "queryStringParameters": query}, CONTEXT)
    return answer


def test_a_ticket_lets_in_once(redis_url: str, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", redis_url)
    authorizer.watchers.cache_clear()
    who = {"tenantId": "t1", "userId": "u1"}
    stage.redis.set(keys.ticket(hashlib.sha256(b"good").hexdigest()), json.dumps(who))
    allowed, again = ask("good"), ask("good")
    (statement,) = allowed["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    assert statement["Resource"] == ["arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"]
    assert (allowed["context"], allowed["principalId"]) == (who, "u1")
    assert again["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    for wrong in ("", "bad", None):
        assert ask(wrong)["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    # Whose ticket it was is told of the second time; of one that nobody was given, nobody is.
    window = int(time.time()) // refused.WINDOW_SECONDS
    counted = [stage.redis.hgetall(keys.refused(window, place)) for place in ("t1", refused.NOBODY)]
    assert (counted[0]["times ticket_used"], counted[1]["times ticket_invalid"]) == ("1", "1")
    authorizer.watchers.cache_clear()


def test_who_comes_past_cloudfront_takes_no_ticket_and_no_answer(
    redis_url: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", redis_url)
    monkeypatch.setenv("STEPWEAVE_ORIGIN_SECRET", '{"sent": "new-value", "taken": "old-value"}')
    authorizer.watchers.cache_clear()
    ticket = keys.ticket(hashlib.sha256(b"good").hexdigest())
    stage.redis.set(ticket, json.dumps({"tenantId": "t1", "userId": "u1"}))
    wrong = ("", "new", "new-value ", "NEW-VALUE", "é", "new-value, new-value")
    forged: list[dict[str, str]] = [{}, *({"x-stepweave-origin": value} for value in wrong)]
    arn = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"
    event = {"methodArn": arn, "queryStringParameters": {"ticket": "good"}}
    for headers in forged:
        assert front.handler({"headers": headers}, CONTEXT) == {"isAuthorized": False}
        told = authorizer.handler({**event, "headers": headers}, CONTEXT)
        assert told["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert stage.redis.exists(ticket) == 1
    for value in ("new-value", "old-value"):
        assert front.handler({"headers": {"x-stepweave-origin": value}}, CONTEXT) == {"isAuthorized": True}
    told = authorizer.handler({**event, "headers": {"X-Stepweave-Origin": "new-value"}}, CONTEXT)
    assert told["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    authorizer.watchers.cache_clear()
