"""The edge: the app's origin and the content origin, as the two distributions of CloudFront are in production.

    python -m local.services.edge --port 8400 --content-port 8406 --aws-url http://127.0.0.1:4566 --http-api ID ...

- The app, `http://127.0.0.1:8400`: `/api/*` goes to the HTTP API, `/live` to the WebSocket API, everything else is the
  web app: its files, and `index.html` for every path that is a page.
- What tenants write, `http://localhost:8406`: `/hooks/*`, `/forms/*` and `/chat/*` go to the HTTP API, `/live` to the
  WebSocket API, and there is nothing else. Cookies do not tell ports apart, so it has another host.

Who looks at a path of the content origin at the app's is sent there; what is sent to one (a POST) is served, without
cookies. Sets the security headers that `stacks/security_headers.json` has for the path, over what the answer had of
them, but for those of `ownCounts`.
"""

import argparse
import asyncio
import io
import mimetypes
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web

from local.services.policies import ROOMS, own_headers, security_headers
from local.settings import CONTENT_HOST, HOST, ROOT
from stepweave.model.sizes import size_text

DIST: Final = ROOT / "web" / "dist"
LARGEST_BODY: Final = 10 * 1024**2
"""Bytes: the HTTP API's payload quota (API Gateway quotas)."""
HOP_BY_HOP: Final = frozenset(
    (
        "connection",
        "keep-alive",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
        "server",
        "date",
    )
)
"""Headers that end at a proxy (RFC 9110, 7.6.1), and those that aiohttp writes itself."""

NOT_PASSED_ON: Final = HOP_BY_HOP | {"x-forwarded-host", "x-stepweave-caller"}
"""Headers of a request that end here: the edge says itself which host was called and from where, as CloudFront does."""


LOOKS: Final = ("GET", "HEAD")


class Edge:
    """Proxies and file server.

    `upstream` is the HTTP API's URL, `live` the WebSocket API's; `headers` gives a path's security headers, `content`
    is the address of what tenants write ("" for that of the app).
    """

    def __init__(self, upstream: str, live: str, headers: Callable[[str], dict[str, str]], content: str = "") -> None:
        self._content = content
        self._upstream = upstream
        self._live = live
        self._headers = headers
        self._own = own_headers()

    def application(self) -> web.Application:
        """Return the app's origin."""
        return self._serving(
            web.route("*", "/api{path:(/.*)?}", self.proxy),
            *(web.route("*", room + "{path:(/.*)?}", self.moved) for room in ROOMS),
            web.get("/live", self.live),
            web.get("/{path:.*}", self.page),
        )

    def content(self) -> web.Application:
        """Return the content origin."""
        return self._serving(
            *(web.route("*", room + "{path:(/.*)?}", self.written) for room in ROOMS),
            web.get("/live", self.live),
            web.route("*", "/{path:.*}", self.nothing),
        )

    def _serving(self, *routes: web.RouteDef) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY + 1024)
        app.add_routes(routes)
        app.cleanup_ctx.append(self._client)
        app.on_response_prepare.append(self._secure)
        return app

    async def _client(self, app: web.Application):  # type: ignore[no-untyped-def]  # aiohttp's context generator
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        async with aiohttp.ClientSession(
            connector=connector, auto_decompress=False, timeout=aiohttp.ClientTimeout(total=40), trust_env=False
        ) as session:
            app[_SESSION] = session
            yield

    async def _secure(self, request: web.Request, response: web.StreamResponse) -> None:
        for name, value in self._headers(request.path).items():
            if name not in self._own(request.path) or name not in response.headers:
                response.headers[name] = value

    async def moved(self, request: web.Request) -> web.StreamResponse:
        """Send who looks at what a tenant wrote to the content origin; serve what is sent to it."""
        if self._content and request.method in LOOKS:
            return _elsewhere(self._content + request.raw_path)
        return await self.written(request)

    async def written(self, request: web.Request) -> web.StreamResponse:
        """Pass a request for what a tenant wrote on, and its answer back; neither has a cookie."""
        if self._content and request.method in LOOKS and request.url.host == HOST:
            return _elsewhere(self._content + request.raw_path)  # the app's host: its cookies would come along
        return await self.proxy(request, kept=NOT_PASSED_ON | {"cookie"}, taken=HOP_BY_HOP | {"set-cookie"})

    async def nothing(self, request: web.Request) -> web.StreamResponse:
        """Say that the app is elsewhere."""
        return problem(404, "Not found", "This address has webhooks, forms and chats only; the app is at another.")

    async def proxy(
        self, request: web.Request, kept: frozenset[str] = NOT_PASSED_ON, taken: frozenset[str] = HOP_BY_HOP
    ) -> web.StreamResponse:
        """Pass a request to the HTTP API and its answer back, unchanged but for hop-by-hop headers.

        Args:
            request: any.
            kept: headers of the request that end here; names in lower case.
            taken: headers of the answer that end here.
        """
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return problem(413, "Too large", f"A request may have at most {size_text(LARGEST_BODY)}.")
        headers = [(name, header_text(value)) for name, value in request.headers.items() if name.lower() not in kept]
        before = [value for name, value in headers if name.lower() == "x-forwarded-for"]
        headers = [(name, value) for name, value in headers if name.lower() != "x-forwarded-for"]
        headers.append(("X-Forwarded-For", ", ".join((*before, request.remote or ""))))
        headers.append(("X-Forwarded-Host", request.host))
        headers.append(("X-Stepweave-Caller", request.remote or ""))
        try:
            async with request.app[_SESSION].request(
                request.method,
                self._upstream + request.raw_path,
                data=io.BytesIO(body) if body else None,  # as a file, a large body does not block the loop
                headers=headers,
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Content-Type"),
            ) as answer:
                content = await answer.read()
        except TimeoutError:
            return problem(504, "Gateway time-out", "The API did not answer in time.")
        except aiohttp.ClientError as error:
            return problem(502, "Bad gateway", f"The API cannot be reached: {type(error).__name__}.")
        response = web.Response(status=answer.status, body=content)
        for name, value in answer.headers.items():
            if name.lower() == "content-type":
                response.headers[name] = value
            elif name.lower() not in taken:
                response.headers.add(name, header_text(value))
        return response

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Join a browser's WebSocket to the WebSocket API's."""
        url = self._live + ("?" + request.query_string if request.query_string else "")
        try:
            upstream = await request.app[_SESSION].ws_connect(url, max_msg_size=256 * 1024)
        except aiohttp.WSServerHandshakeError as error:
            return problem(
                error.status if error.status in (401, 403) else 502, "Not connected", "The ticket was refused."
            )
        except aiohttp.ClientError as error:
            return problem(502, "Bad gateway", f"The live service cannot be reached: {type(error).__name__}.")
        browser = web.WebSocketResponse(max_msg_size=128 * 1024)
        await browser.prepare(request)
        ways = (asyncio.create_task(_pump(browser, upstream)), asyncio.create_task(_pump(upstream, browser)))
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(browser.close(), upstream.close(), return_exceptions=True)
        for way in ways:
            way.cancel()
        return browser

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Serve a file of the web app, or `index.html` for a page's path. A missing asset is a 404."""
        if self._content and request.url.host == CONTENT_HOST:
            # Cookies made here would go to what tenants write, too: it has this host.
            return _elsewhere(f"http://{HOST}:{request.url.port}{request.raw_path}")
        path = (DIST / request.match_info["path"]).resolve()
        if path.is_relative_to(DIST) and path.is_file():
            lasting = path.parent.name == "assets"
            return _file(path, "public, max-age=31536000, immutable" if lasting else "no-cache")
        if Path(request.match_info["path"]).suffix and not request.match_info["path"].endswith(".html"):
            return problem(404, "Not found", f"There is no file {request.path}.")
        index = DIST / "index.html"
        if not index.is_file():
            return problem(
                503, "Not built", "The web app is not built: run `make up`, or `npm run build --prefix web`."
            )
        return _file(index, "no-cache")


