"""The node that reads mailboxes, against a real Dovecot."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.messages.read_email.errors import (
    MailboxRenumbered,
    MailMissing,
    MailTooLarge,
    SearchInvalid,
)
from functions.nodes.messages.read_email.run import run
from functions.nodes.messages.read_email.spec import SPEC
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.mailbox.errors import MailboxMissing, MailServerRefused
from stepweave.runtime.mailbox.names import wire_name
from tests.fakes.dovecot import PASSWORD, USER, Dovecot, dovecot, program
from tests.fakes.steps import TENANT, Bench, items

WITH_FILES = b"""\
From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>
To: orders@example.com
Subject: =?utf-8?b?R3LDtsOfZQ==?= of order 7
Message-ID: <7@example.com>
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

Gr\xfc\xdfe
--B
Content-Type: application/pdf
Content-Disposition: attachment; filename*0*=utf-8''Gr%C3%B6; filename*1*=%C3%9Fe.pdf
Content-Transfer-Encoding: base64

JVBERg==
--B
Content-Type: application/ms-tnef; name=winmail.dat
Content-Transfer-Encoding: base64

eJ8+Ig==
--B
Content-Type: message/rfc822

Subject: inner

Inside
--B--
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    found = program()
    if found is None:
        pytest.skip("there is no Dovecot")
    with dovecot(found) as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    running.reset()
    return running


@pytest.fixture
def node(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    bench.outside.credentials["c", "imap"] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": USER,
        "password": PASSWORD,
    }
    return bench


def mail(number: int, text: str = "Hi", sender: str = "Ada <ada@example.com>") -> bytes:
    return f"From: {sender}\nTo: shop@example.com\nSubject: Order {number}\n\n{text}\n".encode()


def ask(operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "operation": operation, **more}


ONE = items({})


def subjects(bench: Bench, **more: Any) -> list[str]:
    return [one["subject"] for one in bench.json(ask("search", **more), ONE)]


def test_mails_are_found_by_what_is_filled_in(node: Bench, server: Dovecot) -> None:
    server.put(mail(1))
    server.put(mail(2, "Größe 7"), flags="\\Seen")
    server.put(mail(3, 'say "hi" \\ you', '"Doe, B" <bob@example.com>'), flags="\\Flagged")
    server.put(WITH_FILES)
    assert subjects(node, limit=2) == ["Größe of order 7", "Order 3"]
    assert subjects(node, order="oldest", limit=2) == ["Order 1", "Order 2"]
    assert subjects(node, which="read") == ["Order 2"]
    assert subjects(node, which="flagged") == ["Order 3"]
    assert subjects(node, sender="Doe, b", text='"HI" \\ you') == ["Order 3"]
    assert subjects(node, sender="JÜRGEN", subject="größe") == ["Größe of order 7"]
    assert subjects(node, sender="ADA", text="größe") == ["Order 2"]
    assert subjects(node, to="shop", criteria="OR SUBJECT 1 (SUBJECT 3)") == ["Order 3", "Order 1"]
    assert subjects(node, since="2020-01-01", before="2020-01-02") == []
    assert len(subjects(node, since="2020-01-01T00:00:00Z")) == 4
    uids = [one["uid"] for one in node.json(ask("search", output="headers"), ONE)]
    assert subjects(node, firstUid=uids[1]) == ["Größe of order 7", "Order 3"]
    assert subjects(node, lastUid=uids[-1]) == ["Order 1"]


