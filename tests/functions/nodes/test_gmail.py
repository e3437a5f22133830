"""The Gmail node and its trigger against a Gmail that follows its discovery document."""

import hashlib
import io
from collections.abc import Iterator
from email.header import decode_header, make_header
from typing import Any

import pytest

from functions.nodes.apps.google.errors import OutcomeUnknown
from functions.nodes.apps.google.nodes.gmail.errors import LabelMissing
from functions.nodes.apps.google.nodes.gmail.run import run
from functions.nodes.apps.google.nodes.gmail.spec import SPEC
from functions.nodes.apps.google.triggers.gmail_message.spec import SPEC as TRIGGER
from functions.nodes.apps.google.triggers.gmail_message.trigger import poll
from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited
from stepweave.runtime.mail.errors import AddressInvalid, EmailTooLarge
from tests.fakes.asks import AskBench
from tests.fakes.google.gmail import Gmail
from tests.fakes.google.server import Google, Refused
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.google import bench, connected, doing, google_at

ONE = items({})
MAIL = "From: Ada <ada@example.com>\nTo: me@example.com\nSubject: {subject}\nMessage-ID: <{id}@x>\n{more}\nHello\n"


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def gmail(google: Google) -> Gmail:
    return Gmail(google)


@pytest.fixture
def node(google: Google) -> Bench:
    return bench(SPEC, run)


def mail(subject: str = "Hi", id: str = "1", more: str = "") -> str:
    return MAIL.format(subject=subject, id=id, more=more)


def message(operation: str, **more: Any) -> dict[str, Any]:
    return doing("message", operation, **more)


def with_file(node: Bench, content: bytes, name: str = "Prüfbericht Q1.pdf") -> list[Item]:
    digest = hashlib.sha256(content).hexdigest()
    ref = node.outside.claims.store_file(
        f"{TENANT}/f",
        io.BytesIO(content),
        size=len(content),
        sha256=digest,
        mime_type="application/pdf",
        file_name=name,
    )
    return [{"json": {}, "binary": {"data": ref}}]


def text(header: Any) -> str:
    return str(make_header(decode_header(str(header))))


# Sending


def test_a_message_is_sent_with_its_files_and_what_is_beyond_ascii(gmail: Gmail, node: Bench) -> None:
    given = message("send", to="Zoë <zoe@example.com>, b@example.com", subject="Grüße 会议", text="Ä", html="<b>Ä</b>")
    given |= {"bcc": "c@example.com", "attachments": "data"}
    [made] = node.json(given, with_file(node, b"%PDF"))
    assert made == {"id": "m0", "threadId": "m0", "labelIds": ["SENT"]}
    [sent] = gmail.sent()
    assert (text(sent["subject"]), text(sent["to"])) == ("Grüße 会议", "Zoë <zoe@example.com>, b@example.com")
    assert (sent["bcc"], sent["from"]) == ("c@example.com", None)
    *_, attachment = sent.walk()
    assert (attachment.get_filename(), attachment.get_payload(decode=True)) == ("Prüfbericht Q1.pdf", b"%PDF")


def test_a_large_message_is_uploaded_piece_by_piece(gmail: Gmail, node: Bench, web: Web) -> None:
    content = bytes(range(256)) * 24_000
    given = message("send", to="ada@example.com", attachments="*")
    assert node.json(given, with_file(node, content))[0]["labelIds"] == ["SENT"]
    assert [one.path.partition("?")[0] for one in web.asked] == [
        "/gmail/upload/gmail/v1/users/me/messages/send",
        "/upload-session/0",
    ]
    *_, attachment = gmail.sent()[0].walk()
    assert attachment.get_payload(decode=True) == content
    assert "authorization" not in web.asked[1].headers


def test_what_gmail_does_not_take_is_not_sent(gmail: Gmail, node: Bench) -> None:
    with pytest.raises(EmailTooLarge, match="Gmail takes 35 MB"):
        node(message("send", to="ada@example.com", attachments="data"), with_file(node, b"x" * 27_000_000))
    with pytest.raises(AddressInvalid):
        node(message("send", to="not an address"), ONE)
    with pytest.raises(AddressInvalid, match=r"line break|control"):
        node(message("send", to="ada@example.com", subject="a\nBcc: evil@example.com"), ONE)
    with pytest.raises(ParameterInvalid, match="the item has no file “invoice”"):
        node(message("send", to="ada@example.com", attachments="invoice"), ONE)
    assert gmail.google.asked == []


