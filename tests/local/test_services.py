"""Mail catcher, demo service and edge, each as a real server with a real client."""

import asyncio
import io
import json
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.services import demo, edge, mail, policies
from local.settings import HOST
from local.stack.ports import free_port

Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[Client]:
    async with TestClient(TestServer(app)) as client:
        yield client


def send(port: int, to: str, subject: str = "Hi <b>there</b>") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", to, subject
    message.set_content("Ünïcode <script>alert(1)</script>")
    with smtplib.SMTP(HOST, port) as server:
        server.send_message(message)


def test_caught_mail_is_listed_shown_escaped_and_cleared() -> None:
    async def scenario() -> None:
        port = free_port()
        async with serving(mail.application(mail.Inbox(), port)) as client:
            assert "No mail yet" in await (await client.get("/")).text()
            for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"):
                for path in ("/", "/api/messages"):
                    assert (await client.get(path, headers={"Host": name})).status == 403  # agent-of-empires#2835
            await asyncio.to_thread(send, port, "b@example.com")
            caught = await (await client.get("/api/messages")).json()
            assert [(entry["subject"], entry["to"]) for entry in caught] == [("Hi <b>there</b>", ["b@example.com"])]
            assert "Ünïcode" in caught[0]["text"]
            page = await (await client.get("/")).text()
            message = await (await client.get(f"/messages/{caught[0]['id']}")).text()
            assert "&lt;b&gt;there" in page
            assert "&lt;script&gt;" in message
            assert "<script>" not in page + message
            assert (await client.get("/messages/999")).status == 404
            assert (await client.delete("/api/messages")).status == 204
            assert await (await client.get("/api/messages")).json() == []

    asyncio.run(scenario())


@pytest.mark.parametrize(("address", "code"), [("x@refuse.test", 550), ("x@later.test", 451)])
def test_the_mail_catcher_refuses_the_domains_that_ask_for_it(address: str, code: int) -> None:
    async def scenario() -> None:
        port = free_port()
        async with serving(mail.application(mail.Inbox(), port)):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                await asyncio.to_thread(send, port, address)
            assert refused.value.recipients[address][0] == code

    asyncio.run(scenario())


def test_the_demo_service_answers_as_asked() -> None:
    async def scenario() -> None:
        async with serving(demo.application()) as client:
            rates = await (await client.get("/rates", params={"base": "usd"})).json()
            assert (rates["base"], rates["rates"]["EUR"]) == ("USD", 0.8)
            assert (await client.get("/rates", params={"base": "XXX"})).status == 400
            assert [(await client.get(f"/status/{code}")).status for code in (204, 404, 503, 999)] == [
                204,
                404,
                503,
                400,
            ]
            echoed = await (await client.post("/echo?a=1", data="body")).json()
            assert (echoed["method"], echoed["query"], echoed["body"]) == ("POST", {"a": "1"}, "body")
            assert len(await (await client.get("/bytes?size=70000")).read()) == 70000
            assert (await client.get("/text")).content_type == "text/html"
            assert (await client.get("/redirect?to=health", allow_redirects=False)).headers["Location"] == "/health"

    asyncio.run(scenario())


def upstream() -> web.Application:
    """An HTTP and WebSocket API to stand behind the edge."""

    async def api(request: web.Request) -> web.Response:
        response = web.json_response(
            {
                "path": request.raw_path,
                "body": await request.text(),
                "agent": request.headers.get("User-Agent"),
                "headers": dict(request.headers),
            }
        )
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    async def live(request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") != "good":
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data.upper())
        return socket

    app = web.Application()
    app.add_routes([web.get("/socket", live), web.route("*", "/http{path:.*}", api)])
    return app


@asynccontextmanager
async def edge_before(app: web.Application) -> AsyncIterator[Client]:
    async with TestServer(app) as behind:
        url = str(behind.make_url("")).rstrip("/")
        front = edge.Edge(f"{url}/http", f"{url.replace('http', 'ws', 1)}/socket", policies.security_headers())
        async with serving(front.application()) as client:
            yield client


@asynccontextmanager
async def both_before(app: web.Application) -> AsyncIterator[tuple[Client, Client]]:
    """The app's origin, and the content origin `http://localhost:1`."""
    async with TestServer(app) as behind:
        url = str(behind.make_url("")).rstrip("/")
        front = edge.Edge(
            f"{url}/http", url.replace("http", "ws", 1), policies.security_headers(), "http://localhost:1"
        )
        async with serving(front.application()) as client, serving(front.content()) as content:
            yield client, content


@pytest.mark.parametrize("path", ["/hooks/acme/x?a=1&b", "/forms/acme/x", "/chat/acme/x/~chat.js", "/hooks"])
def test_no_page_and_no_script_of_a_tenant_comes_from_the_apps_origin(path: str) -> None:
    async def scenario() -> None:
        async with both_before(upstream()) as (client, content):
            for method in ("GET", "HEAD"):
                moved = await client.request(method, path, allow_redirects=False)
                assert (moved.status, moved.headers["Location"]) == (308, "http://localhost:1" + path)
            own = {"Host": "localhost:1", "Cookie": "refresh=secret"}
            answer = await content.get(path, headers=own)
            assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
            assert "cookie" not in {name.lower() for name in (await answer.json())["headers"]}
            # The app's own host at the content port: a browser would bring the app's cookies.
            moved = await content.get(path, headers={"Host": "127.0.0.1:1"}, allow_redirects=False)
            assert (moved.status, moved.headers["Location"]) == (308, "http://localhost:1" + path)

    asyncio.run(scenario())


