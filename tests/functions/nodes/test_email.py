"""The email node against a real SMTP server."""

import base64
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from functions.nodes.messages.email.run import run
from functions.nodes.messages.email.spec import SPEC
from local.stack.ports import free_port
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.mail.errors import AddressInvalid, EmailRefused, EmailUnavailable
from stepweave.runtime.network import AddressForbidden
from tests.fakes.steps import Bench, items


@dataclass
class Mailbox:
    """What the server received, and what it answers to whom."""

    port: int = 0
    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    sessions: set[Any] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    token_refusal: str = '{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}'
    refused: str = "535 5.7.8 Username and Password not accepted"
    bearers: list[tuple[str, str, str]] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await by_token(server, args)

    async def auth_OAUTHBEARER(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await by_token(server, args)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.sessions.add(session.peer)
        self.received.append((list(envelope.rcpt_tos), message))
        return self.answers.get("DATA", "250 accepted")


async def by_token(server: Any, args: list[str]) -> AuthResult:
    """Serve AUTH XOAUTH2 and OAUTHBEARER as Google does."""
    mailbox, mechanism = server.event_handler, args[0].upper()
    given = base64.b64decode(args[1]).decode()
    user, token = given.split("\x01")[0], given.partition("auth=Bearer ")[2].rstrip("\x01")
    mailbox.bearers.append((mechanism, user, token))
    if token in mailbox.tokens:
        return AuthResult(success=True)
    if mailbox.token_refusal:
        answer = await server.challenge_auth(mailbox.token_refusal)
        assert answer == (b"" if mechanism == "XOAUTH2" else b"\x01")
    await server.push(mailbox.refused)
    return AuthResult(success=False, handled=True)


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"ada", b"right"), handled=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    server.received.clear()
    server.answers.clear()
    server.sessions.clear()
    server.bearers.clear()
    server.tokens = set()
    return server