def test_a_message_whose_answer_is_lost_is_not_sent_again(gmail: Gmail, node: Bench) -> None:
    gmail.google.lost["gmail.users.messages.send"] = 1
    with pytest.raises(OutcomeUnknown, match="may have been sent") as lost:
        node(message("send", to="ada@example.com"), ONE)
    assert (lost.value.retryable, len(gmail.sent())) == (False, 1)


def test_an_answer_stays_in_its_conversation(gmail: Gmail, node: Bench) -> None:
    more = "Cc: Me <ME@example.com>, bob@example.com\nReferences: <0@x>\nReply-To: desk@example.com\n"
    gmail.comes(mail("=?utf-8?b?R3LDvMOfZQ==?= (Q3)", "7", more), id="a", thread="t")
    [made] = node.json(message("reply", message="a", text="Yes"), ONE)
    [sent] = gmail.sent()
    assert (made["threadId"], text(sent["subject"]), sent["to"]) == ("t", "Re: Grüße (Q3)", "desk@example.com")
    assert (sent["in-reply-to"], sent["references"], sent["cc"]) == ("<7@x>", "<0@x> <7@x>", None)
    node(message("reply", message="a", text="Yes", messageReplyReplyAll=True), ONE)
    assert gmail.sent()[1]["cc"] == "bob@example.com"


def test_an_answer_to_an_answer_has_its_subject_once_and_goes_to_the_other(gmail: Gmail, node: Bench) -> None:
    gmail.comes(
        "From: me@example.com\nTo: ada@example.com\nSubject: RE: Hi\nMessage-ID: <8@x>\n\n", "SENT", id="b", thread="t"
    )
    node(message("reply", message="b", text="Again"), ONE)
    assert (gmail.sent()[1]["subject"], gmail.sent()[1]["to"]) == ("RE: Hi", "ada@example.com")


def test_a_draft_is_kept(gmail: Gmail, node: Bench) -> None:
    [made] = node.json(doing("draft", "create", to="ada@example.com", subject="Hi"), ONE)
    assert made["message"]["labelIds"] == ["DRAFT"]


# Reading


def test_a_message_is_read_with_its_texts_and_files(gmail: Gmail, node: Bench) -> None:
    raw = (
        b"From: Ada <ada@example.com>\r\nSubject: Two\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>Gr\xfc\xdfe</p>\r\n"
        b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=../a.csv\r\n\r\n1,2\r\n"
        b"--b--\r\n"
    )
    gmail.comes(raw, id="a", date=1_714_550_400_123)
    [found] = node.json(message("get", message="a"), ONE)
    assert (found["text"], found["date"], found["from"]) == (
        "Grüße",
        "2024-05-01T08:00:00.123Z",
        "Ada <ada@example.com>",
    )
    assert found["attachments"] == [{"name": "_a.csv", "mimeType": "text/csv", "size": 3}]
    output = node(message("get", message="a", withAttachments=True), ONE)["output"]["main"]
    [item] = node.outside.claims.fetch(output, TENANT)
    file = item["binary"][item["json"]["attachments"][0]["file"]]
    assert (file["fileName"], node.outside.storage.objects[file["bucket"], file["key"]]) == ("_a.csv", b"1,2")


def test_messages_are_found_and_one_that_went_meanwhile_is_left_out(gmail: Gmail, node: Bench) -> None:
    for n in range(5):
        gmail.comes(mail(f"Invoice{n}" if n % 2 == 0 else "Other"), "INBOX", *(["Label_7"] if n else []))
    given = message("list", messageListQ="subject:Invoice", messageListLabels="invoices/2024, inbox", limit=10)
    assert [one["subject"] for one in node.json(given, ONE)] == ["Invoice4", "Invoice2"]
    given["messageListOutput"] = "ids"
    assert node.json(given | {"limit": 1}, ONE) == [{"id": "m4", "threadId": "m4"}]
    gmail.google.fails["gmail.users.messages.get"] = [Refused(404, "Not Found", "notFound")]
    given["messageListOutput"] = "headers"
    [left] = node.json(given, ONE)
    assert (left["subject"], "text" in left) == ("Invoice2", False)


def test_labels_are_named_as_people_know_them(gmail: Gmail, node: Bench) -> None:
    gmail.comes(mail(), id="a", thread="t")
    [made] = node.json(message("label", message="a", addLabels="Invoices/2024, starred", removeLabels="UNREAD"), ONE)
    assert made["labelIds"] == ["INBOX", "Label_7", "STARRED"]
    with pytest.raises(LabelMissing, match="no label “Bills”; it has INBOX"):
        node(message("label", message="a", addLabels="Bills"), ONE)
    node(doing("thread", "label", thread="t", removeLabels="Label_7"), ONE)
    for mark in ("unread", "archived"):
        node(message("mark", message="a", messageMarkMarkAs=mark), ONE)
    assert gmail.messages["a"].labels == ["STARRED", "UNREAD"]
    assert node.json(doing("label", "create", labelCreateName="Bills"), ONE)[0]["name"] == "Bills"
    assert node.json(doing("label", "list"), ONE)[-1]["name"] == "Bills"


