"""The Telegram node against a bot's API on loopback, and what breaks such nodes elsewhere (repository#issue)."""

import json
from typing import Any

import pytest

from functions.nodes.apps.telegram import sending as sending_module
from functions.nodes.apps.telegram.formatting import formatted
from functions.nodes.apps.telegram.run import run
from functions.nodes.apps.telegram.spec import APP, SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError
from tests.fakes import steps
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.stored import stored
from tests.fakes.telegram import TOKEN, Refused, Telegram, units
from tests.fakes.web import Web

ONE = items({})
LIMIT = 4096


@pytest.fixture
def telegram(web: Web, monkeypatch: pytest.MonkeyPatch) -> Telegram:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    monkeypatch.setattr(steps, "rate_of", lambda type, data: None)
    return Telegram(web)


@pytest.fixture
def node(telegram: Telegram) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "telegram_bot"] = {"token": TOKEN}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    chat = {} if resource in ("callback", "file") else {"chat": "42"}
    return {"credential": "c", "resource": resource, "operation": operation, **chat, **more}


def says(text: str, **more: Any) -> dict[str, Any]:
    return params("message", "send", messageSendText=text, **more)


def with_files(node: Bench, **files: bytes) -> list[Item]:
    refs = {name: stored(node.outside, content, f"{name}.jpg", "image/jpeg") for name, content in files.items()}
    return [{"json": {}, "binary": refs}]


def test_a_message_is_sent_for_each_item(telegram: Telegram, node: Bench) -> None:
    given = says("Order {{ $json.n }}", silent=True, replyTo=7, topic=3, messageSendPreview=False)
    assert [one["text"] for one in node.json(given, items({"n": 1}, {"n": 2}))] == ["Order 1", "Order 2"]
    assert telegram.calls[0] == (
        "sendMessage",
        {
            "chat_id": 42,
            "message_thread_id": 3,
            "disable_notification": True,
            "reply_parameters": {"message_id": 7},
            "link_preview_options": {"is_disabled": True},
            "text": "Order 1",
        },
    )


@pytest.mark.parametrize(
    "text",
    [
        "_hello_world_ 100% [x](y",  # lbb00/hubot-telegram-better#12
        "*NodeStatus* \n 😀 One _new server",  # cokemine/nodestatus#20
        "Don't **stop (half-bold and `half code",  # n8n-io/n8n#13815
        "<b>open <i>crossed</b></i> a < b & c <script>alert(1)</script>",  # teknologi-umum/bot#87
        "{chat} {{not}} {text?}",
    ],
)
@pytest.mark.parametrize("format", ["plain", "markdown", "html"])
def test_no_text_can_break_a_message(telegram: Telegram, node: Bench, text: str, format: str) -> None:
    [made] = node.json(says("{{ $json.text }}", messageSendFormat=format), items({"text": text}))
    assert made["message_id"] == 1
    if format == "plain":
        assert telegram.calls[0][1]["text"] == text


