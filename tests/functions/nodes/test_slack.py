"""The Slack node against a workspace's API on loopback, and what breaks such nodes elsewhere (repository#issue)."""

import json
from typing import Any

import pytest

from functions.nodes.apps.slack.mrkdwn import mended, of_markdown
from functions.nodes.apps.slack.run import run
from functions.nodes.apps.slack.spec import APP, SPEC
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http.options import app_options
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError, ResponseInvalid
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.slack import TOKEN, Refused, Slack
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.stored import stored
from tests.fakes.web import Web

ONE = items({})


@pytest.fixture
def slack(web: Web, monkeypatch: pytest.MonkeyPatch) -> Slack:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url("/api"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Slack(web)


@pytest.fixture
def node(slack: Slack) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "slack_token"] = {"token": TOKEN}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "resource": resource, "operation": operation, **more}


def says(text: str, **more: Any) -> dict[str, Any]:
    return params("message", "post", **{"channel": "C0000001", "text": text, **more})


def test_a_message_is_posted(slack: Slack, node: Bench) -> None:
    more = {"thread": "1.5", "broadcast": True, "unfurl": False, "username": "Orders", "icon": ":box:"}
    [made] = node.json(says("Order {{ $json.n }}", **more), items({"n": 7}))
    assert made["ts"] == "1503435956.000247"
    assert slack.named("chat.postMessage") == [
        {
            "channel": "C0000001",
            "text": "Order 7",
            "thread_ts": "1.5",
            "reply_broadcast": True,
            "unfurl_links": False,
            "unfurl_media": False,
            "username": "Orders",
            "icon_emoji": ":box:",
        }
    ]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("> quoted <@U1> <#C1|x> <!here> *b* &amp; <https://x.y/?a=1&b=2|l>", None),
        ("<script> <@u1> <!> <https://x y>", "&lt;script&gt; &lt;@u1&gt; &lt;!&gt; &lt;https://x y&gt;"),
    ],
)
def test_what_can_only_be_text_is_escaped_and_markup_stays(text: str, sent: str | None) -> None:
    assert mended(text) == (text if sent is None else sent)


def test_plain_text_mentions_nobody(slack: Slack, node: Bench) -> None:
    node.json(says("{{ $json.t }}", format="plain"), items({"t": "<!channel> & <@U1>"}))
    assert slack.named("chat.postMessage")[0]["text"] == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("# Title\n\n**bold** and *it* and ~~no~~", "*Title*\n\n*bold* and _it_ and ~no~"),
        ("**bold _both_ end**", "*bold* _*both*_ *end*"),
        ("a**b**c", "a\u200b*b*\u200bc"),
        ("[a|b](https://x.y/?a=1&b=2) `x<1` <@U1>", "<https://x.y/?a=1&amp;b=2|a¦b> `x&lt;1` &lt;@U1&gt;"),
        ("```py\na < b\n```", "```\na &lt; b\n```"),
        ("- one\n- two\n\n> q1\n> q2", "• one\n• two\n\n> q1\n> q2"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("", ""),
    ],
)
def test_markdown_is_written_in_mrkdwn(markdown: str, mrkdwn: str) -> None:
    assert of_markdown(markdown) == mrkdwn


def test_buttons_stand_below_the_text(slack: Slack, node: Bench) -> None:
    buttons = [{"text": "Yes", "value": "yes:7", "style": "primary"}, {"text": "Open", "url": "https://x.y"}]
    node.json(says("Sure?", buttons=buttons), ONE)
    [sent] = slack.named("chat.postMessage")
    section, actions = sent["blocks"]
    assert (sent["text"], section["text"]) == ("Sure?", {"type": "mrkdwn", "text": "Sure?"})
    yes, opened = actions["elements"]
    assert (yes["value"], yes["style"], yes["action_id"]) == ("yes:7", "primary", "button_0")
    assert (opened["url"], opened["value"]) == ("https://x.y", "Open")


def test_a_long_text_with_buttons_is_several_sections(slack: Slack, node: Bench) -> None:
    node.json(says("word " * 1500, buttons=[{"text": "Yes"}]), ONE)
    *sections, _ = slack.named("chat.postMessage")[0]["blocks"]
    assert "".join(one["text"]["text"] for one in sections) == "word " * 1500
    assert all(len(one["text"]["text"]) <= 3000 for one in sections)


