"""The email node's files, templates and further headers, against a real SMTP server."""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller

from functions.nodes.messages.email.errors import TemplateInvalid
from functions.nodes.messages.email.run import run
from functions.nodes.messages.email.spec import SPEC
from local.stack.ports import free_port
from stepweave.model.items import Item
from stepweave.runtime.errors import DataMissing, NodeError, ParameterInvalid
from stepweave.runtime.mail.errors import AddressInvalid, EmailRefused, EmailTooLarge, EmailUnavailable
from stepweave.runtime.mail.smtp import _stuffed
from tests.fakes import steps
from tests.fakes.steps import TENANT, Bench, items
from tests.functions.nodes.test_email import Mailbox, account, mail

PNG: Final = b"\x89PNG\r\n\x1a\nrest"
LIMIT: Final = 3_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), data_size_limit=LIMIT)
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    server.received.clear()
    server.answers.clear()
    return server


@pytest.fixture
def node(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    account(bench, port=mailbox.port)
    return bench


def stored(bench: Bench, name: str, content: bytes, mime_type: str = "application/pdf") -> dict[str, Any]:
    key = f"{TENANT}/{hashlib.sha256(name.encode()).hexdigest()}"
    bench.outside.storage.objects[steps.BUCKET, key] = content
    sha256 = hashlib.sha256(content).hexdigest()
    named = {"fileName": name, "mimeType": mime_type}
    return {"bucket": steps.BUCKET, "key": key, "size": len(content), "sha256": sha256, **named}


def with_files(**files: Any) -> list[Item]:
    return [{"json": {"id": 7}, "binary": files}]


def only(mailbox: Mailbox) -> EmailMessage:
    [(_, message)] = mailbox.received
    assert not message.defects
    return message


def files(message: EmailMessage) -> dict[str, bytes]:
    return {str(one.get_filename()): one.get_content() for one in message.iter_attachments()}


def test_files_arrive_as_they_are(node: Bench, mailbox: Mailbox) -> None:
    large = bytes(range(256)) * 4096
    there = with_files(a=stored(node, "a.pdf", large), b=stored(node, "b.bin", b"", "application/x-y"))
    node(mail(attachments="a, b"), there)
    assert files(only(mailbox)) == {"a.pdf": large, "b.bin": b""}
    assert [part.get_content_type() for part in only(mailbox).walk()] == [
        "multipart/mixed",
        "text/plain",
        "application/pdf",
        "application/x-y",
    ]


@pytest.mark.parametrize(
    ("attachments", "names"),
    [
        ("*", ["a", "b, c"]),
        ("b, c", ["b, c"]),
        ("{{ $binary.a }}", ["a"]),
        ("{{ $binary }}", ["a", "b, c"]),
        ("{{ [$binary.a, 'b, c', null] }}", ["a", "b, c"]),
        ("{{ $json.none }}", []),
    ],
)
def test_files_are_named_or_given(node: Bench, mailbox: Mailbox, attachments: str, names: list[str]) -> None:
    there = with_files(**{"a": stored(node, "a", b"1"), "b, c": stored(node, "b, c", b"2")})
    node(mail(attachments=attachments), there)
    assert list(files(only(mailbox))) == names


@pytest.mark.parametrize(
    "name",
    [
        "Größe – März.pdf",
        "報告書.pdf",
        "an \"odd\" \\ name; x='1'.txt",
        "🎉" * 60 + ".png",
        "a" * 150 + ".pdf",
        "100%.pdf",
        "=?utf-8?q?x?=.pdf",
    ],
)
def test_a_files_name_arrives_as_it_is(node: Bench, mailbox: Mailbox, name: str) -> None:
    node(mail(attachments="data"), with_files(data=stored(node, name, b"x")))
    [found] = files(only(mailbox))
    assert found == name.replace("\\", "_")


def test_a_name_forges_no_header_and_is_no_path(node: Bench, mailbox: Mailbox) -> None:
    node(mail(attachments="data"), with_files(data=stored(node, "../x\r\nBcc: a@b.c\r\n\r\n.pdf", b"x")))
    message = only(mailbox)
    assert list(files(message)) == ["_x__Bcc: a@b.c____.pdf"]
    assert message["Bcc"] is None


def test_a_mail_within_a_mail_goes_as_a_file(node: Bench, mailbox: Mailbox) -> None:
    inner = b"Subject: inner\r\n\r\nText \xfc\r\n"
    node(mail(attachments="data"), with_files(data=stored(node, "mail.eml", inner, "message/rfc822")))
    assert files(only(mailbox)) == {"mail.eml": inner}


def test_pictures_are_shown_by_the_html(node: Bench, mailbox: Mailbox) -> None:
    params = mail(
        html="<IMG SRC='CID:LoGo'><i style=\"background:url(cid:bg%40x)\">cid:logo</i>",
        inlineImages=[
            {"name": "<logo>", "value": "a"},
            {"name": "cid:bg@x", "value": "{{ $binary.b }}"},
        ],
        attachments="c",
    )
    there = with_files(
        a=stored(node, "a.dat", PNG, "application/octet-stream"),
        b=stored(node, "", b"RIFF0000WEBPx", "text/plain"),
        c=stored(node, "c.pdf", b"c"),
    )
    node(params, there)
    message = only(mailbox)
    kinds = [part.get_content_type() for part in message.walk()]
    body = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/webp"]
    assert kinds == ["multipart/mixed", *body, "application/pdf"]
    html, picture, second = [part for part in message.walk() if part.get_content_type() in (*body[3:],)]
    assert html.get_content().strip() == "<IMG SRC='cid:logo'><i style=\"background:url(cid:bg@x)\">cid:logo</i>"
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<logo>", "inline")
    assert (second["Content-ID"], second.get_filename()) == ("<bg@x>", "bg.webp")
    assert node.outside.of("node.log") == []


def test_what_nobody_sees_is_told(node: Bench, mailbox: Mailbox) -> None:
    params = mail(html='<img src="cid:gone">', inlineImages=[{"name": "logo", "value": "a"}])
    node(params, with_files(a=stored(node, "a.png", PNG, "image/png")))
    words = [log["message"] for log in node.outside.of("node.log")]
    assert ["pictures that are not there: gone" in words[0], "does not show logo" in words[1]] == [True, True]
    node(mail(inlineImages=params["inlineImages"]), with_files(a=stored(node, "a.png", PNG, "image/png")))
    assert list(files(mailbox.received[-1][1])) == ["a.png"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"attachments": "none"}, "Attachments: the item has no file “none”; it has “a”"),
        ({"inlineImages": [{"name": "a b", "value": "a"}]}, "“a b” cannot stand behind cid:"),
        ({"inlineImages": [{"name": "x", "value": "a"}, {"name": "X", "value": "a"}]}, "“X” is there twice"),
        ({"inlineImages": [{"name": "x", "value": "b"}]}, "the item has no file “b”"),
    ],
)
def test_a_file_that_is_not_there_is_named(node: Bench, params: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        node(mail(html="h", **params), with_files(a=stored(node, "a", b"1")))


def test_a_file_that_is_gone_sends_no_half_of_a_message(node: Bench, mailbox: Mailbox) -> None:
    gone = stored(node, "a", b"1" * 100)
    node.outside.storage.objects.clear()
    with pytest.raises(DataMissing):
        node(mail(attachments="a"), with_files(a=gone))
    node(mail(), items({}))
    assert len(mailbox.received) == 1


def test_a_message_that_the_server_said_is_too_large_is_not_sent(node: Bench, mailbox: Mailbox) -> None:
    with pytest.raises(EmailTooLarge, match=r"takes messages of 2\.9 MB; this one has 4 MB") as caught:
        node(mail(attachments="a"), with_files(a=stored(node, "a", b"1" * LIMIT)))
    assert caught.value.details["most"] == LIMIT
    assert mailbox.received == []


@pytest.mark.parametrize(
    ("at", "answer", "kind"),
    [
        ("DATA", "552 5.3.4 Message size exceeds fixed limit", EmailTooLarge),
        ("DATA", "552 5.2.2 Mailbox full", EmailRefused),
        ("ada@example.com", "452 4.2.2 The email account is over quota", EmailUnavailable),
        ("ada@example.com", "450 4.2.0 Greylisted, see http://postgrey.example", EmailUnavailable),
    ],
)
def test_sizes_quotas_and_greylists_are_told_apart(
    node: Bench, mailbox: Mailbox, at: str, answer: str, kind: type[NodeError]
) -> None:
    mailbox.answers[at] = answer
    with pytest.raises(kind) as caught:
        node(mail(), items({}))
    assert type(caught.value) is kind
    assert answer in caught.value.message


def test_templates_are_filled_in_and_escaped(node: Bench, mailbox: Mailbox) -> None:
    params = mail(
        content="template",
        subject="unused",
        templateSubject="Order {{ id }} of {{ who }}",
        templateText="{{# rows }}{{ n }} & {{/ rows }}{{ who }}",
        templateHtml="<p>{{ who }} {{{ who }}}</p>",
    )
    node(params, items({"id": 7, "who": "<b>A\nB</b>", "rows": [{"n": 1}, {"n": 2}]}))
    message = only(mailbox)
    assert message["Subject"] == "Order 7 of <b>A B</b>"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == ["1", "&", "2", "&", "<b>A", "B</b>"]
    assert html.get_content().split() == ["<p>&lt;b&gt;A", "B&lt;/b&gt;", "<b>A", "B</b></p>"]
    node({**params, "templateData": {"id": 8}}, items({}))
    assert mailbox.received[-1][1]["Subject"] == "Order 8 of"
    with pytest.raises(TemplateInvalid, match="not closed") as caught:
        node({**params, "templateHtml": "{{# a }}"}, items({}))
    assert caught.value.details["field"] == "params.templateHtml"


def test_a_conversation_goes_on(node: Bench, mailbox: Mailbox) -> None:
    node(mail(inReplyTo="2@x", references=["<1@x>", "<2@x>"], priority="high"), items({}))
    message = only(mailbox)
    assert (message["In-Reply-To"], message["References"]) == ("<2@x>", "<1@x> <2@x>")
    assert (message["Importance"], message["X-Priority"]) == ("high", "1 (Highest)")
    node(mail(references="{{ $json.r }}", inReplyTo="<z@x>"), items({"r": [f"<{n}@x>" for n in range(300)]}))
    found = mailbox.received[-1][1]["References"].split()
    assert (len(found), found[0], found[-1]) == (100, "<0@x>", "<z@x>")


def test_headers_of_ones_own(node: Bench, mailbox: Mailbox) -> None:
    url = f"<https://example.com/u?{'x' * 300}>"
    rows = [
        {"name": "List-Unsubscribe", "value": f"<mailto:u@example.com>, {url}"},
        {"name": "X-Groesse", "value": "{{ $json.v }}"},
        {"name": "", "value": ""},
    ]
    node(mail(headers=rows), items({"v": "Größe"}))
    message = only(mailbox)
    assert message["List-Unsubscribe"] == f"<mailto:u@example.com>, {url}"
    assert message["X-Groesse"] == "Größe"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"headers": [{"name": "X-A", "value": "a\r\nBcc: b@c.d"}]}, "holds a line break"),
        ({"headers": [{"name": "X-A\r\nB", "value": "a"}]}, "is not a header's name"),
        ({"headers": [{"name": "bcc", "value": "a@b.c"}]}, "The header bcc is made by the node"),
        ({"headers": [{"name": "Content-Type", "value": "x"}]}, "The header Content-Type is made by"),
        ({"headers": [{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}]}, "x-a is there already"),
        ({"headers": [{"name": "Importance", "value": "low"}], "priority": "low"}, "Importance is there already"),
        ({"inReplyTo": "no id"}, "Answer to names several"),
        ({"inReplyTo": "<a@b>\r\nX: y"}, "holds a line break"),
        ({"references": "<ü@x>"}, "is no message id"),
    ],
)
def test_headers_that_cannot_be_sent_are_named(node: Bench, params: dict[str, Any], words: str) -> None:
    with pytest.raises(AddressInvalid, match=words):
        node(mail(**params), items({}))


@pytest.mark.parametrize("cut", range(1, 9))
def test_dots_at_the_beginning_of_lines_stay_wherever_pieces_end(cut: int) -> None:
    content = b".a\r\n..b\r\n.\r\n"
    pieces = [content[start : start + cut] for start in range(0, len(content), cut)]
    assert b"".join(_stuffed(pieces)) == b"..a\r\n...b\r\n..\r\n.\r\n"