def test_markdown_becomes_styles_whose_places_count_utf16(telegram: Telegram, node: Bench) -> None:
    text = "# 😀 Title\n\n**bold _both_** [link](https://x.y/?a=1&b=2) `c*d*`\n\n> quoted\n\n```py\nx = 1\n```"
    node.json(says(text, messageSendFormat="markdown"), ONE)
    sent = telegram.calls[0][1]
    assert sent["text"] == "😀 Title\n\nbold both link c*d*\n\nquoted\n\nx = 1"
    raw = sent["text"].encode("utf-16-le")
    found = [
        (one["type"], raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in sent["entities"]
    ]
    assert found == [
        ("bold", "😀 Title"),
        ("bold", "bold both"),
        ("italic", "both"),
        ("text_link", "link"),
        ("code", "c*d*"),
        ("blockquote", "quoted"),
        ("pre", "x = 1"),
    ]
    assert sent["entities"][3]["url"] == "https://x.y/?a=1&b=2"
    assert sent["entities"][-1]["language"] == "py"


def test_html_is_telegrams_and_other_tags_count_for_nothing(telegram: Telegram, node: Bench) -> None:
    text = '<p>Hi <b>Ada</b> &amp; <u>Bob</u></p><ul><li>one</li><li>two</li></ul><a href="https://x.y">z</a>'
    node.json(says(text, messageSendFormat="html"), ONE)
    sent = telegram.calls[0][1]
    assert sent["text"] == "Hi Ada & Bob\n• one\n• two\nz"
    assert [one["type"] for one in sent["entities"]] == ["bold", "underline", "text_link"]


def test_a_long_text_is_several_messages_and_no_style_is_cut_wrong(telegram: Telegram, node: Bench) -> None:
    text = "**" + "wörter 😀 " * 1200 + "end**"
    given = says(text, messageSendFormat="markdown", replyTo=7, buttons=[{"text": "Yes"}])
    made = node.json(given, ONE)
    calls = [arguments for _, arguments in telegram.calls]
    assert len(made) == len(calls) > 2
    assert all(units(one["text"]) <= LIMIT for one in calls)
    assert " ".join(one["text"] for one in calls) == text.strip("*")
    assert all(one["entities"] == [{"type": "bold", "offset": 0, "length": units(one["text"])}] for one in calls)
    assert ["reply_parameters" in one for one in calls] == [True] + [False] * (len(calls) - 1)
    assert ["reply_markup" in one for one in calls] == [False] * (len(calls) - 1) + [True]


def test_a_long_text_may_be_refused_and_one_without_end_always_is(telegram: Telegram, node: Bench) -> None:
    with pytest.raises(DataTooLarge, match="5000 characters; Telegram takes 4096") as refused:
        node(says("x" * 5000, messageSendLong="refuse"), ONE)
    assert refused.value.details["field"] == "params.messageSendText"
    with pytest.raises(DataTooLarge, match="in each of 20 parts"):
        node(says("x" * 100_000), ONE)
    assert telegram.calls == []


@pytest.mark.parametrize("text", ["  \n", "[](http://x.y)", "<b></b>"])
def test_nothing_is_no_message(node: Bench, text: str) -> None:
    with pytest.raises(ParameterInvalid, match="The text is empty"):
        node(says(text, messageSendFormat="html" if "<" in text else "markdown"), ONE)


def test_entities_never_cross(telegram: Telegram) -> None:
    made = formatted("<b>a <i>b</b> c</i> <code>d <b>e</b></code>", "html", "text")
    spans = [(one["type"], one["offset"], one["length"]) for one in made.entities()]
    assert spans == [("bold", 0, 3), ("italic", 2, 3), ("code", 6, 3)] or spans[-1] == ("code", 6, 3)


def test_buttons_stand_in_rows(telegram: Telegram, node: Bench) -> None:
    buttons = [
        {"text": "Yes", "value": "yes:7"},
        {"text": "No"},
        {"text": "Open", "does": "url", "value": "https://x.y", "newRow": True},
    ]
    node.json(says("Sure?", buttons=buttons), ONE)
    assert telegram.calls[0][1]["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "yes:7"}, {"text": "No", "callback_data": "No"}],
            [{"text": "Open", "url": "https://x.y"}],
        ]
    }
    with pytest.raises(ParameterInvalid, match="tells the bot 65 bytes") as refused:
        node(says("x", buttons=[{"text": "Yes", "value": "y" * 65}]), ONE)
    assert refused.value.details["field"] == "params.buttons.0.value"


def test_an_items_file_is_sent_with_a_caption(telegram: Telegram, node: Bench) -> None:
    given = params("message", "send_photo", file="photo", caption="**Nice**", captionFormat="markdown")
    node.json(given, with_files(node, photo=b"\xff\xd8jpg"))
    [(method, sent)] = telegram.calls
    assert (method, sent["photo"], sent["caption"]) == ("sendPhoto", b"\xff\xd8jpg", "Nice")
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]


@pytest.mark.parametrize("file", ["https://x.y/a.pdf", "BQACAgIAAxkBAAIBZmVx_-abc"])
def test_a_url_or_an_id_is_told_and_not_fetched_here(telegram: Telegram, node: Bench, file: str) -> None:
    node.json(params("message", "send_document", file=file), ONE)
    assert telegram.calls == [("sendDocument", {"chat_id": 42, "document": file})]


def test_each_file_keeps_its_own_name(telegram: Telegram, node: Bench) -> None:  # n8n-io/n8n#13954
    [both] = with_files(node, first=b"1", second=b"2")
    node.json(params("message", "send_document", file="{{ $json.f }}"), [
        {"json": {"f": "first"}, "binary": both["binary"]},
        {"json": {"f": "second"}, "binary": both["binary"]},
    ])  # fmt: skip
    assert [sent["document"] for _, sent in telegram.calls] == [b"1", b"2"]


@pytest.mark.parametrize(("kind", "size"), [("send_photo", 11), ("send_document", 51)])
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    telegram: Telegram, node: Bench, kind: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_module, "_MB", 1024)
    with pytest.raises(DataTooLarge, match="Telegram takes"):
        node(params("message", kind, file="photo"), with_files(node, photo=b"x" * size * 1024))
    assert telegram.calls == []


