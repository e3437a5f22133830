"""The Telegram trigger: one address for each bot, whose it is, and what is told there."""

import base64
import json
from typing import Any

import pytest

from functions.nodes.apps.telegram.spec import APP
from functions.nodes.apps.telegram.triggers.updates.spec import SPEC
from functions.nodes.apps.telegram.triggers.updates.trigger import activate, deactivate, receive
from stepweave.runtime.http import operations
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.telegram import TOKEN, Refused, Telegram
from tests.fakes.web import Web

ROOM = "https://stepweave.example/hooks/acme/~/"
ADDRESS, FORMER = ROOM + "a" * 32, ROOM + "b" * 32
PARAMS = {"credential": "c", "updates": [{"kind": "message"}, {"kind": "callback_query"}, {"kind": "message"}]}
MESSAGE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 42}, "from": {"username": "Ada"}, "text": "Hi"}}


@pytest.fixture
def telegram(web: Web, monkeypatch: pytest.MonkeyPatch) -> Telegram:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(steps, "rate_of", lambda type, data: None)
    return Telegram(web)


@pytest.fixture
def trigger(telegram: Telegram) -> AskBench:
    made = AskBench(SPEC, {"activate": activate, "deactivate": deactivate, "receive": receive})
    made.outside.credentials["c", "telegram_bot"] = {"token": TOKEN}
    return made


def told(trigger: AskBench, update: Any, secret: str = "s", kept: str = "s", **params: Any) -> Any:
    return trigger(
        "receive",
        {**PARAMS, **params},
        address=ADDRESS,
        method="POST",
        headers={"x-telegram-bot-api-secret-token": secret},
        query={"workflow": ""},
        rawBody=base64.b64encode(update if isinstance(update, bytes) else json.dumps(update).encode()).decode(),
        kept={"secret": kept},
    )


def test_the_address_is_set_with_a_secret_and_the_kinds(trigger: AskBench, telegram: Telegram) -> None:
    kept = trigger("activate", PARAMS, address=ADDRESS, test=False)
    assert telegram.hook["url"] == f"{ADDRESS}?workflow=&node="
    assert telegram.hook["secret_token"] == kept["secret"]
    assert len(kept["secret"]) == 64
    assert telegram.hook["allowed_updates"] == ["message", "callback_query"]
    trigger("deactivate", PARAMS, address=ADDRESS, kept=kept, active="")
    assert telegram.hook == {"url": ""}


def test_a_bot_that_tells_somebody_else_is_taken_only_where_that_is_wanted(
    trigger: AskBench, telegram: Telegram
) -> None:
    for url, whom in (
        ("https://n8n.example/webhook/1", "n8n.example"),
        (f"{FORMER}?workflow=w&node=n", "another trig"),
    ):
        telegram.hook = {"url": url}
        error = trigger.error("activate", PARAMS, address=ADDRESS, test=False)
        assert (error["type"], error["details"]["field"], error["retryable"]) == (
            "BotTaken",
            "params.credential",
            False,
        )
        assert whom in error["message"]
        assert telegram.hook == {"url": url}
    trigger("activate", {**PARAMS, "takeOver": True}, address=ADDRESS, test=False)
    assert telegram.hook["url"].startswith(ADDRESS)


def test_publishing_again_replaces_its_own_address_and_the_former_ones_end_leaves_it(
    trigger: AskBench, telegram: Telegram
) -> None:
    trigger("activate", PARAMS, address=FORMER, test=False)
    trigger("activate", PARAMS, address=ADDRESS, test=False)
    trigger("deactivate", PARAMS, address=FORMER, kept={"secret": "x"}, active=ADDRESS)
    assert telegram.hook["url"].startswith(ADDRESS)


def test_a_publish_that_fails_gives_the_bot_back_to_what_is_live(trigger: AskBench, telegram: Telegram) -> None:
    before = trigger("activate", {**PARAMS, "updates": [{"kind": "poll_answer"}]}, address=FORMER, test=False)
    kept = trigger("activate", PARAMS, address=ADDRESS, test=False)
    trigger("deactivate", PARAMS, address=ADDRESS, kept=kept, active=FORMER)
    assert telegram.hook["url"].startswith(FORMER)
    assert telegram.hook["secret_token"] == before["secret"]
    assert telegram.hook["allowed_updates"] == ["poll_answer"]
    trigger("activate", PARAMS, address=ADDRESS, test=False)
    trigger("deactivate", PARAMS, address=ADDRESS, kept=None, active=FORMER)  # nobody knows what `activate` said
    assert telegram.hook["url"].startswith(FORMER)


