"""Closed-loop HTTP load: a number of clients, each sending its next request when it has its answer."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Load:
    """What a load gave: seconds per request, wall seconds, and what went wrong."""

    seconds: list[float]
    wall: float
    failures: list[str]

    @property
    def per_second(self) -> float:
        """Answered requests per second."""
        return len(self.seconds) / self.wall


async def load(url: str, body: Any, clients: int, requests: int) -> Load:
    """Send `requests` POSTs of `body` from `clients` clients. A status that is not 2xx is a failure."""
    seconds: list[float] = []
    failures: list[str] = []
    left = iter(range(requests))

    async def one_client(session: aiohttp.ClientSession) -> None:
        for _ in left:
            began = time.perf_counter()
            async with session.post(url, json=body) as answer:
                text = await answer.text()
            if answer.status // 100 == 2:
                seconds.append(time.perf_counter() - began)
            else:
                failures.append(f"{answer.status}: {text[:200]}")

    connector = aiohttp.TCPConnector(limit=clients)
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session:
        began = time.perf_counter()
        await asyncio.gather(*(one_client(session) for _ in range(clients)))
        wall = time.perf_counter() - began
    return Load(seconds, wall, failures)
