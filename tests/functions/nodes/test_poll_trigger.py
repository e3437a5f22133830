"""New items at a URL, against a server that lists things as servers do."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.nodes.triggers.poll_trigger.spec import SPEC, Params
from functions.nodes.triggers.poll_trigger.trigger import poll
from stepweave.runtime.asks import Asked, constant_params
from stepweave.runtime.errors import CredentialMissing, NodeError, ParameterInvalid
from stepweave.runtime.http_errors import (
    HttpClientError,
    HttpRateLimited,
    HttpServerError,
    ResponseInvalid,
    ResponseTooLarge,
)
from stepweave.runtime.network import AddressForbidden
from tests.fakes.steps import Outside
from tests.fakes.web import Exchange, Web


@dataclass
class Watch:
    """A trigger that watches `/orders`, and keeps its cursor as the platform does."""

    web: Web
    params: dict[str, Any] = field(default_factory=dict)
    cursor: Any = None
    more: bool = False
    limit: int = 100
    outside: Outside = field(default_factory=Outside)

    def poll(self, *, first: bool = False) -> list[Any]:
        params = {"url": self.web.url("/orders"), **self.params}
        asked = Asked(
            tenant_id="t",
            workflow_id="w",
            node={"id": "p", "name": "P", "type": SPEC.type, "version": 1},
            params=constant_params(Params, params),
            given={"cursor": self.cursor, "first": first, "limit": self.limit},
            vault=self.outside.services.vault,
            deadline=time.monotonic() + 20,
        )
        answer = json.loads(json.dumps(poll(asked)))
        self.cursor, self.more = answer["cursor"], answer["more"]
        return list(answer["items"])

    def lists(self, body: Any, status: int = 200, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content_type": "application/json", **headers}
        self.web.routes["/orders"] = lambda it: it.answer(status, content, **headers)

    def gives(self, give: Callable[[Exchange], None]) -> None:
        self.web.routes["/orders"] = give


def things(*ids: Any) -> list[dict[str, Any]]:
    return [{"id": id} for id in ids]


@pytest.fixture
def watch(web: Web) -> Watch:
    return Watch(web)


def test_what_is_new_is_given_once_oldest_first(watch: Watch) -> None:
    watch.lists(things(2, 1))
    assert watch.poll(first=True) == []
    watch.lists(things(4, 3, 2, 1))
    assert watch.poll() == things(3, 4)
    assert watch.poll() == []


def test_a_list_that_is_oldest_first_is_taken_as_it_is(watch: Watch) -> None:
    watch.params = {"order": "oldestFirst", "startWith": "all"}
    watch.lists(things(1, 2))
    assert watch.poll(first=True) == things(1, 2)


def test_the_list_may_stand_anywhere_in_the_answer(watch: Watch) -> None:
    watch.params = {"listAt": "data.orders", "idAt": "meta.key", "startWith": "all"}
    entry = {"meta": {"key": "a"}, "n": 1}
    watch.lists({"data": {"orders": [entry]}})
    assert watch.poll(first=True) == [entry]


def test_an_edited_entry_is_new_only_where_all_of_it_tells(watch: Watch) -> None:
    watch.lists([{"id": 1, "status": "open"}])
    watch.poll(first=True)
    watch.lists([{"status": "paid", "id": 1}])
    assert watch.poll() == []
    watch.params, watch.cursor = {"knownBy": "content"}, None
    watch.poll(first=True)
    watch.lists([{"id": 1, "status": "paid"}])
    assert watch.poll() == []
    watch.lists([{"id": 1, "status": "sent"}])
    assert watch.poll() == [{"id": 1, "status": "sent"}]


@pytest.mark.parametrize("empty", [[], None])
def test_a_list_that_is_empty_once_brings_nothing_twice(watch: Watch, empty: Any) -> None:
    watch.lists(things(1))
    watch.poll(first=True)
    watch.lists(empty)
    assert watch.poll() == []
    watch.lists(things(2, 1))
    assert watch.poll() == things(2)


def test_a_status_204_is_an_empty_list(watch: Watch) -> None:
    watch.lists(b"", 204)
    assert watch.poll(first=True) == []


def test_entries_that_are_no_objects_stand_under_data(watch: Watch) -> None:
    watch.params = {"knownBy": "content", "startWith": "all", "order": "oldestFirst"}
    watch.lists(["a", 7, None, ["b"], "a"])
    assert watch.poll(first=True) == [{"data": "a"}, {"data": 7}, {"data": None}, {"data": ["b"]}]


def test_ids_beyond_what_javascript_counts_stay_apart(watch: Watch) -> None:
    watch.lists(b'[{"id": 9007199254740993}]')
    watch.poll(first=True)
    watch.lists(b'[{"id": 9007199254740992}, {"id": "9007199254740993"}]')
    assert [str(entry["id"]) for entry in watch.poll()] == ["9007199254740992"]


def test_an_entry_without_an_id_is_told_apart_by_its_content(watch: Watch) -> None:
    watch.lists([{"id": 1}, {"name": "n"}, {"id": None, "name": "m"}])
    watch.poll(first=True)
    watch.lists([{"id": None, "name": "other"}, {"id": 1}, {"name": "n"}, {"id": None, "name": "m"}])
    assert watch.poll() == [{"id": None, "name": "other"}]


def test_where_no_entry_has_the_id_the_error_names_what_there_is(watch: Watch) -> None:
    watch.lists([{"key": 1, "name": "n"}])
    with pytest.raises(ResponseInvalid, match="has the field 'id'; there are key, name") as caught:
        watch.poll(first=True)
    assert caught.value.details == {"field": "params.idAt"}
    assert watch.cursor is None


@pytest.mark.parametrize(
    ("body", "list_at", "words"),
    [
        ({"orders": [], "next": 1}, "", "an object, not a list, as its answer; there are orders, next"),
        ({"orders": {"a": 1}}, "orders", "an object, not a list, at 'orders'"),
        ({"orders": []}, "data", "nothing at 'data'; there are orders"),
        ("text", "", "a text, not a list, as its answer; there are no fields"),
        (7, "", "a number or a boolean, not a list"),
    ],
)
def test_an_answer_without_a_list_says_what_it_has(watch: Watch, body: Any, list_at: str, words: str) -> None:
    watch.params = {"listAt": list_at}
    watch.lists(body)
    with pytest.raises(ResponseInvalid, match=words.replace("(", r"\(")):
        watch.poll()


@pytest.mark.parametrize("body", [b"<h1>Log in</h1>", b"[{]", b"\xff\xfe\x00", b"", b"[1e999]"])
def test_an_answer_that_is_no_json_is_refused_and_the_cursor_stays(watch: Watch, body: bytes) -> None:
    watch.lists(things(1))
    watch.poll(first=True)
    before = watch.cursor
    watch.lists(body)
    with pytest.raises(ResponseInvalid):
        watch.poll()
    assert watch.cursor == before


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, HttpClientError), (404, HttpClientError), (429, HttpRateLimited), (500, HttpServerError)],
)
def test_a_refusal_is_an_error_in_the_servers_words(watch: Watch, status: int, error: type[NodeError]) -> None:
    watch.lists({"error": "no such shop"}, status, retry_after="17")
    with pytest.raises(error, match="no such shop") as caught:
        watch.poll()
    assert caught.value.retry_after == (17.0 if status >= 429 else None)


def test_more_than_can_be_remembered_is_refused(watch: Watch) -> None:
    watch.lists(things(*range(2001)))
    with pytest.raises(ResponseTooLarge, match="2001 entries"):
        watch.poll(first=True)


def test_a_server_that_knows_etags_is_asked_with_the_last_one(watch: Watch) -> None:
    def give(it: Exchange) -> None:
        if it.asked.headers.get("if-none-match") == 'W/"2"':
            it.answer(304, etag='W/"2"')
        else:
            it.answer(200, json.dumps(things(2, 1)).encode(), content_type="application/json", etag='W/"2"')

    watch.gives(give)
    watch.poll(first=True)
    before = watch.cursor
    assert watch.poll() == []
    assert watch.cursor == before
    assert watch.web.asked[-1].headers["if-none-match"] == 'W/"2"'


def test_while_there_is_more_the_server_is_not_asked_whether_anything_changed(watch: Watch) -> None:
    watch.limit = 1
    watch.lists([], etag='"0"')
    watch.poll(first=True)
    watch.lists(things(2, 1), etag='"1"')
    assert (watch.poll(), watch.more) == (things(1), True)
    assert (watch.poll(), watch.more) == (things(2), False)
    assert "if-none-match" not in watch.web.asked[-1].headers
    watch.poll()
    assert watch.web.asked[-1].headers["if-none-match"] == '"1"'


def test_a_header_of_ones_own_takes_the_place_of_the_etag(watch: Watch) -> None:
    watch.params = {"headers": [{"name": "If-None-Match", "value": "mine"}]}
    watch.lists(things(1), etag='"1"')
    watch.poll(first=True)
    watch.poll()
    assert watch.web.asked[-1].headers["if-none-match"] == "mine"


def test_an_etag_without_end_is_not_sent(watch: Watch) -> None:
    watch.lists(things(1), etag='"' + "x" * 5000 + '"')
    watch.poll(first=True)
    watch.poll()
    assert "if-none-match" not in watch.web.asked[-1].headers


def test_only_what_is_newer_is_asked_for(watch: Watch) -> None:
    watch.params = {
        "sinceQuery": "since",
        "sinceAt": "at",
        "query": [{"name": "since", "value": "0"}, {"name": "size", "value": "50"}],
    }
    watch.lists([{"id": 2, "at": "2026-01-02T00:00:00+01:00"}, {"id": 1, "at": "2026-01-01"}])
    watch.poll(first=True)
    assert watch.web.asked[-1].path == "/orders?since=0&size=50"
    watch.lists([])
    assert watch.poll() == []
    assert watch.web.asked[-1].path == "/orders?size=50&since=2026-01-02T00%3A00%3A00%2B01%3A00"
    watch.lists([{"id": 3, "at": "2026-01-03"}, {"id": 2, "at": "2026-01-02"}])
    assert [entry["id"] for entry in watch.poll()] == [3]
    watch.lists([{"id": 4}])
    watch.poll()
    watch.poll()
    assert watch.web.asked[-1].path == "/orders?size=50&since=2026-01-03", "the newest entry has no such field"


def test_of_newer_things_that_come_in_parts_each_is_asked_for(watch: Watch) -> None:
    watch.params, watch.limit = {"sinceQuery": "since", "sinceAt": "id"}, 1
    watch.lists(things(1))
    watch.poll(first=True)
    watch.lists(things(3, 2, 1))
    assert watch.poll() == things(2)
    assert watch.poll() == things(3)
    assert watch.web.asked[-1].path == "/orders?since=2"


def test_query_and_headers_are_sent_as_written(watch: Watch) -> None:
    watch.params = {
        "query": [{"name": "q", "value": "{{ $json.a }} & ü"}, {"name": "", "value": "x"}],
        "headers": [{"name": "X-Shop", "value": "7"}],
    }
    watch.lists([])
    watch.poll(first=True)
    asked = watch.web.asked[-1]
    assert asked.path == "/orders?q=%7B%7B%20%24json.a%20%7D%7D%20%26%20%C3%BC"
    assert (asked.headers["x-shop"], asked.headers["accept"]) == ("7", "application/json")


def test_another_list_begins_anew_and_another_header_does_not(watch: Watch) -> None:
    watch.lists(things(1))
    watch.poll(first=True)
    watch.lists(things(2, 1))
    watch.params = {"headers": [{"name": "X-Key", "value": "new"}], "everyMinutes": 1}
    assert watch.poll(first=True) == things(2)
    watch.lists(things(3, 2, 1))
    watch.params = {"query": [{"name": "status", "value": "open"}]}
    assert watch.poll(first=True) == []


def test_a_credential_goes_with_the_request(watch: Watch) -> None:
    watch.outside.credentials["c", "http_header"] = {"name": "X-Key", "value": "secret"}
    watch.params = {"authentication": "header", "headerCredential": "c"}
    watch.lists([])
    watch.poll(first=True)
    assert watch.web.asked[-1].headers["x-key"] == "secret"
    assert "secret" not in json.dumps(watch.cursor)


def test_a_credential_that_is_not_there_is_named(watch: Watch) -> None:
    watch.params = {"authentication": "basic", "basicCredential": "gone"}
    with pytest.raises(CredentialMissing):
        watch.poll(first=True)


def test_a_private_address_is_refused(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(AddressForbidden):
        watch.poll(first=True)
    assert not watch.web.asked


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"url": "ftp://example.com"}, "params.url"),
        ({"listAt": "a..b"}, "params.listAt"),
        ({"idAt": "[1"}, "params.idAt"),
        ({"headers": [{"name": "a b", "value": "x"}]}, "params.headers"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(watch: Watch, params: dict[str, Any], field: str) -> None:
    watch.params = params
    watch.lists(things(1))
    with pytest.raises(ParameterInvalid) as caught:
        watch.poll(first=True)
    assert caught.value.details["field"] == field


def test_a_look_at_it_gives_the_newest_things(watch: Watch) -> None:
    watch.limit = 3
    watch.lists(things(5, 4, 3, 2, 1))
    assert watch.poll() == things(3, 4, 5)