@pytest.fixture
def node(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    account(bench, port=mailbox.port)
    return bench


def account(bench: Bench, **more: Any) -> None:
    bench.outside.credentials["smtp", "smtp"] = {
        "host": "127.0.0.1",
        "security": "none",
        "from": "Shop <shop@example.com>",
        **more,
    }


def mail(**more: Any) -> dict[str, Any]:
    return {"credential": "smtp", "to": "ada@example.com", "subject": "Hello", "text": "Text", **more}


ONE = items({"id": 7})


def test_a_message_is_sent_for_each_item_over_one_connection(node: Bench, mailbox: Mailbox) -> None:
    rows = node.json(mail(subject="Order {{ $json.id }} – “größer”"), items({"id": 7}, {"id": 8}))
    assert [message["Subject"] for _, message in mailbox.received] == ["Order 7 – “größer”", "Order 8 – “größer”"]
    assert [row["messageId"] for row in rows] == [message["Message-ID"] for _, message in mailbox.received]
    assert rows[0]["accepted"] == ["ada@example.com"]
    assert rows[0]["rejected"] == []
    assert len(mailbox.sessions) == 1


def test_recipients_headers_and_both_bodies_arrive(node: Bench, mailbox: Mailbox) -> None:
    node(
        mail(
            sender="Zoë <zoe@example.com>",
            to='"Doe, Ada" <ada@example.com>, bob@example.com',
            cc="cc@example.com",
            bcc="bcc@example.com, ada@example.com",
            replyTo="reply@example.com",
            text="Grüße\n",
            html="<b>Grüße</b>",
        ),
        ONE,
    )
    [(recipients, message)] = mailbox.received
    assert recipients == ["ada@example.com", "bob@example.com", "cc@example.com", "bcc@example.com"]
    assert message["From"] == "Zoë <zoe@example.com>"
    assert message["To"] == '"Doe, Ada" <ada@example.com>, bob@example.com'
    assert (message["Cc"], message["Reply-To"], message["Bcc"]) == ("cc@example.com", "reply@example.com", None)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Grüße"
    assert html.get_content().strip() == "<b>Grüße</b>"


def test_half_of_a_character_from_an_expression_is_mended_and_told_of(node: Bench, mailbox: Mailbox) -> None:
    node(mail(subject="{{ $json.s.slice(0, 1) }}", text="{{ $json.s.slice(1) }}"), items({"s": "🎉"}))
    assert mailbox.received[0][1]["Subject"] == "\ufffd"
    [log] = node.outside.of("node.log")
    assert log["level"] == "warning"
    assert "became U+FFFD in params.subject, params.text" in log["message"]


def test_letters_beyond_ascii_before_the_at_are_sent_where_the_server_takes_them(node: Bench, mailbox: Mailbox) -> None:
    node(mail(to="Jürgen <jürgen@exämple.com>"), ONE)
    assert mailbox.received[0][0] == ["jürgen@xn--exmple-cua.com"]


def test_letters_beyond_ascii_before_the_at_are_refused_by_name_where_it_does_not(
    node: Bench, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smtplib.SMTP.has_extn", lambda client, name: name != "smtputf8")
    with pytest.raises(EmailRefused, match="in front of the @"):
        node(mail(to="jürgen@example.com"), ONE)
    assert mailbox.received == []


def test_the_same_attempted_item_has_the_same_message_id(node: Bench) -> None:
    first, again = (node.json(mail(), items({}, {}), attempt=attempt) for attempt in (1, 2))
    assert [row["messageId"] for row in first] == [row["messageId"] for row in again]
    assert first[0]["messageId"] != first[1]["messageId"]


def test_a_log_in_is_used_where_there_is_one(node: Bench, mailbox: Mailbox) -> None:
    account(node, port=mailbox.port, user="ada", password="right")
    node(mail(), ONE)
    assert len(mailbox.received) == 1
    account(node, port=mailbox.port, user="ada", password="wr0ng-secret")
    node = Bench(SPEC, run, node.outside)
    with pytest.raises(EmailRefused, match="refused the log-in: 535") as caught:
        node(mail(), ONE)
    assert "wr0ng-secret" not in str(caught.value.to_json())


@pytest.mark.parametrize("field", ["to", "cc", "bcc", "replyTo", "sender", "subject"])
@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\x00"])
def test_headers_cannot_be_forged(node: Bench, mailbox: Mailbox, field: str, break_: str) -> None:
    with pytest.raises(AddressInvalid, match=r"line break|control character U\+0000"):
        node(mail(**{field: "{{ $json.v }}"}), items({"v": f"a@example.com{break_}Bcc: victim@example.com"}))
    assert mailbox.received == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"to": "nobody"}, "To: “nobody” is not an email address"),
        ({"to": "a@"}, "To: “a@” is not"),
        ({"to": "Ada <a b@example.com>"}, "is not an email address"),
        ({"to": ","}, "To"),
        ({"cc": "x"}, "Cc: “x”"),
        ({"sender": "a@example.com, b@example.com"}, "From must be one address"),
        ({"to": ", ".join(f"u{n}@example.com" for n in range(101))}, "101 recipients are too many"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(node: Bench, params: dict[str, Any], words: str) -> None:
    with pytest.raises(AddressInvalid, match=words):
        node(mail(**params), ONE)


def test_a_sender_is_needed(node: Bench, mailbox: Mailbox) -> None:
    account(node, port=mailbox.port, **{"from": ""})
    with pytest.raises(AddressInvalid, match="From must be one address"):
        node(mail(), ONE)


def test_names_of_hosts_beyond_ascii_are_encoded(node: Bench, mailbox: Mailbox) -> None:
    node(mail(to="ada@exämple.com"), ONE)
    assert mailbox.received[0][0] == ["ada@xn--exmple-cua.com"]


@pytest.mark.parametrize(
    ("at", "answer", "kind", "words"),
    [
        ("ada@example.com", "550 5.1.1 no such user", EmailRefused, "refused ada@example.com: 550 5.1.1 no such user"),
        ("ada@example.com", "451 try later", EmailUnavailable, "451 try later"),
        ("DATA", "554 looks like spam", EmailRefused, "refused the message: 554 looks like spam"),
        ("DATA", "452 disk full", EmailUnavailable, "452 disk full"),
    ],
)
def test_a_refusal_has_the_servers_words(
    node: Bench, mailbox: Mailbox, at: str, answer: str, kind: type[NodeError], words: str
) -> None:
    mailbox.answers[at] = answer
    with pytest.raises(kind, match=words) as caught:
        node(mail(), ONE)
    assert caught.value.details["code"] == int(answer[:3])


def test_one_refused_recipient_of_several_is_told(node: Bench, mailbox: Mailbox) -> None:
    mailbox.answers["no@example.com"] = "550 unknown"
    [row] = node.json(mail(to="ada@example.com, no@example.com"), ONE)
    assert (row["accepted"], row["rejected"]) == (["ada@example.com"], ["no@example.com"])


def test_a_message_refused_does_not_keep_others_from_being_sent(node: Bench, mailbox: Mailbox) -> None:
    mailbox.answers["no@example.com"] = "550 unknown"
    output = node(
        mail(to="{{ $json.to }}"),
        items({"to": "no@example.com"}, {"to": "ada@example.com"}),
        settings={"onError": "branch"},
    )["output"]
    assert (output["main"]["count"], output["error"]["count"]) == (1, 1)
    assert len(mailbox.received) == 1


def test_a_server_that_is_not_there(node: Bench) -> None:
    account(node, port=free_port())
    with pytest.raises(EmailUnavailable, match=r"No connection to the mail server 127\.0\.0\.1:.*Connection refused"):
        node(mail(), ONE)


def test_a_server_that_does_not_speak_tls(node: Bench, mailbox: Mailbox) -> None:
    account(node, port=mailbox.port, security="starttls")
    with pytest.raises(EmailRefused, match="STARTTLS"):
        node(mail(), ONE)
    account(node, port=mailbox.port, security="tls")
    with pytest.raises(EmailUnavailable):
        Bench(SPEC, run, node.outside)(mail(), ONE)


def test_a_server_that_says_nothing(node: Bench) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        account(node, port=silent.getsockname()[1])
        with pytest.raises(NodeError, match=r"timed out|did not end"):
            node(mail(), ONE, seconds=0.4)


def test_a_private_server_is_forbidden_on_a_shared_platform(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        node(mail(), ONE)


def test_a_credential_without_a_host_is_named(node: Bench) -> None:
    node.outside.credentials["smtp", "smtp"] = {"from": "a@example.com"}
    with pytest.raises(CredentialMissing, match="no host and port"):
        node(mail(), ONE)


def test_threads_are_left_as_they_were(node: Bench) -> None:
    before = threading.active_count()
    node(mail(), ONE)
    assert threading.active_count() <= before + 1  # the outbox's timer may be ending


def token_account(bench: Bench, mailbox: Mailbox, **more: Any) -> None:
    bench.outside.credentials = {
        ("smtp", "mail_oauth2"): {
            "user": "ada@example.com",
            "smtpHost": "127.0.0.1",
            "smtpPort": mailbox.port,
            "smtpSecurity": "none",
            "accessToken": "t-1",
            **more,
        }
    }


def test_a_token_logs_in_and_the_accounts_address_sends(node: Bench, mailbox: Mailbox) -> None:
    token_account(node, mailbox)
    mailbox.tokens = {"t-1"}
    node.json(mail(), items({}, {}))
    assert [message["From"] for _, message in mailbox.received] == ["ada@example.com"] * 2
    assert mailbox.bearers == [("XOAUTH2", "user=ada@example.com", "t-1")]
    token_account(node, mailbox, **{"from": "Shop <shop@example.com>"})
    node.json(mail(), ONE)
    assert mailbox.received[-1][1]["From"] == "Shop <shop@example.com>"


def test_a_token_that_is_refused_is_renewed_once(node: Bench, mailbox: Mailbox) -> None:
    token_account(node, mailbox)
    mailbox.tokens = {"t-2"}
    node.outside.renewed = {**node.outside.credentials["smtp", "mail_oauth2"], "accessToken": "t-2"}
    node.json(mail(), items({}, {}))
    assert len(mailbox.received) == 2
    assert node.outside.renewals == ["t-1"]
    assert [token for *_, token in mailbox.bearers] == ["t-1", "t-2"]


def test_a_token_that_stays_refused_is_told_in_the_servers_words(node: Bench, mailbox: Mailbox) -> None:
    token_account(node, mailbox)
    node.outside.renewed = {**node.outside.credentials["smtp", "mail_oauth2"], "accessToken": "t-2"}
    with pytest.raises(EmailRefused) as caught:
        node.json(mail(), ONE)
    assert "refused the log-in: 535 5.7.8 Username and Password not accepted" in str(caught.value)
    assert "status 401, scope https://mail.google.com/" in str(caught.value)
    assert "t-1" not in str(caught.value.to_json())
    assert [token for *_, token in mailbox.bearers] == ["t-1", "t-2"]


def test_a_log_in_that_is_refused_for_now_renews_nothing(
    node: Bench, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_account(node, mailbox)
    monkeypatch.setattr(mailbox, "token_refusal", "")
    monkeypatch.setattr(mailbox, "refused", "454 4.7.0 Temporary authentication failure")
    with pytest.raises(EmailUnavailable, match="454"):
        node.json(mail(), ONE)
    assert (node.outside.renewals, len(mailbox.bearers)) == ([], 1)


@pytest.mark.parametrize(
    ("more", "type", "words"),
    [
        ({"smtpHost": None}, CredentialMissing, "no host for sending"),
        ({"smtpHost": "192.0.2.1"}, EmailRefused, "no encryption"),
    ],
)
def test_a_token_that_cannot_be_sent_says_why(
    node: Bench, mailbox: Mailbox, more: dict[str, Any], type: type[NodeError], words: str
) -> None:
    token_account(node, mailbox, **more)
    with pytest.raises(type, match=words):
        node.json(mail(), ONE)
    assert mailbox.bearers == []
