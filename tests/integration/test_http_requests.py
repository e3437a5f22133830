"""HTTP request and GraphQL on the embedded stack: credentials through the vault, pages, and what one may not send."""

import json
import uuid
from typing import Any

import pytest

from local.client.rest import Client
from tests.fakes.web import Exchange, Web, web_server
from tests.functions.nodes.test_http_authentication import DigestServer
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration


def pages(exchange: Exchange) -> None:
    at = int(exchange.asked.path.partition("cursor=")[2] or 0)
    body = {"rows": [{"n": at}, {"n": at + 1}], "next": at + 2 if at < 4 else None}
    exchange.answer(200, json.dumps(body).encode(), content_type="application/json")


def connection(exchange: Exchange) -> None:
    at = int((json.loads(exchange.asked.body).get("variables") or {}).get("after") or 0)
    info = {"hasNextPage": at < 2, "endCursor": str(at + 1)}
    found = {"data": {"orders": {"nodes": [{"id": at}], "pageInfo": info}}}
    exchange.answer(200, json.dumps(found).encode(), content_type="application/json")


def nodes_of(web: Web, digest: str, bearer: str, bound: str) -> list[dict[str, Any]]:
    url, any_credential = web.url(""), {"authentication": "any"}
    expression = "{{ $json.body.next }}"
    listed = {"paging": "cursor", "cursorAt": expression, "itemsAt": "rows"}
    asked = {"query": "query ($after: String) { orders }", "itemsAt": "orders", "paging": "relay"}
    return [
        node("digest", "http_request", {"url": f"{url}/d", "authentication": "digest", "digestCredential": digest}),
        node("any", "http_request", {"url": f"{url}/a", **any_credential, "anyCredential": bearer}),
        node("bound", "http_request", {"url": f"{url}/a", **any_credential, "anyCredential": bound}),
        node("list", "http_request", {"url": f"{url}/list", **listed}),
        node("graph", "graphql", {"url": f"{url}/graphql", **asked}),
    ]


def test_credentials_pages_and_queries(demo: Session) -> None:
    async def job(client: Client) -> dict[str, Any]:
        async def credential(type: str, **data: str) -> str:
            named = {"allowedHosts": "127.0.0.1"} if type.startswith("http") else {}
            body = {"name": f"HTTP {type} {uuid.uuid4()}", "type": type, "data": {**named, **data}}
            made = await client.post("/credentials", body)
            return str(made["id"])

        with web_server() as web:
            web.routes |= {"/d": DigestServer("SHA-256"), "/list": pages, "/graphql": connection}
            web.routes["/a"] = lambda exchange: exchange.answer(
                200, json.dumps({"sent": exchange.asked.headers.get("authorization")}).encode()
            )
            kept = {"data": {"data": {"token": "t0ken\n"}, "metadata": {"version": 1}}}
            web.routes["/v1/secret/data/shop"] = lambda exchange: exchange.answer(200, json.dumps(kept).encode())
            store = await credential("hashicorp_vault", address=web.url(""), token="hvs.x")
            made = nodes_of(
                web,
                await credential("http_digest", user="ada", password="p:w"),
                await credential("http_bearer", token=f"secret://{store}/shop#token"),
                await credential("github_token", token="ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
            )
            for one in made:
                one["settings"] = {"onError": "continue"}
            edges = [f"start>{one['id']}" for one in made]
            return await run_draft(client, workflow("HTTP requests of all kinds", made, *edges), items=[{"json": {}}])

    execution = demo(job)
    assert outputs(execution, "digest") == [{"ok": True}]
    [sent] = outputs(execution, "any")
    assert "Bearer t0ken" in json.dumps(sent)
    [refused] = outputs(execution, "bound")
    assert refused["error"]["type"] == "CredentialNotForHost"
    assert outputs(execution, "list") == [{"n": n} for n in range(6)]
    assert outputs(execution, "graph") == [{"id": n} for n in range(3)]
