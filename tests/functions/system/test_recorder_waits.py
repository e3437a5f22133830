"""What recording makes of steps that wait and of iterations: rows of `waits`, tokens kept, runs by iteration."""

import json
import uuid
from typing import Any

import pytest

from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave_data.history.folding import Fold
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import FAILED, STARTED, SUCCEEDED, batch, context_of, node, rows
from tests.functions.system.waiting import begin, states_of, tell, waiting, waits_of

OUTPUT = {"main": {"count": 1, "items": [{"json": {}}]}}


def runs_of(databases: Databases, execution_id: str, node_id: str = "w") -> dict[str, Any]:
    """Return a node's runs by iteration."""
    query = "SELECT to_jsonb(r) FROM node_runs r WHERE execution_id = %s AND node_id = %s"
    return {row["iteration"]: row for (row,) in rows(databases, query, execution_id, node_id)}


@pytest.fixture
def tenant(tenants: tuple[Tenant, Tenant]) -> Tenant:
    return tenants[0]


def test_a_step_that_waits_has_a_row_with_its_token_and_nobody_else_gets_it(
    databases: Databases, tenant: Tenant
) -> None:
    details = {"title": "Ship?", "expiresAt": "2026-12-01T00:00:00.000Z", "resume": {"input": OUTPUT["main"]}}
    told = waiting(kind="approval", token="the-secret", details=details, input={"main": [OUTPUT["main"]]})
    context = context_of(tenant)
    recorded = tell(databases, tenant, context, node(STARTED, "w"), told)
    (row,) = waits_of(databases, context["executionId"])
    assert (row["state"], row["kind"], row["token"], row["details"]) == ("open", "approval", "the-secret", details)
    assert row["expires_at"].startswith("2026-12-01T00:00:00")
    assert row["workflow_id"] == str(tenant.workflow_id)
    stored = rows(databases, "SELECT data FROM execution_events WHERE execution_id = %s", context["executionId"])
    pushed = recorded.events[context["executionId"]][-1]
    assert pushed["waiting"] == {"kind": "approval", "title": "Ship?", "expiresAt": "2026-12-01T00:00:00.000Z"}
    assert "the-secret" not in json.dumps([stored, recorded.events, recorded.executions])
    run = runs_of(databases, context["executionId"])[""]
    assert (run["status"], run["ended_at"], run["input"]) == ("waiting", None, {"main": [OUTPUT["main"]]})


def test_a_wait_for_a_time_has_no_row(databases: Databases, tenant: Tenant) -> None:
    context = context_of(tenant)
    tell(databases, tenant, context, node(EventType.NODE_WAITING, "w", waiting={"kind": "time", "until": "2027"}))
    assert waits_of(databases, context["executionId"]) == []
    assert runs_of(databases, context["executionId"])[""]["status"] == "waiting"


def test_recording_a_wait_again_changes_nothing(databases: Databases, tenant: Tenant) -> None:
    told = waiting()
    context = begin(databases, tenant, told)
    before = waits_of(databases, context["executionId"])
    tell(databases, tenant, context, told)
    assert waits_of(databases, context["executionId"]) == before


@pytest.mark.parametrize("attempt", [1, 2])
@pytest.mark.parametrize("end", [SUCCEEDED, FAILED])
def test_a_run_that_ends_without_an_answer_has_had_its_time_whatever_its_attempt(
    databases: Databases, tenant: Tenant, end: EventType, attempt: int
) -> None:
    context = begin(databases, tenant, waiting(attempt=attempt))
    # The phase that says what happens after the time counts its attempts anew.
    tell(databases, tenant, context, node(end, "w", output=OUTPUT))
    assert states_of(databases, context["executionId"]) == {f"w//{attempt}": "expired"}
    run = runs_of(databases, context["executionId"])[""]
    assert (run["status"], run["attempt"]) == (end.value.removeprefix("node."), attempt)