@pytest.mark.parametrize("blocks", [[{"type": "divider"}], {"blocks": [{"type": "divider"}]}])
def test_blocks_are_a_list_or_what_the_builder_gives(slack: Slack, node: Bench, blocks: Any) -> None:
    node.json(says("", blocks=blocks), ONE)
    assert slack.named("chat.postMessage") == [{"channel": "C0000001", "blocks": [{"type": "divider"}]}]


def test_what_slack_says_of_blocks_is_told(slack: Slack, node: Bench) -> None:
    with pytest.raises(HttpClientError, match=r"invalid_blocks: \[ERROR\] missing required field: type"):
        node(says("", blocks=[{"text": "x"}]), ONE)


def test_bad_messages_are_refused_here(slack: Slack, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="The message is empty"):
        node(says("  "), ONE)
    with pytest.raises(ParameterInvalid, match="no list of objects"):
        node(says("x", blocks="[]]"), ONE)
    with pytest.raises(DataTooLarge, match="40001 characters"):
        node(says("x" * 40_001), ONE)
    assert slack.calls == []


def test_scheduling_takes_a_moment(slack: Slack, node: Bench) -> None:
    given = {**says("x", messageScheduleAt="2026-12-24T18:00:00+01:00"), "operation": "schedule"}
    node.json(given, ONE)
    assert slack.named("chat.scheduleMessage")[0]["post_at"] == 1798131600
    with pytest.raises(ParameterInvalid, match="is not a moment") as refused:
        node({**given, "messageScheduleAt": "tomorrow"}, ONE)
    assert refused.value.details["field"] == "params.messageScheduleAt"


def test_a_message_is_changed_and_its_blocks_go(slack: Slack, node: Bench) -> None:
    node.json(says("Before"), ONE)
    given = {**says("After", ts=" 1503435956.000247 "), "operation": "update"}
    node.json(given, ONE)
    sent = slack.named("chat.update")[0]
    assert sent == {"channel": "C0000001", "ts": "1503435956.000247", "blocks": [], "text": "After"}


def test_a_reaction_that_is_there_is_no_error(slack: Slack, node: Bench) -> None:
    given = params("reaction", "add", channel="C0000001", ts="1.5", reactionAddName=":thumbsup:")
    assert node.json(given, ONE) == [{"ok": True}]
    assert node.json(given, ONE) == [{"ok": True, "already": True}]
    assert slack.named("reactions.add")[0]["name"] == "thumbsup"


def test_lists_go_from_cursor_to_cursor(slack: Slack, node: Bench) -> None:
    slack.channels = [{"id": f"C{n}", "name": f"c{n}"} for n in range(450)]
    assert len(node.json(params("channel", "list", returnAll=True), ONE)) == 450
    assert [given.get("cursor", "") for given in slack.named("conversations.list")] == ["", "200", "400"]
    assert node.json(params("channel", "members", channel="C1", returnAll=True), ONE) == [
        {"data": "U1"},
        {"data": "U2"},
    ]


@pytest.mark.parametrize(
    ("channel", "sent"),
    [("C0000001", "C0000001"), ("#room-3", "C0000003"), ("Room-4", "C0000004"), ("U0000001", "D0000001")],
)
def test_a_file_is_uploaded_in_the_new_way(slack: Slack, node: Bench, channel: str, sent: str) -> None:
    # n8n-io/n8n#22201 (files.upload is gone), home-assistant/core#137567 (names where ids are wanted)
    ref = stored(node.outside, b"%PDF-1.7", "invoice 7.pdf")
    given = params("file", "upload", fileUploadFile="data", fileUploadChannel=channel, fileUploadComment="a < b")
    assert node.json(given, [{"json": {}, "binary": {"data": ref}}]) == [{"id": "F1", "title": "invoice 7.pdf"}]
    assert slack.named("files.getUploadURLExternal") == [{"filename": "invoice 7.pdf", "length": "8"}]
    assert slack.uploaded == {"F1": b"%PDF-1.7"}
    [done] = slack.named("files.completeUploadExternal")
    files = [{"id": "F1", "title": "invoice 7.pdf"}]
    assert done == {"files": files, "channel_id": sent, "initial_comment": "a &lt; b"}


