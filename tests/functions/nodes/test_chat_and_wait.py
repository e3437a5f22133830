"""Telegram and Slack, send and wait: the message that asks, and the page that its buttons lead to."""

from typing import Any

import pytest

from functions.nodes.apps.slack.nodes.ask.run import run as slack_run
from functions.nodes.apps.slack.nodes.ask.spec import SPEC as SLACK
from functions.nodes.apps.slack.spec import APP as SLACK_APP
from functions.nodes.apps.telegram.nodes.ask.run import run as telegram_run
from functions.nodes.apps.telegram.nodes.ask.spec import SPEC as TELEGRAM
from functions.nodes.apps.telegram.spec import APP as TELEGRAM_APP
from stepweave.runtime.asking_in_chats import NoPublicAddress
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.form_links import path_of, question_key
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError
from tests.fakes import slack, steps, telegram
from tests.fakes.slack import Slack
from tests.fakes.steps import Bench, context, items
from tests.fakes.telegram import Telegram
from tests.fakes.web import Web

SECRET = "a test's own secret"
GIVEN = items({"id": 7}, {"id": 8})
QUESTION = {"credential": "c", "subject": "Refund *order* {{ $json.id }}?", "message": "**20 EUR**"}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(steps, "rate_of", lambda type, data: None)


@pytest.fixture
def telegram_node(web: Web, monkeypatch: pytest.MonkeyPatch) -> tuple[Bench, Telegram]:
    monkeypatch.setitem(operations.BASE_URLS, TELEGRAM_APP.base_url, web.url(""))
    bench = Bench(TELEGRAM, telegram_run)
    bench.outside.credentials["c", "telegram_bot"] = {"token": telegram.TOKEN}
    return bench, Telegram(web)


@pytest.fixture
def slack_node(web: Web, monkeypatch: pytest.MonkeyPatch) -> tuple[Bench, Slack]:
    monkeypatch.setitem(operations.BASE_URLS, SLACK_APP.base_url, web.url("/api"))
    bench = Bench(SLACK, slack_run)
    bench.outside.credentials["c", "slack_token"] = {"token": slack.TOKEN}
    return bench, Slack(web)


def ask(bench: Bench, params: dict[str, Any], **more: Any) -> Any:
    """Run the node, and return what it waits with."""
    known = context()
    known["formUrl"] = f"https://s.example{path_of(SECRET, known['executionId'])}"
    assert bench({**QUESTION, **params}, GIVEN, taskToken="t", context=known, **more) == {"output": {}}
    return bench.outside.of("node.waiting")[-1]["waiting"]


def test_telegram_asks_with_buttons_that_lead_to_the_page(telegram_node: tuple[Bench, Telegram]) -> None:
    bench, there = telegram_node
    waiting = ask(bench, {"chat": "42", "refuse": "No"})
    [(method, sent)] = there.calls
    assert (method, sent["chat_id"], sent["text"]) == ("sendMessage", 42, "Refund *order* 7?\n\n20 EUR")
    assert [one["type"] for one in sent["entities"]] == ["bold", "bold"]
    [[approve], [refuse]] = sent["reply_markup"]["inline_keyboard"]
    assert (approve["text"], refuse["text"]) == ("Approve", "No")
    url, _, query = approve["url"].partition("?")
    assert (url, query) == (waiting["url"], "decision=Approve")
    key = question_key(SECRET, context()["executionId"], url.rpartition("/")[2])
    assert key == waiting["resume"]["key"] != ""
    assert waiting["title"] == "Refund *order* 7?"
    assert waiting["resume"]["adds"]["of"] == {"Approve": {"approved": True}, "No": {"approved": False}}


def test_slack_asks_with_buttons_or_one_that_leads_to_a_form(slack_node: tuple[Bench, Slack]) -> None:
    bench, there = slack_node
    waiting = ask(bench, {"channel": "C0000001"})
    ask(bench, {"channel": "C0000001", "answer": "text", "button": "Say"})
    first, second = there.named("chat.postMessage")
    section, actions = first["blocks"]
    assert section["text"]["text"] == "*Refund *order* 7?*\n\n*20 EUR*"
    assert [one["text"]["text"] for one in actions["elements"]] == ["Approve", "Refuse"]
    assert actions["elements"][0]["url"] == f"{waiting['url']}?decision=Approve"
    assert [one["text"]["text"] for one in second["blocks"][-1]["elements"]] == ["Say"]


def test_a_retry_leads_to_the_same_page(slack_node: tuple[Bench, Slack]) -> None:  # n8n-io/n8n#13144: asked in a loop
    bench, _ = slack_node
    params = {"channel": "C0000001"}
    assert ask(bench, params)["url"] == ask(bench, params, attempt=2)["url"]


def test_where_nothing_can_be_sent_nothing_waits(telegram_node: tuple[Bench, Telegram]) -> None:
    bench, there = telegram_node
    with pytest.raises(HttpClientError, match="chat not found"):
        ask(bench, {"chat": "7"})
    with pytest.raises(ParameterInvalid, match="called the same"):
        ask(bench, {"chat": "42", "refuse": "approve"})
    with pytest.raises(NoPublicAddress):
        bench({**QUESTION, "chat": "42"}, GIVEN, taskToken="t")
    assert bench.outside.of("node.waiting") == []
    assert len(there.calls) == 1


def test_when_nobody_answers_the_items_go_on(slack_node: tuple[Bench, Slack]) -> None:
    bench, there = slack_node
    given = {**QUESTION, "channel": "C0000001"}
    assert [one["id"] for one in bench.json(given, GIVEN, "timeout", phase="timedOut")] == [7, 8]
    assert there.calls == []