def test_what_is_sent_to_a_webhook_at_the_apps_origin_is_served_without_cookies() -> None:
    async def scenario() -> None:
        async with both_before(upstream()) as (client, _):
            answer = await client.post("/hooks/acme/x", headers={"Cookie": "refresh=secret"}, allow_redirects=False)
            assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
            assert answer.headers["Content-Security-Policy"].startswith("sandbox ")
            assert "cookie" not in {name.lower() for name in (await answer.json())["headers"]}

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["/", "/api/me", "/api/auth/refresh", "/assets/app.js", "/hooks2/x", "/login"])
def test_nothing_of_the_app_is_at_the_content_origin(path: str) -> None:
    async def scenario() -> None:
        async with both_before(upstream()) as (_, content):
            for method in ("GET", "POST", "OPTIONS"):
                assert (await content.request(method, path, headers={"Host": "localhost:1"})).status == 404

    asyncio.run(scenario())


def test_the_app_is_opened_at_another_host_than_content() -> None:
    async def scenario() -> None:
        async with both_before(upstream()) as (client, _):
            moved = await client.get("/login?x=1", headers={"Host": "localhost:8400"}, allow_redirects=False)
            assert (moved.status, moved.headers["Location"]) == (308, "http://127.0.0.1:8400/login?x=1")

    asyncio.run(scenario())


def test_the_edge_passes_requests_and_answers_unchanged() -> None:
    async def scenario() -> None:
        async with edge_before(upstream()) as client:
            answer = await client.post("/api/a%20b?x=1&x=2", data="body", headers={"User-Agent": "me"})
            told = await answer.json()
            assert (told["path"], told["body"], told["agent"]) == ("/http/api/a%20b?x=1&x=2", "body", "me")
            assert len(answer.headers.getall("Set-Cookie")) == 2
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert (await (await client.get("/hooks/demo/orders")).json())["path"] == "/http/hooks/demo/orders"

    asyncio.run(scenario())


def test_the_edge_refuses_a_body_that_is_too_large() -> None:
    async def scenario() -> None:
        async with edge_before(upstream()) as client:
            answer = await client.post("/api/x", data=io.BytesIO(b"x" * (edge.LARGEST_BODY + 2048)))
            assert (answer.status, answer.content_type) == (413, "application/problem+json")

    asyncio.run(scenario())


def test_the_edge_says_when_nothing_is_behind_it() -> None:
    async def scenario() -> None:
        port = free_port()
        front = edge.Edge(f"http://{HOST}:{port}", f"ws://{HOST}:{port}", policies.security_headers())
        async with serving(front.application()) as client:
            assert (await client.get("/api/me")).status == 502
            assert (await client.get("/live")).status == 502

    asyncio.run(scenario())


def test_headers_keep_their_letters_whatever_their_bytes_were() -> None:
    assert [edge.header_text(value) for value in ("Z\udcfcrich", "Zürich", "plain")] == ["Zürich", "Zürich", "plain"]


def test_the_edge_joins_websockets_and_hands_on_a_refused_ticket() -> None:
    async def scenario() -> None:
        async with edge_before(upstream()) as client:
            async with client.ws_connect("/live?ticket=good") as joined:
                await joined.send_str("hello")
                assert await joined.receive_str() == "HELLO"
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await client.ws_connect("/live?ticket=bad")
            assert refused.value.status == 403

    asyncio.run(scenario())


def test_the_edge_serves_the_web_app_and_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>app</title>")
    (tmp_path / "assets" / "app.js").write_text("run()")
    (tmp_path.parent / "secret.txt").write_text("secret")
    monkeypatch.setattr(edge, "DIST", tmp_path)

    async def scenario() -> dict[str, tuple[int, str]]:
        async with edge_before(upstream()) as client:
            found = {}
            for path in ("/", "/workflows/1", "/assets/app.js", "/assets/gone.js", "/..%2fsecret.txt"):
                answer = await client.get(path)
                found[path] = (answer.status, answer.headers.get("Cache-Control", ""))
            return found

    assert asyncio.run(scenario()) == {
        "/": (200, "no-cache"),
        "/workflows/1": (200, "no-cache"),
        "/assets/app.js": (200, "public, max-age=31536000, immutable"),
        "/assets/gone.js": (404, ""),
        "/..%2fsecret.txt": (404, ""),
    }


def test_the_edge_says_when_the_web_app_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "DIST", tmp_path / "none")

    async def scenario() -> tuple[int, Any]:
        async with edge_before(upstream()) as client:
            answer = await client.get("/")
            return answer.status, json.loads(await answer.text())

    status, problem = asyncio.run(scenario())
    assert status == 503
    assert "make up" in problem["detail"]