def test_messages_are_moved_to_the_trash_back_and_deleted(gmail: Gmail, node: Bench) -> None:
    gmail.comes(mail(), id="a")
    node(message("trash", message="a"), ONE)
    assert "TRASH" in gmail.messages["a"].labels
    node(message("untrash", message="a"), ONE)
    node(message("delete", message="a"), ONE)
    assert gmail.messages == {}
    with pytest.raises(HttpClientError, match=r"Message: Get: .*entity was not found"):
        node(message("get", message="a"), ONE)


def test_gmail_says_until_when_it_wants_to_be_left_alone(gmail: Gmail, node: Bench) -> None:
    words = "User-rate limit exceeded.  Retry after 2099-01-25T22:53:04.137Z"
    gmail.google.fails["gmail.users.messages.send"] = [Refused(429, words, "rateLimitExceeded")]
    with pytest.raises(HttpRateLimited) as limited:
        node(message("send", to="ada@example.com"), ONE)
    assert limited.value.retry_after is not None
    assert limited.value.retry_after > 10**9


# The trigger


@pytest.fixture
def trigger(google: Google) -> AskBench:
    made = AskBench(TRIGGER, {"poll": poll})
    connected(made.outside)
    return made


def polled(trigger: AskBench, cursor: Any, params: dict[str, Any] | None = None, **more: Any) -> Any:
    given = {"cursor": cursor, "first": False, "limit": 10, **more}
    return trigger("poll", {"credential": "c", "everyMinutes": 1, **(params or {})}, **given)


def test_each_new_message_comes_once_whatever_its_date(gmail: Gmail, trigger: AskBench) -> None:
    gmail.comes(mail("Old"))
    first = polled(trigger, None, first=True, limit=0)
    assert first["items"] == []
    for n in range(3):
        gmail.comes(mail(f"New{n}"), date=500)
    gmail.comes(mail("Late"), date=0)
    gmail.comes(mail("Sent"), "SENT", date=600)
    found = polled(trigger, first["cursor"])
    assert sorted(one["subject"] for one in found["items"]) == ["Late", "New0", "New1", "New2"]
    assert polled(trigger, found["cursor"])["items"] == []


def test_no_more_comes_than_is_wanted_and_the_rest_comes_next(gmail: Gmail, trigger: AskBench) -> None:
    cursor = polled(trigger, None, first=True, limit=0)["cursor"]
    for n in range(5):
        gmail.comes(mail(str(n)))
    found = polled(trigger, cursor, limit=3)
    assert ([one["subject"] for one in found["items"]], found["more"]) == (["0", "1", "2"], True)
    assert [one["subject"] for one in polled(trigger, found["cursor"])["items"]] == ["3", "4"]


def test_a_message_counts_when_it_gets_the_label(gmail: Gmail, trigger: AskBench) -> None:
    params = {"labels": "Invoices/2024", "withAttachments": True}
    raw = "Subject: x\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\n1,2"
    one = gmail.comes(raw)
    cursor = polled(trigger, None, params, first=True, limit=0)["cursor"]
    one.labels.append("Label_7")
    found = polled(trigger, cursor, params)
    assert (len(found["items"]), found["files"][0]["attachment_0"]["fileName"]) == (1, "a.csv")
    assert polled(trigger, None, params)["items"][0]["subject"] == "x", "somebody looks what it is like"


def test_a_message_that_cannot_be_read_is_not_lost(gmail: Gmail, trigger: AskBench) -> None:
    cursor = polled(trigger, None, first=True, limit=0)["cursor"]
    gmail.comes(mail("A"))
    gmail.google.fails["gmail.users.messages.get"] = [Refused(500, "Backend Error", "backendError")]
    given = {"cursor": cursor, "first": False, "limit": 10}
    assert trigger.error("poll", {"credential": "c"}, **given)["type"] == "HttpServerError"
    gmail.google.fails["gmail.users.messages.get"] = [Refused(404, "Not Found", "notFound")]
    gmail.comes(mail("B"))
    assert [one["subject"] for one in polled(trigger, cursor)["items"]] == ["B"], "the first was deleted meanwhile"
