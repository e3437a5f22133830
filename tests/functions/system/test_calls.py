"""Calls of other workflows: who may be called, what rows there are, how callers go on, and what failures start."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from functions.system.recorder.recording import SettleLater
from functions.system.recorder.settling import Settler
from functions.system.starter.callees import inputs_told
from functions.system.starter.calls import Calls
from functions.system.starter.failures import failed
from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from stepweave.aws import AwsError
from stepweave.model.events import Event, EventType
from stepweave.runtime.events import event
from stepweave.runtime.idempotency import idempotency_key
from stepweave.runtime.starting import Launch
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from tests.fakes.steps import Outside, items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import Machines, succeeded
from tests.functions.system.messages import FAILED, context_of, rows
from tests.functions.system.waiting import Tokens, begin, states_of, tell, waits_of

ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:stepweave-test-callee-{}"
LAST = {"main": {"count": 1, "items": [{"json": {"total": 5}}]}}


@dataclass
class Stops:
    """Which executions were stopped; `error` is raised by the next."""

    stopped: list[str] = field(default_factory=list)
    error: AwsError | None = None

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        if self.error is not None:
            raise self.error
        self.stopped.append(execution_arn)


class Stage:
    """A tenant with a caller under way and a published workflow to call."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant, self.link = databases, tenant, Link(databases.app)
        self.machines, self.outside = Machines(ends=lambda _: succeeded()), Outside()
        self.tokens, self.stops = Tokens(), Stops()
        self.handed: list[dict[str, Any]] = []
        self.launch = Launch(self.outside.send, self.outside.claims, self.machines)
        self.calls = Calls(self.link, self.launch, self.handed.append)
        waits = Waits(self.link, self.tokens, self.outside.send)
        self.settler = Settler(self.link, waits, self.outside.claims, self.stops, self.handed.append)
        self.caller = begin(databases, tenant)
        self.callee = self.publish()

    def publish(self, trigger: str = "workflow_trigger", machine: str = "standard", **params: Any) -> str:
        """Make a published workflow and return its id."""
        node = {"id": "t", "name": "T", "type": trigger, "params": params}
        return self.published({"nodes": [node]}, machine)

    def published(self, document: dict[str, Any], machine: str = "standard") -> str:
        id = str(uuid.uuid4())
        with psycopg.connect(self.databases.owner) as connection:
            values = (id, self.tenant.id, f"Callee {id[:4]}")
            query = (
                "INSERT INTO workflows (id, tenant_id, name, document, published_version) VALUES (%s, %s, %s, '{}', 1)"
            )
            connection.execute(query, values)
            connection.execute(
                """INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)
                   VALUES (%s, %s, 1, %s, 'h')""",
                (self.tenant.id, id, json.dumps(document)),
            )
            connection.execute(
                """INSERT INTO compiled_machines (tenant_id, workflow_id, compiled_hash, machine_type,
                                                  state_machine_arn, version_arn, definition, states)
                   VALUES (%s, %s, 'h', %s, %s, %s, '{}', '{}')""",
                (self.tenant.id, id, machine, ARN.format(id), f"{ARN.format(id)}:1"),
            )
        return id

    def call(self, given: Any = None, **changes: Any) -> dict[str, Any]:
        found = items({"n": 1}, {"n": 2}) if given is None else given
        whole: Any = {
            "context": self.caller,
            "nodeId": "w",
            "iteration": "",
            "attempt": 1,
            "workflowId": self.callee,
            "batch": {"count": len(found), "items": found},
            "each": False,
            **changes,
        }
        return self.calls.serve(whole)

    def waiting(self, **changes: Any) -> str:
        """Call and wait; return the called execution's id."""
        wait = {"token": "the-token", "inlineLimit": 1000, "expiresAt": "2027-01-01T00:00:00.000Z"}
        found: str = self.call(wait=wait, **changes)["executionIds"][0]
        return found

    def end(self, id: str, kind: EventType, **fields: Any) -> None:
        """Record the end of an execution that was called, and settle it."""
        workflow = rows(self.databases, "SELECT workflow_id FROM executions WHERE id = %s", id)[0][0]
        context = context_of(self.tenant, id, workflowId=str(workflow), trigger="workflow", workflowVersion=1)
        self.told(context, event(kind, id=f"{id}-ended", **fields))

    def told(self, context: Any, *events: Event) -> None:
        self.settler.settle(str(self.tenant.id), tell(self.databases, self.tenant, context, *events))

    def change(self, statement: str) -> None:
        with psycopg.connect(self.databases.owner) as connection:
            connection.execute(statement.encode(), (self.callee,))

    @property
    def state(self) -> str:
        return states_of(self.databases, self.caller["executionId"])["w//1"]


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


