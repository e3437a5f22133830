"""The first page of a form: what a visitor gets, what starts a workflow and how often, and what is refused."""

import re
import threading
from html import unescape
from typing import Any

import pytest

from functions.system.form.serving import MOST_BYTES
from stepweave.aws import AwsError
from stepweave.runtime import form_links
from stepweave.runtime.form_links import path_of
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.hooks import page_targets
from stepweave_data.hooks.page_places import FORM
from tests.fixtures.plans import GivePlan
from tests.functions.system.form.stage import LOOK, ROWS, SECRET, Stage, hidden, multipart

FINE = {"f0": "ada@example.com", "f1": "How much?\r\n<script>alert(1)</script>"}


def test_a_page_is_small_runs_nothing_and_is_tied_together(stage: Stage) -> None:
    answer = stage.get(query="email=ada%40example.com&message=%3C/textarea%3E%3Cscript%3E")
    body, policy = answer["body"], answer["headers"]["content-security-policy"]
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<script" not in body
    assert len(body) < 10_000
    assert "<em>answer</em>" in body
    assert '<label class="label" for="f0"><bdi>Your email &lt;b&gt;</bdi></label>' in body
    assert re.search(r'<input type="email" id="f0" name="f0" required [^>]*value="ada@example.com"', body)
    assert "&lt;/textarea&gt;&lt;script&gt;</textarea>" in body
    assert 'accept="image/*"' in body
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"style-src 'nonce-([\w-]+)'", policy)[1] in body  # type: ignore[index]
    assert "script-src" not in policy
    head = stage.get(method="HEAD")
    assert (head["statusCode"], head["body"]) == (200, "")


def test_a_number_reaches_the_server_as_it_was_typed(stage: Stage) -> None:
    rows: list[dict[str, Any]] = [
        {"name": "a", "type": "number", "whole": True, "minimum": "0"},
        {"name": "b", "type": "number"},
    ]
    stage.target = stage.published(*rows)
    whole, any_number = re.findall(r'<input type="text" id="f\d"[^>]*>', stage.get(query="b=1,5")["body"])
    assert 'inputmode="numeric"' in whole
    assert ("inputmode" in any_number, 'value="1,5"' in any_number) == (False, True)
    assert re.search(r'title="Write a number, as 12 or 12.5."', any_number)


def test_one_of_several_may_be_taken_back_where_none_is_needed(stage: Stage) -> None:
    choice = {"type": "choice", "choices": "S\nM", "display": "radio"}
    rows: list[dict[str, Any]] = [
        {**choice, "name": "a"},
        {**choice, "name": "b", "required": True},
        {"name": "c", "type": "rating"},
    ]
    stage.target = stage.published(*rows, {**choice, "name": "d", "display": "checkboxes"})
    assert re.findall(r'id="(f\d)-none" name="\1" value=""', stage.get()["body"]) == ["f0", "f2"]


def test_what_is_sent_starts_the_workflow_with_one_item(stage: Stage) -> None:
    answer = stage.post({**FINE, "~token": stage.token()})
    (started,) = stage.machines.started
    (item,) = stage.items
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, path_of(SECRET, started["name"]))
    assert item["json"].pop("submittedAt").endswith("Z")
    assert item["json"] == {
        "email": "ada@example.com",
        "message": "How much?\n<script>alert(1)</script>",
        "photo": None,
    }
    assert started["input"]["context"]["trigger"] == "form"


def test_files_are_stored_under_plain_names(stage: Stage) -> None:
    body, kind = multipart(
        ('name="~token"', stage.token().encode()),
        ('name="f0"', b"ada@example.com"),
        ('name="f2"; filename="../../etc/x%0d%0aSet-Cookie: a=b.png"\r\nContent-Type: image/png', b"\x89PNG"),
    )
    answer = stage.post(body, Content_Type=kind)
    assert answer["statusCode"] == 303
    (item,) = stage.items
    photo = item["binary"]["photo"]
    assert photo["key"].startswith(f"{stage.tenant.id}/{stage.machines.started[0]['name']}/form/1-file-0")
    assert item["json"]["photo"] == {
        "fileName": "x%0d%0aSet-Cookie: a=b.png", "mimeType": "image/png", "size": 4,
    }  # fmt: skip
    assert photo["fileName"] == item["json"]["photo"]["fileName"]


def test_a_page_sent_twice_starts_once_and_a_changed_one_again(stage: Stage) -> None:
    token = stage.token()
    ways = [stage.post({**FINE, "~token": token})["headers"]["location"] for _ in range(3)]
    names = {started["name"] for started in stage.machines.started}
    assert (len(set(ways)), len(names)) == (1, 1)
    changed = stage.post({**FINE, "f0": "bob@example.com", "~token": token})
    assert changed["headers"]["location"] not in ways


