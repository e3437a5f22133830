"""The GraphQL node against a server that answers as the specification and GraphQL over HTTP say."""

import json
from typing import Any

import pytest

from functions.nodes.network.graphql.errors import GraphQLError
from functions.nodes.network.graphql.run import run
from functions.nodes.network.graphql.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import (
    HttpClientError,
    HttpRateLimited,
    HttpServerError,
    ResponseInvalid,
    ResponseTooLarge,
)
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web

QUERY = "query Orders($after: String) { orders(after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }"
ONE = items({})


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def answers(web: Web, data: Any, status: int = 200, kind: str = "application/json", **headers: str) -> dict[str, Any]:
    web.routes["/graphql"] = lambda exchange: exchange.answer(
        status, data if isinstance(data, bytes) else json.dumps(data).encode(), content_type=kind, **headers
    )
    return {"url": web.url("/graphql"), "query": QUERY}


def pages(web: Web, count: int, *, edges: bool = False, ends: bool = True) -> dict[str, Any]:
    """Have a connection of two entries a page."""

    def give(exchange: Exchange) -> None:
        at = int((json.loads(exchange.asked.body).get("variables") or {}).get("after") or 0)
        entries = [{"id": n} for n in range(at, min(at + 2, count))]
        more = at + 2 < count or not ends
        connection: dict[str, Any] = {"pageInfo": {"hasNextPage": more, "endCursor": str(at + 2) if ends else "2"}}
        connection |= {"edges": [{"node": one} for one in entries]} if edges else {"nodes": entries}
        exchange.answer(200, json.dumps({"data": {"viewer": {"orders": connection}}}).encode())

    web.routes["/graphql"] = give
    return {"url": web.url("/graphql"), "query": QUERY, "itemsAt": "viewer.orders", "paging": "relay"}


def test_a_query_is_sent_for_each_item_with_its_variables(web: Web, node: Bench) -> None:
    given = answers(web, {"data": {"order": {"id": 7}}})
    node.outside.credentials["c", "http_bearer"] = {"token": "t0ken"}
    given |= {"variables": {"id": "{{ $json.id }}"}, "operationName": "Orders", "authentication": "bearer"}
    rows = node.json({**given, "bearerCredential": "c", "concurrency": 1}, items({"id": 7}, {"id": '"} evil {'}))
    assert rows == [{"order": {"id": 7}}] * 2
    assert [json.loads(asked.body) for asked in web.asked] == [
        {"query": QUERY, "variables": {"id": 7}, "operationName": "Orders"},
        {"query": QUERY, "variables": {"id": '"} evil {'}, "operationName": "Orders"},
    ]
    assert {asked.headers["authorization"] for asked in web.asked} == {"Bearer t0ken"}
    assert "graphql-response+json" in web.asked[0].headers["accept"]


@pytest.mark.parametrize(
    ("variables", "sent"),
    [(None, {}), ("", {}), ('{"a": 1}', {"a": 1}), ("{{ $json }}", {"x": [1]}), ({"a": None}, {"a": None})],
)
def test_variables_are_an_object(web: Web, node: Bench, variables: Any, sent: dict[str, Any]) -> None:
    node(answers(web, {"data": {}}) | {"variables": variables}, items({"x": [1]}))
    assert json.loads(web.asked[0].body).get("variables", {}) == sent


@pytest.mark.parametrize("variables", ["[1]", "7", "{a: 1}", [1]])
def test_variables_that_are_none_are_named(web: Web, node: Bench, variables: Any) -> None:
    with pytest.raises(ParameterInvalid, match="variables are no JSON object"):
        node(answers(web, {"data": {}}) | {"variables": variables}, ONE)
    assert web.asked == []


@pytest.mark.parametrize("edges", [False, True])
def test_a_connection_is_read_to_its_end(web: Web, node: Bench, edges: bool) -> None:
    given = pages(web, 5, edges=edges)
    assert node.json(given, ONE) == [{"id": n} for n in range(5)]
    assert len(web.asked) == 3
    assert len(node.json({**given, "mostItems": 3}, ONE)) == 3


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"ends": False}, ResponseInvalid, "same page"),
        ({"mostPages": 2}, ResponseTooLarge, "more than 2 pages"),
        ({"itemsAt": "viewer.no"}, ResponseInvalid, "nothing at viewer.no"),
        ({"itemsAt": "viewer"}, ResponseInvalid, "no pageInfo"),
    ],
)
def test_pages_that_do_not_end_or_are_not_there(
    web: Web, node: Bench, given: dict[str, Any], error: type[Exception], words: str
) -> None:
    made = pages(web, 9, ends=given.pop("ends", True)) | given
    with pytest.raises(error, match=words):
        node(made, ONE)


def test_errors_of_an_answer_with_and_without_data(web: Web, node: Bench) -> None:
    errors = [{"message": "No such user", "path": ["user", 0, "name"], "extensions": {"code": "NOT_FOUND"}}]
    given = answers(web, {"data": {"user": None, "me": 1}, "errors": errors})
    with pytest.raises(GraphQLError, match=r"No such user \(at user\.0\.name\)") as caught:
        node(given, ONE)
    assert caught.value.details["data"] == {"user": None, "me": 1}
    assert node.json({**given, "onErrors": "partial"}, ONE) == [{"user": None, "me": 1, "errors": errors}]
    given = answers(web, {"data": None, "errors": errors})
    with pytest.raises(GraphQLError):
        node({**given, "onErrors": "partial"}, ONE)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (({"errors": [{"message": "Field 'x' doesn't exist"}]}, 400), GraphQLError, "doesn't exist"),
        (({"errors": ["just text"]}, 200), GraphQLError, "just text"),
        (({"errors": {"a": 1}}, 200), GraphQLError, r'\{"a": 1\}'),
        (({"message": "Bad credentials"}, 401), HttpClientError, "Bad credentials"),
        (({"errors": [{"message": "slow down"}]}, 429), HttpRateLimited, "slow down"),
        (({"errors": [{"message": "oh"}]}, 502), HttpServerError, "oh"),
        ((b"<h1>Not found</h1>", 404, "text/html"), HttpClientError, "Not found"),
        ((b"<h1>Home</h1>", 200, "text/html"), ResponseInvalid, "did not answer with JSON"),
        (({"ok": True}, 200), ResponseInvalid, "neither data nor errors"),
        (([], 200), ResponseInvalid, "neither data nor errors"),
        ((b"null", 200), ResponseInvalid, "neither data nor errors"),
    ],
)
def test_what_is_no_answer_is_named(
    web: Web, node: Bench, answer: tuple[Any, ...], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        node(answers(web, *answer), ONE)
