"""The HTTP request node against one answer that a test writes."""

from typing import Any

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from tests.fakes.steps import Bench, items
from tests.fakes.web import Give, Web

ONE = items({})


def answers(body: bytes, content_type: str = "application/json", status: int = 200, **headers: str) -> Give:
    named = {"content_type": content_type} if content_type else {}
    return lambda exchange: exchange.answer(status, body, **named, **headers)


def got(web: Web, body: bytes, content_type: str = "application/json", **more: Any) -> tuple[Any, list[str]]:
    """Return the items that a body makes, and what the log warns of."""
    params = more.pop("params", {})
    web.routes["/"] = answers(body, content_type, **more)
    bench = Bench(SPEC, run)
    rows = bench.json({"url": web.url(), **params}, ONE)
    return rows, [event["message"].removeprefix(f"{web.url()}: ") for event in bench.outside.of("node.log")]
