"""M: what the whole stack holds in memory, in MB of proportional set size, with 150 node types deployed.

Rounds of load (webhooks, executions at once, the API's pages, and every node function once), then a quiet minute. A
page that several processes share is divided among them, so the sum is what the machine has less. Linux only.
"""

import asyncio
import contextlib
import statistics
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Final

import psutil

from benchmarks.bare import client
from benchmarks.copies import code_of, copy, node_functions
from benchmarks.figures import Figure, figure
from benchmarks.load import Load, load
from benchmarks.running import published, removed
from benchmarks.workflows import answer_after_two, code_chain, five_steps
from local.client.rest import Client
from local.seed.seed import log_in
from local.settings import LocalSettings

TYPES: Final = 150
ROUNDS: Final = 3
ROUND_SECONDS: Final = 40
QUIET_SECONDS: Final = 75
PAGES: Final = ("/workflows", "/executions", "/credentials", "/node-types", "/me")
MOST_UNDER_LOAD: Final = 900
MOST_QUIET: Final = 620
MOST_GROWTH: Final = 1.1
"""The API's processes may hold this many times what they held a round earlier."""


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the most that was held under load, what is held a minute later, and how the API's processes grow."""
    with contextlib.ExitStack() as cleanup:
        functions = _deploy_copies(settings, cleanup, say)
        return asyncio.run(_measure(settings, functions, say))


async def _measure(settings: LocalSettings, functions: list[str], say: Callable[[str], None]) -> list[Figure]:
    peaks, api_means = [], []
    async with Client(settings.url) as api, _workflows(api) as (hooks, chain):
        for number in range(ROUNDS):
            held: list[Counter[str]] = []
            watching = asyncio.create_task(_watch(settings, held))
            done = await _round(settings, api, hooks, chain, functions)
            watching.cancel()
            peak = max(held, key=lambda one: one.total())
            peaks.append(peak.total() / 1000)
            await asyncio.gather(*(api.get(page) for page in 4 * PAGES))
            api_means.append(_api_process(settings))
            say(f"M: round {number + 1} of {ROUNDS}: {_shown(peak)}; an API process: {api_means[-1]:.0f}; {done}")
        started = time.monotonic()
        await asyncio.sleep(QUIET_SECONDS)
        quiet = _held(settings)
    say(f"M: {time.monotonic() - started:.0f} s later: {_shown(quiet)}")
    return [
        figure("M.load_mb", max(peaks), at_most=MOST_UNDER_LOAD),
        figure("M.quiet_mb", quiet.total() / 1000, at_most=MOST_QUIET),
        figure("M.api_process_mb", api_means[-1], api_means[-2], at_most=MOST_GROWTH, goal_on="ratio"),
    ]


async def _round(settings: LocalSettings, api: Client, hooks: list[str], chain: str, functions: list[str]) -> str:
    """Load the stack, and return how much it did and refused: on a busy machine it may, and memory is what counts."""
    until = time.monotonic() + ROUND_SECONDS
    lambdas = client(settings, "lambda")
    left = iter(functions)
    answered: list[Load] = []

    async def webhooks(url: str) -> None:
        while time.monotonic() < until:
            answered.append(await load(url, {"n": 1}, 4, 40))

    async def pages() -> None:
        while time.monotonic() < until:
            for page in PAGES:
                await api.get(page)

    async def runs() -> None:
        while time.monotonic() < until:
            await api.post(f"/workflows/{chain}/run", {"mode": "live"})
            await asyncio.sleep(0.5)

    async def steps() -> None:
        for name in left:
            # The answer is an error, for the event is no step's; the handler with all it imports is loaded.
            await asyncio.to_thread(lambdas.invoke, FunctionName=name, Payload=b"{}")

    await asyncio.gather(*map(webhooks, hooks), *(pages() for _ in range(4)), runs(), *(steps() for _ in range(4)))
    good, bad = sum(len(one.seconds) for one in answered), sum(len(one.failures) for one in answered)
    return f"{good} webhooks answered, {bad} refused"


@contextlib.asynccontextmanager
async def _workflows(api: Client) -> AsyncIterator[tuple[list[str], str]]:
    """Publish what the load runs: the URLs of two webhooks and the id of a chain of code steps."""
    await log_in(api)
    tag = uuid.uuid4().hex[:8]
    documents = [
        {**answer_after_two(f"bench-a-{tag}"), "name": f"Benchmark M answer {tag}"},
        {**five_steps(f"bench-c-{tag}"), "name": f"Benchmark M five {tag}"},
        {**code_chain(10), "name": f"Benchmark M chain {tag}"},
    ]
    made = [await published(api, document) for document in documents]
    try:
        yield [one["webhooks"][0]["url"] for one in made[:2]], made[2]["id"]
    finally:
        for one in made:
            await removed(api, one)


def _deploy_copies(settings: LocalSettings, cleanup: contextlib.ExitStack, say: Callable[[str], None]) -> list[str]:
    """Deploy the node functions again under other names until there are 150; return all their names."""
    lambdas = client(settings, "lambda")
    nodes = node_functions(lambdas)
    say(f"M: {len(nodes)} node functions, and copies up to {TYPES}")
    names = [str(one["FunctionName"]) for one in nodes]
    codes = {name: code_of(lambdas, name) for name in names}
    for number in range(TYPES - len(nodes)):
        like = nodes[number % len(nodes)]
        name = copy(lambdas, like, str(number), codes[like["FunctionName"]])
        cleanup.callback(lambdas.delete_function, FunctionName=name)
        names.append(name)
    return names


async def _watch(settings: LocalSettings, held: list[Counter[str]]) -> None:
    while True:
        held.append(await asyncio.to_thread(_held, settings))
        await asyncio.sleep(1)


def _held(settings: LocalSettings) -> Counter[str]:
    """What each kind of process holds, in KB."""
    found: Counter[str] = Counter()
    for process in _processes(settings):
        with contextlib.suppress(psutil.Error, OSError):
            found[_kind(process)] += _kb(process)
    return found


def _api_process(settings: LocalSettings) -> float:
    """What a process of the API holds, in MB: the mean over all of them."""
    sizes = []
    for process in _processes(settings):
        with contextlib.suppress(psutil.Error, OSError):
            if _function(process).endswith("-api"):
                sizes.append(_kb(process) / 1000)
    return statistics.fmean(sizes) if sizes else 0.0


def _processes(settings: LocalSettings) -> list[psutil.Process]:
    supervisor = psutil.Process(int(settings.pid_file.read_text()))
    return [supervisor, *supervisor.children(recursive=True)]


def _kind(process: psutil.Process) -> str:
    command = " ".join(process.cmdline())
    kinds = {
        "local.services": "services",
        "local.up": "supervisor",
        "functions/parent.py": "functions",
        "functions/worker.py": "functions",
        "local.emulator": "emulator",
        "postgres": "postgres",
        "redis": "redis",
    }
    return next((kind for mark, kind in kinds.items() if mark in command), "other")


def _function(process: psutil.Process) -> str:
    """The function that a process runs: its environment names it, or, where it was forked, its own name's end."""
    return process.environ().get("AWS_LAMBDA_FUNCTION_NAME") or process.name()


def _kb(process: psutil.Process) -> int:
    return int(process.memory_full_info().pss) // 1000


def _shown(held: Counter[str]) -> str:
    parts = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in held.most_common())
    return f"{held.total() / 1000:.0f} MB ({parts})"
