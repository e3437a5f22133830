"""V: how soon a stop of the debugger is on screen, and how soon the next one after a step.

A chain of nodes, stepped through from its start, over the API and the WebSocket as the editor does it; and the same
chain run through without a stop, in turns, as the bare figure: what a node's own event takes there.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from benchmarks.figures import Figure, figure, percentile
from local.client.live import events
from local.client.rest import Client
from local.settings import DEMO_EMAIL, DEMO_PASSWORD, LocalSettings

NODES: Final = 8
RUNS: Final = 5
MOST_STOP_MS: Final = 300.0
MOST_STEP_MS: Final = 400.0


async def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the 95th percentiles over all nodes of some runs; the first run of each kind warms up."""
    shown: list[float] = []
    stepped: list[float] = []
    plain: list[float] = []
    async with Client(settings.url) as client:
        await client.login(DEMO_EMAIL, DEMO_PASSWORD)
        workflow = (await client.post("/workflows", _chain()))["id"]
        for number in range(RUNS + 1):
            say(f"V: run {number} of {RUNS}, through and stepwise")
            found = await _through(client, workflow), *(await _stepwise(client, workflow))
            if number:
                plain += found[0]
                shown += found[1]
                stepped += found[2]
        await client.request("DELETE", f"/workflows/{workflow}")
    bare = percentile(plain, 0.95)
    return [
        figure("V.stop_on_screen_p95_ms", percentile(shown, 0.95), bare, at_most=MOST_STOP_MS),
        figure("V.step_p95_ms", percentile(stepped, 0.95), bare, at_most=MOST_STEP_MS),
    ]


async def _through(client: Client, workflow: str) -> list[float]:
    """Return the milliseconds from the end of each node until the next one's event is there."""
    started = await client.post(f"/workflows/{workflow}/run", {})
    ended, found = 0.0, []
    async for event in events(client, started["executionId"]):
        if event["type"] == "node.succeeded":
            if ended:
                found.append((time.time() - ended) * 1000)
            ended = _moment(event["at"])
    return found


async def _stepwise(client: Client, workflow: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds until a stop is there: since the node before it ended, and since the step."""
    body = {"debug": {"breakpoints": [], "stepwise": True}}
    id = (await client.post(f"/workflows/{workflow}/run", body))["executionId"]
    ended = asked = 0.0
    shown, stepped = [], []
    async for event in events(client, id):
        now = time.time()
        if event["type"] == "node.succeeded":
            ended = _moment(event["at"])
        if event["type"] != "node.stopped":
            continue
        if asked:
            shown.append((now - ended) * 1000)
            stepped.append((now - asked) * 1000)
        await asyncio.sleep(0.2)  # a person looks; what was told of before is done
        asked = time.time()
        await client.post(f"/executions/{id}/stops/{event['stop']['id']}/go-on", {"action": "step"})
    return shown, stepped


def _moment(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _chain() -> dict[str, Any]:
    names = [f"n{number}" for number in range(NODES)]
    nodes = [{"id": "t", "type": "manual_trigger", "version": 1, "name": "t", "params": {}}]
    nodes += [
        {
            "id": id,
            "type": "set_fields",
            "version": 1,
            "name": id,
            "params": {"assignments": [{"name": id, "value": "{{ $json.n + 1 }}"}]},
        }
        for id in names
    ]
    ends = list(zip(["t", *names], names, strict=False))
    edges = [
        {"id": f"e{target}", "source": source, "sourcePort": "main", "target": target, "targetPort": "main"}
        for source, target in ends
    ]
    return {"schema": 1, "name": "Benchmark V", "nodes": nodes, "edges": edges, "settings": {"mode": "standard"}}
