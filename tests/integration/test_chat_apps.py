"""Telegram, Slack and Discord on the embedded stack, with servers of ours in their place: sent, called, refused."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from tests.fakes import discord, slack, telegram
from tests.fakes.discord import Discord
from tests.fakes.slack import Slack
from tests.fakes.telegram import Telegram
from tests.fakes.web import web_server
from tests.fixtures.app_servers import in_place_of
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import until

pytestmark = pytest.mark.integration

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture(scope="module")
def bot(settings: LocalSettings) -> Iterator[Telegram]:
    with (
        web_server() as web,
        in_place_of(settings, telegram.BASE_URL, web.url(""), "node-telegram-v1", "node-telegram_and_wait-v1"),
    ):
        yield Telegram(web)


@pytest.fixture(scope="module")
def workspace(settings: LocalSettings) -> Iterator[Slack]:
    with web_server() as web, in_place_of(settings, slack.BASE_URL, web.url("/api"), "node-slack-v1"):
        yield Slack(web)


@pytest.fixture(scope="module")
def server(settings: LocalSettings) -> Iterator[Discord]:
    with web_server() as web, in_place_of(settings, discord.BASE_URL, web.url("/api"), "node-discord-v1"):
        yield Discord(web)


async def credential(client: Client, type: str, **data: str) -> str:
    made = await client.post("/credentials", {"name": f"{type} {uuid.uuid4().hex[:6]}", "type": type, "data": data})
    return str(made["id"])


def sending(type: str, params: dict[str, Any], *items: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Return a workflow that sends something for each item, and keeps what comes out of it."""
    nodes = [node("make", "set_fields", {"assignments": []}), node("send", type, params), node("after", "no_op")]
    nodes[1]["settings"] = settings
    made = workflow(f"{type} {uuid.uuid4().hex[:6]}", nodes, "start>make", "make>send", "send>after")
    made["nodes"][0]["params"] = {"items": list(items)}
    return made


def test_telegram_sends_and_fetches_files_and_says_what_is_refused(tenant: Session, bot: Telegram) -> None:
    bot.files["f1"] = ("documents/list.txt", b"one\ntwo")

    async def run(client: Client) -> list[dict[str, Any]]:
        key = await credential(client, "telegram_bot", token=telegram.TOKEN)
        message = {"credential": key, "resource": "message", "operation": "send", "chat": "{{ $json.chat }}"}
        message |= {"messageSendText": "Order **{{ $json.n }}**", "messageSendFormat": "markdown"}
        items = ({"chat": 42, "n": 1}, {"chat": 9, "n": 2}, {"chat": 42, "n": 3})
        sent = sending("telegram", message, *items, onError="continue")
        fetch = {"credential": key, "resource": "file", "operation": "download", "fileDownloadId": "f1"}
        again = {"credential": key, "resource": "message", "operation": "send_document", "chat": "42", "file": "data"}
        both = sending("telegram", fetch, {})
        both["nodes"][2:3] = [both["nodes"][2], node("again", "telegram", again)]
        both["edges"] = [edge for edge in both["edges"] if edge["source"] != "send"]
        names = ("id", "source", "sourcePort", "target", "targetPort")
        ways = (("a", "send", "main", "again", "main"), ("b", "again", "main", "after", "main"))
        both["edges"] += [dict(zip(names, way, strict=True)) for way in ways]
        return [await run_draft(client, document) for document in (sent, both)]

    sent, both = tenant(run)
    assert sent["status"] == "succeeded", sent["error"]
    first, refused, last = outputs(sent, "after")
    assert (first["text"], last["text"]) == ("Order 1", "Order 3")
    assert "chat not found" in refused["error"]["message"]
    assert telegram.TOKEN not in json.dumps(sent)
    assert both["status"] == "succeeded", both["error"]
    method, given = bot.calls[-1]
    assert (method, given["document"]) == ("sendDocument", b"one\ntwo")


def test_slack_and_discord_send(tenant: Session, workspace: Slack, server: Discord) -> None:
    server.limited = [0.05]

    async def run(client: Client) -> list[dict[str, Any]]:
        key = await credential(client, "slack_token", token=slack.TOKEN)
        hook = await credential(client, "discord_webhook", url=discord.HOOK)
        post = {"credential": key, "resource": "message", "operation": "post", "channel": "#room-1", "text": "a < b"}
        send = {"credential": hook, "resource": "webhook", "operation": "send", "text": "@everyone {{ $json.n }}"}
        documents = (sending("slack", post, {}), sending("discord", send, {"n": 1}, {"n": 2}))
        return [await run_draft(client, document) for document in documents]

    posted, sent = tenant(run)
    assert posted["status"] == "succeeded", posted["error"]
    assert workspace.named("chat.postMessage")[-1]["text"] == "a &lt; b"
    assert sent["status"] == "succeeded", sent["error"]
    assert [one["content"] for one in outputs(sent, "after")] == ["@everyone 1", "@everyone 2"]
    assert "3d89bb75" not in json.dumps(sent)


