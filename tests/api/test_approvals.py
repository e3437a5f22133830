"""Approvals: who may decide, what their answers must be, when it is decided, and what the workflow goes on with."""

import json
import threading
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.model.items import INLINE_LIMIT
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_iterations import execution_of
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases
from tests.functions.system.waiting import waiting

ITEMS = [{"json": {"id": 1}}, {"json": {"id": 2, "approval": "mine"}}]
FORM = [
    {"name": "amount", "label": "Amount", "type": "number", "required": True},
    {"name": "how", "label": "How", "type": "select", "required": False, "options": ["full", "half"]},
    {"name": "sure", "label": "Sure", "type": "boolean", "required": False},
    {"name": "why", "label": "Why", "type": "text", "required": False},
]


@dataclass
class Stage:
    """A tenant with an execution that waits for an approval."""

    world: World
    databases: Databases
    owner: TestClient

    @property
    def tenant_id(self) -> str:
        found: str = self.owner.get("/api/me").json()["tenant"]["id"]
        return found

    def member(self, role: str = "editor") -> tuple[TestClient, str]:
        """Return a client of a new member and their address."""
        address, client = email(), self.world.anonymous()
        body = {"email": address, "password": PASSWORD, "name": "M", "tenantName": f"Own {uuid.uuid4().hex[:8]}"}
        self.world.redis.flushdb()
        assert client.post("/api/auth/register", json=body).status_code == 201
        with psycopg.connect(self.databases.owner) as connection:
            connection.execute(
                """UPDATE memberships SET tenant_id = %s, role = %s
                   WHERE user_id = (SELECT id FROM users WHERE email = %s)""",
                (self.tenant_id, role, address),
            )
        session = client.post("/api/auth/login", json={"email": address, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {session['accessToken']}"
        return client, address

    def ask(self, *, attempt: int = 1, items: Any = None, iteration: str = "", **details: Any) -> tuple[str, str]:
        """Have a node ask; return the ids of execution and approval."""
        batch = items or {"count": 2, "items": ITEMS}
        asked: dict[str, Any] = {
            "title": "Refund?",
            "message": "",
            "form": [],
            "approvers": [],
            "required": 1,
            "resume": {"input": batch, "inlineLimit": INLINE_LIMIT},
            **details,
        }
        placed = {"iteration": iteration} if iteration else {}
        told = waiting("ask", "the-token", "approval", attempt=attempt, details=asked, **placed)
        execution_id = execution_of(self.owner, self.databases, told)
        rows = self.owner.get("/api/approvals").json()["items"]
        return execution_id, next(row["id"] for row in rows if row["executionId"] == execution_id)

    def decide(self, client: TestClient, id: str, decision: str = "approve", **more: Any) -> Any:
        return client.post(f"/api/approvals/{id}/decision", json={"decision": decision, **more})

    def output(self) -> dict[str, Any]:
        """Return what the workflow went on with."""
        (answered,) = self.world.tokens.answered
        assert answered[0] == "the-token"
        found: dict[str, Any] = answered[1]["output"]
        return found


@pytest.fixture
def stage(world: World, databases: Databases) -> Stage:
    return Stage(world, databases, world.person())


def test_an_approval_shows_what_is_asked(stage: Stage) -> None:
    details: Any = {"message": "**Now**", "form": FORM, "expiresAt": "2026-12-01T00:00:00.000Z"}
    execution_id, id = stage.ask(**details)
    found = stage.owner.get(f"/api/approvals/{id}").json()
    assert {
        key: found[key] for key in ("title", "message", "state", "executionId", "nodeId", "required", "approvals")
    } == {
        "title": "Refund?",
        "message": "**Now**",
        "state": "open",
        "executionId": execution_id,
        "nodeId": "ask",
        "required": 1,
        "approvals": 0,
    }
    assert [field["name"] for field in found["form"]] == ["amount", "how", "sure", "why"]
    assert found["form"][1]["options"] == ["full", "half"]
    assert (found["canDecide"], found["expiresAt"], found["decisions"]) == (True, "2026-12-01T00:00:00Z", [])
    assert "the-token" not in json.dumps(found)
    (run,) = stage.owner.get(f"/api/executions/{execution_id}").json()["nodeRuns"]
    assert run["status"] == "waiting"


def test_who_approves_lets_the_items_go_on_with_what_was_said(stage: Stage) -> None:
    execution_id, id = stage.ask(form=FORM, iteration="3")
    answer = stage.decide(stage.owner, id, comment="fine", form={"amount": 2.5, "how": "half", "why": ""})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["approvals"], answer.json()["canDecide"]) == ("approved", 1, False)
    who = stage.owner.get("/api/me").json()["user"]["email"]
    (said,) = answer.json()["decisions"]
    assert (said["decision"], said["decidedBy"], said["comment"]) == ("approve", who, "fine")
    batch = stage.output()["approved"]
    assert batch["count"] == 2
    approval = batch["items"][0]["json"]["approval"]
    assert [item["json"]["id"] for item in batch["items"]] == [1, 2]
    assert batch["items"][1]["json"]["approval"] == approval
    form = {"amount": 2.5, "how": "half", "sure": None, "why": None}
    assert {key: approval[key] for key in ("decision", "decidedBy", "comment", "form")} == {
        "decision": "approved",
        "decidedBy": who,
        "comment": "fine",
        "form": form,
    }
    assert approval["decisions"][0] | {"decidedAt": ""} == {
        "decision": "approve", "decidedBy": who, "decidedAt": "", "comment": "fine", "form": form,
    }  # fmt: skip
    (told,) = stage.world.events.events
    assert (told["type"], told["nodeId"], told["iteration"]) == ("node.succeeded", "ask", "3")
    assert told["output"] == stage.output()
    with psycopg.connect(stage.databases.owner) as connection:
        rows = connection.execute("SELECT action, details FROM audit WHERE subject = %s", (id,)).fetchall()
    assert [(action, details["executionId"]) for action, details in rows] == [("approval.approve", execution_id)]


def test_one_rejection_rejects_and_needs_no_answers(stage: Stage) -> None:
    _, id = stage.ask(form=FORM)
    assert stage.decide(stage.owner, id, "reject", comment="no").json()["state"] == "rejected"
    assert list(stage.output()) == ["rejected"]
    assert stage.output()["rejected"]["items"][0]["json"]["approval"]["decision"] == "rejected"


def test_large_items_are_fetched_and_stored_again(stage: Stage) -> None:
    claims = Claims(lambda: stage.world.storage, "data")  # type: ignore[arg-type, return-value]  # a fake
    items: Any = [{"json": {"text": "x" * 50_000}}]
    kept = claims.store(f"{stage.tenant_id}/x", items)
    execution_id, id = stage.ask(items=kept)
    assert stage.decide(stage.owner, id).status_code == 200
    batch: Any = stage.output()["approved"]
    assert batch["ref"]["key"] == f"{stage.tenant_id}/{execution_id}/ask/1-approved.json"
    (item,) = claims.fetch(batch, stage.tenant_id)
    assert (len(item["json"]["text"]), item["json"]["approval"]["decision"]) == (50_000, "approved")


def test_items_that_are_gone_are_said_to_be(stage: Stage) -> None:
    ref = {"bucket": "data", "key": f"{stage.tenant_id}/gone", "size": 1, "sha256": "x"}
    _, id = stage.ask(items={"count": 1, "ref": ref})
    assert is_problem(stage.decide(stage.owner, id), 410, "items_gone")
    assert stage.owner.get(f"/api/approvals/{id}").json()["decisions"] == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "form.amount"),
        ({"amount": "2"}, "form.amount"),
        ({"amount": True}, "form.amount"),
        ({"amount": 1, "how": "double"}, "form.how"),
        ({"amount": 1, "sure": "yes"}, "form.sure"),
        ({"amount": 1, "why": 5}, "form.why"),
        ({"amount": 1, "why": "x" * 10_001}, "form.why"),
        ({"amount": 1, "other": 5}, "form.other"),
    ],
)
def test_an_answer_that_does_not_fit_its_field_is_refused_by_name(stage: Stage, form: Any, field: str) -> None:
    _, id = stage.ask(form=FORM)
    answer = stage.decide(stage.owner, id, form=form)
    assert is_problem(answer, 422, "invalid_form")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert stage.owner.get(f"/api/approvals/{id}").json()["state"] == "open"