def test_a_file_for_a_channel_that_nobody_sees_is_refused_before_it_is_sent(slack: Slack, node: Bench) -> None:
    ref = stored(node.outside, b"x")
    given = params("file", "upload", fileUploadFile="data", fileUploadChannel="#nowhere")
    with pytest.raises(ParameterInvalid, match="sees no channel #nowhere"):
        node(given, [{"json": {}, "binary": {"data": ref}}])
    assert slack.uploaded == {}


def test_a_file_is_fetched_and_a_page_in_its_place_is_none(slack: Slack, node: Bench, web: Web) -> None:
    output = node(params("file", "download", fileDownloadId="F1"), ONE)["output"]
    [made] = node.outside.claims.fetch(output["main"], TENANT)
    assert (made["binary"]["data"]["fileName"], made["binary"]["data"]["size"]) == ("invoice.pdf", 4)
    web.routes["/files/F1/invoice.pdf"] = lambda exchange: exchange.answer(200, b"<html>", content_type="text/html")
    with pytest.raises(ResponseInvalid, match="log-in page"):
        node(params("file", "download", fileDownloadId="F1"), ONE)


@pytest.mark.parametrize(
    ("refused", "error", "words", "remedy"),
    [
        (
            Refused("missing_scope", needed="chat:write", provided="channels:read"),
            HttpClientError,
            "missing_scope: it needs chat:write, and has channels:read",
            "Give the app the scope chat:write",
        ),
        (Refused("not_in_channel"), HttpClientError, "not_in_channel", "/invite @app"),
        (Refused("token_revoked"), HttpClientError, "token_revoked", "again"),
        (Refused("ratelimited"), HttpRateLimited, "ratelimited", ""),
        (Refused("ratelimited", 429, {"retry_after": "30"}), HttpRateLimited, "ratelimited", ""),
        (Refused("internal_error"), HttpServerError, "internal_error", ""),
        (Refused("some_new_code"), HttpClientError, "some_new_code", "Check the credential"),
    ],
)
def test_refusals_have_slacks_code_and_say_what_to_do(
    slack: Slack, node: Bench, refused: Refused, error: type[NodeError], words: str, remedy: str
) -> None:
    slack.refuses["chat.postMessage"] = [refused]
    with pytest.raises(error) as raised:
        node(says("x"), ONE)
    assert type(raised.value) is error
    assert words in raised.value.message
    assert remedy in raised.value.remedy
    assert raised.value.details["code"] == str(refused)
    assert raised.value.retry_after == (30 if refused.status == 429 else None)
    assert TOKEN not in json.dumps(raised.value.to_json())


def test_a_token_that_is_wrong_is_said(slack: Slack, node: Bench) -> None:
    node.outside.credentials["c", "slack_token"] = {"token": "xoxb-other"}
    with pytest.raises(HttpClientError, match="invalid_auth"):
        node(says("x"), ONE)


def test_channels_and_people_are_choices_and_what_forbids_them_is_said(slack: Slack) -> None:
    # n8n-io/n8n#3303, #2376: the list said UNKNOWN ERROR
    bench = AskBench(SPEC, {"options": lambda asked: app_options(APP, asked)})
    bench.outside.credentials["c", "slack_token"] = {"token": TOKEN}
    found = bench("options", {"credential": "c"}, loader="channels", search="", page="")
    assert {"value": "C0000001", "label": "room-1"} in found["options"]
    found = bench("options", {"credential": "c"}, loader="users", search="", page="")
    assert found["options"] == [{"value": "U1", "label": "Ada Lovelace", "detail": "ada"}]
    slack.refuses["conversations.list"] = [Refused("missing_scope", needed="groups:read", provided="chat:write")]
    error = bench.error("options", {"credential": "c"}, loader="channels", search="", page="")
    assert "groups:read" in error["message"]
    assert "groups:read" in error["remedy"]
