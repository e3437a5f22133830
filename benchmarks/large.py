"""G: what is wide, long or large: ten calls at once, loops over many items, 500 MB and 100,000 rows by reference.

The limits of Step Functions are checked by the histories, for the emulator does not enforce them: at most 25,000 events
of an execution and 262,144 bytes of a state's input or output.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from benchmarks.bare import client
from benchmarks.figures import Figure, figure
from benchmarks.running import execution_arn, machine_of, published, removed
from local.client.rest import Client
from local.seed.seed import log_in
from local.settings import LocalSettings

CALLS: Final = 10
ITEMS: Final = 1_000
MANY_ITEMS: Final = 50_000
BATCH: Final = 50
FILE_BYTES: Final = 500 * 1024**2
ROWS: Final = 100_000
ROWS_SQL: Final = f"""
SELECT g AS id, 'Customer ' || g AS customer, (g * 1.37)::numeric(12, 2) AS amount, g % 2 = 0 AS paid,
  timestamptz '2026-01-01Z' + g * interval '1 second' AS at, jsonb_build_object('a', g) AS extra
FROM generate_series(1, {ROWS}) g"""
MOST_EVENTS: Final = 25_000
MOST_PARENT_EVENTS: Final = 5_000
MOST_STATE_BYTES: Final = 262_144
WAIT_SECONDS: Final = 900


async def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the figures."""
    async with Client(settings.url) as api:
        await log_in(api)
        found = _Measuring(settings, api, say)
        return [
            *await found.calls(),
            *await found.loop(),
            *await found.many(),
            *await found.file(),
            *await found.rows(),
        ]