def test_telegram_asks_and_goes_on_with_the_answer(tenant: Session, bot: Telegram) -> None:
    async def run(client: Client) -> dict[str, Any]:
        key = await credential(client, "telegram_bot", token=telegram.TOKEN)
        question = {"credential": key, "chat": "42", "subject": "Refund order {{ $json.n }}?", "refuse": "No"}
        id = (await client.post("/workflows", sending("telegram_and_wait", question, {"n": 7})))["id"]
        started = (await client.post(f"/workflows/{id}/run", {}))["executionId"]
        await until(client, started, waiting=1)
        sent = next(given for _, given in bot.calls if given.get("text") == "Refund order 7?")
        [[approve], [refuse]] = sent["reply_markup"]["inline_keyboard"]
        assert (approve["text"], refuse["text"]) == ("Approve", "No")
        path = "/forms/" + refuse["url"].partition("/forms/")[2]
        page = (await client.raw("GET", path)).text
        wait = page.partition('name="~wait" value="')[2].partition('"')[0]
        form = {"~wait": wait, "f0": "No"}
        answer = await client.raw("POST", path.partition("?")[0], data=form)
        assert answer.status_code in (200, 303), answer.text
        return await until(client, started)

    ended = tenant(run)
    assert ended["status"] == "succeeded", ended["error"]
    [item] = outputs(ended, "after")
    assert (item["decision"], item["approved"]) == ("No", False)


def test_slack_calls_one_address_for_good_and_an_event_starts_once(tenant: Session) -> None:
    async def run(client: Client) -> None:
        key = await credential(client, "slack_token", token=slack.TOKEN, signingSecret=SIGNING)
        made = workflow(f"Mentions {uuid.uuid4().hex[:6]}", [node("after", "no_op")])
        params = {"credential": key, "events": [{"event": "app_mention"}]}
        made["nodes"].append(node("told", "slack_trigger", params))
        made["edges"].append({"id": "told", "source": "told", "target": "after"})
        id = (await client.post("/workflows", made))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [there] = (await client.get(f"/workflows/{id}"))["registrations"]
        path = "/hooks/" + there["url"].partition("/hooks/")[2]

        challenge = await client.raw("POST", path, **signed({"type": "url_verification", "challenge": "3eZ"}))
        assert (challenge.status_code, challenge.text) == (200, "3eZ")
        event = {"type": "app_mention", "user": "U1", "text": "Hi", "channel": "C1", "ts": "1.5"}
        told = signed({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
        answers = await asyncio.gather(*(client.raw("POST", path, **told) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {200}
        [ended] = await executions_of(client, id, "succeeded")
        [item] = outputs(await client.get(f"/executions/{ended['id']}"), "after")
        assert (item["kind"], item["event"]["text"]) == ("app_mention", "Hi")
        assert (await client.raw("POST", path, **signed(event, "another secret"))).status_code == 401

        await client.post(f"/workflows/{id}/unpublish", {})
        await client.post(f"/workflows/{id}/publish", {})
        [again] = (await client.get(f"/workflows/{id}"))["registrations"]
        assert again["url"] == there["url"]

    tenant(run)


def test_telegrams_trigger_says_what_telegram_does_not_call(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client) -> None:
        key = await credential(client, "telegram_bot", token=telegram.TOKEN)
        made = workflow(f"Messages {uuid.uuid4().hex[:6]}", [node("after", "no_op")])
        params = {"credential": key, "updates": [{"kind": "message"}]}
        made["nodes"].append(node("told", "telegram_trigger", params))
        made["edges"].append({"id": "told", "source": "told", "target": "after"})
        id = (await client.post("/workflows", made))["id"]
        with pytest.raises(ApiError) as refused:
            await client.post(f"/workflows/{id}/publish", {})
        assert "An HTTPS URL must be provided" in str(refused.value.problem)

    with web_server() as web, in_place_of(settings, telegram.BASE_URL, web.url(""), "node-telegram_trigger-v1"):
        Telegram(web)
        tenant(run)


def signed(body: dict[str, Any], secret: str = SIGNING) -> dict[str, Any]:
    """Return a call that Slack signed."""
    content, moment = json.dumps(body).encode(), str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{moment}:".encode() + content, hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": moment, "x-slack-signature": f"v0={digest}"}
    return {"content": content, "headers": {"content-type": "application/json", **headers}}
