"""An app's operations with files and with credentials in the path, and what they make of a provider's refusals."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from stepweave.model.items import Item
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http import connections, operations
from stepweave.runtime.http.operations import run_operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operation_forms import app_node
from stepweave.spec.operations import App, Call, Operation, RequestSpec
from stepweave.spec.refusals import Told
from tests.fakes import steps
from tests.fakes.multipart import parts_of
from tests.fakes.steps import TENANT, Bench
from tests.fakes.web import Exchange, Web, web_server

URL = "https://api.example.com/v1"
PARAMS = {"credential": "c", "resource": "picture", "operation": "send"}


class Params(NodeParams):
    """A picture."""

    file: str | dict[str, Any] | None = ui(None, title="Picture", kind=Kind.TEXT)
    tags: Any = ui(None, title="Tags", kind=Kind.JSON)


OPERATION = Operation(
    resource="picture",
    name="send",
    label="Send",
    summary="Sends a picture.",
    params=Params,
    request=RequestSpec("POST", "/{credential}/pictures", body={"tags": "{tags?}", "n": 7}, files=(("pic", "{file}"),)),
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with web_server() as made:
        monkeypatch.setitem(operations.BASE_URLS, URL, made.url("/v1"))
        monkeypatch.setattr(steps, "hosts_of", lambda type, data: ())
        monkeypatch.setattr(steps, "request_of", lambda type, data: {"headers": [], "query": [], "path": "bot7:s3cret"})
        yield made
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def node(operation: Operation = OPERATION, **more: Any) -> Bench:
    app = App(base_url=URL, credential="http_header", operations=(operation,), **more)
    made = Bench(app_node(app, docs="", type="shop", name="Shop", icon="box", summary="A shop."), run_operations(app))
    made.outside.credentials["c", "http_header"] = {"name": "X-Key", "value": "k"}
    return made


def gives(data: Any, status: int = 200, **headers: str) -> Any:
    return lambda exchange: exchange.answer(
        status, json.dumps(data).encode(), content_type="application/json", **headers
    )


def with_file(bench: Bench, content: bytes) -> list[Item]:
    digest = hashlib.sha256(content).hexdigest()
    ref = bench.outside.claims.store_file(
        f"{TENANT}/f", io.BytesIO(content), size=len(content), sha256=digest, mime_type="image/png", file_name="a b.png"
    )
    return [{"json": {}, "binary": {"pic": ref}}]


def test_files_go_as_a_form_with_the_credential_in_the_path(web: Web) -> None:
    web.routes["/v1/bot7:s3cret/pictures"] = gives({"ok": True})
    bench = node()
    given = {**PARAMS, "pictureSendFile": "pic", "pictureSendTags": ["ä"]}
    assert bench.json(given, with_file(bench, b"\x89PNG")) == [{"ok": True}]
    [asked] = web.asked
    assert parts_of(asked) == [
        ("tags", "", "", b'["\\u00e4"]'),
        ("n", "", "", b"7"),
        ("pic", "a b.png", "image/png", b"\x89PNG"),
    ]


def test_without_a_file_the_body_is_json(web: Web) -> None:
    web.routes["/v1/bot7:s3cret/pictures"] = gives({"ok": True})
    node().json({**PARAMS, "pictureSendTags": ["a"]}, [{"json": {}}])
    assert json.loads(web.asked[0].body) == {"tags": ["a"], "n": 7}


def test_a_file_that_the_item_does_not_have_is_said_at_its_field(web: Web) -> None:
    bench = node()
    given = with_file(bench, b"x")
    with pytest.raises(ParameterInvalid, match=r"no file “nope”; it has “pic”") as refused:
        bench({**PARAMS, "pictureSendFile": "nope"}, given)
    assert refused.value.details["field"] == "params.pictureSendFile"
    assert web.asked == []


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_credential_in_the_path_is_in_no_error(web: Web, status: int) -> None:
    web.otherwise = gives({"message": "no"}, status)
    with pytest.raises(NodeError) as refused:
        node()(PARAMS, [{"json": {}}])
    told = json.dumps(refused.value.to_json())
    assert "s3cret" not in told
    assert "/v1/{credential}/pictures" in told


def test_a_redirect_does_not_tell_it_either(web: Web) -> None:
    web.otherwise = lambda exchange: exchange.answer(307, location="/v1/bot7:s3cret/elsewhere")
    with pytest.raises(NodeError, match="redirects") as refused:
        node()(PARAMS, [{"json": {}}])
    assert "s3cret" not in json.dumps(refused.value.to_json())


def test_a_credential_that_goes_elsewhere_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "request_of", lambda type, data: {"headers": [], "query": []})
    with pytest.raises(ParameterInvalid, match="does not go there"):
        node()(PARAMS, [{"json": {}}])
    assert web.asked == []


def test_the_vault_gives_the_path() -> None:
    answer = {"type": "x", "data": {}, "request": {"headers": [], "query": [], "path": "bot1:a"}, "hosts": []}
    authentication = Vault(lambda request: answer).authentication(TENANT, "c", "x")
    assert authentication == Authentication(path="bot1:a")
    assert "bot1:a" not in repr(authentication)


def fetched(call: Call, params: Params) -> Iterator[WithFiles]:
    ref = call.download(RequestSpec("GET", "/file/{credential}/{tags*}"), 1, "photo.jpg")
    yield WithFiles({"n": 1}, {"data": ref})


def test_what_is_answered_becomes_a_file(web: Web) -> None:
    route = "/v1/file/bot7:s3cret/a/b.jpg"
    web.routes[route] = lambda exchange: exchange.answer(200, b"jpg", content_type="image/jpeg")
    bench = node(replace(OPERATION, request=None, run=fetched))
    output = bench({**PARAMS, "pictureSendTags": "a/b.jpg"}, [{"json": {}}])["output"]
    [made] = bench.outside.claims.fetch(output["main"], TENANT)
    assert made["json"] == {"n": 1}
    ref = made["binary"]["data"]
    assert (ref["fileName"], ref["mimeType"], ref["size"]) == ("photo.jpg", "image/jpeg", 3)


def sent(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    yield {"said": call.transfer(str(params.tags), "file"), "size": call.file("file").size}


def test_a_file_goes_to_a_url_of_the_providers_without_the_credential(web: Web) -> None:
    web.routes["/upload"] = lambda exchange: exchange.answer(200, b"OK - 3", content_type="text/plain")
    bench = node(replace(OPERATION, request=None, run=sent))
    given = {**PARAMS, "pictureSendFile": "pic", "pictureSendTags": web.url("/upload?u=1")}
    assert bench.json(given, with_file(bench, b"abc")) == [{"said": "OK - 3", "size": 3}]
    [asked] = web.asked
    assert (asked.body, asked.headers["content-type"]) == (b"abc", "image/png")
    assert "authorization" not in asked.headers


def read(status: int, body: Any) -> Told | None:
    if not isinstance(body, dict) or "error" not in body:
        return None
    wait = body.get("wait")
    kind: Any = "limited" if wait is not None else body.get("kind", "refused")
    return Told(words=str(body["error"]), code="c7", kind=kind, retry_after=wait, remedy="Do this.")


@pytest.mark.parametrize(
    ("status", "body", "error", "wait"),
    [
        (200, {"ok": False, "error": "nope"}, HttpClientError, None),
        (400, {"error": "nope"}, HttpClientError, None),
        (400, {"error": "slow", "wait": 5}, HttpRateLimited, 5),
        (200, {"ok": False, "error": "slow", "wait": 0.5}, HttpRateLimited, 0.5),
        (200, {"ok": False, "error": "down", "kind": "away"}, HttpServerError, None),
        (502, {}, HttpServerError, None),
        (429, {"error": "slow", "kind": "limited"}, HttpRateLimited, 9),
    ],
)
def test_refusals_are_read_as_the_app_says(
    web: Web, status: int, body: Any, error: type[NodeError], wait: float | None
) -> None:
    web.otherwise = gives(body, status, **({"retry_after": "9"} if status == 429 else {}))
    with pytest.raises(error) as refused:
        node(fine_when="ok", words_at="error", refusal=read)(PARAMS, [{"json": {}}])
    assert type(refused.value) is error
    assert refused.value.retry_after == wait
    if "error" in body:
        assert refused.value.details["code"] == "c7"
        assert f"{body['error']}." in refused.value.message
        assert refused.value.remedy == "Do this."


def test_a_short_wait_is_waited_for_and_a_long_one_is_not(web: Web) -> None:
    # n8n-io/n8n#5866, #28375: 38 messages at once, of which some were refused
    left = [0.01, 0.0]

    def slow(exchange: Exchange) -> None:
        wait = left.pop(0) if left else None
        gives({"error": "slow", "wait": wait} if wait is not None else {"n": 1}, 429 if wait is not None else 200)(
            exchange
        )

    web.otherwise = slow
    assert node(refusal=read, wait_seconds=1).json(PARAMS, [{"json": {}}]) == [{"n": 1}]
    assert len(web.asked) == 3
    web.otherwise = gives({"error": "slow", "wait": 2}, 429)
    with pytest.raises(HttpRateLimited):
        node(refusal=read, wait_seconds=1)(PARAMS, [{"json": {}}])
    web.otherwise = gives({"error": "slow", "wait": 0}, 429)
    with pytest.raises(HttpRateLimited):
        node(refusal=read, wait_seconds=1)(PARAMS, [{"json": {}}])
    assert len(web.asked) == 3 + 1 + 6


def test_a_refusal_that_is_no_json_is_told_in_its_words(web: Web) -> None:
    def page(exchange: Exchange) -> None:
        exchange.answer(502, b"<html><h1>Bad Gateway</h1></html>", content_type="text/html")

    web.otherwise = page
    with pytest.raises(HttpServerError, match="502 Bad Gateway: Bad Gateway"):
        node(refusal=read)(PARAMS, [{"json": {}}])
