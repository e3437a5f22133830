"""What an operation that is a function can do besides asking: another server, where something was made, its item."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.runtime.http import connections, operations
from stepweave.runtime.http.operations import run_operations
from stepweave.spec.fields import NodeParams
from stepweave.spec.operation_forms import app_node
from stepweave.spec.operations import App, Call, Operation, RequestSpec
from tests.fakes import steps
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web, web_server

URL, FILES = "https://api.example.com/v1", "https://files.example.com"
PARAMS = {"credential": "c", "resource": "note", "operation": "keep"}


class Params(NodeParams):
    """Nothing."""


class Text:
    """A file that was made on the way (`SentFile`)."""

    name, mime_type, size = "note.txt", "text/plain", 5

    def chunks(self) -> Iterator[bytes]:
        yield b"he"
        yield b"llo"


def keep(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    session = call.at(FILES).located(RequestSpec("POST", "/files", body={"name": "note.txt"}))
    told = call.transfer(session, "", "PUT", Text())
    yield {"told": json.loads(told), "of": call.json["id"], "attempt": call.attempt}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ())
    with web_server() as made:
        monkeypatch.setitem(operations.BASE_URLS, URL, made.url("/v1"))
        monkeypatch.setitem(operations.BASE_URLS, FILES, made.url("/elsewhere"))
        yield made
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def test_a_file_goes_where_another_server_of_the_provider_says(web: Web) -> None:
    where = web.url("/session/7")
    web.routes["/elsewhere/files"] = lambda exchange: exchange.answer(200, location=where)
    web.routes["/session/7"] = lambda exchange: exchange.answer(200, b'{"id": "f1"}', content_type="application/json")
    operation = Operation(resource="note", name="keep", label="Keep", summary="Keeps.", params=Params, run=keep)
    app = App(base_url=URL, credential="http_header", operations=(operation,))
    node = Bench(app_node(app, docs="", type="shop", name="Shop", icon="box", summary="A shop."), run_operations(app))
    node.outside.credentials["c", "http_header"] = {"name": "X-Key", "value": "k"}
    assert node.json(PARAMS, items({"id": 4}), attempt=2) == [{"told": {"id": "f1"}, "of": 4, "attempt": 2}]
    started, sent = web.asked
    assert (started.headers["x-key"], "x-key" in sent.headers) == ("k", False)
    assert (sent.method, sent.body, sent.headers["content-type"]) == ("PUT", b"hello", "text/plain")