class _Measuring:
    def __init__(self, settings: LocalSettings, api: Client, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.api = api
        self.say = say
        self.states = client(settings, "stepfunctions")

    async def calls(self) -> list[Figure]:
        """Ten calls of one second side by side, beside the same ten one after another."""
        url = f"{self.settings.demo_url}/slow?seconds=1"
        http = [_node(f"call{number}", "http_request", {"url": url}) for number in range(CALLS)]
        names = [node["id"] for node in http]
        side_by_side = [("start", name) for name in names]
        in_turn = list(zip(["start", *names], names, strict=False))
        seconds = []
        for kind, edges in (("side by side", side_by_side), ("in turn", in_turn)):
            self.say(f"G: {CALLS} calls of a second {kind}")
            workflow = _workflow(f"Benchmark G {kind}", [_node("start", "manual_trigger", {}), *http], edges)
            _, lasted = await self._run(workflow, warm=kind == "side by side")
            seconds.append(lasted)
        return [figure("G.ten_calls_s", seconds[0], seconds[1], at_most=1.6)]

    async def loop(self) -> list[Figure]:
        """A loop over 1,000 items, a round each, forty at once, with a body of two nodes."""
        self.say(f"G: a loop over {ITEMS:,} items")
        history, seconds = await self._run(_loop("Benchmark G loop", ITEMS, 1), done=ITEMS)
        return [
            figure("G.loop_1000_events", len(history), at_most=MOST_EVENTS),
            figure("G.loop_1000_state_bytes", _largest(history), at_most=MOST_STATE_BYTES),
            figure("G.loop_1000_s", seconds),
        ]

    async def many(self) -> list[Figure]:
        """A loop over 50,000 items in batches, as a Distributed Map."""
        self.say(f"G: a loop over {MANY_ITEMS:,} items")
        history, seconds = await self._run(_loop("Benchmark G many", MANY_ITEMS, BATCH), done=MANY_ITEMS)
        return [
            figure("G.loop_50000_parent_events", len(history), at_most=MOST_PARENT_EVENTS - 1),
            figure("G.loop_50000_state_bytes", _largest(history), at_most=MOST_STATE_BYTES),
            figure("G.loop_50000_s", seconds),
        ]

    async def file(self) -> list[Figure]:
        """A file of 500 MB through three nodes, of which only the reference moves."""
        self.say("G: 500 MB through three nodes")
        params = {
            "url": f"{self.settings.demo_url}/bytes?size={FILE_BYTES}",
            "responseFormat": "binary",
            "maxResponseMb": FILE_BYTES // 1024**2,
            "timeoutSeconds": 110,
        }
        nodes = [
            _node("start", "manual_trigger", {}),
            _node("get", "http_request", params),
            _node("keep", "code", {"mode": "allItems", "code": "return $input.all();"}),
            _node("end", "no_op", {}),
        ]
        workflow = _workflow("Benchmark G file", nodes, [("start", "get"), ("get", "keep"), ("keep", "end")])
        history, seconds = await self._run(workflow)
        return [
            figure("G.file_500_mb_state_bytes", _largest(history), at_most=MOST_STATE_BYTES),
            figure("G.file_500_mb_s", seconds),
        ]

    async def rows(self) -> list[Figure]:
        """100,000 rows of six columns from Postgres to items by reference."""
        self.say(f"G: {ROWS:,} rows from Postgres")
        known = {one["name"]: one["id"] for one in (await self.api.get("/credentials"))["items"]}
        params = {"credential": known["Demo database"], "query": ROWS_SQL}
        nodes = [_node("start", "manual_trigger", {}), _node("rows", "database", params)]
        history, seconds = await self._run(_workflow("Benchmark G rows", nodes, [("start", "rows")]), warm=True)
        return [
            figure("G.rows_100000_state_bytes", _largest(history), at_most=MOST_STATE_BYTES),
            figure("G.rows_100000_s", seconds, at_most=3.0),
        ]

    async def _run(
        self, document: dict[str, Any], *, warm: bool = False, done: int | None = None
    ) -> tuple[list[dict[str, Any]], float]:
        """Run a workflow to its end; return its history and how many seconds it took, by Step Functions' own clock.

        Args:
            document: the workflow.
            warm: run it twice, and measure the second time.
            done: how many items must have come out of its loop.

        Raises:
            RuntimeError: it failed, or other items came out.
        """
        workflow = await published(self.api, document)
        try:
            for _ in range(2 if warm else 1):
                started = await self.api.post(f"/workflows/{workflow['id']}/run", {"mode": "live"})
                machine = machine_of(self.states, f"{workflow['id']}-standard")
                arn = execution_arn(machine, started["executionId"])
                found = await self._ended(arn)
            history = await asyncio.to_thread(lambda: list(self._history(arn)))
            if done is not None and (came := await self._looped(started["executionId"])) != done:
                raise RuntimeError(f"{document['name']}: {came} items came out of the loop, not {done}")
        finally:
            await removed(self.api, workflow)
        if found["status"] != "SUCCEEDED":
            raise RuntimeError(f"{document['name']} ended {found['status']}: {str(history[-1])[:600]}")
        return history, (found["stopDate"] - found["startDate"]).total_seconds()

    async def _looped(self, execution_id: str) -> int:
        """Return how many items came out of the loop, giving the recorder ten seconds."""
        for _ in range(100):
            found = await self.api.get("/executions", limit=1)
            if any(one["id"] == execution_id and one["status"] == "succeeded" for one in found["items"]):
                break
            await asyncio.sleep(0.1)
        page = await self.api.get(f"/executions/{execution_id}/items", nodeId="loop", port="done", limit=1)
        total: int = page["total"]
        return total

    async def _ended(self, arn: str) -> dict[str, Any]:
        limit = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < limit:
            found: dict[str, Any] = await asyncio.to_thread(self.states.describe_execution, executionArn=arn)
            if found["status"] != "RUNNING":
                return found
            await asyncio.sleep(0.1)
        raise TimeoutError(f"{arn} did not end within {WAIT_SECONDS} s")

    def _history(self, arn: str) -> Iterator[dict[str, Any]]:
        for page in self.states.get_paginator("get_execution_history").paginate(executionArn=arn):
            yield from page["events"]


def _largest(history: list[dict[str, Any]]) -> int:
    """Return the bytes of the largest input or output in a history."""
    return max(
        (
            len(details[key].encode())
            for event in history
            for details in event.values()
            if isinstance(details, dict)
            for key in ("input", "output")
            if isinstance(details.get(key), str)
        ),
        default=0,
    )


def _loop(name: str, count: int, batch: int) -> dict[str, Any]:
    code = f"return Array.from({{ length: {count} }}, (_, n) => ({{ n, text: 'item ' + n }}));"
    nodes = [
        _node("start", "manual_trigger", {}),
        _node("make", "code", {"mode": "allItems", "code": code}),
        _node("loop", "loop", {"mode": "each", "batchSize": batch, "concurrency": 40}),
        _node("one", "code", {"mode": "allItems", "code": "return $input.all().map((i) => ({ n: i.json.n + 1 }));"}),
        _node("two", "no_op", {}),
    ]
    edges = [("start", "make"), ("make", "loop"), ("loop.loop", "one"), ("one", "two"), ("two", "loop.back")]
    return _workflow(name, nodes, edges)


def _node(id: str, type: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id, "params": params, **more}


def _workflow(name: str, nodes: list[dict[str, Any]], edges: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a document; edges are from and to nodes, with a port behind a dot where it is not `main`."""
    made = []
    for number, (source, target) in enumerate(edges):
        (source, source_port), (target, target_port) = ([*end.split("."), "main"][:2] for end in (source, target))
        made.append(
            {
                "id": f"e{number}",
                "source": source,
                "sourcePort": source_port,
                "target": target,
                "targetPort": target_port,
            }
        )
    return {"schema": 1, "name": name, "settings": {"mode": "standard"}, "nodes": nodes, "edges": made}
