"""Callback URLs: who may call, which node goes on, what it goes on with, and what is refused."""

import json
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from functions.system.resume.resuming import MOST_BYTES, Resume
from local.stack.ports import free_port
from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.runtime.callbacks import of_step, signature
from stepweave.runtime.events import event
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import read_request
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import call
from tests.functions.system.messages import context_of, rows
from tests.functions.system.waiting import Tokens, begin, states_of, tell, waiting

SECRET = "a test's own secret"


class Stage:
    """A resume function whose outside is in memory but for Postgres."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant = databases, tenant
        self.tokens, self.outside = Tokens(), Outside()
        self.link = Link(databases.app)
        self.resume = self.made(self.link)

    def made(self, link: Link) -> Resume:
        return Resume(link, Waits(link, self.tokens, self.outside.send), self.outside.claims, lambda: SECRET)

    def begin(self, *events: Any) -> str:
        return begin(self.databases, self.tenant, *events)["executionId"]

    def __call__(
        self, execution_id: str, body: Any = b"", *, sign: str = "", by: Resume | None = None, **how: Any
    ) -> Any:
        path = f"/hooks/resume/{execution_id}/{sign or signature(SECRET, execution_id)}"
        try:
            answer = (by or self.resume).serve(read_request(call(path, body, **how)))
        except Refusal as refusal:
            answer = refusal.answer
        return {**answer, "json": json.loads(answer["body"]) if "json" in answer["headers"]["content-type"] else None}

    def states(self, execution_id: str) -> dict[str, str]:
        return states_of(self.databases, execution_id)

    def told(self) -> list[dict[str, Any]]:
        return [event for body in self.outside.bodies for event in json.loads(body)["events"]]


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


def test_a_call_lets_the_node_go_on_with_what_was_called(stage: Stage) -> None:
    id = stage.begin(waiting())
    answer = stage(id, {"ok": True}, query="from=mail&from=bank", headers={"X-Who": "ada", "Authorization": "secret"})
    assert (answer["statusCode"], answer["json"]) == (200, {"executionId": id, "nodeId": "w"})
    (token, result) = stage.tokens.answered[0]
    (item,) = result["output"]["main"]["items"]
    assert token == "token"
    assert item["json"] == {
        "method": "POST",
        "headers": {"content-type": "application/json", "x-who": "ada"},
        "query": {"from": ["mail", "bank"]},
        "body": {"ok": True},
    }
    (told,) = stage.told()
    assert (told["type"], told["nodeId"], told["output"]) == ("node.succeeded", "w", result["output"])
    assert told["durationMs"] > 0
    assert stage.states(id) == {"w//1": "resolved"}


@pytest.mark.parametrize(
    ("how", "body"),
    [
        ({}, None),
        ({"body": "a=1&b=", "headers": {"content-type": "application/x-www-form-urlencoded"}}, {"a": "1", "b": ""}),
        ({"body": "hello", "headers": {"content-type": "text/plain"}}, "hello"),
        ({"body": "{", "headers": {"content-type": "application/json"}}, "{"),
    ],
)
def test_any_body_is_taken(stage: Stage, how: dict[str, Any], body: Any) -> None:
    assert stage(stage.begin(waiting()), **how)["statusCode"] == 200
    assert stage.tokens.answered[0][1]["output"]["main"]["items"][0]["json"]["body"] == body


def test_a_person_is_asked_and_goes_on_with_a_button(stage: Stage) -> None:
    id, browser = stage.begin(waiting()), {"accept": "text/html,*/*"}
    asked = stage(id, method="GET", headers=browser)
    assert asked["headers"]["content-type"].startswith("text/html")
    assert '<form method="post">' in asked["body"]
    assert "sandbox" in asked["headers"]["content-security-policy"]
    assert (stage.tokens.answered, stage.states(id)) == ([], {"w//1": "open"})
    thanked = stage(id, headers={**browser, "content-type": "application/x-www-form-urlencoded"})
    assert "goes on" in thanked["body"]
    assert stage.states(id) == {"w//1": "resolved"}
    assert stage(id, method="GET", headers=browser)["statusCode"] == 410


def at(second: int) -> str:
    return f"2020-01-01T00:00:{second:02}.000Z"


def of(id: str, second: int) -> str:
    """The end of the URL of a step that began at that second."""
    moment = datetime.fromisoformat(at(second))
    return of_step(f"/{signature(SECRET, id)}", int(moment.timestamp() * 1000)).removeprefix("/")


def test_the_url_of_one_wait_does_not_let_the_next_go_on(stage: Stage) -> None:
    id = stage.begin(waiting("first", "one", at=at(10)))
    early, between = of(id, 5), of(id, 20)
    assert stage(id, sign=early)["statusCode"] == 200
    assert stage(id, sign=early)["statusCode"] == 410
    rows(stage.databases, "UPDATE waits SET resolved_at = %s WHERE execution_id = %s RETURNING 1", at(15), id)
    tell(stage.databases, stage.tenant, context_of(stage.tenant, executionId=id), waiting("second", "two", at=at(30)))
    for how in ({}, {"query": "node=second"}, {"method": "GET", "headers": {"accept": "text/html"}}):
        refused = stage(id, sign=early, **how)
        assert (refused["statusCode"], refused["json"]["code"]) == (410, "no_longer_waiting")
    assert stage.states(id)["second//1"] == "open"
    assert stage(id, sign=between)["statusCode"] == 200
    assert [token for token, _ in stage.tokens.answered] == ["one", "two"]


def test_waits_beside_each_other_have_the_url_of_the_step_before_both(stage: Stage) -> None:
    id = stage.begin(waiting("a", "a", at=at(10)), waiting("b", "b", at=at(11)))
    assert stage(id, sign=of(id, 5))["json"]["code"] == "several_waiting"
    assert stage(id, sign=of(id, 5), query="node=b")["statusCode"] == 200
    assert stage(id, sign=of(id, 5))["statusCode"] == 200  # one is left


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_what_only_looks_lets_nothing_go_on(stage: Stage, method: str) -> None:
    id = stage.begin(waiting())
    answer = stage(id, method=method)
    assert (answer["statusCode"], answer["json"]["code"]) == (405, "wrong_method")
    assert "POST" in answer["json"]["detail"]
    assert (stage.tokens.answered, stage.states(id)) == ([], {"w//1": "open"})


def test_a_large_body_goes_by_reference(stage: Stage) -> None:
    id = stage.begin(waiting(iteration="2"))
    assert stage(id, "x" * 100_000, headers={"content-type": "text/plain"})["statusCode"] == 200
    batch = stage.tokens.answered[0][1]["output"]["main"]
    assert batch["ref"]["key"] == f"{stage.tenant.id}/{id}/w/2/1-called-main.json"
    (item,) = stage.outside.claims.fetch(batch, str(stage.tenant.id))
    assert item["json"]["body"] == "x" * 100_000
    assert stage.told()[0]["iteration"] == "2"


def test_an_unknown_execution_and_a_wrong_signature_look_alike(stage: Stage) -> None:
    id = stage.begin(waiting())
    answers = [stage(id, sign="x" * 43), stage("nonsense"), stage(id, sign=signature("other", id)), stage(id, sign="é")]
    assert {(answer["statusCode"], answer["body"]) for answer in answers} == {(404, answers[0]["body"])}
    assert answers[0]["json"]["code"] == "unknown_callback"
    assert stage.states(id) == {"w//1": "open"}


def test_a_call_before_the_node_waits_is_asked_to_come_again(stage: Stage) -> None:
    for id in (stage.begin(), str(uuid.uuid4())):
        answer = stage(id)
        assert (answer["statusCode"], answer["json"]["code"]) == (409, "not_waiting")
        assert answer["headers"]["retry-after"] == "5"


def test_a_second_call_and_a_call_after_the_end_are_told_so(stage: Stage) -> None:
    id = stage.begin(waiting())
    assert stage(id)["statusCode"] == 200
    assert stage(id)["statusCode"] == 410
    ended = begin(stage.databases, stage.tenant, waiting())
    tell(
        stage.databases,
        stage.tenant,
        ended,
        event(EventType.EXECUTION_CANCELLED, id=f"{ended['executionId']}-ended"),
    )
    answer = stage(ended["executionId"])
    assert (answer["statusCode"], answer["json"]["code"]) == (410, "no_longer_waiting")
    assert len(stage.tokens.answered) == 1


def test_of_several_nodes_the_call_says_which(stage: Stage) -> None:
    id = stage.begin(waiting("a", "ta"), waiting("b", "tb", iteration="0"), waiting("b", "tc", iteration="1"))
    answer = stage(id)
    assert (answer["statusCode"], answer["json"]["code"]) == (409, "several_waiting")
    assert "?node=a, ?node=b&iteration=0, ?node=b&iteration=1" in answer["json"]["detail"]
    assert stage(id, query="node=b")["json"]["code"] == "several_waiting"
    assert stage(id, query="node=c")["json"]["code"] == "not_waiting"
    assert stage(id, query="node=b&iteration=1")["statusCode"] == 200
    assert stage(id, query="node=a")["statusCode"] == 200
    assert [token for token, _ in stage.tokens.answered] == ["tc", "ta"]
    assert stage.states(id) == {"a//1": "resolved", "b/0/1": "open", "b/1/1": "resolved"}


def test_approvals_are_not_for_callers(stage: Stage) -> None:
    id = stage.begin(waiting(kind="approval"))
    assert stage(id)["json"]["code"] == "not_waiting"


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_call_that_comes_too_late_expires_the_wait(stage: Stage, code: str) -> None:
    id = stage.begin(waiting())
    stage.tokens.error = AwsError(code, "gone")
    assert stage(id)["statusCode"] == 410
    assert stage.states(id) == {"w//1": "expired"}
    assert stage.told() == []


def test_while_step_functions_is_away_the_node_goes_on_waiting(stage: Stage) -> None:
    id = stage.begin(waiting())
    stage.tokens.error = AwsError("ConnectionFailed", "refused", retryable=True)
    answer = stage(id)
    assert (answer["statusCode"], answer["json"]["code"]) == (503, "not_resumed")
    assert stage.states(id) == {"w//1": "open"}
    assert stage(id)["statusCode"] == 200


def test_the_workflow_goes_on_though_its_history_could_not_be_told(stage: Stage) -> None:
    stage.outside.failures = [AwsError("QueueDoesNotExist", "x")]
    id = stage.begin(waiting())
    assert stage(id)["statusCode"] == 200
    assert stage.states(id) == {"w//1": "resolved"}


def test_of_callers_at_once_one_lets_it_go_on(stage: Stage) -> None:
    id = stage.begin(waiting())
    links = [Link(stage.databases.app) for _ in range(4)]
    statuses: list[int] = []

    def caller(link: Link) -> None:
        statuses.append(stage(id, by=stage.made(link))["statusCode"])

    threads = [threading.Thread(target=caller, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for link in links:
        link.close()
    assert sorted(statuses) == [200, 410, 410, 410]
    assert len(stage.tokens.answered) == 1


def test_other_methods_and_large_bodies_are_refused(stage: Stage) -> None:
    id = stage.begin(waiting())
    answer = stage(id, method="PATCH")
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "GET, HEAD, POST")
    assert stage(id, b"x" * (MOST_BYTES + 1))["statusCode"] == 413
    assert stage.states(id) == {"w//1": "open"}


def test_without_postgres_the_caller_is_asked_to_come_again(stage: Stage) -> None:
    away = stage.made(Link(f"postgresql://nobody@127.0.0.1:{free_port()}/none"))
    id = str(uuid.uuid4())
    assert stage(id, by=away)["statusCode"] == 503
