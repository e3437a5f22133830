"""The later pages of a form: which one a visitor sees, what lets the workflow go on, and how it ends."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis

from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave.runtime.form_links import path_of
from stepweave.spec.forms import FormField, page_of
from stepweave_data.history.live import connect
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.form.stage import SECRET, Stage, fresh_id, hidden
from tests.functions.system.messages import SUCCEEDED, node
from tests.functions.system.waiting import begin, states_of, tell, waiting

SOME_ID = "6d035bef-6899-44a0-bd70-e136c4f6e6ef"
FORM = {"path": "contact", "title": "T", "color": "#ff0000", "language": "en-GB"}
SIZE = page_of("Which size?", "", "Next", [FormField.model_validate(
    {"name": "size", "type": "choice", "choices": "S\nM", "display": "radio", "required": True, "default": "M"}
)])  # fmt: skip


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant], redis_url: str) -> Iterator[Stage]:
    client: redis.Redis = connect(redis_url)
    made = Stage(databases, tenants[0], client)
    yield made
    made.link.close()
    client.close()


def shown(node_id: str = "w", token: str = "token", **fields: Any) -> Any:
    """Return the event of a page that is waited for."""
    origin = {"form": ["main", 0]}
    details = {"title": "Which size?", "resume": {"page": SIZE, "origin": origin}}
    return waiting(node_id, token, "form", details=details, **fields)


def began(stage: Stage, *events: Any, more: tuple[str, ...] = (), form: dict[str, Any] | None = None) -> str:
    """Return an execution that a form started, with nodes of the types `more` in its document."""
    nodes = [{"id": "t", "type": "form_trigger", "params": {**FORM, **(form or {})}}]
    nodes += [{"id": f"n{at}", "type": type, "params": {}} for at, type in enumerate(more)]
    context = begin(stage.databases, stage.tenant, *events, mode="draft", workflowVersion=None, trigger="form")
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute(
            "UPDATE executions SET document = %s WHERE id = %s",
            (json.dumps({"nodes": nodes}), context["executionId"]),
        )
    stage.context = context  # type: ignore[attr-defined]
    return context["executionId"]


def ended(stage: Stage, kind: EventType = EventType.EXECUTION_SUCCEEDED, **fields: Any) -> None:
    tell(stage.databases, stage.tenant, stage.context, event(kind, **fields))  # type: ignore[attr-defined]


def test_the_page_that_is_waited_for_is_shown_and_lets_the_workflow_go_on(stage: Stage) -> None:
    id = began(stage, shown(), more=("form_page",))
    path = path_of(SECRET, id)
    body = stage.get(path)["body"]
    assert "<h1>Which size?</h1>" in body
    assert re.search(r'<input type="radio" id="f0-1" name="f0" value="M" checked required>', body)
    assert '<html lang="en-GB" dir="ltr">' in body
    assert "--accent:#ff0000" in body
    wrong = stage.post({"~wait": hidden(body, "~wait"), "f0": "XL"}, path)
    assert (wrong["statusCode"], "that are offered" in wrong["body"]) == (422, True)
    assert states_of(stage.databases, id) == {"w//1": "open"}
    answer = stage.post({"~wait": hidden(body, "~wait"), "f0": "S"}, path)
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, path)
    ((token, result),) = stage.tokens.answered
    (item,) = result["output"]["main"]["items"]
    assert (token, item["json"]["size"], item["origin"]) == ("token", "S", {"form": ["main", 0]})
    assert states_of(stage.databases, id) == {"w//1": "resolved"}
    again = stage.post({"~wait": hidden(body, "~wait"), "f0": "S"}, path)  # clicked twice
    assert (again["statusCode"], len(stage.tokens.answered)) == (303, 1)
    (told,) = [one for body in stage.outside.bodies for one in json.loads(body)["events"]]
    assert (told["type"], told["nodeId"]) == ("node.succeeded", "w")


def test_of_two_pages_the_older_comes_first_and_each_is_sent_by_itself(stage: Stage) -> None:
    id = began(stage, shown("a", "first"), shown("b", "second"), more=("form_page",))
    path = path_of(SECRET, id)
    for _ in range(2):
        stage.post({"~wait": hidden(stage.get(path)["body"], "~wait"), "f0": "S"}, path)
    assert [token for token, _ in stage.tokens.answered] == ["first", "second"]


def test_answers_that_come_to_nothing_are_told(stage: Stage) -> None:
    path = path_of(SECRET, id := began(stage, shown("a"), shown("late", "late"), more=("form_page",)))
    wait = hidden(stage.get(path)["body"], "~wait")
    assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303
    other = stage.post({"~wait": wait, "f0": "M"}, path)  # in another tab, or after going back
    assert (other["statusCode"], "not taken" in other["body"], f'href="{path}"' in other["body"]) == (409, True, True)
    late = hidden(stage.get(path)["body"], "~wait")
    stage.tokens.error = AwsError("TaskTimedOut", "x")
    for _ in range(2):
        gone = stage.post({"~wait": late, "f0": "S"}, path)
        assert (gone["statusCode"], "not taken" in gone["body"]) == (410, True)
    assert states_of(stage.databases, id) == {"a//1": "resolved", "late//1": "expired"}


def test_a_wait_of_another_kind_or_execution_is_not_the_visitors(stage: Stage) -> None:
    other = began(stage, shown(), more=("form_page",))
    theirs = hidden(stage.get(path_of(SECRET, other))["body"], "~wait")
    id = began(stage, waiting("w", "callback-token"), more=("form_page",))
    path = path_of(SECRET, id)
    with psycopg.connect(stage.databases.owner) as connection:
        row = connection.execute("SELECT id FROM waits WHERE execution_id = %s", (id,)).fetchone()
    assert row is not None
    for wait in (theirs, str(row[0]), fresh_id(), "x", "' OR 1=1"):
        assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303
    assert stage.tokens.answered == []
    assert "One moment" in stage.get(path)["body"]


def test_a_program_that_fills_in_everything_lets_nothing_go_on(stage: Stage) -> None:
    path = path_of(SECRET, began(stage, shown(), more=("form_page",)))
    wait = hidden(stage.get(path)["body"], "~wait")
    answer = stage.post({"~wait": wait, "f0": "S", "homepage": "x"}, path)
    assert (answer["statusCode"], 'value="S" checked' in answer["body"]) == (422, True)
    assert stage.tokens.answered == []


def test_while_the_workflow_works_the_page_asks_again_more_and_more_seldom(stage: Stage) -> None:
    path = path_of(SECRET, began(stage, more=("form_page",)))
    first, later = stage.get(path)["body"], stage.get(path, query="n=40")["body"]
    assert '<meta http-equiv="refresh" content="2;url=?n=1">' in first
    assert '<meta http-equiv="refresh" content="15;url=?n=41">' in later
    assert '<a href="?n=1">Look now</a>' in first
    odd = stage.get(path, query="n=-1&n=%F0%9F%98%80")
    assert 'url=?n=1"' in odd["body"]


def test_an_execution_that_is_not_recorded_yet_is_waited_for(stage: Stage) -> None:
    assert "One moment" in stage.get(path_of(SECRET, fresh_id()))["body"]


@pytest.mark.parametrize(
    "path", ["/forms/~/x/y", "/forms/~/", "/forms/~", f"/forms/~/{SOME_ID}", f"/forms/~/{SOME_ID}/{'a' * 43}"]
)
def test_an_address_that_is_not_ours_is_unknown(stage: Stage, path: str) -> None:
    assert stage.get(path)["statusCode"] == 404
    assert stage.post({}, path)["statusCode"] == 404


ENDING = {"statusCode": 200, "headers": {}, "body": {"ending": {"title": "Bye <b>", "message": "**42**"}}}
AWAY = {"statusCode": 303, "headers": {"location": "https://example.com/x"}, "body": None}
OWN = {"statusCode": 201, "headers": {"content-type": "text/html", "set-cookie": "a=b"}, "body": "<h1>Own</h1>"}


@pytest.mark.parametrize(
    ("form", "events", "status", "shows"),
    [
        ({}, {}, 200, "<h1>Thank you</h1>"),
        ({"endTitle": "Done <i>", "endMessage": "See [us](https://example.com)"}, {}, 200, "<h1>Done &lt;i&gt;</h1>"),
        ({"respond": "redirect", "redirectUrl": "https://example.com/t"}, {}, 303, "https://example.com/t"),
        ({"respond": "redirect", "redirectUrl": "javascript:alert(1)"}, {}, 200, "<h1>Thank you</h1>"),
        ({"respond": "lastNode"}, {"output": {"message": "It is *ready*"}}, 200, "It is <em>ready</em>"),
        ({"respond": "lastNode", "lastField": "n"}, {"output": {"n": {"a": 1}}}, 200, "{&quot;a&quot;:1}"),
        ({"respond": "lastNode"}, {"output": {"other": 1}}, 200, "Your answers have arrived."),
        ({"respond": "lastNode"}, {}, 200, "Your answers have arrived."),
        ({}, {"response": ENDING}, 200, "<h1>Bye &lt;b&gt;</h1>"),
        ({}, {"response": ENDING}, 200, "<strong>42</strong>"),
        ({}, {"response": AWAY}, 303, "https://example.com/x"),
        ({}, {"response": OWN}, 201, "<h1>Own</h1>"),
    ],
)  # fmt: skip
def test_how_it_ends(stage: Stage, form: dict[str, Any], events: dict[str, Any], status: int, shows: str) -> None:
    id = began(stage, form=form, more=("form_ending",))
    if "output" in events:
        events = {"output": {"main": {"count": 1, "items": [{"json": events["output"]}]}}}
    ended(stage, **events)
    answer = stage.get(path_of(SECRET, id))
    assert (answer["statusCode"], shows in answer["body"] + answer["headers"].get("location", "")) == (status, True)
    assert "set-cookie" not in answer["headers"]
    assert answer["headers"]["content-security-policy"].startswith("sandbox ")


@pytest.mark.parametrize(
    ("form", "events"),
    [({"respond": "redirect", "redirectUrl": "https://example.com/x"}, {}), ({}, {"response": AWAY})],
)
def test_in_a_frame_the_way_to_another_page_is_a_link_out_of_it(
    stage: Stage, form: dict[str, Any], events: dict[str, Any]
) -> None:
    path = path_of(SECRET, began(stage, form={**form, "embed": "https://a.example"}, more=("form_ending",)))
    ended(stage, **events)
    answer = stage.get(path, Sec_Fetch_Dest="iframe")
    assert (answer["statusCode"], '<a href="https://example.com/x" target="_top">' in answer["body"]) == (200, True)
    policy = answer["headers"]["content-security-policy"]
    assert ("allow-top-navigation-by-user-activation;" in policy, "ancestors https://a.example" in policy) == (
        True,
        True,
    )
    assert stage.get(path, Sec_Fetch_Dest="document")["statusCode"] == 303


def test_thanks_are_shown_at_once_where_nothing_else_can_come(stage: Stage) -> None:
    assert "Thank you" in stage.get(path_of(SECRET, began(stage, node(SUCCEEDED, "w"))))["body"]
    assert "One moment" in stage.get(path_of(SECRET, began(stage, form={"respond": "lastNode"})))["body"]


def test_when_step_functions_is_away_nothing_is_lost(stage: Stage) -> None:
    id = began(stage, shown(), more=("form_page",))
    path = path_of(SECRET, id)
    wait = hidden(stage.get(path)["body"], "~wait")
    stage.tokens.error = AwsError("ServiceUnavailable", "away", retryable=True)
    assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 503
    assert states_of(stage.databases, id) == {"w//1": "open"}
    assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303
    assert states_of(stage.databases, id) == {"w//1": "resolved"}


def test_workflows_that_no_form_started_have_pages_too(stage: Stage) -> None:
    context = begin(stage.databases, stage.tenant, shown())
    assert "Which size?" in stage.get(path_of(SECRET, context["executionId"]))["body"]
