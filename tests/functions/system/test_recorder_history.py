"""The recorder's history, on a real Postgres: every event once, numbered without gaps; states that never move back."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.system.recorder.recording import Recorder
from local.stack.ports import free_port
from stepweave.model.events import Event, EventBatch, EventType, ExecutionContext
from stepweave.runtime.events import event
from stepweave_data.history.store import History, Recorded
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import (
    FAILED,
    LOG,
    STARTED,
    SUCCEEDED,
    batch,
    context_of,
    node,
    numbered,
    record,
    rows,
    started,
    stored_events,
)


class Silent:
    """A push that tells nobody and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Recorded]] = []

    def push(self, tenant_id: str, recorded: Recorded) -> None:
        self.told.append((tenant_id, recorded))


@pytest.fixture
def history(databases: Databases) -> Iterator[History]:
    made = History(databases.app)
    yield made
    made.close()


@pytest.fixture
def tenant(tenants: tuple[Tenant, Tenant]) -> Tenant:
    return tenants[0]


def whole_execution(context: ExecutionContext) -> list[Event]:
    """The events of an execution of a trigger and a node."""
    output = {"main": {"count": 1, "items": [{"json": {"x": 1}}]}}
    return [
        started(context, machineType="EXPRESS"),
        node(STARTED, "t"),
        node(SUCCEEDED, "t", input={}, output=output, durationMs=0.0),
        node(STARTED, "a"),
        node(LOG, "a", level="info", message="hello"),
        node(SUCCEEDED, "a", input={"main": [output["main"]]}, output=output, durationMs=12.5),
        event(EventType.EXECUTION_SUCCEEDED, id=f"{context['executionId']}-ended"),
    ]


def run_of(databases: Databases, execution_id: str, node_id: str = "a") -> dict[str, Any]:
    """A node run as it is stored."""
    found = rows(
        databases,
        "SELECT to_jsonb(r) FROM node_runs r WHERE execution_id = %s AND node_id = %s",
        execution_id,
        node_id,
    )
    result: dict[str, Any] = found[0][0]
    return result


def runs_of(databases: Databases, execution_id: str) -> list[dict[str, Any]]:
    """All node runs of an execution."""
    return [
        row for (row,) in rows(databases, "SELECT to_jsonb(r) FROM node_runs r WHERE execution_id = %s", execution_id)
    ]


def execution(databases: Databases, execution_id: str) -> dict[str, Any]:
    """An execution as it is stored."""
    result: dict[str, Any] = rows(databases, "SELECT to_jsonb(x) FROM executions x WHERE id = %s", execution_id)[0][0]
    return result


