"""Paging of the HTTP request node: every way in which servers name the next page, and lists that do not end."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime.errors import ExpressionFailed, ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError, ResponseInvalid, ResponseTooLarge
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web, web_server

ONE = items({})
SEVEN = [{"n": n} for n in range(7)]
Give = Callable[[dict[str, Any], Exchange], tuple[Any, dict[str, str]]]


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def serve(web: Web, give: Give, path: str = "/list") -> None:
    """Answer with what `give` makes of the query and the JSON body, as one."""

    def answer(exchange: Exchange) -> None:
        query = {name: values[-1] for name, values in parse_qs(exchange.asked.path.partition("?")[2]).items()}
        body = json.loads(exchange.asked.body) if exchange.asked.body.startswith(b"{") else {}
        data, headers = give({**query, **body}, exchange)
        exchange.answer(200, json.dumps(data).encode(), content_type="application/json", **headers)

    web.routes[path] = answer


def part(begin: int, size: int = 3) -> list[dict[str, int]]:
    return SEVEN[begin : begin + size]


def by_page(asked: dict[str, Any], _: Exchange) -> Any:
    return {"data": part((int(asked["page"]) - 1) * 3)}, {}


def by_skip(asked: dict[str, Any], _: Exchange) -> Any:
    return part(int(asked["skip"]), int(asked["take"])), {}


def by_cursor(asked: dict[str, Any], _: Exchange) -> Any:
    at = int(asked.get("after") or 0)
    return {"data": part(at), "meta": {"next": str(at + 3) if at + 3 < 7 else None}}, {}


def by_link(asked: dict[str, Any], exchange: Exchange) -> Any:
    at = int(asked.get("at", 0))
    headers = {"link": f'<?at={at + 3}>; rel="next", <?at=0>; rel="first"'} if at + 3 < 7 else {}
    return part(at), headers


def by_url(asked: dict[str, Any], exchange: Exchange) -> Any:
    at = int(asked.get("at", 0))
    return {"d": {"results": part(at), "__next": f"/list?at={at + 3}" if at + 3 < 7 else ""}}, {}


@pytest.mark.parametrize(
    ("give", "params", "requests"),
    [
        (by_page, {"paging": "page", "itemsAt": "data"}, 4),
        (by_skip, {"paging": "offset", "pageName": "skip", "sizeName": "take", "pageSize": 4}, 3),
        (by_cursor, {"paging": "cursor", "cursorAt": "meta.next", "pageName": "after", "itemsAt": "data"}, 3),
        (
            by_cursor,
            {
                "paging": "cursor",
                "cursorAt": "{{ $json.body.meta.next ? Number($json.body.meta.next) : null }}",
                "pageName": "after",
                "itemsAt": "data",
            },
            3,
        ),
        (by_link, {"paging": "link"}, 3),
        (by_url, {"paging": "nextUrl", "nextAt": "d.__next", "itemsAt": "d.results"}, 3),
        (by_url, {"paging": "nextUrl", "nextAt": "{{ $json.body.d.__next }}", "itemsAt": "d.results"}, 3),
    ],
)
def test_all_pages_of_a_list(web: Web, node: Bench, give: Give, params: dict[str, Any], requests: int) -> None:
    serve(web, give)
    assert node.json({"url": web.url("/list?keep=1"), **params}, ONE) == SEVEN
    assert len(web.asked) == requests
    if params["paging"] not in ("link", "nextUrl"):
        assert all("keep=1" in asked.path for asked in web.asked)


def test_a_cursor_in_the_body(web: Web, node: Bench) -> None:
    def give(asked: dict[str, Any], _: Exchange) -> Any:
        return by_cursor(asked.get("query", {}), _)

    serve(web, give)
    post = {"method": "POST", "bodyKind": "json", "jsonBody": {"query": {"x": 1}}, "pageIn": "body"}
    paging = {"paging": "cursor", "cursorAt": "meta.next", "pageName": "query.after", "itemsAt": "data"}
    assert node.json({"url": web.url("/list"), **post, **paging}, ONE) == SEVEN
    assert [json.loads(asked.body) for asked in web.asked] == [
        {"query": {"x": 1}},
        {"query": {"x": 1, "after": "3"}},
        {"query": {"x": 1, "after": "6"}},
    ]
    with pytest.raises(ParameterInvalid, match="no JSON object"):
        node({"url": web.url("/list"), **post, "bodyKind": "text", "textBody": "x", **paging}, ONE)


def test_limits_on_items_and_a_flag_that_ends_it(web: Web, node: Bench) -> None:
    def give(asked: dict[str, Any], _: Exchange) -> Any:
        page = int(asked["page"])
        return {"list": [{"n": page * 2}, {"n": page * 2 + 1}], "has_more": page < 3}, {}

    serve(web, give)
    given = {"url": web.url("/list"), "paging": "page", "firstPage": 0, "itemsAt": "list"}
    assert len(node.json({**given, "moreAt": "has_more"}, ONE)) == 8
    assert len(node.json({**given, "moreAt": "{{ $json.page < 2 }}"}, ONE)) == 4
    assert [row["n"] for row in node.json({**given, "mostItems": 3}, ONE)] == [0, 1, 2]


def test_an_empty_page_with_a_cursor_is_not_the_last(web: Web, node: Bench) -> None:
    def give(asked: dict[str, Any], _: Exchange) -> Any:
        return ([], {"link": '</list?at=1>; rel="next"'}) if "at" not in asked else ([{"n": 1}], {})

    serve(web, give)
    assert node.json({"url": web.url("/list"), "paging": "link"}, ONE) == [{"n": 1}]


def test_a_404_behind_the_last_page_is_the_end(web: Web, node: Bench) -> None:
    def answer(exchange: Exchange) -> None:
        if exchange.asked.path.endswith("page=3"):
            exchange.answer(404, b'{"detail": "Invalid page."}', content_type="application/json")
        else:
            exchange.answer(200, json.dumps([exchange.asked.path]).encode(), content_type="application/json")

    web.routes["/list"] = answer
    assert len(node.json({"url": web.url("/list"), "paging": "page"}, ONE)) == 2
    with pytest.raises(HttpClientError):
        node({"url": web.url("/list"), "paging": "page", "firstPage": 3}, ONE)


# Lists that do not end

ENDLESS: dict[str, tuple[Give, dict[str, Any], type[Exception]]] = {
    "the page is ignored": (
        lambda asked, _: ({"data": SEVEN}, {}),
        {"paging": "page", "itemsAt": "data"},
        ResponseInvalid,
    ),
    "the cursor stays": (
        lambda asked, _: ({"data": [{"n": 1}], "next": "x", "at": asked.get("cursor")}, {}),
        {"paging": "cursor", "cursorAt": "next", "itemsAt": "data"},
        ResponseInvalid,
    ),
    "the link leads back": (
        lambda asked, _: ([{"n": 1}], {"link": '</list?a=1>; rel="next"'}),
        {"paging": "link"},
        ResponseInvalid,
    ),
    "always another": (
        lambda asked, _: ([{"n": int(asked["offset"])}], {}),
        {"paging": "offset", "mostPages": 5},
        ResponseTooLarge,
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_pages_that_do_not_end_are_an_error_or_the_end(web: Web, node: Bench, name: str) -> None:
    give, params, error = ENDLESS[name]
    serve(web, give)
    with pytest.raises(error):
        node({"url": web.url("/list"), **params}, ONE)
    asked = len(web.asked)
    assert asked <= 5
    rows = node.json({"url": web.url("/list"), **params, "atLimit": "stop"}, ONE)
    assert len(web.asked) == 2 * asked
    assert rows == (SEVEN if name == "the page is ignored" else rows)
    [line] = node.outside.of("node.log")
    assert line["level"] == "warning"


def test_equal_pages_of_plain_values_are_no_mistake_at_once(web: Web, node: Bench) -> None:
    serve(web, lambda asked, _: ([0, 0] if asked["page"] in ("1", "2") else [], {}))
    rows = node.json({"url": web.url("/list"), "paging": "page"}, ONE)
    assert rows == [{"data": 0}] * 4


def test_a_next_page_at_another_server_is_not_asked_for(web: Web, node: Bench) -> None:
    with web_server() as other:
        serve(web, lambda asked, _: ({"next": other.url("/list"), "d": [1]}, {}))
        with pytest.raises(ResponseInvalid, match="another server"):
            node({"url": web.url("/list"), "paging": "nextUrl", "nextAt": "next", "itemsAt": "d"}, ONE)
        assert other.asked == []


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({"paging": "page"}, ParameterInvalid, "nobody knows when the pages end"),
        ({"paging": "page", "itemsAt": "no.such"}, ResponseInvalid, r"nothing at no\.such"),
        ({"paging": "cursor", "cursorAt": "{{ $json.body.d.x.y }}", "itemsAt": "d"}, ExpressionFailed, "cursorAt"),
        ({"paging": "cursor", "cursorAt": "o", "itemsAt": "d"}, ResponseInvalid, "no text at o"),
        ({"paging": "nextUrl", "nextAt": "bad", "itemsAt": "d"}, ResponseInvalid, "no URL"),
        ({"paging": "link", "responseFormat": "binary"}, ParameterInvalid, "no pages"),
    ],
)
def test_what_is_wrong_with_the_paging_is_named(
    web: Web, node: Bench, params: dict[str, Any], error: type[Exception], words: str
) -> None:
    serve(web, lambda asked, _: ({"d": [{"n": 1}], "o": {"x": 1}, "bad": "ftp://x"}, {}))
    with pytest.raises(error, match=words):
        node({"url": web.url("/list"), **params}, ONE)


def test_a_busy_server_is_left_alone_in_between(web: Web, node: Bench) -> None:
    busy = [True, True]

    def answer(exchange: Exchange) -> None:
        if "page=2" in exchange.asked.path and busy:
            exchange.answer(429 if len(busy) == 2 else 503, b"slowly", retry_after="0")
            busy.pop()
            return
        give = [1] if "page=3" not in exchange.asked.path else []
        exchange.answer(200, json.dumps(give).encode(), content_type="application/json")

    web.routes["/list"] = answer
    assert node.json({"url": web.url("/list"), "paging": "page"}, ONE) == [{"data": 1}, {"data": 1}]
    assert len(web.asked) == 5


def test_an_error_on_a_later_page_ends_it(web: Web, node: Bench) -> None:
    def answer(exchange: Exchange) -> None:
        bad = "offset=1" in exchange.asked.path
        exchange.answer(400 if bad else 200, b"no" if bad else b'[{"n": 1}]', content_type="application/json")

    web.routes["/list"] = answer
    with pytest.raises(HttpClientError, match="no"):
        node({"url": web.url("/list"), "paging": "offset", "atLimit": "stop"}, ONE)
    assert len(web.asked) == 2


def test_whole_answers_are_one_item_a_page(web: Web, node: Bench) -> None:
    serve(web, by_link)
    rows = node.json({"url": web.url("/list"), "paging": "link", "fullResponse": True}, ONE)
    assert [(row["status"], row["body"]) for row in rows] == [(200, part(0)), (200, part(3)), (200, part(6))]


def test_a_list_inside_one_answer(web: Web, node: Bench) -> None:
    serve(web, lambda *_: ({"d": {"rows": [{"a": 1}, 2]}}, {}))
    assert node.json({"url": web.url("/list"), "itemsAt": "d.rows"}, ONE) == [{"a": 1}, {"data": 2}]
    assert node.json({"url": web.url("/list"), "itemsAt": "d.rows", "splitArrays": False}, ONE) == [
        {"data": [{"a": 1}, 2]}
    ]
    with pytest.raises(ResponseInvalid, match="nothing at x"):
        node({"url": web.url("/list"), "itemsAt": "x"}, ONE)
