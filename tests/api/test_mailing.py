"""The platform's own mail: through a mail server, through SES, and what happens without either."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from botocore.stub import Stubber

from api.refusals import Refused
from api.services.mailing import mails_of, one_line, send
from local.services.mail import Inbox
from local.stack.ports import free_port
from stepweave.aws.control.clients import client


@pytest.fixture
def server() -> Iterator[tuple[Inbox, str]]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield inbox, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_mail_server_gets_the_words_as_they_are(server: tuple[Inbox, str]) -> None:
    inbox, url = server
    send(mails_of(url, "no-reply@stepweave.example"), "ada@example.com", "Grüße", "Öffne dies:\nhttp://x.test/y\n")
    (caught,) = inbox.messages
    assert caught.recipients == ["ada@example.com"]
    assert (caught.to_json()["subject"], caught.to_json()["text"]) == ("Grüße", "Öffne dies:\r\nhttp://x.test/y\r\n")
    assert caught.message["From"] == "Stepweave <no-reply@stepweave.example>"


@pytest.mark.parametrize(
    ("to", "subject"),
    [("ada@example.com\r\nBcc: eve@example.com", "Hi"), ("ada@example.com", "Hi\r\nBcc: eve@example.com"), ("", "Hi")],
)
def test_nothing_gets_into_the_headers(server: tuple[Inbox, str], to: str, subject: str) -> None:
    inbox, url = server
    with pytest.raises(Refused) as refused:
        send(mails_of(url, "no-reply@stepweave.example"), to, subject, "Text")
    assert refused.value.code.name == "mail_unavailable"
    assert not inbox.messages


def test_a_recipient_that_the_server_refuses_and_a_server_that_is_not_there(server: tuple[Inbox, str]) -> None:
    _, url = server
    for where in (url, "smtp://127.0.0.1:1"):
        with pytest.raises(Refused):
            send(mails_of(where, "no-reply@stepweave.example"), "ada@refuse.test", "Hi", "Text")


def test_on_aws_it_goes_through_ses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    mails = mails_of("ses:", "no-reply@example.com")
    with Stubber(client("sesv2")) as ses:
        words: dict[str, Any] = {"Charset": "UTF-8"}
        wanted = {
            "FromEmailAddress": "Stepweave <no-reply@example.com>",
            "Destination": {"ToAddresses": ["ada@example.com"]},
            "Content": {"Simple": {"Subject": {"Data": "Hi", **words}, "Body": {"Text": {"Data": "Text", **words}}}},
        }
        ses.add_response("send_email", {"MessageId": "m"}, wanted)
        send(mails, "ada@example.com", "Hi", "Text")
        ses.add_client_error("send_email", "MessageRejected", "not verified", 400)
        with pytest.raises(Refused):
            send(mails, "ada@example.com", "Hi", "Text")
    client.cache_clear()


def test_a_deployment_without_mail_says_so_and_a_wrong_setting_too() -> None:
    assert mails_of("", "") is None
    with pytest.raises(Refused, match="sends no mail"):
        send(None, "ada@example.com", "Hi", "Text")
    for url, sender in (("http://x", "a@b.test"), ("smtp://", "a@b.test"), ("ses:", "")):
        with pytest.raises(ValueError, match="STEPWEAVE_MAIL"):
            mails_of(url, sender)


def test_names_that_people_choose_are_one_line() -> None:
    assert one_line("A\r\nBcc: x\u2028 y") == "A Bcc: x y"
    assert len(one_line("x" * 500)) == 100