def test_an_empty_file_is_refused(node: Bench) -> None:  # windkh/node-red-contrib-telegrambot#100
    with pytest.raises(ParameterInvalid, match="The file is empty"):
        node(params("message", "send_photo", file="photo"), with_files(node, photo=b""))


def test_an_album_has_files_and_urls(telegram: Telegram, node: Bench) -> None:  # windkh/...telegrambot#110, #86
    files = [{"type": "photo", "file": "one"}, {"type": "video", "file": "https://x.y/v.mp4"}]
    given = params("message", "send_album", messageSendAlbumFiles=files, messageSendAlbumCaption="Both")
    assert len(node.json(given, with_files(node, one=b"1"))) == 2
    sent = telegram.calls[0][1]
    assert sent["media"] == [
        {"type": "photo", "media": "attach://file0", "caption": "Both", "caption_entities": []},
        {"type": "video", "media": "https://x.y/v.mp4"},
    ]
    assert sent["file0"] == b"1"
    with pytest.raises(ParameterInvalid, match="from 2 to 10"):
        node(params("message", "send_album", messageSendAlbumFiles=files[:1]), with_files(node, one=b"1"))


def test_changing_a_message_to_what_it_says_is_no_error(telegram: Telegram, node: Bench) -> None:
    node.json(says("Before"), ONE)
    given = params("message", "edit", message=1, messageEditText="After")
    assert node.json(given, ONE)[0]["text"] == "After"
    assert node.json(given, ONE) == [{"message_id": 1, "chat": {"id": 42}, "modified": False}]
    with pytest.raises(HttpClientError, match="message to edit not found"):
        node({**given, "message": 9}, ONE)


def test_operations_that_are_data(telegram: Telegram, node: Bench) -> None:
    node.json(says("x"), ONE)
    assert node.json(params("message", "delete", message=1), ONE) == [{"data": True}]
    assert node.json(params("chat", "get"), ONE) == [{"id": 42, "type": "private"}]
    assert [one["status"] for one in node.json(params("member", "administrators"), ONE)] == ["creator", "administrator"]
    given = params("callback", "answer", callbackAnswerQuery="99", callbackAnswerText="Done")
    assert node.json(given, ONE) == [{"data": True}]
    assert telegram.calls[-1][1] == {"callback_query_id": "99", "text": "Done", "show_alert": False}


def test_a_file_is_fetched(telegram: Telegram, node: Bench) -> None:
    telegram.files["f1"] = ("documents/my file.pdf", b"%PDF")
    output = node(params("file", "download", fileDownloadId="f1"), ONE)["output"]
    [made] = node.outside.claims.fetch(output["main"], TENANT)
    assert made["json"]["file_path"] == "documents/my file.pdf"
    assert (made["binary"]["data"]["fileName"], made["binary"]["data"]["size"]) == ("my file.pdf", 4)


@pytest.mark.parametrize(
    ("refused", "error", "remedy"),
    [
        (Refused("Bad Request: chat not found"), HttpClientError, "write to the bot first"),
        (Refused("Forbidden: bot was blocked by the user", 403), HttpClientError, "has blocked the bot"),
        (Refused("Bad Request: group chat was upgraded", migrate_to_chat_id=-100123), HttpClientError, "-100123"),
        (Refused("Too Many Requests: retry after 35", 429, retry_after=35), HttpRateLimited, ""),
        (Refused("Internal Server Error", 500), HttpServerError, ""),
        (Refused("Unauthorized", 401), HttpClientError, "@BotFather"),
        (Refused("Not Found", 404), HttpClientError, "@BotFather"),
        (Refused("Bad Request: not enough rights to send text messages to the chat"), HttpClientError, "administrator"),
    ],
)
def test_refusals_say_what_to_do(
    telegram: Telegram, node: Bench, refused: Refused, error: type[NodeError], remedy: str
) -> None:
    telegram.refuses["sendMessage"] = [refused]
    with pytest.raises(error) as raised:
        node(says("x"), ONE)
    assert type(raised.value) is error
    assert str(refused) in raised.value.message
    assert remedy in raised.value.remedy
    assert raised.value.retry_after == (35 if error is HttpRateLimited else None)
    assert TOKEN not in json.dumps(raised.value.to_json())


def test_a_token_that_is_wrong_is_said(telegram: Telegram, node: Bench) -> None:
    node.outside.credentials["c", "telegram_bot"] = {"token": "1:x"}
    with pytest.raises(HttpClientError, match="Unauthorized") as refused:
        node(says("x"), ONE)
    assert "@BotFather" in refused.value.remedy
