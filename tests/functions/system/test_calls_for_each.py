"""An execution for each item, and a step that waits for all of their ends: answered once, and nothing left running."""

import threading
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import psycopg
import pytest

from functions.system.recorder import gathering
from functions.system.recorder.recording import SettleLater
from functions.system.recorder.settling import _CONCERNED, Settler
from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave_data.hooks import called
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fakes.steps import items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import FAILED, LOG, STARTED, SUCCEEDED, context_of, node, rows
from tests.functions.system.test_calls import ARN, Stage
from tests.functions.system.waiting import states_of, tell, waiting, waits_of

GONE = AwsError("ExecutionDoesNotExist", "never began")
NO = {"type": "StoppedByWorkflow", "message": "no stock"}


class Each(Stage):
    """A caller that waits for one execution for each of its items."""

    def begun(self, count: int = 3, **more: Any) -> list[str]:
        """Call with `count` items and wait; return the executions' ids."""
        names = ("goesOn", "failurePort", "input", "origins", "alwaysOutput")
        resume: dict[str, Any] = {key: more.pop(key) for key in names if key in more}
        answer = self.asked(items(*({"n": n} for n in range(count))), resume, **more)
        found: list[str] = answer["executionIds"]
        return found

    def asked(self, given: Any, resume: dict[str, Any] | None = None, token: str = "the-token", **more: Any) -> Any:
        wait = {"token": token, "inlineLimit": 2000, "expiresAt": "2027-01-01T00:00:00.000Z", **(resume or {})}
        return self.call(given, each=True, wait=wait, **more)

    def gives(self, id: str, *found: dict[str, Any], **fields: Any) -> None:
        """End a called execution with what its last node gave."""
        made = items(*found)
        output = {"main": {"count": len(made), "items": made}} if made else None
        self.end(id, EventType.EXECUTION_SUCCEEDED, **({"output": output} if output else {}), **fields)

    def fails(self, id: str, kind: EventType = EventType.EXECUTION_FAILED) -> None:
        self.end(id, kind, **({"error": NO} if kind is EventType.EXECUTION_FAILED else {}))

    @property
    def answer(self) -> Any:
        ((_, answer),) = self.tokens.answered
        return answer

    @property
    def gave(self) -> dict[str, list[Any]]:
        """What the step got, by port."""
        output = self.answer["output"]
        return {port: self.outside.claims.fetch(batch, str(self.tenant.id)) for port, batch in output.items()}

    def status(self, ids: list[str]) -> list[str]:
        query = "SELECT id::text, status FROM executions WHERE id = ANY (%s::uuid[])"
        found = dict(rows(self.databases, query, ids))
        return [found.get(id, "none") for id in ids]

    def arn(self, id: str) -> str:
        return f"{ARN.format(self.callee).replace('stateMachine', 'execution')}:{id}"


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Each]:
    made = Each(databases, tenants[0])
    yield made
    made.link.close()


def test_each_item_starts_an_execution_and_one_wait_knows_them_all(stage: Each) -> None:
    ids = stage.begun()
    assert [one["name"] for one in stage.machines.started] == ids
    given = [one["input"]["trigger"]["output"]["main"]["items"] for one in stage.machines.started]
    assert given == [items({"n": n}) for n in range(3)]
    (row,) = waits_of(stage.databases, stage.caller["executionId"])
    assert (row["details"]["executionIds"], row["details"]["executionId"]) == (ids, ids[0])
    assert (row["state"], row["token"]) == ("open", "the-token")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_end_answers_once_with_the_outputs_in_the_order_of_the_items(
    stage: Each, order: tuple[int, ...]
) -> None:
    ids = stage.begun()
    for place, number in enumerate(order):
        assert (stage.tokens.answered, stage.state) == ([], "open"), place
        stage.gives(ids[number], {"of": number}, {"of": number, "second": True})
    expected = [entry for n in range(3) for entry in items({"of": n}, {"of": n, "second": True})]
    assert stage.answer == {"output": {"main": {"count": 6, "items": expected}}}
    assert stage.state == "resolved"
    (told,) = [one for one in stage.outside.events if one.get("nodeId") == "w"]
    assert (told["type"], told["output"]) == ("node.succeeded", stage.answer["output"])


