"""K: agents on the stack, beside a server on this machine that is the model and answers at once.

Transitions per model turn or tool call, of ten turns that call two tools each and one that answers; how long ten calls
of a second take that one turn makes, from its answer to the next question; and how long the first words of an answer
take from the model to whoever watches the run.
"""

import json
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.bare import client
from benchmarks.figures import Figure, figure, percentile
from benchmarks.running import execution_arn, machine_of, published, removed
from benchmarks.workflows import node
from local.client.live import events
from local.client.rest import Client
from local.seed.seed import log_in
from local.settings import LocalSettings
from tests.fakes.models import ModelServer, Says, model_server

TURNS: Final = 10
"""That call tools; one more answers."""
CALLS: Final = 2
MOST_PER_STEP: Final = 1.25
AT_ONCE: Final = 10
TIMES_AT_ONCE: Final = 5
MOST_SECONDS: Final = 1.6
ANSWERS: Final = 40
MOST_FIRST_MS: Final = 300


async def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return transitions per step, seconds of parallel calls, and milliseconds to the first words."""
    with model_server() as server:
        async with Client(settings.url) as api:
            await log_in(api)
            bench = _Bench(settings, api, server)
            await bench.begin()
            try:
                return [*await _transitions(bench, say), *await _at_once(bench, say), *await _first_words(bench, say)]
            finally:
                await bench.end()


class _Bench:
    """Runs agents."""

    def __init__(self, settings: LocalSettings, api: Client, server: ModelServer) -> None:
        self.settings, self.api, self.server = settings, api, server
        self.states = client(settings, "stepfunctions")
        self.credential = ""

    async def begin(self) -> None:
        data = {"apiKey": "sk-bench", "baseUrl": self.server.openai_url}
        body = {"name": f"Benchmark K {uuid.uuid4().hex[:8]}", "type": "openai", "data": data}
        self.credential = (await self.api.post("/credentials", body))["id"]

    async def end(self) -> None:
        await self.api.request("DELETE", f"/api/credentials/{self.credential}?force=true")

    async def workflow(self, *tools: dict[str, Any]) -> dict[str, Any]:
        params = {"credential": self.credential, "model": "small", "prompt": "Go on.", "mostTurns": TURNS + 1}
        nodes = [node("start", "manual_trigger", {}), node("agent", "agent", params), *tools]
        ends = [("start", "main", "agent"), *(("agent", "tools", tool["id"]) for tool in tools)]
        edges = [
            {"id": f"e{number}", "source": source, "sourcePort": port, "target": target, "targetPort": "main"}
            for number, (source, port, target) in enumerate(ends)
        ]
        name = f"Benchmark K {uuid.uuid4().hex[:8]}"
        return await published(self.api, {"schema": 1, "name": name, "nodes": nodes, "edges": edges})

    async def start(self, workflow: dict[str, Any]) -> str:
        started = await self.api.post(f"/workflows/{workflow['id']}/run", {"mode": "live"})
        id: str = started["executionId"]
        return id

    async def run(self, workflow: dict[str, Any]) -> str:
        """Run to the end; return the execution's id. Raises RuntimeError where it does not succeed."""
        id = await self.start(workflow)
        ends = [event async for event in events(self.api, id)]
        if ends[-1]["type"] != "execution.succeeded":
            raise RuntimeError(f"the agent did not succeed: {json.dumps(ends[-1])[:500]}")
        return id

    def entered(self, workflow: dict[str, Any], id: str) -> list[str]:
        """Return the types of the states that an execution entered."""
        arn = execution_arn(machine_of(self.states, f"{workflow['id']}-standard"), id)
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn)
        types = [str(event["type"]) for page in pages for event in page["events"]]
        return [type.removesuffix("StateEntered") for type in types if type.endswith("StateEntered")]


def _calls(*wanted: tuple[str, Any]) -> Says:
    return Says(calls=[(name, json.dumps(arguments)) for name, arguments in wanted])


async def _transitions(bench: _Bench, say: Callable[[str], None]) -> list[Figure]:
    """All transitions of the execution, but that of its start."""
    figures = []
    for tools in (1, CALLS):
        say(f"K: {TURNS} turns of {CALLS} calls, {tools} tools")
        names = [f"tool{number}" for number in range(tools)]
        url = f"{bench.settings.demo_url}/echo?n={{{{ $fromAI('n', 'A number', 'number') }}}}"
        workflow = await bench.workflow(*(node(name, "http_request", {"url": url}) for name in names))
        turns = [
            _calls(*((names[call % tools], {"n": CALLS * turn + call}) for call in range(CALLS)))
            for turn in range(TURNS)
        ]
        bench.server.says(*turns, "Done.")
        entered = bench.entered(workflow, await bench.run(workflow))
        await removed(bench.api, workflow)
        counted = {type: entered.count(type) for type in sorted(set(entered))}
        say(f"K: entered {counted}")
        steps = TURNS + 1 + TURNS * CALLS
        most = MOST_PER_STEP if tools == CALLS else None
        figures.append(figure(f"K.{tools}_tools.transitions_per_step", (len(entered) - 1) / steps, at_most=most))
    return figures


async def _at_once(bench: _Bench, say: Callable[[str], None]) -> list[Figure]:
    say(f"K: {AT_ONCE} calls of a second in one turn")
    url = f"{bench.settings.demo_url}/slow?seconds=1&n={{{{ $fromAI('n', 'A number', 'number') }}}}"
    workflow = await bench.workflow(node("slow", "http_request", {"url": url}))
    seconds = []
    for _ in range(TIMES_AT_ONCE + 1):
        bench.server.says(_calls(*(("slow", {"n": number}) for number in range(AT_ONCE))), "Done.")
        bench.server.asked_at.clear()
        await bench.run(workflow)
        first, second = bench.server.asked_at
        seconds.append(second - first)
    await removed(bench.api, workflow)
    return [figure("K.ten_calls_of_1_s_s", statistics.median(seconds[1:]), at_most=MOST_SECONDS)]


async def _first_words(bench: _Bench, say: Callable[[str], None]) -> list[Figure]:
    say("K: first words")
    workflow = await bench.workflow()
    took = []
    for _ in range(ANSWERS):
        with _held() as seen:
            bench.server.says(Says(["It ", "rains."], until=seen))
            took.append(await _first(bench, workflow, seen) * 1000)
    await removed(bench.api, workflow)
    p50, p95 = (percentile(took[1:], share) for share in (0.5, 0.95))  # the first one starts the function
    return [figure("K.first_words_p50_ms", p50), figure("K.first_words_p95_ms", p95, at_most=MOST_FIRST_MS)]


@contextmanager
def _held() -> Iterator[threading.Event]:
    """An answer of which the rest is held back until its first words were seen, or the block ends."""
    seen = threading.Event()
    try:
        yield seen
    finally:
        seen.set()


async def _first(bench: _Bench, workflow: dict[str, Any], seen: threading.Event) -> float:
    """Return the seconds from the model's first words to whoever watches the run."""
    took = 0.0
    async for event in events(bench.api, await bench.start(workflow)):
        if event["type"] == "node.partial" and not seen.is_set():
            took = time.monotonic() - bench.server.asked_at[-1]
            seen.set()
    if not took:
        raise RuntimeError("no words were seen while they came")
    return took