@pytest.mark.parametrize("params", [PARAMS, {**PARAMS, "takeOver": True}])
def test_a_test_takes_nothing_from_what_is_live(trigger: AskBench, telegram: Telegram, params: dict[str, Any]) -> None:
    trigger("activate", PARAMS, address=FORMER, test=False)
    error = trigger.error("activate", params, address=ADDRESS, test=True)
    assert error["type"] == "BotTaken"
    assert "this workflow, which is published" in error["message"]
    assert "second bot" in error["remedy"]
    assert telegram.hook["url"].startswith(FORMER)


def test_two_triggers_at_one_moment_do_not_both_believe_that_they_have_the_bot(
    trigger: AskBench, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = telegram._set_webhook

    def meanwhile(given: dict[str, Any]) -> bool:
        return setting({**given, "url": f"{FORMER}?workflow=w&node=other"})

    monkeypatch.setattr(telegram, "_set_webhook", meanwhile)
    assert trigger.error("activate", PARAMS, address=ADDRESS, test=False)["type"] == "BotTaken"


def test_an_address_that_telegram_does_not_call_is_said(trigger: AskBench) -> None:  # n8n-io/n8n#17577
    error = trigger.error("activate", PARAMS, address="http://127.0.0.1:8400/hooks/a/~/b", test=False)
    assert "An HTTPS URL must be provided" in error["message"]
    assert "public https" in error["remedy"]


def test_an_update_is_an_item_and_is_known_by_its_id(trigger: AskBench) -> None:
    assert told(trigger, MESSAGE) == {"items": [{"json": {"kind": "message", **MESSAGE}}], "deliveryId": "7"}


@pytest.mark.parametrize(("secret", "kept"), [("", "s"), ("wrong", "s"), ("", ""), ("ü", "s")])
def test_a_call_without_the_secret_is_refused(trigger: AskBench, secret: str, kept: str) -> None:
    assert told(trigger, MESSAGE, secret, kept)["refuse"]["status"] == 401


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"update_id": "x"}'])
def test_what_is_no_update_is_refused(trigger: AskBench, body: bytes) -> None:
    assert told(trigger, body)["refuse"]["status"] == 400


def test_only_what_is_wanted_starts(trigger: AskBench) -> None:
    assert told(trigger, {"update_id": 7, "poll_answer": {}}) == {"items": []}
    assert told(trigger, MESSAGE, chats="-100, 7") == {"items": []}
    assert told(trigger, MESSAGE, chats="@ada")["items"]
    pressed = {"update_id": 8, "callback_query": {"from": {"id": 9}, "message": {"chat": {"id": 42}}, "data": "yes"}}
    assert told(trigger, pressed, chats="42")["items"][0]["json"]["kind"] == "callback_query"


def test_a_file_comes_along(trigger: AskBench, telegram: Telegram) -> None:
    telegram.files["big"] = ("photos/file_1.jpg", b"jpg")
    photo = {"update_id": 7, "message": {"chat": {"id": 42}, "photo": [{"file_id": "small"}, {"file_id": "big"}]}}
    [item] = told(trigger, photo, files=True)["items"]
    assert (item["binary"]["data"]["fileName"], item["binary"]["data"]["size"]) == ("file_1.jpg", 3)
    document = {"update_id": 8, "message": {"chat": {"id": 42}, "document": {"file_id": "big", "file_name": "a b.pdf"}}}
    assert told(trigger, document, files=True)["items"][0]["binary"]["data"]["fileName"] == "a b.pdf"


def test_a_file_that_cannot_be_had_is_said_and_one_that_comes_later_is_waited_for(
    trigger: AskBench, telegram: Telegram
) -> None:
    document = {"update_id": 7, "message": {"chat": {"id": 42}, "document": {"file_id": "gone"}}}
    [item] = told(trigger, document, files=True)["items"]
    assert "invalid file_id" in item["json"]["fileError"]
    telegram.refuses["getFile"] = [Refused("Too Many Requests: retry after 60", 429, retry_after=60)]
    error = trigger.error(
        "receive",
        {**PARAMS, "files": True},
        address=ADDRESS,
        method="POST",
        headers={"x-telegram-bot-api-secret-token": "s"},
        query={},
        rawBody=base64.b64encode(json.dumps(document).encode()).decode(),
        kept={"secret": "s"},
    )
    assert error["type"] == "HttpRateLimited"
