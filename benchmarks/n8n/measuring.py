"""N: p50 with one client, executions a second with fifty, and CPU per execution: Stepweave beside n8n, in turns.

Both get their requests from the same client (`benchmarks/load.py`, aiohttp), ours at the public URL, through the edge;
both keep every execution's history in a Postgres with the same settings. `bare` of these figures is n8n's.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from benchmarks import cpu
from benchmarks.figures import Figure, figure, percentile
from benchmarks.load import Load, load
from benchmarks.n8n.install import Unavailable, installed
from benchmarks.n8n.serving import Served, served
from benchmarks.n8n.workflows import ANSWERS, BODY, NAMES, ours, theirs
from benchmarks.running import published, removed
from local.client.rest import Client
from local.seed.seed import log_in
from local.settings import LocalSettings

TURNS: Final = 4
ONE_CLIENT: Final = 60
"""Requests of one client in a turn."""
MANY: Final = 50
FIFTY_CLIENTS: Final = 400
WARM_UP: Final = 200
GOALS: Final = {"simple": (0.75, 1.3), "five": (0.9, 1.2)}
"""At most this times n8n's p50, at least this times its executions a second."""


@dataclass
class _Side:
    """One of the two: where it answers, whose CPU is counted, and what came so far."""

    name: str
    url: str
    processes: list[int]
    one: list[float] = field(default_factory=list)
    many: list[Load] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return sum(len(each.seconds) for each in self.many) / sum(each.wall for each in self.many)

    @property
    def cpu(self) -> float:
        return sum(self.cpu_ms) / len(self.cpu_ms)


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the figures; none where n8n cannot be had, which is said."""
    try:
        programs = installed(say)
        say("N: starting n8n")
        with served(programs, [theirs(name) for name in NAMES]) as n8n:
            return [figure for name in NAMES for figure in _workflow(settings, n8n, name, say)]
    except Unavailable as error:
        say(f"N: left out, n8n cannot be had here: {error}")
        return []


def _workflow(settings: LocalSettings, n8n: Served, name: str, say: Callable[[str], None]) -> list[Figure]:
    path = f"bench-{name}-{uuid.uuid4().hex[:8]}"
    workflow = asyncio.run(_published(settings, ours(name, path)))
    stack = [int(settings.pid_file.read_text())] if settings.pid_file.exists() else []
    us = _Side("Stepweave", workflow["webhooks"][0]["url"], stack)
    them = _Side("n8n", f"{n8n.url}/webhook/{name}", n8n.processes)
    try:
        for side in (them, us):
            _same_answer(side, name)
            say(f"N: {name}: warming up {side.name}")
            _requests(side, MANY, WARM_UP)
            cpu.until_idle(side.processes)
        for turn in range(TURNS):
            say(f"N: {name}: turn {turn + 1} of {TURNS}")
            for side in (them, us):
                side.one += _requests(side, 1, ONE_CLIENT).seconds
                cpu.until_idle(side.processes)
            for side in (them, us):
                before = cpu.seconds(side.processes)
                side.many.append(_requests(side, MANY, FIFTY_CLIENTS))
                cpu.until_idle(side.processes)  # histories are written after the answer, too
                side.cpu_ms.append((cpu.seconds(side.processes) - before) * 1000 / FIFTY_CLIENTS)
    finally:
        asyncio.run(_removed(settings, workflow))
    return _figures(name, us, them)


def _figures(name: str, us: _Side, them: _Side) -> list[Figure]:
    most, least = GOALS[name]
    p50, their_p50 = (percentile(side.one, 0.5) * 1000 for side in (us, them))
    p95, their_p95 = (percentile(side.one, 0.95) * 1000 for side in (us, them))
    found = [
        figure(f"N.{name}.p50_ms", p50, their_p50, at_most=most, goal_on="ratio"),
        figure(f"N.{name}.p95_ms", p95, their_p95),
        figure(f"N.{name}.per_second_50", us.per_second, them.per_second, at_least=least, goal_on="ratio"),
    ]
    if us.processes:  # else another process's stack serves: its CPU is not known
        found.append(figure(f"N.{name}.cpu_ms", us.cpu, them.cpu))
    return found


def _requests(side: _Side, clients: int, requests: int) -> Load:
    found = asyncio.run(load(side.url, BODY, clients, requests))
    if found.failures:
        raise RuntimeError(f"{side.name}: {len(found.failures)} requests failed: {found.failures[0]}")
    return found


def _same_answer(side: _Side, name: str) -> None:
    answer = httpx.post(side.url, json=BODY, timeout=60, trust_env=False)
    data: Any = answer.json() if answer.is_success else answer.text
    if (data[0] if isinstance(data, list) and data else data) != ANSWERS[name]:
        raise RuntimeError(f"{side.name} answered {answer.status_code}: {answer.text[:300]}, not {ANSWERS[name]}")


async def _published(settings: LocalSettings, document: dict[str, Any]) -> dict[str, Any]:
    async with Client(settings.url) as api:
        await log_in(api)
        return await published(api, document)


async def _removed(settings: LocalSettings, workflow: dict[str, Any]) -> None:
    async with Client(settings.url) as api:
        await log_in(api)
        await removed(api, workflow)
