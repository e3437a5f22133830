"""Q: what a tenant notices of another one that calls fifty times as often as its plan allows.

Two workspaces on one stack. The quiet one has a webhook that answers after two nodes, called by one client, in short
turns: without noise, and while another process calls the noisy one's webhook at fifty times its starts in a minute.
Turns alternate, so that whatever else the machine does falls on both.
"""

import asyncio
import json
import multiprocessing
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any, Final

import aiohttp
import psycopg

from benchmarks.figures import Figure, figure, percentile
from benchmarks.load import load
from benchmarks.running import published, removed
from benchmarks.workflows import accepts, answer_after_two
from local.client.rest import Client
from local.seed import people
from local.settings import LocalSettings
from local.stack.database import owner_url

STARTS: Final = 60
"""Starts in a minute that the noisy one's plan allows."""
TIMES: Final = 50
TURNS: Final = 6
CALLS: Final = 40
"""Of the quiet one, in a turn."""
SETTLE_SECONDS: Final = 2.0
"""After the noise began or ended, before calls are measured again."""
LIMITS: Final = {"concurrent": 5, "starts": STARTS, "queue": 30}


async def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the quiet tenant's p95 beside noise, with that without, and how much of the noise was refused."""
    mark = uuid.uuid4().hex[:8]
    say("Q: a noisy neighbour")
    async with Client(settings.url) as quiet, Client(settings.url) as noisy:
        await people.log_in_new(quiet, settings, f"quiet-{mark}@example.com", "a-long-password", f"Quiet {mark}")
        await people.log_in_new(noisy, settings, f"noisy-{mark}@example.com", "a-long-password", f"Noisy {mark}")
        theirs = await published(noisy, {**accepts(f"noise-{mark}"), "name": "Noise"})
        ours = await published(quiet, {**answer_after_two(f"quiet-{mark}"), "name": "Quiet"})
        url = ours["webhooks"][0]["url"]
        with _planned(settings, f"bench-{mark}", f"noisy-{mark}@example.com"), _noise(theirs) as (on, told):
            await load(url, {"n": 1}, 4, 40)
            seconds: dict[bool, list[float]] = {False: [], True: []}
            for turn in range(2 * TURNS):
                loud = turn % 2 == 1
                (on.set if loud else on.clear)()
                await asyncio.sleep(SETTLE_SECONDS)
                found = await load(url, {"n": 1}, 1, CALLS)
                if found.failures:
                    raise SystemExit(f"Q: the quiet one was refused: {found.failures[0]}")
                seconds[loud] += found.seconds
                say(f"Q: {'noise' if loud else 'quiet'} {percentile(found.seconds, 0.95) * 1000:.0f} ms")
            on.clear()
        statuses = told()
        await removed(quiet, ours)
        await removed(noisy, theirs)
    sent, wall = statuses.total(), statuses.pop("ms") / 1000
    sent -= round(wall * 1000)
    say(f"Q: the noise: {sent / wall:.0f} calls a second, {dict(statuses)}")
    at = {loud: [percentile(seconds[loud], share) * 1000 for share in (0.5, 0.95)] for loud in seconds}
    return [
        figure("Q.quiet_p50_ms", at[True][0], at[False][0]),
        figure("Q.quiet_p95_ms", at[True][1], at[False][1], at_most=1.3, goal_on="ratio"),
        figure("Q.noise_times_its_quota", sent / wall * 60 / STARTS),
        figure("Q.noise_refused_share", statuses["429"] / sent),
    ]


@contextmanager
def _planned(settings: LocalSettings, plan: str, email: str) -> Iterator[None]:
    """Give the workspace of a person a plan with limits."""
    of_person = "SELECT m.tenant_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = %s"
    with psycopg.connect(owner_url(settings)) as connection:
        connection.execute("INSERT INTO plans VALUES (%s, %s)", (plan, json.dumps(LIMITS)))
        changed = connection.execute(
            f"UPDATE tenants SET plan = %s WHERE id IN ({of_person})".encode(),  # a constant
            (plan, email),
        )
        assert changed.rowcount == 1  # the figure would mean nothing
    try:
        yield
    finally:
        with psycopg.connect(owner_url(settings)) as connection:
            connection.execute("UPDATE tenants SET plan = 'unlimited' WHERE plan = %s", (plan,))
            connection.execute("DELETE FROM plans WHERE name = %s", (plan,))


@contextmanager
def _noise(workflow: dict[str, Any]) -> Iterator[tuple[Event, Callable[[], Counter[str]]]]:
    """Have a process that calls a webhook while an event is set; give what says how calls were answered."""
    context = multiprocessing.get_context("spawn")
    on, over, told = context.Event(), context.Event(), context.Queue()
    process = context.Process(target=_calling, args=(workflow["webhooks"][0]["url"], on, over, told), daemon=True)
    process.start()

    def answers() -> Counter[str]:
        over.set()
        found: Counter[str] = told.get(timeout=60)
        return found

    try:
        yield on, answers
    finally:
        over.set()


def _calling(url: str, on: Event, over: Event, told: Any) -> None:
    told.put(asyncio.run(_called(url, on, over)))


async def _called(url: str, on: Event, over: Event) -> Counter[str]:
    """Call at the rate that is wanted, whatever the answers take; return how many there were by status."""
    found: Counter[str] = Counter()
    pause, tasks = 60 / (STARTS * TIMES), set()
    async with aiohttp.ClientSession(trust_env=False, timeout=aiohttp.ClientTimeout(total=30)) as session:

        async def one() -> None:
            try:
                async with session.post(url, json={"n": 1}) as answer:
                    found[str(answer.status)] += 1
            except (aiohttp.ClientError, TimeoutError) as error:
                found[type(error).__name__] += 1

        while not over.is_set():
            if not on.is_set():
                await asyncio.sleep(0.1)
                continue
            began, due = time.monotonic(), time.monotonic()
            while on.is_set() and not over.is_set():
                tasks.add(task := asyncio.create_task(one()))
                task.add_done_callback(tasks.discard)
                due += pause
                await asyncio.sleep(max(due - time.monotonic(), 0))
            found["ms"] += round((time.monotonic() - began) * 1000)
            await asyncio.gather(*tasks)
    return found