def test_without_a_list_those_decide_who_may_run_workflows(stage: Stage) -> None:
    _, id = stage.ask()
    viewer, _ = stage.member("viewer")
    assert viewer.get(f"/api/approvals/{id}").json()["canDecide"] is False
    assert is_problem(stage.decide(viewer, id), 403, "not_an_approver")
    editor, _ = stage.member()
    assert stage.decide(editor, id).status_code == 200


def test_with_a_list_those_decide_who_are_on_it_whatever_their_role(stage: Stage) -> None:
    viewer, address = stage.member("viewer")
    _, id = stage.ask(approvers=[address])
    assert stage.owner.get("/api/approvals").json()["items"][0]["canDecide"] is False
    assert is_problem(stage.decide(stage.owner, id), 403, "not_an_approver")
    assert viewer.get("/api/approvals").json()["items"][0]["canDecide"] is True
    assert stage.decide(viewer, id).json()["state"] == "approved"


def test_two_of_three_approve(stage: Stage) -> None:
    members = [stage.member() for _ in range(3)]
    _, id = stage.ask(approvers=[address for _, address in members], required=2)
    (ada, _), (bob, _), (cyd, _) = members
    first = stage.decide(ada, id).json()
    assert (first["state"], first["approvals"], first["canDecide"]) == ("open", 1, False)
    assert is_problem(stage.decide(ada, id, "reject"), 409, "already_voted")
    assert stage.decide(bob, id, "reject").json()["state"] == "open"
    assert stage.decide(cyd, id).json()["state"] == "approved"
    decisions = stage.output()["approved"]["items"][0]["json"]["approval"]["decisions"]
    assert [one["decision"] for one in decisions] == ["approve", "reject", "approve"]


