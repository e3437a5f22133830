"""The node that asks an API by its document, against a real server: how values are written, and what is refused."""

import json
from typing import Any
from unittest.mock import Mock

import pytest

from functions.nodes.network.api_operation.errors import ApiOperationMissing
from functions.nodes.network.api_operation.run import run
from functions.nodes.network.api_operation.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError, ResponseInvalid
from stepweave.spec.api_operations import ApiCall
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Give, Web


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


@pytest.fixture
def echo(web: Web) -> Web:
    def answer(exchange: Exchange) -> None:
        asked = exchange.asked
        told = {"method": asked.method, "path": asked.path, "body": asked.body.decode("latin-1")}
        exchange.answer(200, json.dumps(told).encode(), content_type="application/json")

    web.otherwise = answer
    return web


def field(name: str, place: str, type: str = "", **more: Any) -> dict[str, Any]:
    return {"name": name, "place": place, "type": type, **more}


def call(web: Web, *fields: dict[str, Any], path: str = "/x", method: str = "GET", **more: Any) -> dict[str, Any]:
    """Return an operation as a machine carries it."""
    operation = {"id": "op", "label": "Op", "method": method, "path": path, "fields": list(fields), **more}
    return {"api": "Shelf", "baseUrl": web.url("/v1"), "operation": operation}


def asked(web: Web, node: Bench, operation: dict[str, Any], *, body: Any = (), **values: Any) -> dict[str, Any]:
    """Ask once, and return what arrived."""
    params = {
        "api": "a",
        "operation": operation,
        "values": [{"name": name, "value": value} for name, value in values.items()],
        "body": [{"name": name, "value": value} for name, value in dict(body).items()],
    }
    [row] = node.json(params, items({}))
    assert isinstance(row, dict)
    return row


JSON_BODY = {"kind": "json", "mediaType": "application/json"}
AB = {"R": 100, "G": 200}


@pytest.mark.parametrize(
    ("more", "value", "written"),
    [
        ({"style": "form", "explode": True, "type": "array"}, [3, 4], "c=3&c=4"),
        ({"style": "form", "explode": False, "type": "array"}, [3, 4], "c=3%2C4"),
        ({"style": "form", "explode": True, "type": "array"}, "[3, 4]", "c=3&c=4"),
        ({"style": "form", "explode": False, "type": "array"}, "a,b", "c=a%2Cb"),
        ({"style": "spaceDelimited", "type": "array"}, [3, 4], "c=3%204"),
        ({"style": "pipeDelimited", "type": "array"}, [3, 4], "c=3%7C4"),
        ({"style": "form", "explode": True, "type": "object"}, AB, "R=100&G=200"),
        ({"style": "form", "explode": False, "type": "object"}, AB, "c=R%2C100%2CG%2C200"),
        ({"style": "deepObject", "explode": True, "type": "object"}, AB, "c%5BR%5D=100&c%5BG%5D=200"),
        (
            {"style": "deepObject", "explode": True, "type": "object"},
            {"p": ["yes", "no"], "q": {"min": 1, "max": None}},
            "c%5Bp%5D=yes&c%5Bp%5D=no&c%5Bq%5D%5Bmin%5D=1",
        ),
        ({"style": "json", "type": "object"}, {"a": [1]}, "c=%7B%22a%22%3A%20%5B1%5D%7D"),
        ({"style": "form", "type": "string"}, "a&b=c d+é", "c=a%26b%3Dc%20d%2B%C3%A9"),
        ({"style": "form", "type": "string"}, 7, "c=7"),
        ({"style": "form", "type": "boolean"}, "true", "c=true"),
        ({"style": "form", "type": "integer"}, "7", "c=7"),
        ({"style": "form", "type": "integer"}, 7.0, "c=7"),
        ({"style": "form", "type": "string"}, "", "c="),
    ],
)
def test_values_are_written_as_the_document_says(echo: Web, node: Bench, more: Any, value: Any, written: str) -> None:
    got = asked(echo, node, call(echo, field("c", "query", **more)), c=value)
    assert got["path"] == f"/v1/x?{written}"


@pytest.mark.parametrize(
    ("more", "value", "written"),
    [
        ({}, "a/b?c#d", "a%2Fb%3Fc%23d"),
        ({"type": "array"}, [1, 2], "1,2"),
        ({"type": "object", "explode": True}, AB, "R%3D100,G%3D200"),
        ({"style": "label", "type": "array"}, [1, 2], ".1.2"),
        ({"style": "matrix", "type": "array"}, [1, 2], ";id=1,2"),
        ({"style": "matrix", "explode": True, "type": "array"}, [1, 2], ";id=1;id=2"),
    ],
)
def test_a_path_has_its_values_and_leads_nowhere_else(
    echo: Web, node: Bench, more: Any, value: Any, written: str
) -> None:
    operation = call(echo, field("id", "path", required=True, **more), path="/books/{id}/cover")
    assert asked(echo, node, operation, id=value)["path"] == f"/v1/books/{written}/cover"


def test_headers_and_cookies_go_where_they_belong(echo: Web, node: Bench) -> None:
    fields = (field("X-Tags", "header", "array"), field("session", "cookie"), field("theme", "cookie"))
    asked(echo, node, call(echo, *fields), **{"X-Tags": ["a", "b"], "session": "s 1", "theme": None})
    headers = {name.lower(): value for name, value in echo.asked[-1].headers.items()}
    assert (headers["x-tags"], headers["cookie"]) == ("a,b", "session=s 1")