def test_a_call_starts_the_published_version_with_the_items_and_who_calls(stage: Stage) -> None:
    answer = stage.call()
    (started,) = stage.machines.started
    assert answer["executionIds"] == [started["name"]]
    assert started["arn"] == f"{ARN.format(stage.callee)}:live"
    context = started["input"]["context"]
    assert context["parent"] == {"executionId": stage.caller["executionId"], "nodeId": "w", "iteration": ""}
    assert context["origin"] == idempotency_key(stage.caller, "w", "", 0)
    assert (context["trigger"], context["mode"], context["workflowVersion"]) == ("workflow", "live", 1)
    assert started["input"]["trigger"] == {
        "nodeId": "t",
        "output": {"main": {"count": 2, "items": items({"n": 1}, {"n": 2})}},
    }


def test_a_call_that_comes_twice_starts_once_and_another_attempt_anew(stage: Stage) -> None:
    first, second, third = stage.call(), stage.call(), stage.call(attempt=2)
    assert first == second
    assert first["executionIds"] != third["executionIds"]


def test_each_item_starts_an_execution(stage: Stage) -> None:
    answer = stage.call(each=True)
    names = [started["name"] for started in stage.machines.started]
    given = [started["input"]["trigger"]["output"]["main"]["items"] for started in stage.machines.started]
    assert names == answer["executionIds"]
    assert given == [items({"n": 1}), items({"n": 2})]


def test_an_express_workflow_is_run_by_another_call_of_the_starter(stage: Stage) -> None:
    stage.callee = stage.publish(machine="express")
    id = stage.waiting()
    (request,) = stage.handed
    assert stage.machines.started == []
    once = Once(stage.link)
    assert launch(request, once, stage.launch) == {"executionId": id}
    assert launch(request, once, stage.launch)["skipped"] == "the execution runs already"
    (started,) = stage.machines.started
    assert started["input"]["context"]["parent"]["executionId"] == stage.caller["executionId"]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ("UPDATE workflows SET deleted_at = now() WHERE id = %s", "WorkflowNotFound", "no such workflow"),
        ("UPDATE workflows SET published_version = NULL WHERE id = %s", "WorkflowNotCallable", "not published"),
        ("UPDATE workflows SET enabled = false WHERE id = %s", "WorkflowNotCallable", "paused"),
        (
            """INSERT INTO trigger_switches (workflow_id, tenant_id, node_id)
               SELECT workflow_id, tenant_id, document #>> '{nodes,0,id}' FROM workflow_versions
               WHERE workflow_id = %s""",
            "WorkflowNotCallable",
            "switched off",
        ),
        (
            """UPDATE workflow_versions SET document = '{"nodes": [{"id": "m", "type": "manual_trigger"}]}'
               WHERE workflow_id = %s""",
            "WorkflowNotCallable",
            "does not begin with “Called by a workflow”",
        ),
        (
            """UPDATE workflow_versions
               SET document = jsonb_set(document::jsonb, '{nodes,0,settings}', '{"disabled": true}')
               WHERE workflow_id = %s""",
            "WorkflowNotCallable",
            "does not begin with",
        ),
    ],
)
def test_what_cannot_be_called_is_refused_and_leaves_no_trace(
    stage: Stage, change: str, error: str, words: str
) -> None:
    stage.change(change)
    wait = {"token": "t", "inlineLimit": 1000, "expiresAt": "2027-01-01T00:00:00.000Z"}
    refused = stage.call(wait=wait)["refused"]
    assert refused["type"] == error
    assert words in refused["message"]
    assert refused["remedy"]
    assert stage.machines.started == []
    assert waits_of(stage.databases, stage.caller["executionId"]) == []


