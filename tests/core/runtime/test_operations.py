"""An app's operations against a server: all ways of paging, bodies and rows, refusals, time."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import connections, operations
from stepweave.runtime.http.filling import body_of, pairs_of, path_of
from stepweave.runtime.http.operations import run_operations
from stepweave.runtime.http.paging import next_link
from stepweave.runtime.http_errors import HttpClientError, RequestTimeout, ResponseInvalid, ResponseTooLarge
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operation_forms import app_node
from stepweave.spec.operations import (
    App,
    Call,
    Cursor,
    Listed,
    NextUrl,
    Offset,
    Operation,
    PageNumber,
    Paging,
    RequestSpec,
)
from tests.fakes import steps
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web, web_server

ONE = items({})
LIST = {"credential": "c", "resource": "order", "operation": "list"}


class Params(Listed):
    """Which orders."""

    tags: Any = ui(None, title="Tags", kind=Kind.JSON)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with web_server() as made:
        monkeypatch.setitem(operations.BASE_URLS, "https://api.example.com/v1", made.url("/v1"))
        monkeypatch.setattr(steps, "hosts_of", lambda type, data: ())
        yield made
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def node(operation: Operation, **more: Any) -> Bench:
    app = App(base_url="https://api.example.com/v1", credential="http_header", operations=(operation,), **more)
    spec = app_node(app, docs="", type="shop", name="Shop", icon="box", summary="A shop.")
    made = Bench(spec, run_operations(app))
    made.outside.credentials["c", "http_header"] = {"name": "X-Key", "value": "k"}
    return made


def listing(paging: Paging | None, items: str = "orders", **changes: Any) -> Operation:
    request = RequestSpec("GET", "/orders", query=(("tags", "{tags}"),))
    return replace(
        Operation(
            resource="order",
            name="list",
            label="List",
            summary="Lists orders.",
            params=Params,
            request=request,
            items=items,
            paging=paging,
        ),
        **changes,
    )


def serves(web: Web, page: Callable[[dict[str, str]], dict[str, Any]]) -> list[dict[str, str]]:
    """Answer each request by its query, and return the queries as they come."""
    queries: list[dict[str, str]] = []

    def give(exchange: Exchange) -> None:
        query = {name: values[-1] for name, values in parse_qs(urlsplit(exchange.asked.path).query).items()}
        queries.append(query)
        exchange.answer(200, json.dumps(page(query)).encode(), content_type="application/json")

    web.routes["/v1/orders"] = give
    return queries


def orders(start: int, count: int, total: int = 5) -> list[dict[str, int]]:
    return [{"n": n} for n in range(start, min(start + count, total))]


ALL = [{"n": n} for n in range(5)]


def test_pages_are_counted(web: Web) -> None:
    queries = serves(web, lambda query: {"orders": orders((int(query["page"]) - 1) * 2, 2)})
    bench = node(listing(PageNumber(size_query="per_page", size=2)))
    assert bench.json({**LIST, "returnAll": True}, ONE) == ALL
    assert queries == [{"page": str(page), "per_page": "2"} for page in (1, 2, 3)]


def test_a_server_that_gives_shorter_pages_than_asked_for_loses_nothing(web: Web) -> None:
    serves(web, lambda query: {"orders": orders(int(query.get("offset", 0)), 2)})
    bench = node(listing(Offset(size_query="limit", size=100)))
    assert bench.json({**LIST, "returnAll": True}, ONE) == ALL


def test_offsets_count_what_came(web: Web) -> None:
    queries = serves(web, lambda query: {"orders": orders(int(query.get("offset", 0)), 2)})
    bench = node(listing(Offset()))
    bench.json({**LIST, "limit": 3}, ONE)
    assert queries == [{}, {"offset": "2"}]


def test_a_cursor_is_taken_from_the_body(web: Web) -> None:
    def page(query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("after", "0"))
        following = str(start + 2) if start + 2 < 5 else ""
        return {"orders": orders(start, 2), "meta": {"next": following}}

    queries = serves(web, page)
    bench = node(listing(Cursor(query="after", at="meta.next", size_query="n", size=2)))
    assert bench.json({**LIST, "returnAll": True, "orderListTags": "a"}, ONE) == ALL
    assert queries[1:] == [{"tags": "a", "after": "2", "n": "2"}, {"tags": "a", "after": "4", "n": "2"}]


def test_the_next_url_is_taken_from_the_body(web: Web) -> None:
    def page(query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("skip", "0"))
        return {"orders": orders(start, 2), "@odata.nextLink": f"orders?skip={start + 2}" if start < 4 else None}

    serves(web, page)
    bench = node(listing(NextUrl(at='["@odata.nextLink"]')))
    assert bench.json({**LIST, "returnAll": True}, ONE) == ALL


@pytest.mark.parametrize(
    ("header", "url"),
    [
        (
            '<https://a.example/?page=2>; rel="next", <https://a.example/?page=9>; rel="last"',
            "https://a.example/?page=2",
        ),
        ('<https://a.example/?q=a,b;c>; title="x, y"; rel=next', "https://a.example/?q=a,b;c"),
        ('<https://a.example/1>; rel="prev"', ""),
        ('<https://a.example/1>; rel="first next"', "https://a.example/1"),
        ('<https://a.example/1>; rev="next"', ""),
        ("", ""),
        ("rel=next", ""),
    ],
)
def test_the_link_header_is_read(header: str, url: str) -> None:
    assert next_link(header) == url


def test_a_list_without_end_is_an_error_and_no_shorter_list(web: Web) -> None:
    def give(query: dict[str, str]) -> dict[str, Any]:
        at = int(query.get("cursor", "0"))
        return {"orders": [{"n": at}], "next": str(at + 1)}

    serves(web, give)
    bench = node(listing(Cursor(at="next", most_pages=3)))
    with pytest.raises(ResponseTooLarge, match=r"Order: List: .* more than 3 pages"):
        bench({**LIST, "returnAll": True}, ONE)
    assert len(web.asked) == 3


def test_a_cursor_that_stays_is_an_error(web: Web) -> None:
    serves(web, lambda query: {"orders": [{"n": 1}], "next": "a"})
    with pytest.raises(ResponseInvalid, match="the same page again"):
        node(listing(Cursor(at="next")))({**LIST, "returnAll": True}, ONE)
    assert len(web.asked) == 2


def test_a_cursor_that_is_no_text_is_an_error(web: Web) -> None:
    serves(web, lambda query: {"orders": [{"n": 1}], "next": {"a": 1}})
    with pytest.raises(ResponseInvalid, match="no text at next"):
        node(listing(Cursor(at="next")))({**LIST, "returnAll": True}, ONE)


def test_a_limit_asks_for_no_page_too_many(web: Web) -> None:
    queries = serves(web, lambda query: {"orders": orders(0, int(query["n"])), "next": "more"})
    bench = node(listing(Cursor(at="next", size_query="n", size=100)))
    assert bench.json({**LIST, "limit": 2}, ONE) == ALL[:2]
    assert queries == [{"n": "2"}]


def test_no_page_is_asked_for_when_the_time_is_over(web: Web) -> None:
    from stepweave.runtime.http.asking import Asking

    serves(web, lambda query: {"orders": [{"n": 1}], "next": str(len(web.asked))})
    app = App(base_url="https://api.example.com", credential="http_header", operations=())
    ends = time.monotonic() + 30
    asking = Asking(app, web.url("/v1"), lambda refused: Authentication(), RequestSpec("GET", "/orders"), {}, ends)
    pages = asking.pages(Cursor(at="next"), "orders", None)
    assert next(pages) == [{"n": 1}]
    object.__setattr__(asking, "ends", time.monotonic())
    with pytest.raises(RequestTimeout, match="was over after 1 page"):
        next(pages)
    assert len(web.asked) == 1


def test_missing_lists_are_empty_and_entries_that_are_no_objects_are_wrapped(web: Web) -> None:
    serves(web, lambda query: {})
    assert node(listing(None)).json(LIST, ONE) == []
    serves(web, lambda query: {"orders": ["a", 1]})
    assert node(listing(None)).json(LIST, ONE) == [{"data": "a"}, {"data": 1}]
    serves(web, lambda query: {"orders": {"n": 1}})
    assert node(listing(None)).json(LIST, ONE) == [{"n": 1}]


def test_a_refusal_with_status_200_is_one(web: Web) -> None:
    serves(web, lambda query: {"ok": False, "error": "channel_not_found"})
    bench = node(listing(None), fine_when="ok", words_at="error")
    with pytest.raises(HttpClientError, match=r"Order: List: .* refused: channel_not_found\."):
        bench(LIST, ONE)
    serves(web, lambda query: {"ok": True, "orders": [{"n": 1}]})
    assert bench.json(LIST, ONE) == [{"n": 1}]
    bench = node(listing(None), errors_at="errors", words_at="errors[0].message")
    serves(web, lambda query: {"errors": [{"message": "no such channel"}], "orders": [{"n": 1}]})
    with pytest.raises(HttpClientError, match=r"refused: no such channel\."):
        bench(LIST, ONE)
    serves(web, lambda query: {"errors": [], "orders": [{"n": 1}]})
    assert bench.json(LIST, ONE) == [{"n": 1}]


def test_what_is_no_json_is_an_error(web: Web) -> None:
    web.routes["/v1/orders"] = lambda exchange: exchange.answer(200, b"<html>", content_type="text/html")
    with pytest.raises(ResponseInvalid, match="Order: List: "):
        node(listing(None))(LIST, ONE)


class Saved(NodeParams):
    """An order."""

    id: Any = ui(..., title="Id", kind=Kind.TEXT)
    count: int = ui(1, title="Count", kind=Kind.NUMBER)
    note: str = ui("", title="Note", kind=Kind.TEXT)


def test_a_form_is_sent_as_one_and_an_empty_answer_is_one_item(web: Web) -> None:
    body = {"count": "{count}", "note": "{note}"}
    request = RequestSpec("POST", "/orders/{id}", body=body, form=True)
    operation = listing(None, items="", name="save", params=Saved, request=request)
    web.routes["/v1/orders/a%20b"] = lambda exchange: exchange.answer(204)
    given = {"credential": "c", "resource": "order", "operation": "save", "id": "a b", "count": 2}
    assert node(operation).json(given, ONE) == [{}]
    [asked] = web.asked
    assert (asked.body, asked.headers["content-type"]) == (b"count=2", "application/x-www-form-urlencoded")
    assert asked.headers["x-key"] == "k"


def test_an_error_of_one_item_is_its_own_where_the_node_goes_on(web: Web) -> None:
    request = RequestSpec("GET", "/orders/{id}")
    bench = node(listing(None, items="", name="get", label="Get", params=Saved, request=request))
    web.routes["/v1/orders/2"] = lambda exchange: exchange.answer(200, b'{"id": 2}', content_type="application/json")
    given = {"credential": "c", "resource": "order", "operation": "get", "id": "{{ $json.id }}"}
    first, second = bench.json(given, items({"id": 1}, {"id": 2}), settings={"onError": "continue"})
    assert first["error"]["message"].startswith("Order: Get: ")
    assert second == {"id": 2}


# Templates


@pytest.mark.parametrize(
    ("template", "values", "path"),
    [
        ("/a/{id}", {"id": 5}, "/a/5"),
        ("/a/{id}", {"id": "x/y"}, "/a/x%2Fy"),
        ("/a/{id}", {"id": "%2e%2e"}, "/a/%252e%252e"),
        ("/a/{id}", {"id": "a\\b"}, "/a/a%5Cb"),
        ("/a/{id}", {"id": "ü?#&=\n"}, "/a/%C3%BC%3F%23%26%3D%0A"),
        ("/a/{id*}", {"id": "x/y z"}, "/a/x/y%20z"),
        ("/a/v{id}.json", {"id": ".."}, "/a/v...json"),
        ("/a/{id}", {"id": True}, "/a/true"),
        ("/a/{id}", {"id": 1e21}, "/a/1e%2B21"),
    ],
)
def test_a_path_takes_values_as_what_they_are(template: str, values: dict[str, Any], path: str) -> None:
    assert path_of(template, values) == path


@pytest.mark.parametrize("value", ["", None, ".", "..", [], {}])
def test_a_path_refuses_what_is_nothing_or_leads_up(value: Any) -> None:
    with pytest.raises(ParameterInvalid) as refused:
        path_of("/a/{id}", {"id": value})
    assert refused.value.details == {"field": "params.id"}


@pytest.mark.parametrize("value", ["../x", "x/../../y", "x/.", "/.."])
def test_slashes_that_are_let_be_lead_not_up_either(value: str) -> None:
    with pytest.raises(ParameterInvalid, match="cannot go up"):
        path_of("/a/{id*}", {"id": value})


def test_rows_leave_out_what_is_nothing_and_repeat_lists() -> None:
    rows = (("a", "{a}"), ("b", "{b}"), ("c", "{c}"), ("d", "x-{d}"), ("e", "{e}"), ("f", "{f}"))
    values = {"a": None, "b": "", "c": [], "d": 1.0, "e": ["p", 2, None], "f": False}
    assert pairs_of(rows, values) == [("d", "x-1"), ("e", "p"), ("e", "2"), ("f", "false")]
    with pytest.raises(ParameterInvalid, match="An object cannot be sent as a"):
        pairs_of(rows, {**values, "a": {"x": 1}})


def test_a_body_keeps_types_and_leaves_out_what_may_be_left_out() -> None:
    values = {"n": 5, "list": [1, {"a": None}], "none": None, "empty": "", "flag": False}
    template = {
        "n": "{n}",
        "list": "{list}",
        "text": "Order {n}",
        "none": "{none}",
        "gone": "{none?}",
        "empty": "{empty}",
        "away": "{empty?}",
        "flag": "{flag?}",
        "in": [{"x": "{none?}"}, "{none?}", 7, True],
    }
    assert body_of(template, values) == {
        "n": 5,
        "list": [1, {"a": None}],
        "text": "Order 5",
        "none": None,
        "empty": "",
        "flag": False,
        "in": [7, True],  # an object of which all is left out says nothing, and providers refuse it
    }
    assert body_of("{none?}", values) is None
    assert body_of([{}, {"x": "{none?}", "y": 1}], values) == [{}, {"y": 1}]
    rows = [{"name": "a", "value": 1}, {"name": "b", "value": None}, {"name": "c", "value": ""}]
    assert body_of({"of": "{rows#}", "no": "{none#}"}, {**values, "rows": rows}) == {"of": {"a": 1, "c": ""}, "no": {}}


# Several items with one request


def together(calls: list[int]) -> Operation:
    """Return an operation that takes two items at a time, and refuses those called `bad`."""

    class Params(NodeParams):
        """Which order."""

        name: str = ui(..., title="Name", kind=Kind.TEXT, max_length=5)

    def do(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
        calls.append(len(batch))
        names = [params.name for _, params in batch]
        answer = batch[0][0].ask(RequestSpec("POST", "/orders", body={"names": "{names}"}), names=names)
        refusal = HttpClientError("No.", "Mend it.")
        yield from ([{"n": one}] if one != "bad" else refusal for one in answer["names"])

    return Operation(resource="order", name="add", label="Add", summary="Adds.", params=Params, together=do, most=2)


ADD = {"credential": "c", "resource": "order", "operation": "add", "orderAddName": "{{ $json.name }}"}


def echoes(web: Web) -> None:
    web.routes["/v1/orders"] = lambda exchange: exchange.answer(
        200, exchange.asked.body, content_type="application/json"
    )


def test_items_go_together_and_each_gets_what_is_its_own(web: Web) -> None:
    echoes(web)
    calls: list[int] = []
    bench = node(together(calls))
    names = [{"name": name} for name in ("a", "bad", "bad", "too long", "b")]
    found = bench.json(ADD, items(*names), settings={"onError": "continue", "maxAttempts": 1})
    errors = [one["error"]["message"] for one in found if "error" in one]
    assert [found[0], found[4]] == [{"n": "a"}, {"n": "b"}]
    assert errors[:2] == ["Order: Add: No.", "Order: Add: No."]
    assert errors[2].startswith("Name:")
    assert (calls, len(web.asked)) == ([2, 1, 1], 3)


def test_a_refusal_of_several_items_is_that_of_the_first(web: Web) -> None:
    web.routes["/v1/orders"] = lambda exchange: exchange.answer(422, b'{"error": "no"}')
    with pytest.raises(HttpClientError, match=r"^Order: Add: .* 422") as refused:
        node(together([]))(ADD, items({"name": "a"}, {"name": "b"}))
    assert refused.value.item == 0


def test_what_one_item_asked_for_the_others_of_the_step_have(web: Web) -> None:
    def do(call: Call, params: Any) -> Iterator[dict[str, Any]]:
        call.shared["count"] = call.shared.get("count", 0) + 1
        yield {"n": call.shared["count"]}

    class Params(NodeParams):
        """Nothing."""

    bench = node(Operation(resource="order", name="add", label="Add", summary="Adds.", params=Params, run=do))
    given = {"credential": "c", "resource": "order", "operation": "add"}
    assert [bench.json(given, items({}, {})) for _ in range(2)] == [[{"n": 1}, {"n": 2}]] * 2
