"""Test addresses of forms: the draft's page for who listens in the editor; what is sent there starts nothing."""

import time
from typing import Any

from functions.system.form.words import words_of
from stepweave_data.hooks.page_places import FORM
from stepweave_data.hooks.tries import Tries, Try
from tests.functions.system.form.stage import Stage, hidden, multipart
from tests.functions.system.hooks import Bench, call

NOTE = words_of("en")("isTest")
TEST = "/forms/acme/~test/draft"
FINE = {"f0": "ada@example.com"}


def listen(stage: Stage, id: str = "l1", seconds: float = 60) -> None:
    start = {"tenant_id": str(stage.tenant.id), "workflow_id": str(stage.tenant.workflow_id)}
    target: Any = {**stage.published(), "start": start}
    it: Try = {
        "tenantId": start["tenant_id"],
        "workflowId": start["workflow_id"],
        "nodeId": "form",
        "userId": "u",
        "until": time.time() + seconds,
        "path": FORM.of("draft"),
        "methods": [FORM.method],
        "target": target,
    }
    Tries(stage.redis).begin("acme", id, it)


def test_the_drafts_page_is_shown_to_who_listens_and_what_is_sent_starts_nothing(stage: Stage) -> None:
    assert stage.get(TEST)["statusCode"] == 404
    listen(stage)
    page = stage.get(TEST, query="email=eve@example.com")
    assert (page["statusCode"], "eve@example.com" in page["body"], NOTE in page["body"]) == (200, True, True)
    token = hidden(page["body"], "~token")
    wrong = stage.post({"f0": "ada", "~token": token}, TEST)
    assert (wrong["statusCode"], NOTE in wrong["body"]) == (422, True)
    answer = stage.post({**FINE, "~token": token}, TEST)
    assert (answer["statusCode"], "Nothing was started" in answer["body"]) == (200, True)
    (item,) = Tries(stage.redis).heard("l1")["items"]
    assert (item["json"]["email"], stage.machines.started, stage.handed_over) == ("ada@example.com", [], [])
    assert stage.post({**FINE, "~token": token}, TEST)["statusCode"] == 404
    assert stage.get(TEST)["statusCode"] == 404


def test_files_that_are_sent_to_a_test_address_are_stored(stage: Stage) -> None:
    listen(stage)
    body, kind = multipart(
        ('name="f0"', b"ada@example.com"),
        ('name="f2"; filename="a.png"\r\nContent-Type: image/png', b"PNG"),
        ('name="~token"', hidden(stage.get(TEST)["body"], "~token").encode()),
    )
    assert stage.post(body, TEST, Content_Type=kind)["statusCode"] == 200
    (item,) = Tries(stage.redis).heard("l1")["items"]
    assert item["binary"]["photo"]["key"] == f"{stage.tenant.id}/l1/form/1-file-0"


def test_listening_ends_and_neither_doors_is_the_others(stage: Stage) -> None:
    listen(stage, seconds=-1)
    assert stage.get(TEST)["statusCode"] == 404
    listen(stage, "l2")
    assert stage.get("/forms/acme/draft")["statusCode"] == 404
    assert stage.get("/forms/other/~test/draft")["statusCode"] == 404
    assert stage.get("/forms/acme/~test/")["statusCode"] == 404
    bench = Bench(stage.redis, methods={})
    for path in ("/hooks/acme/~test/draft", "/hooks/acme/~test/~form/draft"):
        for method in ("POST", FORM.method):
            assert bench(call(path, {}, method=method))["statusCode"] in (404, 405)
    assert bench.machines.started == []