def test_an_execution_nobody_announced_in_the_database_is_made_from_its_first_events(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    context = context_of(tenant)
    events = whole_execution(context)
    Recorder(history, Silent()).take([record(batch(context, *events[:3])), record(batch(context, *events[3:]))])
    assert stored_events(databases, context["executionId"]) == numbered(events)
    made = execution(databases, context["executionId"])
    assert {
        key: made[key] for key in ("status", "trigger", "mode", "workflow_version", "machine_type", "last_seq")
    } == {
        "status": "succeeded",
        "trigger": "webhook",
        "mode": "live",
        "workflow_version": 3,
        "machine_type": "EXPRESS",
        "last_seq": 7,
    }
    assert made["ended_at"] is not None
    run = run_of(databases, context["executionId"])
    assert (run["status"], run["duration_ms"], run["output"]["main"]["count"]) == ("succeeded", 12.5, 1)


def test_node_events_that_overtake_the_start_make_the_execution_all_the_same(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    context = context_of(tenant)
    events = whole_execution(context)
    history.record(str(tenant.id), [batch(context, *events[3:5])])
    history.record(str(tenant.id), [batch(context, *events[:3])])
    assert stored_events(databases, context["executionId"]) == numbered([*events[3:5], *events[:3]])
    assert execution(databases, context["executionId"])["machine_type"] == "EXPRESS"


def test_an_execution_that_the_api_queued_becomes_running(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    context = context_of(tenant)
    rows(
        databases,
        """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at)
           VALUES (%s, %s, %s, 'draft', 'manual', 'queued', now()) RETURNING id""",
        context["executionId"],
        tenant.id,
        tenant.workflow_id,
    )
    history.record(str(tenant.id), [batch(context, *whole_execution(context)[:3])])
    made = execution(databases, context["executionId"])
    assert (made["status"], made["mode"], made["last_seq"]) == ("running", "draft", 3)


def test_the_same_batch_twice_is_recorded_once_and_told_again_the_same(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    context = context_of(tenant)
    events = whole_execution(context)
    silent = Silent()
    for _ in range(2):
        assert Recorder(history, silent).take([record(batch(context, *events))]) == []
    assert stored_events(databases, context["executionId"]) == numbered(events)
    assert [told.events for _, told in silent.told] == [silent.told[0][1].events] * 2


def test_a_batch_that_holds_an_event_twice_numbers_it_once(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    context = context_of(tenant)
    one, two = node(STARTED), node(SUCCEEDED, output={}, durationMs=1.0)
    history.record(str(tenant.id), [batch(context, one, one), batch(context, one, two)])
    assert stored_events(databases, context["executionId"]) == numbered([one, two])


@pytest.mark.parametrize(
    ("first", "late", "status", "attempt"),
    [
        ((SUCCEEDED, 1), (STARTED, 1), "succeeded", 1),
        ((FAILED, 1), (EventType.NODE_RETRYING, 1), "failed", 1),
        ((STARTED, 2), (EventType.NODE_RETRYING, 1), "running", 2),
        ((EventType.NODE_RETRYING, 1), (STARTED, 2), "running", 2),
        ((STARTED, 1), (FAILED, 1), "failed", 1),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_node_run_never_moves_back(
    databases: Databases,
    history: History,
    tenant: Tenant,
    first: tuple[EventType, int],
    late: tuple[EventType, int],
    status: str,
    attempt: int,
    together: bool,
) -> None:
    context = context_of(tenant)
    batches = [batch(context, node(kind, attempt=attempt)) for kind, attempt in (first, late)]
    for part in [batches] if together else [[entry] for entry in batches]:
        history.record(str(tenant.id), part)
    run = run_of(databases, context["executionId"])
    assert (run["status"], run["attempt"]) == (status, attempt)


def test_the_first_end_of_an_execution_stays(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    error = {"type": "HttpServerError", "message": "502"}
    history.record(str(tenant.id), [batch(context, started(context), event(EventType.EXECUTION_FAILED, error=error))])
    history.record(str(tenant.id), [batch(context, event(EventType.EXECUTION_SUCCEEDED))])
    made = execution(databases, context["executionId"])
    assert (made["status"], made["error"]) == ("failed", error)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (event(EventType.EXECUTION_FAILED, error={"type": "NodeCrashed", "message": "gone"}), "NodeCrashed"),
        (event(EventType.EXECUTION_CANCELLED), "NeverReported"),
    ],
)
def test_a_node_still_running_when_its_execution_ends_fails_with_it(
    databases: Databases, history: History, tenant: Tenant, end: Event, reason: str
) -> None:
    context = context_of(tenant)
    history.record(str(tenant.id), [batch(context, started(context), node(STARTED, "done"), node(STARTED, "open"))])
    history.record(str(tenant.id), [batch(context, node(SUCCEEDED, "done"), {**end, "id": str(uuid.uuid4())})])
    open_run, done = (run_of(databases, context["executionId"], name) for name in ("open", "done"))
    assert (open_run["status"], open_run["error"]["type"]) == ("failed", reason)
    assert open_run["ended_at"] is not None
    assert (done["status"], done["error"]) == ("succeeded", None)


@pytest.mark.parametrize(
    ("given_value", "stored"),
    [
        ("a\x00\x00b \\u0000 \\\x00", "a\ufffd\ufffdb \\u0000 \\\ufffd"),
        ("half \ud83d pair, whole 🎉", "half \ufffd pair, whole 🎉"),
        ({"a\x00": [float("nan"), float("-inf"), 1.5]}, {"a\ufffd": [None, None, 1.5]}),
        (10**400, 10**400),
    ],
)
def test_what_postgres_cannot_hold_is_replaced(
    databases: Databases, history: History, tenant: Tenant, given_value: Any, stored: Any
) -> None:
    context = context_of(tenant)
    history.record(str(tenant.id), [batch(context, node(LOG, level="info", message="m", data=given_value))])
    found = rows(databases, "SELECT data FROM execution_events WHERE execution_id = %s", context["executionId"])
    assert found[0][0]["data"] == stored


def test_a_foreign_tenant_cannot_write_into_an_execution(
    databases: Databases, history: History, tenants: tuple[Tenant, Tenant]
) -> None:
    one, two = tenants
    context = context_of(one)
    history.record(str(one.id), [batch(context, started(context))])
    forged = context_of(two, context["executionId"])
    recorded = history.record(str(two.id), [batch(forged, node(SUCCEEDED), event(EventType.EXECUTION_FAILED))])
    assert recorded.events == {}
    assert stored_events(databases, context["executionId"]) == [(1, f"{context['executionId']}-started")]
    assert execution(databases, context["executionId"])["status"] == "running"


def test_a_malformed_message_is_reported_and_holds_nobody_up(
    databases: Databases, history: History, tenant: Tenant, log_lines: list[dict[str, Any]]
) -> None:
    context = context_of(tenant)
    broken = [
        record("{not json", message_id="1"),
        record("[]", group="h", message_id="2"),
        record('{"context": {}, "events": []}', group="i", message_id="3"),
        record(batch(context, {"id": "x", "type": "no.such", "at": "2026-11-23T12:00:00Z"}), message_id="4"),
    ]
    other = context_of(tenant)
    good = record(batch(other, *whole_execution(other)))
    assert Recorder(history, Silent()).take([*broken, good]) == ["1", "2", "3", "4"]
    assert len(stored_events(databases, other["executionId"])) == 7
    assert [line["message_id"] for line in log_lines] == ["1", "2", "3", "4"]


def test_a_message_that_the_database_refuses_is_reported_and_holds_no_other_execution_up(
    databases: Databases, history: History, tenant: Tenant
) -> None:
    bad = context_of(tenant, "no-uuid")
    good = context_of(tenant)
    records = [
        record(batch(bad, started(bad)), message_id="bad"),
        record(batch(good, *whole_execution(good)), message_id="good"),
    ]
    assert Recorder(history, Silent()).take(records) == ["bad"]
    assert len(stored_events(databases, good["executionId"])) == 7


def test_when_the_database_goes_while_the_message_at_fault_is_sought_the_rest_comes_again(
    history: History, tenant: Tenant
) -> None:
    class Failing:
        """A history whose database goes down with the third call."""

        calls = 0

        def record(self, tenant_id: str, batches: Sequence[EventBatch]) -> Recorded:
            self.calls += 1
            if self.calls >= 3:
                raise psycopg.OperationalError("down")
            return history.record(tenant_id, batches)

    bad, good = context_of(tenant, "no-uuid"), context_of(tenant)
    records = [
        record(batch(good, *whole_execution(good)[:3]), message_id="1"),
        record(batch(good, *whole_execution(good)[3:]), message_id="2"),
        record(batch(bad, started(bad)), message_id="3"),
    ]
    assert Recorder(Failing(), Silent()).take(records) == ["2", "3"]


def test_events_of_a_workflow_that_is_not_the_tenants_are_dropped_and_logged(
    history: History, tenants: tuple[Tenant, Tenant], log_lines: list[dict[str, Any]]
) -> None:
    context = context_of(tenants[0], workflowId=str(tenants[1].workflow_id))
    silent = Silent()
    assert Recorder(history, silent).take([record(batch(context, started(context)))]) == []
    assert [line["execution_id"] for line in log_lines] == [context["executionId"]]
    assert silent.told[0][1].events == {}


def test_without_a_database_all_messages_come_again_and_nobody_is_told(tenant: Tenant) -> None:
    nowhere = History(f"postgresql://x:y@127.0.0.1:{free_port()}/z")
    context = context_of(tenant)
    silent = Silent()
    records = [record(batch(context, entry)) for entry in whole_execution(context)]
    assert Recorder(nowhere, silent).take(records) == [entry["messageId"] for entry in records]
    assert silent.told == []


def test_a_connection_that_broke_is_made_anew(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    events = whole_execution(context)
    history.record(str(tenant.id), [batch(context, *events[:3])])
    rows(databases, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'stepweave_app'")
    recorder = Recorder(history, Silent())
    rest = [record(batch(context, *events[3:]))]
    if recorder.take(rest):  # the first try may be the one that notices
        assert recorder.take(rest) == []
    assert stored_events(databases, context["executionId"]) == numbered(events)


def test_recorders_at_once_on_one_execution_number_without_gaps(databases: Databases, tenant: Tenant) -> None:
    context = context_of(tenant)
    batches = [
        batch(context, node(LOG, level="info", message=f"{n}-{k}"), node(LOG)) for n in range(4) for k in range(8)
    ]
    recorded: list[Recorded] = []
    failures: list[BaseException] = []

    def work(mine: list[EventBatch]) -> None:
        own = History(databases.app)
        try:
            recorded.extend(own.record(str(tenant.id), [entry]) for entry in mine)
        except BaseException as error:
            failures.append(error)
        finally:
            own.close()

    # Each batch is in two recorders' hands, as after a visibility time-out.
    threads = [threading.Thread(target=work, args=(batches[n * 8 :] + batches[: n * 8],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = stored_events(databases, context["executionId"])
    assert [seq for seq, _ in found] == list(range(1, 65))
    assert {id for _, id in found} == {entry["id"] for part in batches for entry in part["events"]}
    told = [entry["seq"] for part in recorded for entry in part.events.get(context["executionId"], [])]
    assert set(told) == set(range(1, 65))


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[list[tuple[int, int]], bool]]:
    """Receives of a FIFO queue: up to ten (group, message) pairs each, and whether the recorder dies before it answers.

    A group's messages come in order, and come again from the first that was not acknowledged.
    """
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    acknowledged = [0] * len(lengths)
    receives: list[tuple[list[tuple[int, int]], bool]] = []
    while any(done < length for done, length in zip(acknowledged, lengths, strict=True)):
        taken = list(acknowledged)
        part: list[tuple[int, int]] = []
        open_groups = [group for group, length in enumerate(lengths) if taken[group] < length]
        for _ in range(draw(st.integers(1, 10))):
            if not open_groups:
                break
            group = draw(st.sampled_from(open_groups))
            part.append((group, taken[group]))
            taken[group] += 1
            open_groups = [group for group, length in enumerate(lengths) if taken[group] < length]
        dies = draw(st.booleans()) and len(receives) < 8
        receives.append((part, dies))
        if not dies:
            acknowledged = taken
    return receives


@settings(max_examples=40)
@given(receives=deliveries())
def test_whatever_comes_again_after_a_death_is_recorded_once_in_order(
    databases: Databases, history: History, tenant: Tenant, receives: list[tuple[list[tuple[int, int]], bool]]
) -> None:
    contexts = [context_of(tenant) for _ in range(3)]
    sent = {
        (group, number): batch(context, node(STARTED, f"n{number}"), node(SUCCEEDED, f"n{number}", durationMs=1.0))
        for group, context in enumerate(contexts)
        for number in range(5)
    }
    told: list[Recorded] = []
    for part, _ in receives:
        silent = Silent()
        records = [record(sent[key]) for key in part]
        assert Recorder(history, silent).take(records) == []
        told += [entry for _, entry in silent.told]
    for group, context in enumerate(contexts):
        count = max((number + 1 for part, _ in receives for which, number in part if which == group), default=0)
        expected = numbered(entry for number in range(count) for entry in sent[group, number]["events"])
        assert stored_events(databases, context["executionId"]) == expected
        pushed = [(e["seq"], e["id"]) for entry in told for e in entry.events.get(context["executionId"], [])]
        assert sorted(set(pushed)) == expected
        assert {run["status"] for run in runs_of(databases, context["executionId"])} <= {"succeeded"}
