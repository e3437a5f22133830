"""OpenAI's wire format at `/model/v1`: the list is answered here, what is asked goes to the engine."""

from typing import Final

import aiohttp
from aiohttp import web

from local.model.running import Engine, EngineFailed, ModelMissing

PREFIX: Final = "/model/v1"
NAME: Final = "smollm2-135m"
_ENGINE: Final = web.AppKey("engine", Engine)
_MOST_SECONDS: Final = 600.0


def add(app: web.Application, engine: Engine) -> None:
    """Serve the model within an application; the engine ends with it."""
    app[_ENGINE] = engine
    app.add_routes(
        [web.get(f"{PREFIX}/models", models), web.post(f"{PREFIX}/chat/completions", completions)],
    )
    app.on_cleanup.append(_ended)


async def models(_: web.Request) -> web.Response:
    """List the one model; that starts nothing."""
    return web.json_response({"object": "list", "data": [{"id": NAME, "object": "model", "owned_by": "local"}]})


async def completions(request: web.Request) -> web.StreamResponse:
    """Pass on what is asked, and what comes as it comes."""
    body = await request.read()
    try:
        async with request.app[_ENGINE].asked() as url, aiohttp.ClientSession(timeout=_timeout()) as session:
            return await _passed_on(request, session, f"{url}/v1/chat/completions", body)
    except (EngineFailed, ModelMissing) as error:
        return _unavailable(str(error))
    except aiohttp.ClientError:
        await request.app[_ENGINE].stop()  # it has ended, or is about to: the next who asks gets another
        return _unavailable("The local model ended. Ask again.")


async def _passed_on(request: web.Request, session: aiohttp.ClientSession, url: str, body: bytes) -> web.StreamResponse:
    async with session.post(url, data=body, headers={"content-type": "application/json"}) as came:
        kind = came.headers.get("content-type", "application/json")
        response = web.StreamResponse(status=came.status, headers={"content-type": kind})
        await response.prepare(request)
        async for piece in came.content.iter_any():
            await response.write(piece)
        await response.write_eof()
        return response


def _unavailable(words: str) -> web.Response:
    return web.json_response({"error": {"message": words, "type": "unavailable"}}, status=503)


def _timeout() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=_MOST_SECONDS)


async def _ended(app: web.Application) -> None:
    await app[_ENGINE].stop()
