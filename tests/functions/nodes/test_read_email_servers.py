"""The node that reads mailboxes, against servers that behave badly, or as Gmail does."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.messages.read_email.errors import SearchInvalid
from functions.nodes.messages.read_email.run import run
from functions.nodes.messages.read_email.spec import SPEC
from stepweave.runtime.mailbox.answers import copied, labelled
from stepweave.runtime.mailbox.errors import MailboxMissing, MailServerRefused, MailServerUnavailable
from tests.fakes.imap import PASSWORD, USER, Box, Imap, Session, imap_server
from tests.fakes.steps import Bench, items

ONE = items({})


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


@pytest.fixture
def node(imap: Imap, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    account = {"host": "127.0.0.1", "port": imap.port, "security": "none", "user": USER, "password": PASSWORD}
    bench.outside.credentials["c", "imap"] = account
    return bench


def ask(operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "operation": operation, **more}


def test_a_connection_that_breaks_costs_one_item_only(node: Bench, imap: Imap) -> None:
    imap.comes("Subject: 1\n\nHi")
    broken: list[bool] = []

    def search(session: Session, tag: bytes) -> None:
        if not broken:
            broken.append(True)
            session.request.close()
            raise ConnectionResetError
        session.send(b"* SEARCH 1\r\n", tag + b" OK done\r\n")

    imap.answers["UID SEARCH"] = search
    output = node(ask("search"), items({}, {}), settings={"onError": "branch"})["output"]
    assert (output["main"]["count"], output["error"]["count"]) == (1, 1)
    broken.clear()
    with pytest.raises(MailServerUnavailable):
        node(ask("search"), ONE)


def test_a_full_mailbox_is_told_in_the_servers_words(node: Bench, imap: Imap) -> None:
    imap.comes("Subject: 1\n\nHi")
    imap.boxes["Done"] = Box()
    imap.answers["UID MOVE"] = "NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"
    with pytest.raises(MailServerRefused, match="Quota exceeded"):
        node(ask("move", uids=1, folder="Done"), ONE)
    assert len(imap.inbox.mails) == 1


def test_a_server_that_cannot_move_copies_and_deletes(node: Bench, imap: Imap) -> None:
    imap.capabilities = ("IMAP4rev1",)
    imap.boxes["Done"] = Box()
    imap.comes("Subject: 1\n\nHi")
    imap.comes("Subject: 2\n\nHi")
    assert node.json(ask("move", uids=1, folder="Done"), ONE) == [{"uid": 1, "mailbox": "INBOX", "movedTo": "Done"}]
    assert (len(imap.inbox.mails), len(imap.boxes["Done"].mails)) == (1, 1)
    imap.inbox.mails[0].flags.add("\\Deleted")  # somebody else's, which no EXPUNGE of ours may take
    imap.comes("Subject: 3\n\nHi")
    node(ask("delete", uids=3, delete="forever"), ONE)
    assert [mail.uid for mail in imap.inbox.mails] == [2, 3]


def test_a_copy_that_fails_deletes_nothing(node: Bench, imap: Imap) -> None:
    imap.capabilities = ("IMAP4rev1",)
    imap.comes("Subject: 1\n\nHi")
    with pytest.raises(MailboxMissing):
        node(ask("move", uids=1, folder="Gone"), ONE)
    assert (len(imap.inbox.mails), imap.inbox.mails[0].flags) == (1, set())


def test_a_server_that_knows_ascii_only_is_searched_by_looking(node: Bench, imap: Imap) -> None:
    imap.comes("Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\n\nHi")
    imap.comes("Subject: 2\n\nHi")

    def search(session: Session, tag: bytes) -> None:
        if "CHARSET" in imap.said[-1]:
            session.send(tag + b" NO [BADCHARSET (US-ASCII)] The specified charset is not supported.\r\n")
        else:
            session.send(b"* SEARCH 1 2\r\n", tag + b" OK done\r\n")

    imap.answers["UID SEARCH"] = search
    assert [row["uid"] for row in node.json(ask("search", subject="GRÖSSE", output="headers"), ONE)] == [1]
    with pytest.raises(SearchInvalid, match="ASCII only"):
        node(ask("search", text="größe"), ONE)


def test_gmails_labels_and_searches(node: Bench, imap: Imap) -> None:
    imap.capabilities = (*imap.capabilities, "X-GM-EXT-1")
    imap.comes("Subject: 1\n\nHi")
    imap.answers["UID STORE"] = "OK done"
    said: list[str] = []
    imap.answers["UID SEARCH"] = lambda session, tag: session.send(b"* SEARCH 1\r\n", tag + b" OK done\r\n")
    [row] = node.json(ask("mark", uids=1, markAs="label", label="Größe"), ONE)
    assert row["marked"] == "label"
    said = [line for line in imap.said if "X-GM-LABELS" in line]
    assert said[0].endswith('UID STORE 1 +X-GM-LABELS.SILENT ("Gr&APYA3w-e")')
    imap.answers["UID FETCH"] = "OK done"
    node(ask("search", gmail='has:attachment "x"'), ONE)
    assert 'UID SEARCH 1:* ALL X-GM-RAW has:attachment "x"' in imap.said


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        ([b'1 (UID 7 X-GM-LABELS ("\\\\Inbox" "Gr&APYA3w-e \\"x\\"" plain))'], ["\\Inbox", 'Größe "x"', "plain"]),
        ([(b"1 (X-GM-LABELS ({4}", b"a(b)"), b" Work) UID 7)"], ["Work", "a(b)"]),
        ([b"1 (UID 7 X-GM-LABELS ())"], []),
        ([b'1 (X-GM-LABELS ("()" "(foo bar)" "[x]" fav) UID 7 FLAGS (\\Seen))'], ["()", "(foo bar)", "[x]", "fav"]),
    ],
)
def test_labels_are_read(data: list[Any], labels: list[str]) -> None:
    assert labelled(data) == {7: labels}


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("[COPYUID 1 3:4,9 12,14:15] Done", {3: 12, 4: 14, 9: 15}),
        ("[COPYUID 1 3 12] [COPYUID 1 4 13]", {3: 12, 4: 13}),
        ("[COPYUID 1 3:4 12] odd", {}),
        ("Done", {}),
        ("[COPYUID 1 1:99999999999 2]", {}),
    ],
)
def test_numbers_of_copies_are_read(words: str, made: dict[int, int]) -> None:
    assert copied(words) == made
