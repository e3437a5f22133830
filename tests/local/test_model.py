"""The local model: started when it is first asked, ended when nobody asks, and said so where it is not there."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.model import environment, serving
from local.model.running import Engine

FAKE = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked.get("die"):
            import os
            os._exit(3)
        body = json.dumps({"said": asked["say"]}).encode()
        self.send_response(418 if asked.get("refuse") else 200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
server = HTTPServer(("127.0.0.1", 0), Handler)
print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
server.serve_forever()
"""


def fake() -> Sequence[str]:
    return [sys.executable, "-c", FAKE]


@asynccontextmanager
async def served(engine: Engine) -> AsyncIterator[str]:
    app = web.Application()
    serving.add(app, engine)
    async with TestServer(app) as server:
        yield str(server.make_url(serving.PREFIX))


async def asked(url: str, **body: Any) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/chat/completions", json=body) as answer:
        return answer.status, await answer.json()


def test_it_starts_when_it_is_first_asked_and_answers_as_the_engine_does() -> None:
    async def look() -> None:
        engine = Engine(fake)
        async with served(engine) as url:
            async with aiohttp.ClientSession() as session, session.get(f"{url}/models") as answer:
                assert [model["id"] for model in (await answer.json())["data"]] == [serving.NAME]
            assert not engine.runs
            answers = await asyncio.gather(*(asked(url, say=number) for number in range(4)))
            assert answers == [(200, {"said": number}) for number in range(4)]
            assert engine.runs
            assert await asked(url, say=1, refuse=True) == (418, {"said": 1})
        assert not engine.runs

    asyncio.run(look())


def test_one_that_ended_is_started_again() -> None:
    async def look() -> None:
        async with served(Engine(fake)) as url:
            assert (await asked(url, die=True))[0] == 503
            assert await asked(url, say="back") == (200, {"said": "back"})

    asyncio.run(look())


def test_it_ends_when_nobody_asks_any_more() -> None:
    async def look() -> None:
        engine = Engine(fake, idle_seconds=0)
        async with served(engine) as url:
            await asked(url, say=1)
            while engine.runs:
                await asyncio.sleep(0.01)
            assert await asked(url, say=2) == (200, {"said": 2})

    asyncio.run(look())


@pytest.mark.parametrize("command", [[sys.executable, "-c", "print('nonsense')"], [sys.executable, "-c", ""]])
def test_one_that_does_not_start_is_said(command: list[str]) -> None:
    async def look() -> None:
        async with served(Engine(lambda: command)) as url:
            status, told = await asked(url, say=1)
            assert (status, "did not start" in told["error"]["message"]) == (503, True)

    asyncio.run(look())


def test_without_its_environment_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FOLDER", tmp_path)

    async def look() -> None:
        async with served(Engine()) as url:
            status, told = await asked(url, say=1)
            assert (status, "make setup" in told["error"]["message"]) == (503, True)

    asyncio.run(look())