def test_it_is_rejected_as_soon_as_too_few_are_left(stage: Stage) -> None:
    members = [stage.member() for _ in range(3)]
    _, id = stage.ask(approvers=[address for _, address in members], required=2)
    assert stage.decide(members[0][0], id, "reject").json()["state"] == "open"
    assert stage.decide(members[1][0], id, "reject").json()["state"] == "rejected"
    assert is_problem(stage.decide(members[2][0], id), 409, "already_decided")


def test_without_a_list_the_first_rejection_ends_it(stage: Stage) -> None:
    _, id = stage.ask(required=2)
    assert stage.decide(stage.owner, id).json()["state"] == "open"
    editor, _ = stage.member()
    assert stage.decide(editor, id, "reject").json()["state"] == "rejected"


def test_who_decides_at_the_same_time_ends_it_once(stage: Stage) -> None:
    members = [stage.member()[0] for _ in range(3)]
    _, id = stage.ask()
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda who=who: statuses.append(stage.decide(who, id).status_code)) for who in members
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409]
    assert len(stage.world.tokens.answered) == 1


def test_a_decision_that_comes_too_late_says_so(stage: Stage) -> None:
    _, id = stage.ask()
    stage.world.tokens.error = AwsError("TaskTimedOut", "gone")
    assert is_problem(stage.decide(stage.owner, id), 409, "approval_expired")
    assert stage.owner.get(f"/api/approvals/{id}").json()["state"] == "expired"
    assert is_problem(stage.decide(stage.owner, id), 409, "approval_expired")


def test_the_end_of_the_execution_cancels_it(stage: Stage) -> None:
    execution_id, id = stage.ask()
    found = stage.owner.get(f"/api/executions/{execution_id}").json()
    context: Any = {
        "tenantId": stage.tenant_id, "executionId": execution_id, "workflowId": found["workflowId"],
        "workflowName": "W", "workflowVersion": None, "trigger": "manual", "mode": "draft",
        "startedAt": "2026-11-23T12:00:00.000Z", "timeZone": "UTC",
    }  # fmt: skip
    history = History(stage.databases.app)
    history.record(stage.tenant_id, [{"context": context, "events": [event(EventType.EXECUTION_CANCELLED)]}])
    history.close()
    assert is_problem(stage.decide(stage.owner, id), 409, "approval_cancelled")


def test_while_step_functions_is_away_nothing_is_decided(stage: Stage) -> None:
    _, id = stage.ask()
    stage.world.tokens.error = AwsError("ConnectionFailed", "refused", retryable=True)
    assert is_problem(stage.decide(stage.owner, id), 503, "not_resumed")
    assert stage.owner.get(f"/api/approvals/{id}").json()["decisions"] == []
    assert stage.decide(stage.owner, id).json()["state"] == "approved"


