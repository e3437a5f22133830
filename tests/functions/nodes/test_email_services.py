"""The email node with each provider's API, served as its reference says."""

import hashlib
from typing import Any

import pytest

from functions.nodes.messages.email.run import run
from functions.nodes.messages.email.spec import SPEC
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.http import operations
from stepweave.runtime.mail.errors import EmailRefused, EmailTooLarge, EmailUnavailable
from tests.fakes import steps
from tests.fakes.mail_services import KEYS, MailServices
from tests.fakes.steps import TENANT, Bench
from tests.fakes.web import Web

FROM = "Shop <shop@example.com>"
KINDS = (*KEYS, "aws")
BASE_URLS = (
    "https://api.sendgrid.com",
    "https://api.mailgun.net",
    "https://api.eu.mailgun.net",
    "https://api.resend.com",
    "https://api.postmarkapp.com",
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500


@pytest.fixture
def services(web: Web) -> MailServices:
    return MailServices(web)


@pytest.fixture
def node(web: Web, services: MailServices, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    for url in BASE_URLS:
        monkeypatch.setitem(operations.BASE_URLS, url, web.url(""))
    bench = Bench(SPEC, run)
    for kind, key in KEYS.items():
        bench.outside.credentials[kind, kind] = {"key": key, "from": FROM}
    bench.outside.credentials["mailgun", "mailgun"] |= {"domain": "mg.example.com", "host": "api.eu.mailgun.net"}
    bench.outside.credentials["aws", "aws"] = {
        "accessKeyId": "AKIARIGHT",
        "secretAccessKey": "s",
        "region": "eu-central-1",
        "endpoint": web.url(""),
    }
    return bench


def mail(kind: str, **more: Any) -> dict[str, Any]:
    given = {"credential": kind, "to": "Ada <ada@example.com>", "subject": "Grüße", "text": "Text", **more}
    return given if kind != "aws" else {"sender": FROM, **given}


def stored(bench: Bench, name: str, content: bytes, mime_type: str = "application/pdf") -> dict[str, Any]:
    key = f"{TENANT}/{name}"
    bench.outside.storage.objects[steps.BUCKET, key] = content
    return {
        "bucket": steps.BUCKET,
        "key": key,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "mimeType": mime_type,
        "fileName": name,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_provider_sends_what_the_form_says(node: Bench, services: MailServices, kind: str) -> None:
    item: Any = {"json": {}, "binary": {"data": stored(node, "Größe.pdf", b"%PDF-1.7 x")}}
    params = mail(
        kind,
        cc="cc@example.com, ADA@example.com",
        bcc="bcc@example.com, cc@example.com",
        replyTo="Re <re@example.com>",
        html='<img src="CID:Logo">',
        attachments="data",
        headers=[{"name": "X-Order", "value": "7 – ü"}],
        inReplyTo="<1@example.com>",
    )
    params["inlineImages"] = [{"name": "logo", "value": stored(node, "l.bin", PNG, "application/octet-stream")}]
    [row] = node.json(params, [item])
    [(sent_by, sent)] = services.sent
    assert sent_by == kind
    assert row["accepted"] == ["ada@example.com", "cc@example.com", "ADA@example.com", "bcc@example.com"]
    assert row["id"]
    assert row["messageId"]
    if kind in ("mailgun", "aws"):
        to, message = sent
        whom = to if kind == "mailgun" else [one for name in to.values() for one in name]
        assert whom == ["ada@example.com", "cc@example.com", "bcc@example.com"]
        assert (message["Subject"], message["X-Order"], message["References"]) == ("Grüße", "7 – ü", "<1@example.com>")
        assert [one.get_filename() for one in message.iter_attachments()] == ["Größe.pdf"]
    elif kind == "sendgrid":
        assert sent["personalizations"][0]["cc"] == [{"email": "cc@example.com"}]
        assert sent["headers"]["Message-ID"] == row["messageId"]
        assert [one["content_id"] for one in sent["attachments"] if one["disposition"] == "inline"] == ["logo"]
        assert [one["type"] for one in sent["attachments"]] == ["application/pdf", "image/png"]
    elif kind == "resend":
        assert (sent["from"], sent["reply_to"]) == ('"Shop" <shop@example.com>', ['"Re" <re@example.com>'])
        assert sent["attachments"][1]["content_id"] == "logo"
    else:
        assert sent["Attachments"][1]["ContentID"] == "cid:logo"
        assert {"Name": "Message-ID", "Value": row["messageId"]} in sent["Headers"]
        assert sent["HtmlBody"] == '<img src="cid:logo">'


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sendgrid", "SendGrid refused the message: 401 The provided authorization grant is invalid"),
        ("mailgun", "Mailgun refused the message: 401 Invalid private key"),
        ("resend", "Resend refused the message: 401 API key is invalid"),
        ("postmark", "401 The Server Token you provided in the X-Postmark-Server-Token request header was invalid"),
        ("aws", "The security token included in the request is invalid"),
    ],
)
def test_a_wrong_key_is_told_in_the_providers_words(node: Bench, kind: str, words: str) -> None:
    node.outside.credentials[kind, kind] |= {"key": "wrong-secret", "accessKeyId": "AKIAWRONG"}
    with pytest.raises(EmailRefused) as caught:
        node(mail(kind), [{"json": {}}])
    assert words in caught.value.message
    assert "wrong-secret" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("kind", "answer", "error", "words", "wait"),
    [
        ("sendgrid", (400, {"errors": [{"message": "Bad", "field": "from.email"}]}, {}), EmailRefused, "Bad", None),
        ("sendgrid", (429, {"errors": [{"message": "too many requests"}]}, {"x_ratelimit_reset": "1"}), None, "", 0.0),
        ("sendgrid", (413, {"errors": [{"message": "Payload"}]}, {}), EmailTooLarge, "Payload", None),
        ("mailgun", (429, {"message": "Too Many"}, {"retry_after": "7"}), None, "Too Many", 7.0),
        ("mailgun", (400, {"message": "Sandbox subdomains"}, {}), EmailRefused, "Sandbox subdomains", None),
        ("resend", (429, {"name": "rate_limit_exceeded", "message": "2 per s"}, {"retry_after": "1"}), None, "2", 1.0),
        ("resend", (429, {"name": "daily_quota_exceeded", "message": "quota"}, {}), EmailRefused, "quota", None),
        ("resend", (409, {"name": "concurrent_idempotent_requests", "message": "busy"}, {}), None, "busy", None),
        ("postmark", (422, {"ErrorCode": 405, "Message": "Not allowed to send"}, {}), EmailRefused, "Not allow", None),
        ("postmark", (500, {"ErrorCode": 500, "Message": "Server Issues"}, {}), None, "Server Issues", None),
        ("aws", (429, {"message": "rate"}, {"x_amzn_ErrorType": "TooManyRequestsException"}), None, "rate", None),
        (
            "aws",
            (400, {"message": "pau"}, {"x_amzn_ErrorType": "SendingPausedException"}),
            EmailRefused,
            "pau",
            None,
        ),
        ("aws", (400, {"message": "Message length is more than 41943040 bytes"}, {}), EmailTooLarge, "length", None),
        ("mailgun", (302, {}, {"location": "https://elsewhere.example"}), EmailRefused, "302", None),
    ],
)
def test_a_refusal_is_for_good_or_for_now(
    node: Bench, services: MailServices, kind: str, answer: Any, error: Any, words: str, wait: float | None
) -> None:
    services.answers.append(answer)
    with pytest.raises(error or EmailUnavailable) as caught:
        node(mail(kind), [{"json": {}}])
    assert words in caught.value.message
    assert caught.value.retry_after == wait
    assert services.sent == []


