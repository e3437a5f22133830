"""The email trigger against a real IMAP server on loopback: each mail once, whatever the server does."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.triggers.email_trigger import watching
from functions.nodes.triggers.email_trigger.options import LOADERS
from functions.nodes.triggers.email_trigger.spec import SPEC
from functions.nodes.triggers.email_trigger.trigger import poll, try_out
from stepweave.runtime.mailbox import connecting
from stepweave.runtime.mailbox import server as servers
from stepweave.runtime.mailbox.names import plain_name, wire_name
from stepweave.runtime.options import options
from tests.fakes.asks import AskBench
from tests.fakes.imap import BEGUN, CAPABILITIES, PASSWORD, USER, Box, Imap, Session, imap_server

ASKS = {"poll": poll, "test": try_out, "options": options(LOADERS)}


def mail(number: int, text: str = "Hi", sender: str = "Ada <ada@example.com>") -> str:
    return f"From: {sender}\nSubject: {number}\nMessage-ID: <{number}@example.com>\n\n{text}"


@dataclass
class Desk:
    """A trigger whose cursor is kept as the platform does."""

    imap: Imap
    params: dict[str, Any] = field(default_factory=dict)
    bench: AskBench = field(default_factory=lambda: AskBench(SPEC, ASKS))
    cursor: Any = None
    answer: dict[str, Any] = field(default_factory=dict)

    def account(self, **more: Any) -> None:
        self.bench.outside.credentials["c", "imap"] = {
            "host": "127.0.0.1",
            "port": self.imap.port,
            "security": "none",
            "user": USER,
            "password": PASSWORD,
            **more,
        }

    def poll(self, *, first: bool = False, limit: int = 100) -> list[str]:
        """Poll once; return the subjects of what is new."""
        given = {"cursor": self.cursor, "first": first, "limit": 0 if first else limit}
        self.answer = self.bench("poll", {"credential": "c", **self.params}, **given)
        self.cursor = json.loads(json.dumps(self.answer["cursor"]))
        return [one["subject"] for one in self.answer["items"]]

    def refused(self, *, first: bool = False, **params: Any) -> dict[str, Any]:
        given = {"cursor": self.cursor, "first": first, "limit": 0 if first else 100}
        return self.bench.error("poll", {"credential": "c", **self.params, **params}, **given)

    def publish(self) -> None:
        assert self.poll(first=True) == []


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


@pytest.fixture
def desk(imap: Imap, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Desk(imap)
    made.account()
    return made


def test_each_mail_starts_once_whatever_its_flags_do(desk: Desk, imap: Imap) -> None:
    imap.comes(mail(1))
    desk.publish()
    assert desk.poll() == []
    second, third = imap.comes(mail(2)), imap.comes(mail(3))
    assert desk.poll() == ["2", "3"]
    second.flags.add("\\Seen")
    assert desk.poll() == []
    second.flags.clear()
    imap.inbox.mails.remove(third)
    assert desk.poll() == []
    imap.comes(mail(3))  # moved away and back: the server gives it another number
    assert desk.poll() == ["3"]
    assert imap.is_left()
    assert not {"SELECT", "UID STORE"} & set(imap.commands())  # nothing was marked as read by looking


def test_the_platforms_parameters_and_first_mails(desk: Desk, imap: Imap) -> None:
    desk.params = {"startWith": "all", "since": "2026-11-29"}
    imap.comes(mail(0), at=BEGUN - timedelta(days=1))
    imap.comes(mail(1))
    desk.publish()
    assert desk.poll() == ["1"]
    fresh = Desk(imap, {"since": "29.11.2026"}, desk.bench)
    assert fresh.refused(first=True)["details"] == {"field": "params.since"}


def test_an_empty_mailbox_and_one_without_uidvalidity(desk: Desk, imap: Imap) -> None:
    imap.inbox.validity = 0
    desk.publish()
    assert desk.poll() == []
    imap.comes(mail(1))
    assert desk.poll() == ["1"]
    assert desk.poll() == []


def test_what_is_looked_for(desk: Desk, imap: Imap) -> None:
    desk.publish()
    desk.params = {"sender": "JÜRGEN", "subject": "order", "which": "unread"}
    who = "=?utf-8?q?J=C3=BCrgen?= <j@example.com>"
    imap.comes(mail(1, sender=who).replace("Subject: 1", "Subject: =?iso-8859-1?q?Order_1?="))
    imap.comes(mail(2, sender=who).replace("Subject: 2", "Subject: Order 2"), "INBOX", "\\Seen")
    imap.comes(mail(3).replace("Subject: 3", "Subject: Order 3"))
    assert desk.poll() == ["Order 1"]
    for one in imap.inbox.mails:
        one.flags.clear()
    desk.params = {}
    assert desk.poll() == []  # looked at once, when they came


def test_many_mails_come_in_pages_and_in_order(desk: Desk, imap: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_SEARCHED", 10)
    desk.publish()
    for number in range(32):
        imap.comes(mail(number))
    found: list[str] = []
    for _ in range(4):
        found += desk.poll(limit=12)
        if not desk.answer["more"]:
            break
    assert found == [str(number) for number in range(32)]
    assert len(json.dumps(desk.cursor)) < 10_000
    monkeypatch.setattr(watching, "_MOST_BYTES", 3000)
    for number in range(10):
        imap.comes(mail(number, "x" * 1000))
    assert len(desk.poll()) < 10
    assert desk.answer["more"]
    while desk.answer["more"]:
        desk.poll()
    assert desk.cursor["last"] == 42


def test_where_the_time_is_over_the_rest_comes_with_the_next_poll(
    desk: Desk, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish()
    for number in range(3):
        imap.comes(mail(number))
    monkeypatch.setattr(watching, "_SECONDS", -1.0)
    assert [desk.poll(), desk.poll(), desk.poll(), desk.poll()] == [["0"], ["1"], ["2"], []]


def test_numbers_given_anew_make_no_mail_new(desk: Desk, imap: Imap) -> None:
    for number in range(5):
        imap.comes(mail(number))
    desk.publish()
    imap.comes(mail(5))
    assert desk.poll() == ["5"]
    del imap.inbox.mails[1:3]
    imap.comes(mail(6))
    imap.renumbers()
    assert desk.poll() == ["6"]
    assert desk.poll() == []
    imap.comes(mail(7))
    assert desk.poll() == ["7"]
    # Moved to another server, which says that all came just now, and has forgotten the order.
    imap.renumbers()
    for one in imap.inbox.mails:
        one.received = BEGUN + timedelta(hours=5)
    imap.inbox.mails.reverse()
    imap.renumbers()
    assert desk.poll() == []


def test_mails_without_ids_and_with_wrong_dates_survive_other_numbers(desk: Desk, imap: Imap) -> None:
    imap.comes("Subject: a\n\n1", at=BEGUN + timedelta(days=9000))
    desk.publish()
    imap.comes("Subject: b\n\n2", at=BEGUN + timedelta(days=8000))
    imap.renumbers()
    assert desk.poll() == ["b"]
    assert desk.poll() == []


@pytest.mark.parametrize("capabilities", [CAPABILITIES, ("IMAP4rev1",)], ids=["MOVE", "neither"])
@pytest.mark.parametrize("afterwards", ["read", "move", "delete"])
def test_what_is_done_afterwards_waits_until_the_workflow_has_started(
    desk: Desk, imap: Imap, capabilities: tuple[str, ...], afterwards: str
) -> None:
    imap.capabilities = capabilities
    imap.boxes["Erledigt &- &APw-"] = Box()
    desk.params = {"afterwards": afterwards, "folder": "Erledigt & ü"}
    imap.comes(mail(1))
    desk.publish()
    imap.comes(mail(2))
    assert desk.poll() == ["2"]
    assert desk.answer["more"]
    assert [one.flags for one in imap.inbox.mails] == [set(), set()]  # nothing yet: it may have to be given again
    imap.comes(mail(3))
    assert desk.poll() == ["3"]
    assert desk.poll() == []
    assert not desk.answer["more"]
    left = {one.uid: sorted(one.flags) for one in imap.inbox.mails}
    assert left == ({1: [], 2: ["\\Seen"], 3: ["\\Seen"]} if afterwards == "read" else {1: []})
    assert len(imap.boxes["Erledigt &- &APw-"].mails) == (2 if afterwards == "move" else 0)


def test_without_uidplus_nothing_is_deleted_that_others_have_marked(desk: Desk, imap: Imap) -> None:
    imap.capabilities = ("IMAP4rev1",)
    desk.params = {"afterwards": "delete"}
    imap.comes(mail(1), "INBOX", "\\Deleted")
    desk.publish()
    imap.comes(mail(2))
    assert [desk.poll(), desk.poll()] == [["2"], []]
    assert [one.flags for one in imap.inbox.mails] == [{"\\Deleted"}, {"\\Deleted"}]


def test_a_folder_that_is_missing_is_told_and_holds_nothing_up(desk: Desk, imap: Imap) -> None:
    imap.boxes["Done"] = Box()
    desk.params = {"afterwards": "move", "folder": "Done"}
    desk.publish()
    imap.comes(mail(1))
    assert desk.poll() == ["1"]
    kept = imap.boxes.pop("Done")
    error = desk.refused()
    assert (error["type"], error["details"]["field"]) == ("MailboxMissing", "params.folder")
    imap.comes(mail(2))
    assert desk.poll() == ["2"]
    imap.boxes["Done"] = kept
    assert desk.poll() == []
    assert imap.inbox.mails == []
    assert desk.refused(first=True, folder="Nowhere")["details"]["field"] == "params.folder"
    assert desk.refused(folder="INBOX")["type"] == "ParameterInvalid"
    imap.comes(mail(3))
    desk.poll()
    imap.answers["UID MOVE"] = "NO [OVERQUOTA] full"
    assert "full" in desk.refused()["message"]


def test_a_mail_that_is_too_large_is_an_item_that_says_so_and_is_not_deleted(desk: Desk, imap: Imap) -> None:
    desk.params = {"maxMb": 1, "afterwards": "delete"}
    desk.publish()
    imap.comes(mail(1, "x" * 2_000_000))
    imap.comes(mail(2, "x" * 2_000_000)).size = 10  # a server that only guesses
    imap.comes(mail(3)).size = 1_100_000
    assert desk.poll() == ["1", "2", "3"]
    large, guessed, fits = desk.answer["items"]
    assert (large["error"]["type"], large["from"]["address"]) == ("MailTooLarge", "ada@example.com")
    assert large["error"]["message"] == "The mail has 2 MB; 1 MB are read."
    assert guessed["error"]["type"] == "MailTooLarge"
    assert "error" not in fits
    assert "text" not in large
    assert desk.poll() == []
    assert [one.uid for one in imap.inbox.mails] == [1, 2]


def test_a_large_mail_is_read_in_pieces_also_from_a_server_that_knows_none(desk: Desk, imap: Imap) -> None:
    desk.publish()
    for knows in (True, False):
        imap.knows_parts = knows
        imap.comes(mail(1, "line\n" * 250_000))
        assert desk.poll() == ["1"]
        item = desk.answer["items"][0]
        assert (len(item["text"]), item["cut"]) == (300_000, ["text"])
    assert imap.commands().count("UID FETCH") == 5


def test_trying_out_shows_the_newest_and_changes_nothing(desk: Desk, imap: Imap) -> None:
    for number in range(5):
        imap.comes(mail(number))
    params = {"credential": "c", "afterwards": "delete"}
    answer = desk.bench("poll", params, cursor=None, first=False, limit=3)
    assert [one["subject"] for one in answer["items"]] == ["2", "3", "4"]
    assert len(imap.inbox.mails) == 5
    assert "SELECT" not in imap.commands()


def test_another_mailbox_begins_anew_and_one_in_any_alphabet_is_opened(desk: Desk, imap: Imap) -> None:
    desk.publish()
    imap.boxes["&U,BTFw-/&ZeVnLIqe-"] = Box()
    imap.comes(mail(1), "&U,BTFw-/&ZeVnLIqe-")
    desk.params = {"mailbox": "台北/日本語"}
    desk.publish()
    imap.comes(mail(2), "&U,BTFw-/&ZeVnLIqe-")
    assert desk.poll() == ["2"]
    assert desk.refused(mailbox="None")["type"] == "MailboxMissing"
    assert desk.refused(mailbox='a"\r\nA1 DELETE INBOX')["type"] == "ParameterInvalid"


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("inBox", '"INBOX"'),
        ("Sent & <done>", '"Sent &- <done>"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("Entwürfe", '"Entw&APw-rfe"'),
        ("🎉", '"&2DzfiQ-"'),
        ("__proto__", '"__proto__"'),
    ],
)
def test_names_on_the_wire(name: str, wire: str) -> None:
    assert wire_name(name) == wire
    bare = wire[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    assert plain_name(bare) == ("INBOX" if name == "inBox" else name)


@pytest.mark.parametrize("wire", ["&", "&x", "&!!!!-", "&2Dw-", "a&-b&"])
def test_a_name_that_is_no_utf7_stays_as_it_is(wire: str) -> None:
    assert plain_name(wire).replace("&-", "&") in (wire, wire.replace("&-", "&"))


@pytest.mark.parametrize("literals", [False, True])
def test_mailboxes_to_choose_from(desk: Desk, imap: Imap, literals: bool) -> None:
    imap.literals = literals
    imap.boxes |= {
        "Archiv": Box(attributes="\\HasNoChildren \\Archive"),
        "Alt": Box(attributes="\\Trash"),
        "[Gmail]": Box(attributes="\\Noselect"),
        "Entw&APw-rfe": Box(),
        'a (b) "c"' if literals else "a (b)": Box(),
    }
    found = desk.bench("options", {"credential": "c"}, loader="mailboxes")["options"]
    assert [one["value"] for one in found] == [
        "INBOX",
        'a (b) "c"' if literals else "a (b)",
        "Alt",
        "Archiv",
        "Entwürfe",
    ]
    assert [one.get("detail") for one in found] == [None, None, "trash", "archive", None]


REFUSALS = [
    ("LOGIN", "NO [AUTHENTICATIONFAILED] wrong", "MailServerRefused", "wrong"),
    ("LOGIN", "NO [ALERT] Application-specific password required", "MailServerRefused", "[ALERT] Application-specific"),
    ("LOGIN", "NO [UNAVAILABLE] try later", "MailServerUnavailable", "try later"),
    ("LOGIN", "BAD what", "MailServerRefused", "what"),
    ("EXAMINE", "NO Unsafe Login", "MailboxMissing", "Unsafe Login"),
    ("EXAMINE", "NO [UNAVAILABLE] busy", "MailServerUnavailable", "busy"),
    ("UID SEARCH", "BAD unknown", "MailServerRefused", "unknown"),
    ("UID FETCH", "NO [SERVERBUG] oops", "MailServerUnavailable", "oops"),
    ("UID FETCH", "NO " + "x" * 50_000, "MailServerRefused", "…"),
]


@pytest.mark.parametrize(("command", "says", "type", "words"), REFUSALS)
def test_a_refusal_is_told_in_the_servers_words(
    desk: Desk, imap: Imap, command: str, says: str, type: str, words: str
) -> None:
    desk.publish()
    imap.comes(mail(1))
    imap.answers[command] = says
    error = desk.refused()
    assert (error["type"], error["retryable"]) == (type, type == "MailServerUnavailable")
    assert words in error["message"]
    assert PASSWORD not in json.dumps(error)
    imap.answers.clear()
    assert desk.poll() == ["1"]  # nothing is lost by it


def closes(session: Session, tag: bytes) -> None:
    session.connection.close()
    session.wfile.close()


def cut_off(session: Session, tag: bytes) -> None:
    session.send(b"* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: a\r\n")
    session.connection.shutdown(2)
    session.wfile.close()


def without_end(session: Session, tag: bytes) -> None:
    session.send(b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\nFrom: a\r\n")


def one_line(session: Session, tag: bytes) -> None:
    session.send(b"* 1 FETCH (" + b"x" * 1_100_000 + b"\r\n")


def says_goodbye(session: Session, tag: bytes) -> None:
    session.send(b"* BYE [ALERT] maintenance\r\n" + tag + b" NO off\r\n")


@pytest.mark.parametrize("behaves", [closes, cut_off, without_end, one_line, says_goodbye])
def test_a_connection_that_breaks_is_told_and_loses_nothing(desk: Desk, imap: Imap, behaves: Any) -> None:
    desk.publish()
    imap.comes(mail(1))
    imap.answers["UID FETCH"] = behaves
    error = desk.refused()
    assert error["retryable"] or error["type"] == "MailServerRefused"
    imap.answers.clear()
    assert desk.poll() == ["1"]


def test_a_server_of_which_only_half_a_connection_is_left(
    desk: Desk, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_MOST_WAIT", 0.2)
    imap.answers["UID SEARCH"] = lambda session, tag: session.hang()
    imap.comes(mail(1))
    error = desk.refused()
    assert (error["type"], error["retryable"]) == ("MailServerUnavailable", True)


def nothing(session: Session, tag: bytes) -> None:
    session.send(b"* 7 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 99 BODY[] {1}\r\nx)\r\n" + tag + b" OK done\r\n")


def quoted(session: Session, tag: bytes) -> None:
    session.send(
        b'* 1 FETCH (BODY[HEADER]<0> "Subject: UID 9 RFC822.SIZE 5" INTERNALDATE " 1-Feb-2026 10:00:00 +0100" '
        b"UID 1 RFC822.SIZE 30 FLAGS ())\r\n" + tag + b" OK done\r\n"
    )


def test_answers_that_nobody_asked_for_are_of_no_mail(desk: Desk, imap: Imap) -> None:
    desk.publish()
    imap.comes(mail(1))
    imap.answers["UID FETCH"] = nothing  # the mail is gone meanwhile
    assert desk.poll() == []
    imap.answers["UID FETCH"] = quoted
    answer = desk.bench("poll", {"credential": "c"}, cursor=None, first=False, limit=1)
    [item] = answer["items"] or [None]
    assert (item["subject"], item["receivedAt"]) == ("UID 9 RFC822.SIZE 5", "2026-02-01T09:00:00.000Z")


@pytest.mark.parametrize(
    ("account", "type", "words"),
    [
        ({"password": "wrong"}, "MailServerRefused", "wrong"),
        ({"password": "a\r\nA2 LOGOUT"}, "CredentialMissing", "control"),
        ({"user": 'x" "y\\'}, "MailServerRefused", "wrong"),
        ({"user": ""}, "CredentialMissing", "user"),
        ({"password": "größer"}, "MailServerRefused", "ASCII"),
        ({"security": "tls"}, "MailServerUnavailable", "SSL"),
        ({"security": "starttls"}, "MailServerRefused", "STARTTLS"),
        ({"port": 1}, "MailServerUnavailable", "refused"),
        ({"host": "no-such-host.invalid"}, "ConnectionFailed", "no address"),
    ],
)
def test_an_account_that_does_not_work_says_why(desk: Desk, account: dict[str, Any], type: str, words: str) -> None:
    desk.account(**account)
    error = desk.bench.error("test", {}, credential="c")
    assert error["type"] == type
    assert words in error["message"]
    assert error["remedy"]
    assert desk.refused(first=True)["type"] == type


def test_the_log_in_is_tried_out(desk: Desk, imap: Imap) -> None:
    assert desk.bench("test", {}, credential="c") == {"message": "The log-in works; there is 1 mailbox."}
    assert desk.bench.error("test", {}, credential=None)["type"] == "CredentialMissing"
    imap.capabilities = (*CAPABILITIES, "AUTH=PLAIN", "ID")
    assert desk.bench("test", {}, credential="c")["message"]
    assert 'ID ("name" "Stepweave")' in imap.said
    imap.capabilities = ("IMAP4rev1", "LOGINDISABLED")
    assert "TLS" in desk.bench.error("test", {}, credential="c")["remedy"]
    imap.greeting = b"* BYE too many connections\r\n"
    assert "too many connections" in desk.bench.error("test", {}, credential="c")["message"]


def test_private_addresses_and_plain_text_to_elsewhere_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.account(host="192.0.2.1")
    assert desk.bench.error("test", {}, credential="c")["type"] == "EncryptionRequired"
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    for host in ("127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1"):
        desk.account(host=host, security="tls")
        assert desk.bench.error("test", {}, credential="c")["type"] == "AddressForbidden"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_and_whom_it_trusts(
    desk: Desk, imap: Imap, security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    paths = {name: str(tmp_path / name) for name in ("key", "cert")}
    subprocess.run(
        [*made, "-addext", "subjectAltName=DNS:localhost", "-keyout", paths["key"], "-out", paths["cert"]],
        check=True,
        capture_output=True,
    )
    imap.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    imap.context.load_cert_chain(paths["cert"], paths["key"])
    imap.tls = security == "tls"
    imap.capabilities = (*CAPABILITIES, "STARTTLS")
    desk.account(host="localhost", security=security)
    error = desk.bench.error("test", {}, credential="c")
    assert (error["type"], "certificate" in error["message"]) == ("ConnectionFailed", True)
    monkeypatch.setenv("SSL_CERT_FILE", paths["cert"])
    assert desk.bench("test", {}, credential="c")["message"]
    desk.account(security=security)  # the same server by a name that the certificate is not for
    assert "IP address mismatch" in desk.bench.error("test", {}, credential="c")["message"]


def by_token(desk: Desk, imap: Imap, token: str = "t-1", **more: Any) -> None:
    imap.capabilities = (*CAPABILITIES, "AUTH=PLAIN", "AUTH=XOAUTH2", "LOGINDISABLED")
    desk.bench.outside.credentials = {
        ("c", "mail_oauth2"): {
            "user": USER,
            "imapHost": "127.0.0.1",
            "imapPort": imap.port,
            "imapSecurity": "none",
            "accessToken": token,
            **more,
        }
    }


def test_a_token_logs_in_and_opens_the_mailbox(desk: Desk, imap: Imap) -> None:
    by_token(desk, imap)
    imap.tokens = {"t-1"}
    desk.publish()
    imap.comes(mail(1))
    assert desk.poll() == ["1"]
    assert set(imap.bearers) == {(USER, "t-1")}
    assert "LOGIN" not in imap.commands()
    assert desk.bench("options", {"credential": "c"}, loader="mailboxes")["options"]


def test_a_server_that_has_the_standards_own_way_only_is_logged_in_so(desk: Desk, imap: Imap) -> None:
    by_token(desk, imap, user="ada=1,b@example.com")
    imap.capabilities = (*CAPABILITIES, "AUTH=OAUTHBEARER")
    imap.tokens = {"t-1"}
    assert desk.bench("test", {}, credential="c")["message"]
    assert imap.bearers == [("ada=1,b@example.com", "t-1")]


def test_a_token_that_is_refused_is_renewed_once(desk: Desk, imap: Imap) -> None:
    by_token(desk, imap)
    imap.tokens = {"t-2"}
    outside = desk.bench.outside
    outside.renewed = {**outside.credentials["c", "mail_oauth2"], "accessToken": "t-2"}
    assert desk.bench("test", {}, credential="c")["message"]
    assert (outside.renewals, [token for _, token in imap.bearers]) == (["t-1"], ["t-1", "t-2"])
    assert imap.is_left()


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (
            '{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}',
            "status 400, scope https://mail.goo",
        ),
        ('{"error":"invalid_token","error_description":"AADSTS70043: The token has expired"}', "AADSTS70043"),
        ("no JSON at all\r\n\x07", "(no JSON at all)"),
        ("[1]", "([1])"),
        ("", "Invalid credentials (Failure)"),
    ],
)
def test_a_token_that_stays_refused_is_told_in_the_servers_words(desk: Desk, imap: Imap, says: str, words: str) -> None:
    by_token(desk, imap)
    imap.token_refusal = says
    outside = desk.bench.outside
    outside.renewed = {**outside.credentials["c", "mail_oauth2"], "accessToken": "t-2"}
    error = desk.bench.error("test", {}, credential="c")
    assert (error["type"], error["retryable"]) == ("MailServerRefused", False)
    assert words in error["message"]
    assert USER in error["message"]
    assert "connect the credential again" in error["remedy"]
    assert "t-1" not in json.dumps(error)
    assert [token for _, token in imap.bearers] == ["t-1", "t-2"]


@pytest.mark.parametrize(
    ("capabilities", "account", "type", "words"),
    [
        (("AUTH=PLAIN",), {}, "MailServerRefused", "no log-in by OAuth2 (XOAUTH2 or OAUTHBEARER): it has PLAIN."),
        ((), {}, "MailServerRefused", "it has none but user and password"),
        (("AUTH=XOAUTH2",), {"imapHost": None}, "CredentialMissing", "no host for reading"),
        (("AUTH=XOAUTH2",), {"user": "a\x01auth=Bearer b"}, "CredentialMissing", "control"),
        (("AUTH=XOAUTH2",), {"imapHost": "192.0.2.1"}, "EncryptionRequired", "no encryption"),
    ],
)
def test_a_token_that_cannot_be_sent_says_why_and_is_not_renewed(
    desk: Desk, imap: Imap, capabilities: tuple[str, ...], account: dict[str, Any], type: str, words: str
) -> None:
    by_token(desk, imap, **account)
    imap.capabilities = (*CAPABILITIES, *capabilities)
    error = desk.bench.error("test", {}, credential="c")
    assert (error["type"], words in error["message"], imap.bearers) == (type, True, [])
    assert desk.bench.outside.renewals == []


def test_a_server_that_wants_tokens_says_so_to_a_password(desk: Desk, imap: Imap) -> None:
    imap.capabilities = ("IMAP4rev1", "LOGINDISABLED", "AUTH=XOAUTH2")
    assert "Choose TLS" in desk.bench.error("test", {}, credential="c")["remedy"]
    imap.capabilities = CAPABILITIES
    desk.account(password="wrong")
    assert "OAuth2" in desk.bench.error("test", {}, credential="c")["remedy"]