def test_approvals_are_listed_by_state_page_by_page(stage: Stage) -> None:
    ids = {stage.ask()[1] for _ in range(3)}
    first = stage.owner.get("/api/approvals", params={"limit": 2, "state": "open"}).json()
    second = stage.owner.get("/api/approvals", params={"limit": 2, "cursor": first["nextCursor"]}).json()
    assert {row["id"] for row in (*first["items"], *second["items"])} == ids
    assert second["nextCursor"] is None
    decided = ids.pop()
    stage.decide(stage.owner, decided, "reject")
    rejected = stage.owner.get("/api/approvals", params={"state": "rejected"}).json()["items"]
    assert [row["id"] for row in rejected] == [decided]
    of_one = stage.owner.get("/api/approvals", params={"executionId": rejected[0]["executionId"]}).json()["items"]
    assert [row["id"] for row in of_one] == [decided]
    assert stage.owner.get("/api/approvals", params={"state": "approved"}).json()["items"] == []
    assert is_problem(stage.owner.get("/api/approvals", params={"state": "x"}), 422, "invalid_request")


def test_another_tenant_sees_and_decides_nothing(stage: Stage) -> None:
    _, id = stage.ask()
    other = stage.world.person()
    assert other.get("/api/approvals").json()["items"] == []
    assert is_problem(other.get(f"/api/approvals/{id}"), 404, "not_found")
    assert is_problem(stage.decide(other, id), 404, "not_found")


CALL = {"tool": {"nodeId": "ask", "name": "Refund"}, "arguments": {"order": 7}}


def call(stage: Stage, **more: Any) -> str:
    """Have an agent ask whether it may call a tool; return the approval's id."""
    batch = {"count": 1, "items": [{"json": {"order": 7}}]}
    return stage.ask(items=batch, attempt=0, iteration="0.1", **{**CALL, **more})[1]


def test_an_agent_may_call_its_tool_with_its_arguments(stage: Stage) -> None:
    id = call(stage)
    found = stage.owner.get(f"/api/approvals/{id}").json()
    assert (found["tool"], found["arguments"]) == (CALL["tool"], CALL["arguments"])
    assert stage.decide(stage.owner, id).status_code == 200
    (answered,) = stage.world.tokens.answered
    assert answered[1]["output"]["approved"]["items"] == [{"json": {"order": 7}}]
    assert "changed" not in answered[1]["decision"]
    assert stage.decide(stage.owner, id).json()["code"] == "already_decided"
    assert len(stage.world.tokens.answered) == 1


def test_whoever_decides_may_change_the_arguments(stage: Stage) -> None:
    id = call(stage)
    assert stage.decide(stage.owner, id, arguments={"order": 8}).status_code == 200
    (answered,) = stage.world.tokens.answered
    assert answered[1]["output"]["approved"]["items"] == [{"json": {"order": 8}}]
    assert answered[1]["decision"]["changed"] is True
    assert answered[1]["decision"]["arguments"] == {"order": 8}


def test_a_refusal_fails_the_call_with_its_reason(stage: Stage) -> None:
    id = call(stage)
    assert stage.decide(stage.owner, id, "reject", comment="Too much.").status_code == 200
    ((token, told),) = stage.world.tokens.answered
    assert (token, told["error"]) == ("the-token", "ToolRefused")
    assert told["cause"]["errorMessage"].endswith("refused the call: Too much.")
    assert stage.owner.get(f"/api/approvals/{id}").json()["state"] == "rejected"


def test_arguments_are_changed_of_tools_only(stage: Stage) -> None:
    _, id = stage.ask()
    refused = stage.decide(stage.owner, id, arguments={"order": 8})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_form")
    assert stage.world.tokens.answered == []


def test_an_approval_is_handed_over_to_another_member(stage: Stage) -> None:
    id = call(stage)
    other, address = stage.member("viewer")
    path = f"/api/approvals/{id}/hand-over"
    assert other.post(path, json={"to": address}).json()["code"] in ("not_an_approver", "forbidden")
    refused = stage.owner.post(path, json={"to": "nobody@example.com"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_member")
    handed = stage.owner.post(path, json={"to": f" {address} "})
    assert handed.json()["approvers"] == [address]
    assert stage.decide(stage.owner, id).json()["code"] == "not_an_approver"
    assert stage.decide(other, id).status_code == 200
    assert stage.owner.post(path, json={"to": address}).json()["code"] == "already_decided"


def test_an_agent_is_let_go_on_beyond_its_limit(stage: Stage) -> None:
    batch = {"count": 1, "items": [{"json": {"reason": "it has used its 10 turns"}}]}
    _, id = stage.ask(items=batch, iteration="9.0", limit=True)
    assert stage.decide(stage.owner, id).status_code == 200
    (answered,) = stage.world.tokens.answered
    assert answered[1]["decision"]["decidedBy"]