def test_fifty_at_once_are_one_execution(stage: Stage) -> None:
    stage.target["perMinute"] = 1000  # type: ignore[index]
    token, answers = stage.token(), []
    send = [threading.Thread(target=lambda: answers.append(stage.post({**FINE, "~token": token}))) for _ in range(50)]
    for one in send:
        one.start()
    for one in send:
        one.join()
    assert {answer["statusCode"] for answer in answers} == {303}
    assert len({started["name"] for started in stage.machines.started}) == 1


def test_express_workflows_are_the_starters_and_beyond_a_limit_answers_wait(stage: Stage) -> None:
    for changes in ({"machine": "express"}, {"concurrency": 1}, {"concurrency": 1}):
        stage.redis.flushdb()
        stage.target = stage.published(**changes)
        assert stage.post({**FINE, "~token": stage.token()})["statusCode"] == 303
    assert len(stage.machines.started) == 1
    assert [(request["trigger"], request["admitted"]) for request in stage.handed_over] == [("form", True)]


def test_answers_wait_for_room_in_the_plan_and_beyond_its_queue_they_stay_with_the_visitor(
    stage: Stage, give_plan: GivePlan
) -> None:
    give_plan(stage.tenant.id, concurrent=1, queue=1)
    first, second, third = (stage.post({**FINE, "~token": stage.token()}) for _ in range(3))
    assert [first["statusCode"], second["statusCode"], third["statusCode"]] == [303, 303, 429]
    assert (third["headers"]["retry-after"], "ada@example.com" in third["body"]) == ("5", True)
    assert third["headers"]["ratelimit"] == '"queue";r=0;t=5'
    assert len(stage.machines.started) == 1


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({}, 422, "Fill this in."),
        ({"f0": "nobody"}, 422, "Write an email address"),
        ({**FINE, "f9": "x"}, 422, "no field f9"),
        ({**FINE, "__proto__": "x"}, 422, "no field __proto__"),
        ({**FINE, "<img src=x>": "y"}, 422, "no field <img src=x>"),
        ({**FINE, "f1": "x" * 1_000_000}, 422, "1000000 characters"),
        ({**FINE, "f0": ["a@b.example", "c@d.example"]}, 422, "answered several times"),
        ({**FINE, "~token": "x"}, 409, "open for long"),
        ({**FINE, "~token": ""}, 409, "open for long"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_written(
    stage: Stage, fields: dict[str, Any], status: int, says: str
) -> None:
    answer = stage.post({"~token": stage.token(), **fields})
    words = unescape(re.sub(r"</?(b|i|a)\b[^>]*>", "", answer["body"]))
    assert (answer["statusCode"], says in words) == (status, True), words
    assert "<title>Error: Contact</title>" in answer["body"]
    assert 'role="alert"' in answer["body"]
    assert "<img src" not in answer["body"]
    assert stage.machines.started == []


def test_a_mistake_is_marked_named_and_focused(stage: Stage) -> None:
    body = stage.post({"~token": stage.token(), "f0": "nobody", "f1": "kept"})["body"]
    assert '<a href="#f0"><bdi>Your email &lt;b&gt;</bdi></a>: Write an email address' in body
    assert 'aria-invalid="true" aria-describedby="f0-error" autofocus' in body
    assert 'id="f0-error"' in body
    assert ">\nkept</textarea>" in body
    assert 'value="nobody"' in body


def test_the_token_is_for_this_page_and_for_a_day(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    token = stage.token()
    stage.redis.flushdb()
    stage.target = stage.published(*ROWS, {"name": "more"})
    assert stage.post({**FINE, "~token": token})["statusCode"] == 409
    fresh = stage.post({**FINE, "~token": token})["body"]
    assert stage.post({**FINE, "~token": hidden(fresh, "~token")})["statusCode"] == 303
    late = stage.token()
    monkeypatch.setattr(form_links, "TOKEN_SECONDS", -1)
    assert stage.post({**FINE, "~token": late})["statusCode"] == 409


def test_what_was_filled_in_on_another_page_gets_into_nothing_hidden(stage: Stage) -> None:
    token = stage.token()
    stage.redis.flushdb()
    stage.target = stage.published({"name": "from", "type": "hidden", "default": "web"}, {"name": "message"})
    body = stage.post({**FINE, "~token": token, "f1": "kept"})["body"]
    assert '<input type="hidden" name="f0" value="web">' in body
    assert 'value="kept"' in body


def test_a_file_is_chosen_again_where_the_page_is_shown_again(stage: Stage) -> None:
    parts = [("~token", stage.token()), ("f0", "nobody")]
    body, kind = multipart(
        *((f'name="{name}"', text.encode()) for name, text in parts),
        ('name="f2"; filename="a.png"\r\nContent-Type: image/png', b"PNG"),
    )
    shown = stage.post(body, Content_Type=kind)
    assert (shown["statusCode"], '<a href="#f2"><bdi>photo</bdi></a>: Choose it again' in shown["body"]) == (422, True)


@pytest.mark.parametrize(
    ("language", "rtl"), [("ar", True), ("he-IL", True), ("uz-Arab-AF", True), ("en", False), ("arn", False)]
)
def test_a_page_runs_as_its_language_does(stage: Stage, language: str, rtl: bool) -> None:
    stage.target = stage.published(look={**LOOK, "language": language})
    assert ('dir="rtl"' in stage.get()["body"]) is rtl


def test_who_fills_in_what_nobody_sees_starts_nothing(stage: Stage) -> None:
    answer = stage.post({**FINE, "~token": stage.token(), "f1": "mine", "homepage": "https://spam.example"})
    assert (answer["statusCode"], stage.machines.started) == (422, [])
    # It may be a person's password manager: who sends the page again loses nothing.
    assert ("A program filled in" in answer["body"], ">\nmine<" in answer["body"]) == (True, True)
    assert "spam.example" not in answer["body"]
    assert stage.post({**FINE, "~token": hidden(answer["body"], "~token"), "f1": "mine"})["statusCode"] == 303


def test_one_address_sends_so_often_a_minute(stage: Stage) -> None:
    stage.target["perMinute"] = 2  # type: ignore[index]
    statuses = [stage.post({**FINE, "~token": stage.token()})["statusCode"] for _ in range(3)]
    other = stage.post({**FINE, "~token": stage.token()}, X_Stepweave_Caller="198.51.100.7")
    assert (statuses, other["statusCode"]) == ([303, 303, 429], 303)
    assert stage.redis.ttl(next(iter(stage.redis.scan_iter("rate:form:*")))) > 0


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("PUT", "contact", b"", "text/plain", 405),
        ("POST", "contact", b'{"f0": "a@b.example"}', "application/json", 415),
        ("POST", "contact", b"f0=a", "text/plain", 415),
        ("POST", "contact", b"x" * (MOST_BYTES + 1), "multipart/form-data; boundary=B", 413),
        ("POST", "contact", b"--B\r\ncut off", "multipart/form-data; boundary=B", 400),
        ("POST", "contact", b"", "multipart/form-data", 409),
        ("POST", "contact", b"&".join(b"a=1" for _ in range(2000)), "application/x-www-form-urlencoded", 400),
        ("GET", "", b"", "text/html", 404),
        ("GET", "nothing", b"", "text/html", 404),
        ("GET", "~form/contact", b"", "text/html", 404),
        ("GET", "x" * 500, b"", "text/html", 404),
        ("GET", "../contact", b"", "text/html", 404),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(
    stage: Stage, method: str, path: str, body: bytes, kind: str, status: int
) -> None:
    if method == "POST":
        answer = stage.post(body, f"/forms/acme/{path}", Content_Type=kind)
    else:
        answer = stage.get(f"/forms/acme/{path}", method=method)
    assert answer["statusCode"] == status
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert stage.machines.started == []


def test_a_form_that_is_switched_off_says_so(stage: Stage) -> None:
    stage.target["paused"] = True  # type: ignore[index]
    answer = stage.get()
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "300")
    assert "closed" in answer["body"]


def test_a_start_that_fails_loses_nothing(stage: Stage) -> None:
    token = stage.token()
    stage.machines.error = AwsError("ServiceUnavailable", "away", retryable=True)
    answer = stage.post({**FINE, "~token": token})
    assert (answer["statusCode"], "nothing is lost" in answer["body"]) == (503, True)
    assert 'value="ada@example.com"' in answer["body"]
    stage.machines.error = None
    assert stage.post({**FINE, "~token": hidden(answer["body"], "~token")})["statusCode"] == 303


def test_a_form_is_looked_up_once_a_minute_and_without_redis_each_time(stage: Stage) -> None:
    for _ in range(3):
        assert stage.get()["statusCode"] == 200
        stage.get("/forms/acme/nothing")
    assert stage.looked_up == [("acme", "~form/contact"), ("acme", "~form/nothing")]
    assert 0 < stage.redis.ttl(keys.hook("acme", "~form/contact")) <= keys.HOOK_SECONDS
    gone = connect("redis://127.0.0.1:1")

    def look_up(slug: str, place: str) -> dict[str, Any]:
        stage.looked_up.append((slug, place))
        return {}

    found = page_targets.Targets(FORM, gone, look_up)
    assert (found.of("acme", "contact"), found.of("ACME", "contact"), stage.looked_up[2:]) == (
        None, None, [("acme", "~form/contact")],
    )  # fmt: skip