def test_ends_that_come_again_or_late_or_together_answer_once(stage: Each) -> None:
    ids = stage.begun(4)
    for _ in range(2):
        stage.gives(ids[2], {"of": 2})
    assert stage.tokens.answered == []
    stage.gives(ids[0], {"of": 0})
    stage.gives(ids[3], {"of": 3})
    stage.tokens.error = AwsError("ServiceUnavailable", "down")
    with pytest.raises(SettleLater):
        stage.gives(ids[1], {"of": 1})
    assert (stage.tokens.answered, stage.state) == ([], "open")
    for id, number in ((ids[1], 1), (ids[1], 1), (ids[3], 3), (ids[0], 0)):
        stage.gives(id, {"of": number})
    assert [one["json"]["of"] for one in stage.gave["main"]] == [0, 1, 2, 3]
    stage.fails(ids[0], EventType.EXECUTION_CANCELLED)  # too late: it has succeeded
    assert len(stage.tokens.answered) == 1


def test_several_recorders_that_settle_ends_at_the_same_time_answer_once(stage: Each) -> None:
    ids = stage.begun(8)
    tenant_id, wanted = str(stage.tenant.id), threading.Barrier(8)
    failures: list[BaseException] = []

    def record(number: int) -> None:
        link = Link(stage.databases.app)
        waits = Waits(link, stage.tokens, stage.outside.send)
        settler = Settler(link, waits, stage.outside.claims, stage.stops, stage.handed.append)
        context = context_of(stage.tenant, ids[number], workflowId=stage.callee, trigger="workflow", workflowVersion=1)
        output = {"main": {"count": 1, "items": items({"of": number})}}
        end = event(EventType.EXECUTION_SUCCEEDED, id=f"{ids[number]}-ended", output=output)
        try:
            wanted.wait()
            settler.settle(tenant_id, tell(stage.databases, stage.tenant, context, end))
        except BaseException as error:
            failures.append(error)
        finally:
            link.close()

    threads = [threading.Thread(target=record, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [one["json"]["of"] for one in stage.gave["main"]] == list(range(8))
    assert stage.state == "resolved"


def test_what_gave_nothing_adds_nothing(stage: Each) -> None:
    ids = stage.begun()
    stage.gives(ids[0])
    stage.gives(ids[1], {"of": 1})
    stage.gives(ids[2])
    assert stage.gave == {"main": items({"of": 1})}


def test_when_none_gave_anything_the_step_gives_nothing(stage: Each) -> None:
    for id in stage.begun(2):
        stage.gives(id)
    assert stage.answer == {"output": {}}


def test_where_the_step_is_always_to_give_something_it_gives_an_empty_item_from_all_of_its_own(stage: Each) -> None:
    origins = [{"make": ["main", n], "same": ["main", 0]} for n in range(2)]
    ids = stage.begun(2, alwaysOutput=True, origins=origins)
    for id in ids:
        stage.gives(id)
    assert stage.gave == {"main": [{"json": {}, "origin": {"make": None, "same": ["main", 0]}}]}


def test_outputs_that_are_large_together_go_by_reference_and_stored_ones_are_fetched(stage: Each) -> None:
    ids, tenant_id = stage.begun(), str(stage.tenant.id)
    large = stage.outside.claims.store(f"{tenant_id}/x/n/1-main.json", items({"text": "x" * 50_000}))
    stage.end(ids[1], EventType.EXECUTION_SUCCEEDED, output={"other": large})
    stage.gives(ids[0], {"of": 0})
    stage.gives(ids[2], {"of": 2})
    assert "items" not in stage.answer["output"]["main"]
    assert [len(one["json"].get("text", "")) for one in stage.gave["main"]] == [0, 50_000, 0]


def test_more_than_a_port_carries_is_an_error_and_nothing_is_fetched(
    stage: Each, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_BATCH_BYTES", 70_000)
    ids, tenant_id = stage.begun(2), str(stage.tenant.id)
    large = [
        stage.outside.claims.store(f"{tenant_id}/x/n/{n}-main.json", items({"text": "x" * 50_000})) for n in range(2)
    ]
    stage.outside.storage.objects.clear()
    for id, batch in zip(ids, large, strict=True):
        stage.end(id, EventType.EXECUTION_SUCCEEDED, output={"main": batch})
    assert stage.answer["error"] == "DataTooLarge"
    assert "2 executions gave" in stage.answer["cause"]["errorMessage"]


def test_storage_that_is_away_is_asked_again(stage: Each) -> None:
    ids, tenant_id = stage.begun(2), str(stage.tenant.id)
    large = stage.outside.claims.store(f"{tenant_id}/x/n/1-main.json", items({"text": "x" * 50_000}))
    stage.gives(ids[0], {"of": 0})
    stage.outside.storage.down = True
    with pytest.raises(SettleLater):
        stage.end(ids[1], EventType.EXECUTION_SUCCEEDED, output={"main": large})
    assert stage.state == "open"
    stage.outside.storage.down = False
    stage.gives(ids[0], {"of": 0})
    assert len(stage.gave["main"]) == 2


def test_a_failure_waits_for_the_others_and_says_how_many_failed(stage: Each) -> None:
    ids = stage.begun(4)
    stage.fails(ids[3], EventType.EXECUTION_TIMED_OUT)
    stage.fails(ids[1])
    assert (stage.tokens.answered, stage.stops.stopped) == ([], [])
    stage.gives(ids[0], {"of": 0})
    stage.gives(ids[2], {"of": 2})
    assert stage.answer["error"] == "ChildFailed"
    cause = stage.answer["cause"]
    assert cause["item"] == 1
    assert cause["details"] == {"executionId": ids[1], "workflowId": stage.callee, "failed": 2, "of": 4}
    assert cause["errorMessage"].startswith("2 of 4 executions of 'Callee")
    assert f"failed (execution {ids[1]}): no stock" in cause["errorMessage"]
    (told,) = [one for one in stage.outside.events if one.get("nodeId") == "w"]
    assert (told["type"], told["error"]["item"]) == ("node.failed", 1)


@pytest.mark.parametrize("port", ["main", "error"])
def test_where_the_caller_goes_on_failures_become_error_items_and_the_rest_is_kept(stage: Each, port: str) -> None:
    files: Any = {"file": {"key": f"{stage.tenant.id}/x/f", "bucket": "b", "size": 1, "sha256": "", "mimeType": "a/b"}}
    given: Any = items(*({"whole": n} for n in range(4)))
    given[1] = {**given[1], "binary": files}
    origins = [{"before": ["main", n]} for n in range(4)]
    resume = {"goesOn": True, "failurePort": port, "input": {"count": 4, "items": given}, "origins": origins}
    ids = stage.begun(4, **resume)
    stage.fails(ids[1])
    stage.fails(ids[3], EventType.EXECUTION_CANCELLED)
    stage.gives(ids[2], {"of": 2}, {"of": 2})
    stage.gives(ids[0], {"of": 0})
    gave = stage.gave
    good = [{"json": {"of": n}, "origin": origins[n]} for n in (0, 2, 2)]
    failed = [one for one in gave[port] if "error" in one["json"]]
    if port == "error":
        assert gave["main"] == good
    else:
        assert [one["json"].get("of", one["json"].get("whole")) for one in gave["main"]] == [0, 1, 2, 2, 3]
        assert [one for one in gave["main"] if one not in failed] == good
    assert [(one["json"]["whole"], one.get("binary"), one["origin"]) for one in failed] == [
        (1, files, origins[1]),
        (3, None, origins[3]),
    ]
    errors = [one["json"]["error"] for one in failed]
    assert [(one["type"], one["item"], one["details"]["executionId"]) for one in errors] == [
        ("ChildFailed", 1, ids[1]),
        ("ChildFailed", 3, ids[3]),
    ]
    assert "no stock" in errors[0]["message"]
    assert "was cancelled" in errors[1]["message"]
    told = [one for one in stage.outside.events if one.get("nodeId") == "w"]
    assert [one["type"] for one in told] == ["node.succeeded", "node.log"]
    assert told[1]["data"] == [{"item": 1, "executionId": ids[1]}, {"item": 3, "executionId": ids[3]}]


def test_when_all_failed_and_the_caller_goes_on_there_are_error_items_alone(stage: Each) -> None:
    given = items({"n": 0}, {"n": 1})
    for id in stage.begun(2, goesOn=True, failurePort="error", input={"count": 2, "items": given}):
        stage.fails(id)
    assert list(stage.gave) == ["error"]
    assert [one["json"]["n"] for one in stage.gave["error"]] == [0, 1]


def test_an_execution_that_is_gone_has_failed(stage: Each) -> None:
    ids = stage.begun(2)
    rows(stage.databases, "DELETE FROM executions WHERE id = %s RETURNING 1", ids[0])
    stage.gives(ids[1], {"of": 1})
    assert "is not there any more" in stage.answer["cause"]["errorMessage"]


def test_what_could_not_be_started_is_one_that_failed(stage: Each) -> None:
    def refuse(name: str) -> None:
        stage.machines.error = AwsError("InvalidExecutionInput", "no") if len(stage.machines.started) == 1 else None

    stage.machines.on_start = refuse
    answer = stage.asked(items({"n": 0}, {"n": 1}))
    assert len(answer["executionIds"]) == 2
    assert [one["name"] for one in stage.machines.started] == answer["executionIds"][:1]
    failed = [one for one in stage.outside.events if one["type"] == "execution.failed"]
    assert [one["id"] for one in failed] == [f"{answer['executionIds'][1]}-ended"]
    stage.end(answer["executionIds"][1], EventType.EXECUTION_FAILED, error=failed[0]["error"])
    stage.gives(answer["executionIds"][0])
    assert stage.answer["cause"]["details"]["executionId"] == answer["executionIds"][1]


@pytest.mark.parametrize("count", [0, 201])
def test_too_many_items_and_none_start_nothing(stage: Each, count: int) -> None:
    refused = stage.asked(items(*({"n": n} for n in range(count))))["refused"]
    assert refused["type"] == "WorkflowCallRefused"
    assert "at most 200" in refused["message"]
    assert waits_of(stage.databases, stage.caller["executionId"]) == stage.machines.started == []


def test_a_retry_starts_what_the_first_attempt_did_not_and_waits_for_all(stage: Each) -> None:
    begun: list[str] = []

    def fail_once(name: str) -> None:
        begun.append(name)
        if len(begun) == 2:
            stage.outside.failures = [AwsError("ServiceUnavailable", "down", retryable=False)]

    stage.machines.on_start = fail_once
    refused = stage.asked(items(*({"n": n} for n in range(4))))["refused"]
    assert refused["type"] == "StarterUnavailable"
    assert stage.state == "cancelled"
    ids = stage.begun(4, attempt=2, token="second")
    assert ids[:2] == begun[:2]
    assert sorted({one["name"] for one in stage.machines.started}) == sorted(ids)
    for number, id in enumerate(ids):
        stage.gives(id, {"of": number})
    assert [token for token, _ in stage.tokens.answered] == ["second"]
    assert [one["json"]["of"] for one in stage.gave["main"]] == [0, 1, 2, 3]


def test_a_retry_is_answered_where_all_had_ended_before_it_waited(stage: Each) -> None:
    ids = stage.begun(2)
    stage.tokens.error = AwsError("TaskTimedOut", "the first attempt is over")
    for id in ids:
        stage.gives(id, {"id": id})
    assert (stage.tokens.answered, stage.state) == ([], "expired")
    stage.begun(2, attempt=2, token="second")
    assert stage.tokens.answered == []
    details = {"executionId": ids[0]}
    told = waiting(kind="workflow", token="", attempt=2, details=details)
    del told["waiting"]["token"]
    stage.told(stage.caller, node(STARTED, "w", 2), told)
    assert [token for token, _ in stage.tokens.answered] == ["second"]
    assert [one["json"]["id"] for one in stage.gave["main"]] == ids


def test_while_a_retry_may_come_nothing_is_stopped_and_after_the_last_attempt_all_is(stage: Each) -> None:
    begun: list[str] = []

    def fail_third(name: str) -> None:
        begun.append(name)
        stage.outside.failures = [AwsError("ServiceUnavailable", "down", retryable=False)] if len(begun) == 2 else []

    stage.machines.on_start = fail_third
    stage.asked(items(*({"n": n} for n in range(3))))
    stage.told(stage.caller, node(EventType.NODE_RETRYING, "w", error=NO))
    assert stage.stops.stopped == []
    stage.told(stage.caller, node(STARTED, "w", 2))
    assert stage.stops.stopped == []
    stage.told(stage.caller, node(FAILED, "w", 2, error=NO))
    assert sorted(stage.stops.stopped) == sorted(map(stage.arn, begun))


@pytest.mark.parametrize(
    "end", [EventType.EXECUTION_CANCELLED, EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMED_OUT]
)
def test_when_the_caller_ends_what_still_runs_is_stopped(stage: Each, end: EventType) -> None:
    ids = stage.begun(4)
    stage.gives(ids[1], {"of": 1})
    stage.told(stage.caller, event(end))
    assert sorted(stage.stops.stopped) == sorted(stage.arn(id) for id in (ids[0], ids[2], ids[3]))
    assert (stage.state, stage.tokens.answered) == ("cancelled", [])
    for id in ids:
        stage.fails(id, EventType.EXECUTION_CANCELLED)
    assert stage.tokens.answered == []


@pytest.mark.parametrize("end", [SUCCEEDED, FAILED])
def test_when_the_time_of_the_node_is_over_what_still_runs_is_stopped_though_the_caller_goes_on(
    stage: Each, end: EventType
) -> None:
    ids = stage.begun(2)
    stage.gives(ids[0], {"of": 0})
    # The step that makes error items of the time-out tells of the node's end.
    told: dict[str, Any] = {"error": {"type": "NodeTimeout", "message": "late"}} if end is FAILED else {"output": {}}
    stage.told(stage.caller, node(end, "w", **told))
    assert (stage.state, stage.stops.stopped) == ("expired", [stage.arn(ids[1])])


def test_what_waits_beside_a_failure_stops_what_it_called(stage: Each) -> None:
    ids = stage.begun(2)
    told = waiting(kind="workflow", token="")
    del told["waiting"]["token"]
    stage.told(stage.caller, told)
    stage.told(stage.caller, node(LOG, "try", level="error", message="no", cutOff=["w"]))
    assert sorted(stage.stops.stopped) == sorted(map(stage.arn, ids))
    assert stage.state == "cancelled"


def test_a_caller_that_ends_while_its_calls_are_started_leaves_none_behind(stage: Each) -> None:
    def cancel(name: str) -> None:
        if len(stage.machines.started) == 2:
            stage.stops.error = GONE
            stage.told(stage.caller, event(EventType.EXECUTION_CANCELLED, id="cancelled"))
            stage.stops.error = None

    stage.machines.on_start = cancel
    refused = stage.asked(items(*({"n": n} for n in range(5))))["refused"]
    assert refused["type"] == "WorkflowNotCallable"
    begun = [one["name"] for one in stage.machines.started]
    assert len(begun) == 2
    query = "SELECT id::text FROM executions WHERE parent_execution_id = %s"
    assert sorted(id for (id,) in rows(stage.databases, query, stage.caller["executionId"])) == sorted(begun)
    stage.told(stage.caller, node(FAILED, "w", error=NO))  # whatever it tells then
    assert sorted(stage.stops.stopped) == sorted(map(stage.arn, begun))


class Line:
    """Calls of a workflow that lets one execution run at a time."""

    def __init__(self, stage: Each) -> None:
        self.stage, self.turns = stage, Turns(stage.link)
        self.id = stage.callee = stage.published(
            {
                "nodes": [{"id": "t", "name": "T", "type": "workflow_trigger", "params": {}}],
                "settings": {"concurrency": 1},
            }
        )

    def next(self) -> list[str]:
        found = self.turns.next(str(self.stage.tenant.id), self.id)
        return [one["executionId"] for one in found]


def test_one_at_a_time_of_a_workflow_with_a_limit_comes_to_an_end(stage: Each) -> None:
    line = Line(stage)
    ids = stage.begun(5)
    assert [one["name"] for one in stage.machines.started] == ids[:1]
    for number, id in enumerate(ids):
        assert stage.tokens.answered == []
        stage.gives(id, {"of": number})
        assert {"next": {"tenantId": str(stage.tenant.id), "workflowId": line.id}} in stage.handed or number == 4
        assert line.next() == ids[number + 1 : number + 2]
    assert [one["json"]["of"] for one in stage.gave["main"]] == [0, 1, 2, 3, 4]


def test_a_workflow_that_is_called_by_what_it_calls_waits_for_no_turn(stage: Each) -> None:
    outer = Line(stage)
    (first,) = stage.begun(1)
    stage.caller = stage.machines.started[0]["input"]["context"]
    stage.callee = stage.publish()
    stage.begun(1, nodeId="between")
    stage.caller, stage.callee = stage.machines.started[1]["input"]["context"], outer.id
    ids = stage.begun(2, nodeId="again")
    assert [one["name"] for one in stage.machines.started[2:]] == ids
    assert first not in ids


def test_what_waits_for_its_turn_never_gets_it_when_nobody_waits_for_it(stage: Each) -> None:
    line = Line(stage)
    ids = stage.begun(4)
    stage.told(stage.caller, event(EventType.EXECUTION_CANCELLED))
    assert stage.stops.stopped == [stage.arn(ids[0])]
    assert stage.status(ids)[1:] == ["cancelled"] * 3
    ended = [one["id"] for one in stage.outside.events if one["type"] == "execution.cancelled"]
    assert sorted(ended) == sorted(f"{id}-ended" for id in ids[1:])
    stage.fails(ids[0], EventType.EXECUTION_CANCELLED)
    assert line.next() == []


def test_an_execution_whose_turn_has_just_come_is_stopped_once_it_has_begun(stage: Each) -> None:
    line = Line(stage)
    ids = stage.begun(3)
    stage.gives(ids[0])
    assert line.next() == [ids[1]]  # and whoever starts it has not yet
    stage.stops.error = GONE
    cancelled = event(EventType.EXECUTION_CANCELLED, id="cancelled")
    with pytest.raises(SettleLater):
        stage.told(stage.caller, cancelled)
    stage.stops.error = None
    stage.told(stage.caller, cancelled)
    assert stage.stops.stopped == [stage.arn(ids[1])]
    assert stage.status(ids)[2] == "cancelled"


def test_another_tenant_answers_and_stops_nothing(
    stage: Each, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    ids = stage.begun(2)
    other = Each(databases, tenants[1])
    for id in ids:
        context = context_of(tenants[1], id, trigger="workflow")
        other.told(context, event(EventType.EXECUTION_SUCCEEDED, id=f"{id}-ended"))
    other.told(context_of(tenants[1], stage.caller["executionId"]), event(EventType.EXECUTION_CANCELLED))
    other.link.close()
    assert (stage.state, other.tokens.answered, other.stops.stopped) == ("open", [], [])


CALLER = "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002"
QUERIES: dict[str, tuple[str, Any]] = {
    "concerned": (_CONCERNED, {"ids": [CALLER]}),
    "callers": (called._OF_CALLERS, ([CALLER],)),
    "open": (called._ANY_OPEN, ([CALLER],)),
    "ends": (called._ENDS, ([CALLER], ["x-ended"])),
    "left": (called._LEFT, (CALLER, "w", "")),
    "abandoned": (called._ABANDONED, ([CALLER],)),
    "queued": (called._END_QUEUED, ([CALLER],)),
}
MANY = """
INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at,
                        parent_execution_id, parent_node_id, parent_iteration)
SELECT gen_random_uuid(), tenant_id, id, 'live', 'workflow', 'running', 'standard', now(), gen_random_uuid(), 'w', ''
FROM workflows, generate_series(1, 5000) WHERE id = %(workflow)s;
INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, kind, token, created_at, state)
SELECT tenant_id, id, workflow_id, 'w', 'workflow', 't', now(), (ARRAY['open', 'resolved', 'expired'])[1 + random() * 2]
FROM executions WHERE workflow_id = %(workflow)s;
INSERT INTO node_runs (tenant_id, execution_id, node_id, attempt, status, started_at)
SELECT tenant_id, id, 'w', 1, 'waiting', now() FROM executions WHERE workflow_id = %(workflow)s;
INSERT INTO execution_events (tenant_id, execution_id, seq, id, type, at, data)
SELECT tenant_id, id, 1, id || '-ended', 'execution.succeeded', now(), '{}'
FROM executions WHERE workflow_id = %(workflow)s;
INSERT INTO execution_turns (execution_id, tenant_id, workflow_id, request)
SELECT id, tenant_id, workflow_id, '{}' FROM executions WHERE workflow_id = %(workflow)s;
ANALYZE executions, waits, node_runs, execution_events, execution_turns
"""


@pytest.fixture
def many(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[psycopg.Connection[Any]]:
    """Give the application's transaction over full tables, which is taken back."""
    with psycopg.connect(databases.owner) as connection:
        for statement in MANY.split(";"):
            connection.execute(statement.encode(), {"workflow": tenants[0].workflow_id})
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenants[0].id),))
        connection.execute("SET LOCAL ROLE stepweave_app")
        yield connection
        connection.rollback()


def test_every_query_finds_its_rows_by_an_index(many: psycopg.Connection[Any]) -> None:
    # A table of a few rows is read whole all the same, and how few there are depends on the tests before.
    many.execute("SET enable_seqscan = off")
    for name, (query, values) in QUERIES.items():
        plan = many.execute(f"EXPLAIN (FORMAT JSON) {query}".encode(), values).fetchone()
        assert plan is not None
        found = list(scans(plan[0][0]["Plan"]))
        assert found, name
        # All turns here are of one workflow, so whether it has any is seen at the first.
        whole = {one["Relation Name"] for one in found if "Index Cond" not in one}
        assert whole <= ({"execution_turns"} if name == "concerned" else set()), name


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield where a plan reads tables."""
    if "Relation Name" in plan and plan["Node Type"] not in ("ModifyTable", "Bitmap Heap Scan"):
        yield plan
    if plan["Node Type"] == "Bitmap Index Scan":
        yield {**plan, "Relation Name": ""}
    for below in plan.get("Plans", ()):
        yield from scans(below)


def test_what_one_execution_for_all_items_gives_goes_on_by_its_reference(stage: Each) -> None:
    tenant_id = str(stage.tenant.id)
    large = stage.outside.claims.store(f"{tenant_id}/x/n/1-main.json", items({"text": "x" * 50_000}))
    stage.end(stage.waiting(), EventType.EXECUTION_SUCCEEDED, output={"main": large})
    assert stage.answer["output"]["main"] == large
    assert states_of(stage.databases, stage.caller["executionId"]) == {"w//1": "resolved"}