def test_a_domain_of_the_other_region_is_told_of(node: Bench, services: MailServices) -> None:
    services.answers.append((404, {"message": "Domain not found: mg.example.com"}, {}))
    with pytest.raises(EmailRefused, match="Domain not found") as caught:
        node(mail("mailgun"), [{"json": {}}])
    assert "its region (US or EU)" in caught.value.remedy


def test_the_same_message_is_sent_once_by_resend(node: Bench, services: MailServices) -> None:
    first, again = (node.json(mail("resend"), [{"json": {}}], attempt=attempt)[0] for attempt in (1, 2))
    assert first == again
    node.json(mail("resend", subject="Mended"), [{"json": {}}])
    assert [sent["subject"] for _, sent in services.sent] == ["Grüße", "Mended"]


def test_whom_postmark_does_not_deliver_to_is_told(node: Bench) -> None:
    [row] = node.json(mail("postmark", to="ada@example.com, inactive@example.com"), [{"json": {}}])
    assert (row["accepted"], row["rejected"]) == (["ada@example.com"], ["inactive@example.com"])
    with pytest.raises(EmailRefused, match="marked as inactive"):
        node(mail("postmark", to="inactive@example.com"), [{"json": {}}])


def test_files_beyond_what_a_provider_takes_are_refused_before_they_are_sent(node: Bench, web: Web) -> None:
    large = {**stored(node, "film.mp4", b"x", "video/mp4"), "size": 8 * 1024 * 1024}
    item: Any = {"json": {}, "binary": {"data": large}}
    with pytest.raises(EmailTooLarge, match=r"8 MB together; Postmark takes 7 MB.*“film\.mp4”"):
        node(mail("postmark", attachments="data"), [item])
    assert web.asked == []


def test_a_provider_that_is_away_may_be_there_again(node: Bench, web: Web) -> None:
    web.routes["/email"] = lambda exchange: exchange.drop()
    with pytest.raises(EmailUnavailable):
        node(mail("postmark"), [{"json": {}}])


def test_what_is_missing_in_an_account_is_named(node: Bench) -> None:
    with pytest.raises(NodeError, match="From must be one address"):
        node({**mail("aws"), "sender": ""}, [{"json": {}}])
    del node.outside.credentials["mailgun", "mailgun"]["domain"]
    with pytest.raises(CredentialMissing, match="no region or domain"):
        node(mail("mailgun"), [{"json": {}}])