def test_a_mail_comes_with_its_files_and_is_not_marked_as_read(node: Bench, server: Dovecot) -> None:
    server.put(WITH_FILES)
    [found] = node.json(ask("search", output="headers"), ONE)
    assert "text" not in found
    output = node(ask("get", uids="{{ $json.uid }}", output="resolved", uidValidity=found["uidValidity"]), items(found))
    [entry] = node.outside.claims.fetch(output["output"]["main"], TENANT)
    json = entry["json"]
    assert (json["text"], json["subject"]) == ("Grüße", "Größe of order 7")
    assert [one["name"] for one in json["attachments"]] == ["Größe.pdf", "winmail.dat", "inner.eml"]
    contents = [
        node.outside.storage.objects[entry["binary"][one["file"]]["bucket"], entry["binary"][one["file"]]["key"]]
        for one in json["attachments"]
    ]
    assert contents == [b"%PDF", b'x\x9f>"', b"Subject: inner\n\nInside"]
    assert node.json(ask("search", which="unread", output="headers"), ONE)[0]["flags"] == found["flags"]
    [raw] = node.json(ask("get", uids=found["uid"], output="raw"), ONE)
    assert raw["messageId"] == "<7@example.com>"


def test_mails_are_marked(node: Bench, server: Dovecot) -> None:
    server.put(mail(1))
    [uid] = [one["uid"] for one in node.json(ask("search", output="headers"), ONE)]

    def flags(mark: str, label: str = "") -> set[str]:
        assert node.json(ask("mark", uids=uid, markAs=mark, label=label), ONE)[0]["marked"] == mark
        return set(node.json(ask("search", output="headers"), ONE)[0]["flags"]) - {"\\Recent"}

    assert flags("read") == {"\\Seen"}
    assert flags("flagged") == {"\\Seen", "\\Flagged"}
    assert flags("unread") == {"\\Flagged"}
    assert flags("unflagged") == set()
    assert flags("answered") == {"\\Answered"}
    assert flags("keyword", "Processed") == {"\\Answered", "Processed"}
    assert flags("unkeyword", "Processed") == {"\\Answered"}
    for label in ("two words", "a) \\Seen", "ü", "x\r\nA LOGOUT"):
        with pytest.raises(ParameterInvalid, match="cannot be a keyword"):
            node(ask("mark", uids=uid, markAs="keyword", label=label), ONE)
    with pytest.raises(MailServerRefused, match="has no labels"):
        node(ask("mark", uids=uid, markAs="label", label="x"), ONE)


@pytest.mark.parametrize("folder", ["Done", "Größe & Co/März 2026", 'with "quotes" \\ and spaces', "受信"])
def test_mails_are_moved_and_copied_to_folders_of_any_name(node: Bench, server: Dovecot, folder: str) -> None:
    with server.session() as client:
        client.create(wire_name(folder))
    for number in (1, 2):
        server.put(mail(number))
    second, first = [one["uid"] for one in node.json(ask("search", output="headers"), ONE)]
    [copied] = node.json(ask("copy", uids=first, folder=folder), ONE)
    rows = node.json(ask("move", uids=f"{first}, {second}", folder=folder), ONE)
    assert [row["uid"] for row in rows] == [first, second]
    assert copied["newUid"] < rows[0]["newUid"] < rows[1]["newUid"]
    assert subjects(node) == []
    assert subjects(node, mailbox=folder) == ["Order 2", "Order 1", "Order 1"]
    assert folder in [one["name"] for one in node.json(ask("folders"), ONE)]


def test_mails_go_to_the_trash_or_for_good(node: Bench, server: Dovecot) -> None:
    for number in (1, 2):
        server.put(mail(number))
    second, first = [one["uid"] for one in node.json(ask("search", output="headers"), ONE)]
    assert node.json(ask("delete", uids=[first]), ONE)[0]["movedTo"] == "Trash"
    assert node.json(ask("delete", uids=second, delete="forever"), ONE)[0]["deleted"] is True
    assert (subjects(node), subjects(node, mailbox="Trash")) == ([], ["Order 1"])
    [there] = node.json(ask("search", mailbox="Trash", output="headers"), ONE)
    with pytest.raises(ParameterInvalid, match="in the trash already"):
        node(ask("delete", uids=there["uid"], mailbox="Trash"), ONE)


