"""The Outlook node against a server that answers as Microsoft Graph documents (learn.microsoft.com/graph)."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.nodes.apps.microsoft.nodes.outlook.run import run
from functions.nodes.apps.microsoft.nodes.outlook.spec import SPEC
from functions.nodes.apps.microsoft.nodes.outlook.times import time_of
from stepweave.runtime.adapter import options_of
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.microsoft import BASE_URL, TOKEN, Graph, Mailbox, Refused
from tests.fakes.steps import BUCKET, TENANT, Bench, items
from tests.fakes.web import Web

ONE = items({})
GO_ON = {"onError": "continue", "maxAttempts": 1}


@pytest.fixture
def graph(web: Web, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1.0"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Graph(web, "/v1.0")


@pytest.fixture
def mailbox(graph: Graph) -> Mailbox:
    return Mailbox(graph)


@pytest.fixture
def node(mailbox: Mailbox) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "resource": resource, "operation": operation, **more}


def stored(node: Bench, content: bytes, name: str = "a.txt") -> Any:
    """Return an item with a file that is stored."""
    key = f"{TENANT}/{name}"
    node.outside.storage.put(BUCKET, key, content)
    ref = {"bucket": BUCKET, "key": key, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return [{"json": {}, "binary": {"data": {**ref, "mimeType": "text/plain", "fileName": name}}}]


MAIL = {"to": "Ada <ada@example.com>, bob@example.com", "subject": "Order 7", "body": "It is <here>."}


def test_a_message_is_sent_with_its_files(mailbox: Mailbox, node: Bench) -> None:
    found = node.json(
        params("message", "send", attachments="data", cc="eve@example.com", **MAIL), stored(node, b"hello")
    )
    assert found == [
        {"sent": True, "to": ["ada@example.com", "bob@example.com"], "subject": "Order 7", "attachments": ["a.txt"]}
    ]
    [sent] = mailbox.sent
    assert sent["toRecipients"][0] == {"emailAddress": {"address": "ada@example.com", "name": "Ada"}}
    assert sent["body"] == {"contentType": "text", "content": "It is <here>."}
    assert base64.b64decode(sent["attachments"][0]["contentBytes"]) == b"hello"
    assert "bccRecipients" not in sent


def test_a_large_file_goes_piece_by_piece_to_a_draft_that_is_then_sent(
    graph: Graph, mailbox: Mailbox, node: Bench
) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB
    node(params("message", "send", attachments="data", **MAIL), stored(node, content, "big.bin"))
    assert graph.uploads == {"AAMk1=big.bin": content}
    assert [path for _, path, _ in graph.asked] == [
        "/me/messages",
        "/me/messages/AAMk1=/attachments/createUploadSession",
        "/me/messages/AAMk1=/send",
    ]
    assert mailbox.sent[0]["isDraft"]


def test_a_message_to_nobody_is_not_sent(mailbox: Mailbox, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="To: there is no address"):
        node(params("message", "send", subject="x"), ONE)
    with pytest.raises(NodeError, match="ada@") as refused:
        node(params("message", "send", to="ada@", subject="x"), ONE)
    assert type(refused.value).__name__ == "AddressInvalid"
    assert mailbox.sent == []


def test_a_message_that_may_have_been_sent_is_not_sent_again(graph: Graph, node: Bench) -> None:
    graph.refuses = [Refused(500, "InternalServerError", "Oops")]
    with pytest.raises(NodeError, match=r"may have been sent: .*Oops") as unknown:
        node(params("message", "send", **MAIL), ONE)
    assert (type(unknown.value).__name__, unknown.value.retryable) == ("OutcomeUnknown", False)
    graph.refuses = [Refused(503, "ServiceUnavailable", "Later", retry_after="9")]
    with pytest.raises(HttpServerError) as later:
        node(params("message", "send", **MAIL), ONE)
    assert later.value.retry_after == 9


def test_an_answer_stands_above_what_it_answers(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    id = mailbox.add(subject="Order 7")
    given = params("message", "reply", message=id, body="a < b\nand", messageReplyToAll=True, attachments="data")
    [answer] = node.json(given, stored(node, b"x"))
    assert (answer["sent"], answer["how"], answer["comment"]) == (True, "createReplyAll", "a &lt; b<br>and")
    assert mailbox.sent[0]["files"][0]["name"] == "a.txt"
    node(params("message", "reply", message=id, body="x", messageReplyDraft=True), ONE)
    assert len(mailbox.sent) == 1


def test_messages_are_listed_through_all_pages(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    for number in range(7):
        mailbox.add(subject=f"n{number}")
    graph.page = 3
    assert len(node.json(params("message", "list", returnAll=True), ONE)) == 7
    assert len(node.json(params("message", "list", limit=4), ONE)) == 4
    assert graph.asked[0][1] == "/me/mailFolders/inbox/messages"
    assert 'IdType="ImmutableId", outlook.body-content-type="text"' in graph.headers[0]["prefer"]


def test_a_filter_is_one_that_exchange_takes(graph: Graph, node: Bench, web: Web) -> None:
    more = {
        "messageListSender": "o'neil@example.com",
        "messageListSubject": "it's",
        "messageListUnread": True,
        "messageListSince": "2026-11-30T10:00:00+01:00",
        "messageListFilter": "importance eq 'high' or hasAttachments eq true",
    }
    node(params("message", "list", **more), ONE)
    query = parse_qs(urlsplit(web.asked[-1].path).query)
    assert query["$filter"] == [
        "receivedDateTime ge 2026-11-30T09:00:00Z and from/emailAddress/address eq 'o''neil@example.com' "
        "and contains(subject,'it''s') and isRead eq false and (importance eq 'high' or hasAttachments eq true)"
    ]
    node(params("message", "list", messageListSearch='say "hi" \\', messageListUnread=True), ONE)
    query = parse_qs(urlsplit(web.asked[-1].path).query)
    assert query["$search"] == ['"say \\"hi\\" "']
    assert "$filter" not in query


def test_several_messages_are_marked_in_one_request_each_with_its_own_outcome(
    graph: Graph, mailbox: Mailbox, node: Bench
) -> None:
    ids = [mailbox.add() for _ in range(5)]
    rows = items(*({"id": id} for id in (ids[0], "gone", *ids[1:])))
    given = params(
        "message", "update", message="{{ $json.id }}", messageUpdateRead="read", messageUpdateCategories="A, B"
    )
    found = node.json(given, rows, settings=GO_ON)
    assert [one.get("isRead") for one in found] == [True, None, True, True, True, True]
    assert found[0]["categories"] == ["A", "B"]
    assert "ErrorItemNotFound: The specified object" in found[1]["error"]["message"]
    assert [path for method, path, _ in graph.asked if method == "POST"] == ["/$batch", "/$batch"]


def test_what_a_batch_does_not_answer_to_is_an_error_of_that_item(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    ids = [mailbox.add() for _ in range(3)]
    graph.loses = {"1"}
    found = node.json(
        params("message", "delete", message="{{ $json.id }}"), items(*({"id": id} for id in ids)), settings=GO_ON
    )
    assert [one.get("deleted") for one in found] == [True, None, True]
    assert "did not answer to it" in found[1]["error"]["message"]


def test_a_limit_within_a_batch_is_that_of_one_item(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    ids = [mailbox.add() for _ in range(2)]
    graph.refuses = [Refused(429, "ApplicationThrottled", "MailboxConcurrency limit.", retry_after="5")]
    given = params("message", "move", message="{{ $json.id }}", messageMoveTarget="archive")
    with pytest.raises(HttpRateLimited, match="ApplicationThrottled") as limited:
        node(given, items(*({"id": id} for id in ids)))
    assert (limited.value.retry_after, limited.value.item) == (5, 1)


def test_files_of_a_message_come_as_items(mailbox: Mailbox, node: Bench) -> None:
    id = mailbox.add()
    kind = "#microsoft.graph."
    mailbox.attached[id] = [
        {"id": "1", "name": "a.txt", "@odata.type": f"{kind}fileAttachment", "bytes": "hello"},
        {"id": "2", "name": "logo.png", "@odata.type": f"{kind}fileAttachment", "isInline": True},
        {"id": "3", "name": "Re: x", "@odata.type": f"{kind}itemAttachment", "bytes": "From: a"},
        {"id": "4", "name": "link", "@odata.type": f"{kind}referenceAttachment"},
    ]
    output = node(params("attachment", "list", message=id), ONE)["output"]["main"]
    found = node.outside.claims.fetch(output, TENANT)
    files = [one["binary"]["data"]["fileName"] if "binary" in one else None for one in found]
    assert files == ["a.txt", "Re: x.eml", None]


def test_an_event_that_is_asked_for_twice_is_one(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    given = params(
        "event",
        "create",
        subjectOfEvent="Talk",
        start="2026-12-31T09:00:00+01:00",
        end="2026-12-31T10:00:00",
        timeZone="Europe/Berlin",
        attendees="ada@example.com",
    )
    first, second = (node.json(given, ONE)[0] for _ in range(2))
    assert first["id"] == second["id"]
    assert first["start"] == {"dateTime": "2026-12-31T08:00:00", "timeZone": "UTC"}
    assert first["end"] == {"dateTime": "2026-12-31T10:00:00", "timeZone": "Europe/Berlin"}
    assert len(mailbox.events) == 1


def test_a_whole_day_ends_at_midnight() -> None:
    start = time_of("2026-12-31", "UTC", "Start", "f", all_day=True)
    end = time_of("2026-12-31", "UTC", "End", "f", all_day=True, is_end=True)
    assert (start["dateTime"], end["dateTime"]) == ("2026-12-31T00:00:00", "2027-01-01T00:00:00")
    with pytest.raises(ParameterInvalid, match="“soon” is no date"):
        time_of("soon", "UTC", "Start", "f")


def test_events_of_a_time_are_asked_for_in_utc(node: Bench) -> None:
    given = params("event", "list", eventListSince="2026-12-01T00:00:00+01:00", eventListUntil="2026-12-02")
    [found] = node.json(given, ONE)
    assert found["asked"]["startDateTime"] == "2026-11-30T23:00:00Z"
    assert found["asked"]["endDateTime"] == "2026-12-02T00:00:00Z"
    with pytest.raises(ParameterInvalid, match="only one of them"):
        node(params("event", "list", eventListSince="2026-12-01"), ONE)


def test_another_mailbox_is_named_by_its_address_and_leads_nowhere_else(graph: Graph, node: Bench) -> None:
    node(params("folder", "list", mailbox="shared@example.com"), ONE)
    assert graph.asked[0][1] == "/users/shared@example.com/mailFolders"
    with pytest.raises(ParameterInvalid, match="me, an address or an ID"):
        node(params("folder", "list", mailbox="../sites/root"), ONE)


def test_a_contact_is_kept_and_found(node: Bench) -> None:
    given = params("contact", "create", givenName="Ada", surname="Lovelace", email="ada@example.com")
    assert node.json(given, ONE)[0]["emailAddresses"] == [{"address": "ada@example.com", "name": "Ada Lovelace"}]
    [found] = node.json(params("contact", "list", contactListAddress="o'neil@example.com"), ONE)
    assert found["asked"]["$filter"] == "emailAddresses/any(a:a/address eq 'o''neil@example.com')"


def test_a_token_that_ended_is_renewed(graph: Graph, mailbox: Mailbox, node: Bench) -> None:
    id = mailbox.add()
    node.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": "old"}
    node.outside.renewed = {"accessToken": TOKEN}
    assert node.json(params("message", "get", message=id), ONE)[0]["id"] == id


def test_an_app_that_speaks_for_itself_uses_the_same_paths(graph: Graph, mailbox: Mailbox) -> None:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "microsoft_app"] = {"accessToken": TOKEN}
    made(params("message", "list", mailbox="ada@example.com"), ONE)
    assert graph.asked[0][1] == "/users/ada@example.com/mailFolders/inbox/messages"


def test_a_refusal_is_said_in_graphs_words(graph: Graph, node: Bench) -> None:
    graph.refuses = [Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")]
    with pytest.raises(HttpClientError, match=r"Folder: List: .* 403: ErrorAccessDenied: Access is denied") as refused:
        node(params("folder", "list"), ONE)
    assert "permission" in refused.value.remedy
    assert TOKEN not in str(refused.value.to_json())


def test_folders_and_calendars_are_offered(mailbox: Mailbox) -> None:
    form = AskBench(SPEC, options_of(SPEC))
    form.outside.credentials["c", "microsoft_oauth2"] = {"accessToken": TOKEN}
    found = form("options", params("message", "list"), loader="folders")
    assert found == {"options": [{"value": "AAMkI", "label": "Inbox"}]}
    found = form("options", params("event", "list", mailbox="x@y.z"), loader="calendars")
    assert found["options"][0]["detail"] == "ada@example.com"