def test_bodies_are_sent_as_the_document_says(echo: Web, node: Bench) -> None:
    fields = (field("n", "body", "integer"), field("title", "body", "string"), field("tags", "body", "array"))
    body = {"n": "7", "title": 5, "tags": ["a"], "left": None}
    got = asked(echo, node, call(echo, *fields, method="POST", body=JSON_BODY), body=body)
    assert json.loads(got["body"]) == {"n": 7, "title": "5", "tags": ["a"]}
    form = {"kind": "form", "mediaType": "application/x-www-form-urlencoded"}
    assert asked(echo, node, call(echo, *fields, method="POST", body=form), body=body)["body"] == "n=7&title=5&tags=a"
    whole = {**JSON_BODY, "whole": True}
    params = {"api": "a", "operation": call(echo, method="PUT", body=whole), "bodyAs": "json", "jsonBody": "[1, 2]"}
    assert node.json(params, items({}))[0]["body"] == "[1, 2]"
    text = {"kind": "text", "mediaType": "application/xml", "whole": True}
    params = {"api": "a", "operation": call(echo, method="PUT", body=text), "bodyAs": "text", "textBody": "<a/>"}
    node.json(params, items({}))
    assert echo.asked[-1].headers["content-type"] == "application/xml"


@pytest.mark.parametrize(
    ("fields", "values", "body", "words"),
    [
        ([field("id", "query", required=True)], {}, {}, "'id' is missing"),
        ([field("id", "query", required=True)], {"id": None}, {}, "'id' is missing"),
        ([field("n", "query", "integer")], {"n": "7.5"}, {}, "'n' is to be of type integer"),
        ([field("n", "query", "integer")], {"n": True}, {}, "of type integer"),
        ([field("n", "query", "boolean")], {"n": "yes"}, {}, "of type boolean"),
        ([field("n", "query", "object")], {"n": "{"}, {}, "of type object"),
        ([field("n", "query")], {"m": 1}, {}, "takes no 'm'"),
        ([field("n", "body", required=True)], {}, {}, "'n' is missing"),
        ([field("n", "body")], {}, {"m": 1}, "takes no 'm'"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_their_field(
    echo: Web, node: Bench, fields: Any, values: Any, body: Any, words: str
) -> None:
    with pytest.raises(ParameterInvalid) as caught:
        asked(echo, node, call(echo, *fields, method="POST", body=JSON_BODY), body=body, **values)
    assert words in str(caught.value)
    assert str(caught.value.details["field"]).startswith("params.")
    assert echo.asked == []


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_a_path_does_not_go_up(echo: Web, node: Bench, value: str) -> None:
    with pytest.raises(ParameterInvalid):
        asked(echo, node, call(echo, field("id", "path", required=True), path="/books/{id}"), id=value)
    assert echo.asked == []
    asked(echo, node, call(echo, field("id", "path", required=True), path="/books/{id}"), id="%2e%2e")
    assert echo.asked[-1].path == "/v1/books/%252e%252e"


def test_a_body_that_the_operation_does_not_take_is_refused(echo: Web, node: Bench) -> None:
    for body, way, words in (
        (None, "json", "takes no body"),
        (JSON_BODY, "file", "takes its body as application/json"),
        ({**JSON_BODY, "whole": True, "required": True}, "fields", "needs a body"),
        ({"kind": "file", "mediaType": "image/png", "whole": True}, "fields", ""),
    ):
        params = {"api": "a", "operation": call(echo, method="POST", body=body), "bodyAs": way, "jsonBody": {}}
        if not words:
            assert node.json(params, items({}))[0]["body"] == ""
            continue
        with pytest.raises(ParameterInvalid, match=words):
            node.json(params, items({}))


def giving(body: bytes, kind: str) -> Give:
    return lambda exchange: exchange.answer(200, body, content_type=kind)


def test_items_are_found_in_the_answer(web: Web, node: Bench) -> None:
    answers = {"/v1/list": b'{"data": {"books": [{"id": 1}, 2]}}', "/v1/none": b"", "/v1/text": b"Hello"}
    for path, body in answers.items():
        kind = "text/plain" if path == "/v1/text" else "application/json"
        web.routes[path] = giving(body, kind)
    listed = {"api": "a", "operation": call(web, path="/list"), "itemsAt": "data.books"}
    assert node.json(listed, items({})) == [{"id": 1}, {"data": 2}]
    with pytest.raises(ResponseInvalid, match=r"nothing at data\.films"):
        node.json({**listed, "itemsAt": "data.films"}, items({}))
    with pytest.raises(ParameterInvalid, match=r"Where the list is.*'data\.\.books'") as caught:
        node.json({**listed, "itemsAt": "data..books"}, items({}))
    assert caught.value.details["field"] == "params.itemsAt"
    assert node.json({**listed, "operation": call(web, path="/none"), "itemsAt": ""}, items({})) == [{}]
    assert node.json({**listed, "operation": call(web, path="/text")}, items({})) == [{"data": "Hello"}]


def test_an_operation_is_read_once_for_all_items(echo: Web, node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(side_effect=ApiCall.model_validate)
    monkeypatch.setattr(ApiCall, "model_validate", read)
    assert len(node.json({"api": "a", "operation": call(echo)}, items({}, {}, {}))) == 3
    read.assert_called_once()


def test_errors_are_the_servers_words(web: Web, node: Bench) -> None:
    web.otherwise = lambda exchange: exchange.answer(
        422, b'{"message": "no such genre"}', content_type="application/json"
    )
    with pytest.raises(HttpClientError, match="no such genre"):
        asked(web, node, call(web))


def test_a_machine_without_the_operation_says_what_to_do(node: Bench) -> None:
    with pytest.raises(ApiOperationMissing, match="'listBooks' is not known"):
        node.json({"api": "a", "operation": "listBooks"}, items({}))
