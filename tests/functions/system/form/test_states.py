"""Each address of an execution's pages, in each state that the execution can be in: what a visitor gets."""

from typing import Any, Literal

import psycopg
import pytest

from functions.system.form.later import MOST_LOOKS
from functions.system.form.words import TextId, words_of
from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave.runtime.form_links import path_of
from tests.fixtures.tenants import Tenant
from tests.functions.system.form.stage import SECRET, Stage, fresh_id, hidden
from tests.functions.system.form.test_visits import began, ended, shown
from tests.functions.system.waiting import begin, states_of, tell

ERROR = {"type": "HttpClientError", "message": "https://internal.example said no"}
ENDS: dict[str, tuple[EventType, dict[str, Any]]] = {
    "succeeded": (EventType.EXECUTION_SUCCEEDED, {}),
    "failed": (EventType.EXECUTION_FAILED, {"error": ERROR}),
    "cancelled": (EventType.EXECUTION_CANCELLED, {"error": ERROR}),
    "timed out": (EventType.EXECUTION_TIMED_OUT, {"error": ERROR}),
}
Began = Literal["by a form", "otherwise", "otherwise, and was answered"]


def visited(stage: Stage, how: Began, language: str = "en") -> tuple[str, str]:
    """Return an execution that shows its visitor a page, and that page's wait."""
    if how == "by a form":
        id = began(stage, shown(), more=("form_page",), form={"language": language, "respond": "lastNode"})
    else:
        context = begin(stage.databases, stage.tenant, shown())
        stage.context, id = context, context["executionId"]  # type: ignore[attr-defined]  # as `began` does
    path = path_of(SECRET, id)
    wait = hidden(stage.get(path)["body"], "~wait")
    if how == "otherwise, and was answered":
        assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303
        tell(stage.databases, stage.tenant, stage.context, shown("later", "later"))  # type: ignore[attr-defined]
        wait = hidden(stage.get(path)["body"], "~wait")
    return id, wait


@pytest.mark.parametrize(
    ("how", "end", "status", "title", "text"),
    [
        ("by a form", "succeeded", 200, "thanks", "arrived"),
        ("by a form", "failed", 500, "wentWrong", "couldNotGoOn"),
        ("by a form", "cancelled", 410, "ended", "endedNow"),
        ("by a form", "timed out", 410, "tooLate", "timeOverNow"),
        ("otherwise", "succeeded", 410, "tooLate", "timeOverNow"),
        ("otherwise", "failed", 500, "wentWrong", "couldNotEnd"),
        ("otherwise", "cancelled", 410, "ended", "endedNow"),
        ("otherwise", "timed out", 410, "tooLate", "timeOverNow"),
        ("otherwise, and was answered", "succeeded", 200, "thanks", "arrived"),
        ("otherwise, and was answered", "failed", 500, "wentWrong", "couldNotGoOn"),
        ("otherwise, and was answered", "cancelled", 410, "ended", "endedNow"),
        ("otherwise, and was answered", "timed out", 410, "tooLate", "timeOverNow"),
    ],
)
def test_what_is_shown_in_the_end(stage: Stage, how: Began, end: str, status: int, title: TextId, text: TextId) -> None:
    id, wait = visited(stage, how, "de")
    kind, fields = ENDS[end]
    ended(stage, kind, **fields)
    path, words = path_of(SECRET, id), words_of("de")
    answer = stage.get(path, Accept_Language="de-AT,de;q=0.9,en;q=0.8")
    assert (answer["statusCode"], f"<h1>{words(title)}</h1>" in answer["body"]) == (status, True)
    assert f"<p>{words(text)}</p>" in answer["body"]
    assert '<html lang="de" dir="ltr">' in answer["body"]
    # Its id helps who is asked for help; what went wrong inside is not the visitor's to know.
    assert (id in answer["body"], "internal" in answer["body"]) == (status != 200, False)
    head = stage.get(path, method="HEAD")
    assert (head["statusCode"], head["body"]) == (status, "")
    # The page that was open in the visitor's browser all the while.
    stage.tokens.error = AwsError("TaskTimedOut", "x")
    late = stage.post({"~wait": wait, "f0": "S"}, path, Accept_Language="de")
    assert (late["statusCode"], words("tooLateNow") in late["body"]) == (410, True)
    wrong = stage.post({"~wait": wait, "f0": "XL"}, path)
    assert wrong["statusCode"] == 410
    assert stage.post({"~wait": "x"}, path)["headers"]["location"] == path
    assert "open" not in states_of(stage.databases, id).values() or stage.tokens.answered == []


@pytest.mark.parametrize("how", ["by a form", "otherwise"])
def test_while_it_runs_its_page_is_shown_or_that_it_works(stage: Stage, how: Began) -> None:
    id, wait = visited(stage, how)
    path = path_of(SECRET, id)
    assert stage.get(path)["statusCode"] == 200
    assert stage.post({"~wait": wait, "f0": "XL"}, path)["statusCode"] == 422
    assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303
    works = stage.get(path)
    assert (works["statusCode"], "Your answers have arrived" in works["body"]) == (200, True)


def test_nobody_is_told_of_answers_that_nobody_sent(stage: Stage) -> None:
    body = stage.get(path_of(SECRET, begin(stage.databases, stage.tenant)["executionId"]))["body"]
    assert ("The page is being made." in body, "arrived" in body) == (True, False)


def test_a_deleted_workflows_visitors_go_on(stage: Stage) -> None:
    id, wait = visited(stage, "by a form")
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE workflows SET deleted_at = now() WHERE id = %s", (stage.tenant.workflow_id,))
    path = path_of(SECRET, id)
    assert stage.get(path)["statusCode"] == 200
    assert stage.post({"~wait": wait, "f0": "S"}, path)["statusCode"] == 303


def test_another_tenants_page_is_found_by_its_address_alone(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    mine, wait = visited(stage, "by a form")
    theirs = begin(stage.databases, tenants[1], shown())["executionId"]
    assert "Which size?" in stage.get(path_of(SECRET, theirs))["body"]
    # A right address of one execution, with the signature or the wait of another.
    crossed = path_of(SECRET, theirs).replace(theirs, mine)
    assert (stage.get(crossed)["statusCode"], stage.post({"~wait": wait}, crossed)["statusCode"]) == (404, 404)
    assert stage.post({"~wait": wait, "f0": "S"}, path_of(SECRET, theirs))["statusCode"] == 303
    assert states_of(stage.databases, mine) == {"w//1": "open"}


def test_what_nothing_is_recorded_of_is_not_waited_for_without_end(stage: Stage) -> None:
    path = path_of(SECRET, fresh_id())
    assert stage.get(path)["statusCode"] == stage.get(path, query=f"n={MOST_LOOKS - 1}")["statusCode"] == 200
    gone = stage.get(path, query=f"n={MOST_LOOKS}", Accept_Language="nl")
    assert (gone["statusCode"], words_of("nl")("notKnown") in gone["body"]) == (404, True)
