"""The demo service: a small HTTP API that seeded workflows and tests call, so that nothing needs the internet.

    python -m local.services.demo --port 8403

`GET /rates?base=EUR` exchange rates (fixed, so results can be checked); `GET|POST ... /echo` what was sent;
`/status/<code>` that status with a problem body; `/slow?seconds=` answers late; `/text` a text that is not JSON;
`/redirect?to=` a redirect; `/bytes?size=` binary data; `POST /lists/<name>` puts a JSON object on a list, and `GET`
gives the list, newest first.
"""

import argparse
import asyncio
from typing import Any, Final

from aiohttp import web

from local.settings import HOST

PER_EUR: Final = {
    "EUR": 1.0,
    "USD": 1.25,
    "GBP": 0.8,
    "CHF": 0.96,
    "JPY": 160.0,
    "SEK": 11.2,
    "PLN": 4.0,
    "INR": 100.0,
}
"""Units of each currency for one euro. Made up, and chosen to divide evenly."""

MOST_LISTS: Final = 100
MOST_LISTED: Final = 100
_LISTS: Final = web.AppKey("lists", dict[str, list[dict[str, Any]]])
MOST_BYTES: Final = 1024**3
MOST_SECONDS: Final = 120.0

DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Demo service",
        "version": "1",
        "description": "Currency rates, an echo and lists, on this machine: to try an API of one's own with.",
    },
    "paths": {
        "/rates": {
            "get": {
                "operationId": "getRates",
                "summary": "Get rates",
                "tags": ["Rates"],
                "description": "The units of each currency for one unit of another.",
                "parameters": [
                    {
                        "name": "base",
                        "in": "query",
                        "description": "The currency that one unit is of.",
                        "schema": {"type": "string", "default": "EUR"},
                    }
                ],
            }
        },
        "/slow": {
            "get": {
                "operationId": "wait",
                "summary": "Wait",
                "tags": ["Tests"],
                "parameters": [{"name": "seconds", "in": "query", "schema": {"type": "number"}, "required": True}],
            }
        },
        "/lists/{name}": {
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getList", "summary": "Get a list", "tags": ["Lists"]},
            "post": {
                "operationId": "addToList",
                "summary": "Add to a list",
                "tags": ["Lists"],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["title"],
                                "properties": {"title": {"type": "string"}, "amount": {"type": "number"}},
                            }
                        }
                    },
                },
            },
        },
    },
}


def application() -> web.Application:
    """Return the service."""
    app = web.Application(client_max_size=64 * 1024**2)
    app[_LISTS] = {}
    app.add_routes(
        [
            web.get("/health", health),
            web.get("/openapi.json", document),
            web.get("/rates", rates),
            web.route("*", "/echo", echo),
            web.route("*", "/status/{code:\\d{3}}", status),
            web.get("/slow", slow),
            web.get("/text", text),
            web.get("/redirect", redirect),
            web.get("/bytes", binary),
            web.get("/lists/{name}", listed),
            web.post("/lists/{name}", put),
        ]
    )
    return app


async def health(_: web.Request) -> web.Response:
    """Answer that the service is there."""
    return web.json_response({"status": "ok"})


async def document(request: web.Request) -> web.Response:
    """Answer the OpenAPI document of what else the service answers."""
    return web.json_response({**DOCUMENT, "servers": [{"url": str(request.url.origin())}]})


async def rates(request: web.Request) -> web.Response:
    """Answer the units of each currency for one unit of `base`; 400 for an unknown base."""
    base = request.query.get("base", "EUR").upper()
    if base not in PER_EUR:
        return web.json_response({"error": f"unknown currency {base!r}", "known": sorted(PER_EUR)}, status=400)
    return web.json_response({"base": base, "rates": {name: rate / PER_EUR[base] for name, rate in PER_EUR.items()}})


async def echo(request: web.Request) -> web.Response:
    """Answer method, query, headers and body of the request."""
    body = await request.read()
    return web.json_response(
        {
            "method": request.method,
            "query": dict(request.query),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": body.decode("utf-8", "replace"),
        }
    )


async def status(request: web.Request) -> web.Response:
    """Answer with the status asked for."""
    code = int(request.match_info["code"])
    if not 200 <= code <= 599:
        return web.json_response({"error": f"{code} is no status to answer with"}, status=400)
    headers = {"Retry-After": "1"} if code in (429, 503) else None
    return web.json_response({"error": f"the demo service was asked to answer {code}"}, status=code, headers=headers)


async def slow(request: web.Request) -> web.Response:
    """Answer after `seconds` (at most 120)."""
    seconds = min(float(request.query.get("seconds", "1")), MOST_SECONDS)
    await asyncio.sleep(seconds)
    return web.json_response({"waited": seconds})


async def text(_: web.Request) -> web.Response:
    """Answer something that is not JSON."""
    return web.Response(text="<h1>This is not JSON</h1>", content_type="text/html")


async def redirect(request: web.Request) -> web.Response:
    """Redirect to `to`, within this service."""
    raise web.HTTPFound("/" + request.query.get("to", "echo").lstrip("/"))


async def listed(request: web.Request) -> web.Response:
    """Answer what is on a list, newest first."""
    return web.json_response({"items": request.app[_LISTS].get(request.match_info["name"], [])[::-1]})


async def put(request: web.Request) -> web.Response:
    """Put a thing on a list; of many lists the oldest is forgotten."""
    lists, name = request.app[_LISTS], request.match_info["name"]
    if name not in lists and len(lists) >= MOST_LISTS:
        lists.pop(next(iter(lists)))
    found = lists.setdefault(name, [])
    found.append(await request.json())
    del found[:-MOST_LISTED]
    return web.json_response(found[-1], status=201)


async def binary(request: web.Request) -> web.StreamResponse:
    """Stream `size` bytes (at most 1 GiB)."""
    size = min(int(request.query.get("size", "1024")), MOST_BYTES)
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream", "Content-Length": str(size)})
    await response.prepare(request)
    block = bytes(range(256)) * 256
    for start in range(0, size, len(block)):
        await response.write(block[: size - start])
    return response


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The demo HTTP service.")
    parser.add_argument("--port", type=int, required=True)
    web.run_app(application(), host=HOST, port=parser.parse_args().port, print=None)