def test_another_tenants_workflow_is_as_if_it_were_not_there(
    stage: Stage, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    other = Stage(databases, tenants[1])
    for wanted in (other.callee, str(tenants[1].workflow_id), str(uuid.uuid4()), "no id"):
        assert stage.call(workflowId=wanted)["refused"]["type"] == "WorkflowNotFound"
    other.link.close()
    assert stage.machines.started == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"orderId": 1}, {"x": 1}], "'orderId' of item 1 is missing"),
        ([{"orderId": "1"}], "'orderId' of item 0 is a text, not of type number"),
        ([{"orderId": True}], "'orderId' of item 0 is true or false, not of type number"),
        ([{"orderId": None}], "'orderId' of item 0 is empty"),
        ([{"orderId": 1, "lines": {}}], "'lines' of item 0 is an object, not of type list"),
    ],
)
def test_items_that_are_not_what_the_workflow_expects_are_refused(stage: Stage, given: Any, words: str) -> None:
    lines = {"name": "lines", "type": "list", "required": False}
    stage.callee = stage.publish(fields=[{"name": "orderId", "type": "number"}, lines])
    refused = stage.call(items(*given))["refused"]
    assert refused["type"] == "WorkflowCallRefused"
    assert words in refused["message"]
    assert refused["details"] == {"field": words.split("'")[1], "item": len(given) - 1}
    assert stage.call(items({"orderId": 1, "lines": []}))["executionIds"]


def test_items_are_converted_where_caller_or_trigger_says_so_and_get_defaults(stage: Stage) -> None:
    fields = [{"name": "n", "type": "number"}, {"name": "urgent", "type": "boolean", "default": "false"}]
    given: list[dict[str, Any]] = [{"n": "1"}, {"n": 2, "urgent": 1, "other": "x"}]
    gets: list[dict[str, Any]] = [{"n": 1, "urgent": False}, {"n": 2, "urgent": True, "other": "x"}]
    stage.callee = stage.publish(fields=fields)
    assert stage.call(items(*given))["refused"]["details"]["field"] == "n"
    assert stage.call(items(*given), convert=True)["executionIds"]
    stage.callee = stage.publish(fields=fields, convert=True)
    assert stage.call(items(*given), attempt=2)["executionIds"]
    for started in stage.machines.started:
        assert [item["json"] for item in started["input"]["trigger"]["output"]["main"]["items"]] == gets
    stage.call(items(*given), each=True, attempt=3)
    alone = [started["input"]["trigger"]["output"]["main"]["items"] for started in stage.machines.started[2:]]
    assert alone == [items(one) for one in gets]


def test_large_items_that_get_defaults_go_by_reference(stage: Stage) -> None:
    stage.callee = stage.publish(fields=[{"name": "n", "type": "number", "default": 3}])
    stage.call(items({"text": "x" * 100_000}))
    batch = stage.machines.started[-1]["input"]["trigger"]["output"]["main"]
    (item,) = stage.outside.claims.fetch(batch, str(stage.tenant.id))
    assert (item["json"]["n"], len(item["json"]["text"])) == (3, 100_000)