def header_text(value: str) -> str:
    """Return a header's value with its letters; aiohttp reads bytes that are no UTF-8 as halves of surrogates."""
    return re.sub("[\udc80-\udcff]", lambda half: chr(ord(half[0]) - 0xDC00), value)


async def _pump(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    target: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type == aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type == aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)


def _file(path: Path, caching: str) -> web.FileResponse:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers={"Cache-Control": caching, "Content-Type": kind})


def _elsewhere(address: str) -> web.Response:
    return web.Response(status=308, headers={"Location": address, "Cache-Control": "no-store"})


def problem(status: int, title: str, detail: str) -> web.Response:
    """Return an RFC 9457 problem document."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


_SESSION: Final = web.AppKey("session", aiohttp.ClientSession)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="The edge: the app's origin, and that of what tenants write.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--content-port", type=int, required=True)
    parser.add_argument("--listen", default=HOST)
    parser.add_argument("--aws-url", required=True)
    parser.add_argument("--http-api", required=True)
    parser.add_argument("--websocket-api", required=True)
    parser.add_argument("--stage", default="live")
    arguments = parser.parse_args()
    gateway = f"{arguments.aws_url}/_aws/execute-api"
    edge = Edge(
        upstream=f"{gateway}/{arguments.http_api}/$default",
        live=f"{gateway.replace('http', 'ws', 1)}/{arguments.websocket_api}/{arguments.stage}",
        headers=security_headers(),
        content=f"http://{CONTENT_HOST}:{arguments.content_port}",
    )
    asyncio.run(_serve(edge, arguments.listen, arguments.port, arguments.content_port))


async def _serve(edge: Edge, host: str, port: int, content_port: int) -> None:
    """Serve both origins until told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runners = []
    for application, at in ((edge.content(), content_port), (edge.application(), port)):
        runner = web.AppRunner(application, access_log=None, auto_decompress=False)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, host, at).start()
    await stopping.wait()
    await asyncio.gather(*(runner.cleanup() for runner in runners))


if __name__ == "__main__":
    main()