def test_what_is_not_there_is_named(node: Bench, server: Dovecot) -> None:
    server.put(mail(1))
    [found] = node.json(ask("search", output="headers"), ONE)
    for operation in ("get", "mark", "move", "copy", "delete"):
        with pytest.raises(MailMissing, match=r"There is no mail 99999 in 'INBOX'") as caught:
            node(ask(operation, uids=[found["uid"], 99_999], folder="Trash"), ONE)
        assert caught.value.details == {"uids": [99_999]}
    with pytest.raises(MailboxRenumbered, match="other numbers"):
        node(ask("delete", uids=found["uid"], uidValidity=found["uidValidity"] + 1), ONE)
    with pytest.raises(MailboxMissing, match="'No such'"):
        node(ask("search", mailbox="No such"), ONE)
    with pytest.raises(MailboxMissing):
        node(ask("move", uids=found["uid"], folder="No such"), ONE)
    assert subjects(node) == ["Order 1"]


def test_one_mail_that_is_gone_holds_up_no_other(node: Bench, server: Dovecot) -> None:
    server.put(mail(1))
    [found] = node.json(ask("search", output="headers"), ONE)
    given = items({"u": 99_999}, {"u": found["uid"]})
    output = node(ask("get", uids="{{ $json.u }}"), given, settings={"onError": "branch"})["output"]
    assert (output["main"]["count"], output["error"]["count"]) == (1, 1)


def test_a_mail_that_is_too_large(node: Bench, server: Dovecot) -> None:
    server.put(mail(1, "x" * 70 + "\n" + ("y" * 70 + "\n") * 18_000))
    [found] = node.json(ask("search", maxMb=1), ONE)
    assert (found["error"]["type"], found["subject"]) == ("MailTooLarge", "Order 1")
    with pytest.raises(MailTooLarge, match="1 MB are read"):
        node(ask("get", uids=found["uid"], maxMb=1), ONE)
    assert len(node.json(ask("get", uids=found["uid"]), ONE)[0]["text"]) == 300_000


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"subject": "x\r\nA1 LOGOUT"}, SearchInvalid),
        ({"criteria": "ALL\r\nA1 DELETE INBOX"}, SearchInvalid),
        ({"criteria": 'SUBJECT "open'}, SearchInvalid),
        ({"criteria": "ALL) (ALL"}, SearchInvalid),
        ({"criteria": "SUBJECT {4}"}, SearchInvalid),
        ({"criteria": "SUBJECT ü"}, SearchInvalid),
        ({"criteria": "NONSENSE"}, MailServerRefused),
        ({"since": "soon"}, SearchInvalid),
        ({"since": "2026-02-30"}, SearchInvalid),
        ({"gmail": "has:attachment"}, SearchInvalid),
        ({"mailbox": "IN\r\nBOX"}, ParameterInvalid),
    ],
)
def test_what_cannot_be_searched_for_is_named(
    node: Bench, server: Dovecot, params: dict[str, Any], kind: type[NodeError]
) -> None:
    server.put(mail(1))
    with pytest.raises(kind):
        node(ask("search", **params), ONE)
    assert subjects(node) == ["Order 1"]


@pytest.mark.parametrize("uids", ["", None, "x", "1,,2", 0, -1, 1.5, True, 2**32, "1:*", {"a": 1}, [[1]]])
def test_what_is_no_uid_is_named(node: Bench, uids: Any) -> None:
    with pytest.raises(ParameterInvalid):
        node(ask("get", uids=uids), ONE)


def test_a_wrong_password_is_told(node: Bench) -> None:
    node.outside.credentials["c", "imap"]["password"] = "wrong-secret"
    with pytest.raises(MailServerRefused, match="AUTHENTICATIONFAILED") as caught:
        node(ask("folders"), ONE)
    assert "wrong-secret" not in str(caught.value.to_json())


def test_one_connection_serves_all_items(node: Bench, server: Dovecot) -> None:
    for number in range(5):
        server.put(mail(number))
    found = node.json(ask("search", output="headers"), ONE)
    rows = node.json(ask("get", uids="{{ $json.uid }}"), items(*found))
    assert [row["subject"] for row in rows] == [f"Order {n}" for n in (4, 3, 2, 1, 0)]