def test_a_new_attempt_has_a_token_of_its_own(databases: Databases, tenant: Tenant) -> None:
    context = begin(databases, tenant, waiting(token="a"))
    tell(databases, tenant, context, node(STARTED, "w", 2), waiting(token="b", attempt=2))
    assert states_of(databases, context["executionId"]) == {"w//1": "cancelled", "w//2": "open"}


@pytest.mark.parametrize(
    "end", [EventType.EXECUTION_CANCELLED, EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMED_OUT]
)
def test_the_end_of_an_execution_closes_its_waits_and_their_runs(
    databases: Databases, tenant: Tenant, end: EventType
) -> None:
    context = begin(databases, tenant, waiting())
    tell(databases, tenant, context, event(end, id=f"{context['executionId']}-ended"))
    assert states_of(databases, context["executionId"]) == {"w//1": "cancelled"}
    assert runs_of(databases, context["executionId"])[""]["status"] == "failed"


def test_a_wait_told_after_the_end_is_closed_at_once(databases: Databases, tenant: Tenant) -> None:
    context = begin(databases, tenant)
    tell(databases, tenant, context, event(EventType.EXECUTION_CANCELLED, id=f"{context['executionId']}-ended"))
    tell(databases, tenant, context, waiting())
    assert states_of(databases, context["executionId"]) == {"w//1": "cancelled"}


def test_iterations_have_runs_and_waits_of_their_own(databases: Databases, tenant: Tenant) -> None:
    context = begin(databases, tenant, waiting(token="a", iteration="0"), waiting(token="b", iteration="1"))
    tell(databases, tenant, context, node(SUCCEEDED, "w", iteration="0", output=OUTPUT))
    assert states_of(databases, context["executionId"]) == {"w/0/1": "expired", "w/1/1": "open"}
    runs = runs_of(databases, context["executionId"])
    assert {iteration: run["status"] for iteration, run in runs.items()} == {
        "": "running",
        "0": "succeeded",
        "1": "waiting",
    }


def test_another_tenants_waits_stay_unseen(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    one, two = tenants
    context = begin(databases, one, waiting())
    tell(databases, two, {**context, "tenantId": str(two.id)}, waiting(node_id="x"))
    assert states_of(databases, context["executionId"]) == {"w//1": "open"}


def test_a_sub_workflow_names_its_parent(databases: Databases, tenant: Tenant) -> None:
    parent = {"executionId": str(uuid.uuid4()), "nodeId": "call", "iteration": "3"}
    context = begin(databases, tenant, parent=parent)
    query = "SELECT parent_execution_id::text, parent_node_id, parent_iteration FROM executions WHERE id = %s"
    assert rows(databases, query, context["executionId"]) == [(parent["executionId"], "call", "3")]


@pytest.mark.parametrize(
    ("kinds", "status", "attempt"),
    [
        ([("node.started", 1), ("node.waiting", 1)], "waiting", 1),
        ([("node.waiting", 1), ("node.started", 1)], "waiting", 1),
        ([("node.waiting", 2), ("node.succeeded", 1)], "succeeded", 2),
        ([("node.waiting", 2), ("node.failed", 1)], "failed", 2),
        ([("node.started", 2), ("node.failed", 1)], "running", 2),
        ([("node.succeeded", 1), ("node.waiting", 1)], "succeeded", 1),
    ],
)
def test_a_run_goes_on_within_a_batch_as_it_does_in_the_database(
    databases: Databases, tenant: Tenant, kinds: list[tuple[str, int]], status: str, attempt: int
) -> None:
    events = [node(EventType(kind), "w", number, waiting={"kind": "time"}) for kind, number in kinds]
    (folded,) = Fold([batch(context_of(tenant), *events)]).changes["nodeRuns"]
    context = context_of(tenant)
    for told in events:
        tell(databases, tenant, context, told)
    run = runs_of(databases, context["executionId"])[""]
    assert (folded["status"], folded["attempt"]) == (run["status"], run["attempt"]) == (status, attempt)