def test_what_a_workflow_expects_is_told_to_its_own_tenant_alone(
    stage: Stage, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    stage.callee = stage.publish(declare="schema", jsonSchema={"properties": {"n": {"type": "number"}}})
    told = inputs_told(stage.link, str(stage.tenant.id), "", stage.callee)
    assert told["inputs"] == [{"name": "n", "type": "number", "required": False, "description": ""}]
    for tenant, id in ((tenants[1].id, stage.callee), (stage.tenant.id, "no id")):
        assert inputs_told(stage.link, str(tenant), "", id)["refused"]["type"] == "WorkflowNotFound"
    stage.callee = stage.publish(declare="example", example="{")
    assert stage.call()["refused"]["type"] == "WorkflowNotCallable"


def test_workflows_call_each_other_ten_deep_at_most(stage: Stage) -> None:
    for _ in range(10):
        (id,) = stage.call()["executionIds"]
        stage.caller = stage.machines.started[-1]["input"]["context"]
        assert stage.caller["executionId"] == id
    assert stage.call()["refused"]["type"] == "NestedTooDeep"


def test_a_caller_that_has_ended_calls_nobody(stage: Stage) -> None:
    stage.told(stage.caller, event(EventType.EXECUTION_CANCELLED))
    assert "has ended" in stage.call()["refused"]["message"]


def test_a_caller_whose_history_is_still_on_its_way_can_call(stage: Stage) -> None:
    stage.caller = context_of(stage.tenant)
    stage.waiting()
    assert stage.state == "open"


def test_what_could_not_be_started_leaves_no_rows(stage: Stage) -> None:
    stage.outside.failures = [AwsError("ServiceUnavailable", "down", retryable=False)]
    wait = {"token": "t", "inlineLimit": 1000, "expiresAt": "2027-01-01T00:00:00.000Z"}
    assert stage.call(wait=wait)["refused"]["type"] == "StarterUnavailable"
    assert waits_of(stage.databases, stage.caller["executionId"]) == []
    query = "SELECT 1 FROM executions WHERE parent_execution_id = %s"
    assert rows(stage.databases, query, stage.caller["executionId"]) == []


def test_who_waits_gets_the_last_nodes_items(stage: Stage) -> None:
    id = stage.waiting()
    stage.end(id, EventType.EXECUTION_SUCCEEDED, output={"true": LAST["main"]})
    assert stage.tokens.answered == [("the-token", {"output": LAST})]
    assert stage.state == "resolved"
    (told,) = [found for found in stage.outside.events if found.get("nodeId") == "w"]
    assert (told["type"], told["output"]) == ("node.succeeded", LAST)


def test_an_answer_larger_than_the_callers_state_takes_goes_by_reference(stage: Stage) -> None:
    id, large = stage.waiting(), items({"text": "x" * 2000})
    stage.end(id, EventType.EXECUTION_SUCCEEDED, output={"main": {"count": 1, "items": large}})
    batch = stage.tokens.answered[0][1]["output"]["main"]
    assert "items" not in batch
    assert stage.outside.claims.fetch(batch, str(stage.tenant.id)) == large


def test_a_workflow_that_gives_nothing_gives_its_caller_nothing(stage: Stage) -> None:
    stage.end(stage.waiting(), EventType.EXECUTION_SUCCEEDED)
    assert stage.tokens.answered == [("the-token", {"output": {}})]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventType.EXECUTION_FAILED, "failed (execution {}): no stock"),
        (EventType.EXECUTION_CANCELLED, "was cancelled (execution {})."),
        (EventType.EXECUTION_TIMED_OUT, "took longer than it may (execution {})."),
    ],
)
def test_a_failure_reaches_who_waits_by_name(stage: Stage, kind: EventType, words: str) -> None:
    id = stage.waiting()
    stage.end(id, kind, error={"type": "StoppedByWorkflow", "message": "no stock"})
    ((token, failure),) = stage.tokens.answered
    assert (token, failure["error"], failure["cause"]["errorType"]) == ("the-token", "ChildFailed", "ChildFailed")
    assert words.format(id) in failure["cause"]["errorMessage"]
    assert "Callee" in failure["cause"]["errorMessage"]
    (told,) = [found for found in stage.outside.events if found.get("nodeId") == "w"]
    assert (told["type"], told["error"]["details"]["executionId"]) == ("node.failed", id)


def test_an_end_told_twice_answers_once_and_one_that_cannot_be_told_comes_again(stage: Stage) -> None:
    id = stage.waiting()
    stage.tokens.error = AwsError("ServiceUnavailable", "down")
    with pytest.raises(SettleLater):
        stage.end(id, EventType.EXECUTION_SUCCEEDED, output=LAST)
    assert (stage.state, stage.tokens.answered) == ("open", [])
    for _ in range(2):
        stage.end(id, EventType.EXECUTION_SUCCEEDED, output=LAST)
    assert len(stage.tokens.answered) == 1


def test_when_the_caller_ends_what_it_waits_for_is_stopped(stage: Stage) -> None:
    id = stage.waiting()
    stage.told(stage.caller, event(EventType.EXECUTION_CANCELLED))
    assert stage.stops.stopped == [f"{ARN.format(stage.callee).replace('stateMachine', 'execution')}:{id}"]
    assert (stage.state, stage.tokens.answered) == ("cancelled", [])


