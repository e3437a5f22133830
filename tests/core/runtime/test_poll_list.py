"""The trigger of an app that polls one of its lists, against a server that pages."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from stepweave.runtime.app_polling import poll_list
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import connections, operations
from stepweave.runtime.http_errors import ResponseTooLarge
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import App, Cursor, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text
from stepweave.spec.triggers import MOST_LISTED
from tests.fakes import steps
from tests.fakes.steps import Outside
from tests.fakes.web import Exchange, Web, web_server


class Params(Listed):
    """Which books."""

    title: Text = ui("", title="Title", kind=Kind.TEXT, max_length=10)


LIST = Operation(
    resource="book",
    name="list",
    label="List",
    summary="Lists books.",
    params=Params,
    request=RequestSpec("GET", "/books", query=(("title", "{title}"),)),
    items="books",
    paging=Cursor(query="after", at="next", size_query="count", size=100),
)
APP = App(base_url="https://api.shelf.example", credential="shelf_key", operations=(LIST,))


class Shelf:
    """A trigger on a list of books, newest first, in pages of 100."""

    def __init__(self, web: Web, outside: Outside) -> None:
        self.web, self.outside = web, outside
        self.books: list[Any] = []
        self.params: dict[str, Any] = {}
        self.cursor: Any = None
        self.more = False
        self.newest_first = True
        web.routes["/books"] = self.page

    def page(self, it: Exchange) -> None:
        start = int(parse_qs(urlsplit(it.asked.path).query).get("after", ["0"])[0])
        stop = start + 100
        body = {"books": self.books[start:stop], "next": str(stop) if stop < len(self.books) else None}
        it.answer(200, json.dumps(body).encode(), content_type="application/json")

    def poll(self, *, first: bool = False, limit: int = 100) -> list[Any]:
        self.web.asked.clear()
        asked = Asked(
            tenant_id="t",
            workflow_id="w",
            node={"id": "n", "name": "N", "type": "new_book", "version": 1},
            params={"credential": "c", "everyMinutes": 5, **self.params},
            given={"cursor": self.cursor, "first": first, "limit": limit},
            vault=self.outside.services.vault,
            deadline=time.monotonic() + 20,
        )
        answer = poll_list(APP, LIST, asked, newest_first=self.newest_first)
        self.cursor, self.more = json.loads(json.dumps(answer["cursor"])), answer["more"]
        return [one["id"] for one in answer["items"]]


def books(*ids: int) -> list[dict[str, Any]]:
    return [{"id": id} for id in ids]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ())
    monkeypatch.setattr(steps, "request_of", lambda type, data: {"headers": [["x-key", data["key"]]], "query": []})
    outside = Outside()
    outside.credentials["c", "shelf_key"] = {"key": "k"}
    with web_server() as web:
        monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
        yield Shelf(web, outside)
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def test_a_new_book_is_given_once_and_the_credential_goes_along(shelf: Shelf) -> None:
    shelf.books = books(2, 1)
    assert shelf.poll(first=True) == []
    shelf.books = books(4, 3, 2, 1)
    assert shelf.poll() == [3, 4]
    assert shelf.poll() == []
    assert {asked.headers["x-key"] for asked in shelf.web.asked} == {"k"}


def test_pages_are_read_as_far_as_books_are_new(shelf: Shelf) -> None:
    shelf.books = books(*range(500, 0, -1))
    shelf.poll(first=True)
    assert len(shelf.web.asked) == 5
    assert shelf.poll() == []
    assert len(shelf.web.asked) == 1
    shelf.books = books(*range(750, 0, -1))
    given = shelf.poll()
    while shelf.more:
        given += shelf.poll()
    assert given == list(range(501, 751))


def test_a_book_that_moves_up_as_others_are_taken_away_is_not_new(shelf: Shelf) -> None:
    shelf.books = books(*range(300, 0, -1))
    shelf.poll(first=True)
    shelf.books = books(*range(300, 250, -1), *range(100, 0, -1))
    assert shelf.poll() == []


def test_a_list_without_end_that_is_newest_first_is_watched_at_its_beginning(shelf: Shelf) -> None:
    shelf.books = books(*range(MOST_LISTED + 500, 0, -1))
    shelf.poll(first=True)
    assert len(shelf.web.asked) == MOST_LISTED // 100
    shelf.books = books(MOST_LISTED + 501, *range(MOST_LISTED + 500, 0, -1))
    assert shelf.poll() == [MOST_LISTED + 501]


def test_a_list_in_another_order_is_read_whole_or_refused(shelf: Shelf) -> None:
    shelf.newest_first = False
    shelf.books = books(*range(1, 251))
    shelf.poll(first=True)
    shelf.books = books(*range(1, 253))
    assert shelf.poll() == [251, 252]
    shelf.books = books(*range(MOST_LISTED + 1))
    with pytest.raises(ResponseTooLarge):
        shelf.poll()


def test_a_look_at_it_asks_for_one_page(shelf: Shelf) -> None:
    shelf.books = books(*range(500, 0, -1))
    assert shelf.poll(limit=3) == [498, 499, 500]
    assert len(shelf.web.asked) == 1


def test_the_operations_parameters_that_the_trigger_has_count(shelf: Shelf) -> None:
    shelf.params = {"title": "Emma"}
    shelf.poll(first=True)
    assert "title=Emma" in shelf.web.asked[0].path
    shelf.books = books(7)
    shelf.params = {"title": "Persuasion"[:10]}
    assert shelf.poll(first=True) == [], "another list begins anew"
    shelf.params = {"title": "longer than ten"}
    with pytest.raises(ParameterInvalid):
        shelf.poll()


def test_an_entry_without_the_field_is_told_apart_by_its_content(shelf: Shelf) -> None:
    shelf.books = [{"name": "a"}, "b"]
    shelf.poll(first=True)
    shelf.books = [{"name": "c", "id": None}, {"name": "a"}, "b"]
    assert shelf.poll() == [None]
