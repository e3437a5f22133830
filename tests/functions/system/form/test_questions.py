"""Pages that somebody was asked to answer by mail: looked at as often as scanners like, answered once."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis

from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.runtime.form_links import path_of, question_url
from stepweave.spec.forms import FormField, page_of
from stepweave_data.history.live import connect
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.form.stage import SECRET, Stage, fresh_id, hidden
from tests.functions.system.form.test_visits import began, ended, shown
from tests.functions.system.waiting import states_of, waiting

ROWS: list[dict[str, Any]] = [
    {"name": "decision", "type": "choice", "choices": "Approve\nRefuse", "display": "radio", "required": True},
    {"name": "comment", "type": "longText"},
]
REFUND = page_of("Refund?", "", "", [FormField.model_validate(row) for row in ROWS])
OF = {"Approve": {"approved": True}, "Refuse": {"approved": False}}


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant], redis_url: str) -> Iterator[Stage]:
    client: redis.Redis = connect(redis_url)
    made = Stage(databases, tenants[0], client)
    yield made
    made.link.close()
    client.close()


def link(id: str, place: str = "w") -> tuple[str, str]:
    """Return the path and the key of a question of an execution."""
    return question_url(path_of(SECRET, id), place)


def asked(place: str = "w", token: str = "token", **fields: Any) -> Any:
    _, key = link(fresh_id(), place)
    adds = {"field": "decision", "of": OF}
    resume = {"page": REFUND, "key": key, "adds": adds, "origin": {"form": ["main", 0]}}
    return waiting(place, token, "form", details={"title": "Refund?", "resume": resume}, **fields)


def test_looking_changes_nothing_and_the_first_answer_counts(stage: Stage) -> None:
    id = began(stage, asked())
    path, _ = link(id)
    for method in ("GET", "HEAD", "GET"):
        assert stage.get(path, query="decision=Approve", method=method)["statusCode"] == 200
    body = stage.get(path, query="decision=Refuse")["body"]
    assert 'value="Refuse" checked' in body
    assert "<button>Submit</button>" in body
    assert (states_of(stage.databases, id), stage.tokens.answered) == ({"w//1": "open"}, [])
    sent = {"~wait": hidden(body, "~wait"), "f0": "Refuse", "f1": "Too late"}
    thanks = stage.post(sent, path)
    assert (thanks["statusCode"], "Thank you" in thanks["body"]) == (200, True)
    ((token, result),) = stage.tokens.answered
    (item,) = result["output"]["main"]["items"]
    json = item["json"]
    assert (token, json["decision"], json["approved"], json["comment"]) == ("token", "Refuse", False, "Too late")
    assert item["origin"] == {"form": ["main", 0]}
    assert stage.post(sent, path)["statusCode"] == 200  # clicked twice
    other = stage.post({**sent, "f0": "Approve"}, path)
    assert (other["statusCode"], "not taken" in other["body"]) == (409, True)
    again = stage.get(path, query="decision=Approve")
    assert (again["statusCode"], "has been answered" in again["body"], "<form" in again["body"]) == (200, True, False)
    assert len(stage.tokens.answered) == 1


def test_what_no_page_of_ours_sends_answers_nothing(stage: Stage) -> None:
    id = began(stage, asked())
    path, _ = link(id)
    for sent in ({}, {"f0": "Approve"}, {"~wait": fresh_id(), "f0": "Approve"}):
        answer = stage.post(sent, path)
        assert (answer["statusCode"], "<form" in answer["body"]) == (409, True)
    wait = hidden(stage.get(path)["body"], "~wait")
    assert stage.post({"~wait": wait}, path)["statusCode"] == 422
    assert stage.post({"~wait": wait, "f0": "Approve", "homepage": "x"}, path)["statusCode"] == 422
    assert stage.tokens.answered == []


def test_each_question_has_its_own_page_and_none_is_shown_to_visitors(stage: Stage) -> None:
    events = (asked("a", "first"), asked("b", "second"), shown("page", "third"))
    id = began(stage, *events, more=("form_page",))
    for place, token in (("b", "second"), ("a", "first")):
        path, _ = link(id, place)
        stage.post({"~wait": hidden(stage.get(path)["body"], "~wait"), "f0": "Approve"}, path)
        assert stage.tokens.answered[-1][0] == token
    visit = stage.get(path_of(SECRET, id))["body"]
    assert ("<h1>Which size?</h1>" in visit, "Refund" in visit) == (True, False)


def test_a_visitor_cannot_answer_what_was_asked_by_mail(stage: Stage) -> None:
    id = began(stage, asked())
    wait = hidden(stage.get(link(id)[0])["body"], "~wait")
    stage.post({"~wait": wait, "f0": "Approve"}, path_of(SECRET, id))
    assert stage.tokens.answered == []


def test_an_address_that_is_not_whole_or_of_another_execution_is_none(stage: Stage) -> None:
    id, other = began(stage, asked()), fresh_id()
    path, _ = link(id)
    for wrong in (path[:-1], path.replace(id, other), path.replace(".", "x")):
        assert stage.get(wrong)["statusCode"] == 404


def test_an_answer_that_comes_too_late_is_told(stage: Stage) -> None:
    id = began(stage, asked())
    path, _ = link(id)
    sent = {"~wait": hidden(stage.get(path)["body"], "~wait"), "f0": "Approve"}
    stage.tokens.error = AwsError("TaskTimedOut", "x")
    assert stage.post(sent, path)["statusCode"] == 410
    assert stage.get(path)["statusCode"] == 410
    assert states_of(stage.databases, id) == {"w//1": "expired"}


def test_what_was_ended_takes_no_answer(stage: Stage) -> None:
    id = began(stage, asked())
    path, _ = link(id)
    sent = {"~wait": hidden(stage.get(path)["body"], "~wait"), "f0": "Approve"}
    ended(stage, EventType.EXECUTION_CANCELLED)
    assert (stage.get(path)["statusCode"], stage.post(sent, path)["statusCode"]) == (410, 410)
    assert stage.tokens.answered == []


def test_a_mail_may_be_there_before_its_wait_is(stage: Stage) -> None:
    id = began(stage)
    path, _ = link(id)
    page = stage.get(path, query="decision=Approve&n=1")["body"]
    assert 'url=?decision=Approve&amp;n=2"' in page
    assert "One moment" in stage.post({"~wait": fresh_id(), "f0": "Approve"}, path)["body"]


def test_of_two_attempts_the_open_one_is_answered(stage: Stage) -> None:
    id = began(stage, asked(token="old"), asked(token="new", attempt=2))
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE waits SET state = 'expired' WHERE execution_id = %s AND attempt = 1", (id,))
    path, _ = link(id)
    stage.post({"~wait": hidden(stage.get(path)["body"], "~wait"), "f0": "Approve"}, path)
    assert [token for token, _ in stage.tokens.answered] == ["new"]