def test_what_nobody_waits_for_goes_on_without_its_caller(stage: Stage) -> None:
    stage.call()
    stage.told(stage.caller, event(EventType.EXECUTION_FAILED, error={"type": "X", "message": "x"}))
    assert stage.stops.stopped == []


class Failing:
    """A published workflow with an error workflow, and executions of it that fail."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.handler = stage.publish("error_trigger")
        self.document = {
            "nodes": [{"id": "n1", "name": "Fetch order", "type": "http_request", "params": {}}],
            "settings": {"errorWorkflowId": self.handler},
        }
        self.id = stage.published(self.document)

    def end(self, kind: EventType = EventType.EXECUTION_FAILED, **context: Any) -> str:
        whole = context_of(self.stage.tenant, workflowId=self.id, **{"workflowVersion": 1, **context})
        told = event(FAILED, nodeId="n1", attempt=1, error={"type": "HttpServerError", "message": "503"})
        self.stage.told(whole, told, event(kind, error={"type": "HttpServerError", "message": "503"}))
        return whole["executionId"]

    def started(self) -> list[dict[str, Any]]:
        """Launch what the recorder handed over; return the start requests."""
        made = [failed(request["failed"], self.stage.link) for request in self.stage.handed]
        for request in made:
            if "skipped" not in request:
                launch(request, Once(self.stage.link), self.stage.launch)
        return made


@pytest.mark.parametrize("kind", [EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMED_OUT])
def test_a_failure_starts_the_error_workflow_with_what_happened(
    stage: Stage, kind: EventType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_PUBLIC_URL", "https://stepweave.example/")
    failing = Failing(stage)
    id = failing.end(kind)
    (request,) = failing.started()
    assert (request["trigger"], request["nodeId"]) == ("error", "t")
    (item,) = request["items"]
    assert item["json"].pop("workflow") == {
        "id": failing.id,
        "name": f"Callee {failing.id[:4]}",
        "version": 1,
        "url": f"https://stepweave.example/workflows/{failing.id}",
    }
    ended = item["json"]["execution"].pop("endedAt")
    assert datetime.fromisoformat(ended) > datetime(2026, 11, 1, tzinfo=UTC)
    assert item["json"] == {
        "execution": {
            "id": id,
            "url": f"https://stepweave.example/executions/{id}",
            "status": {EventType.EXECUTION_FAILED: "failed"}.get(kind, "timed_out"),
            "error": {"type": "HttpServerError", "message": "503"},
            "mode": "live",
            "trigger": "webhook",
            "startedAt": "2026-11-23T12:00:00.000Z",
            "lastNodeExecuted": "Fetch order",
            "retryOf": None,
            "parentId": None,
        },
        "node": {"id": "n1", "name": "Fetch order", "type": "http_request"},
    }
    (started,) = stage.machines.started
    assert started["arn"] == f"{ARN.format(failing.handler)}:live"


def test_tests_and_ends_that_are_no_failures_start_nothing(stage: Stage) -> None:
    failing = Failing(stage)
    failing.end(mode="draft", workflowVersion=None)
    failing.end(EventType.EXECUTION_SUCCEEDED)
    failing.end(EventType.EXECUTION_CANCELLED)
    failing.end(trigger="error")
    assert stage.handed == []


def test_what_an_error_workflow_calls_starts_no_error_workflow_either(stage: Stage) -> None:
    failing = Failing(stage)
    outer = begin(stage.databases, stage.tenant, trigger="error")
    failing.end(parent={"executionId": outer["executionId"], "nodeId": "w", "iteration": ""})
    assert failing.started() == [{"skipped": "an error workflow's own failure starts nothing"}]


def test_a_failure_told_twice_is_one_execution_of_the_error_workflow(stage: Stage) -> None:
    failing = Failing(stage)
    failing.end()
    stage.handed *= 2
    first, second = failing.started()
    assert first["executionId"] == second["executionId"]


def test_an_error_workflow_that_cannot_start_is_logged(stage: Stage, log_lines: list[dict[str, Any]]) -> None:
    failing = Failing(stage)
    failing.end()
    stage.callee = failing.handler
    stage.change("UPDATE workflows SET enabled = false WHERE id = %s")
    assert "paused" in failing.started()[0]["skipped"]
    assert [line["message"] for line in log_lines] == ["an error workflow was not started"]
