"""Whether every execution that is started ends, or waits for something that a person can see.

Starts random graphs (`local.soak.graphs`) on a stack that serves, some at a time, and looks at each until it has ended.
One that has not after `PATIENCE` must have a node run that waits and is shown as such. Findings are kept in
`.stepweave/soak-ends.jsonl`.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from local.client.rest import ApiError, Client
from local.seed import people
from local.settings import ROOT, LocalSettings
from local.soak.graphs import children, graph

PATIENCE: Final = 150.0
"""Seconds an execution may take: the waits of these graphs take seconds, and nest a few deep."""
FILE: Final = ROOT / ".stepweave" / "soak-ends.jsonl"
_LOOKS_EVERY: Final = 1.0
_SAYS_EVERY: Final = 10.0
_OPEN: Final = ("queued", "running")
_ITEMS: Final = [{"json": {"n": number}} for number in range(3)]


@dataclass
class Soak:
    """A run over many graphs."""

    client: Client
    demo: str
    called: dict[str, str] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    async def prepare(self) -> None:
        """Publish what the graphs call."""
        for name, document in children().items():
            self.called[name] = (await self.client.post("/workflows", json=document))["id"]
            await self.client.post(f"/workflows/{self.called[name]}/publish")

    async def one(self, number: int) -> None:
        """Run a graph and note how it ends."""
        document = graph(number, self.called, self.demo)
        try:
            workflow = await self.client.post("/workflows", json=document)
            started = await self.client.post(f"/workflows/{workflow['id']}/run", json={"items": _ITEMS})
        except ApiError as refused:
            if refused.status >= 500:
                self._keep(number, document, f"not started: {refused}")
            self.ends["refused" if refused.status < 500 else "not started"] += 1
            return
        limit = time.monotonic() + PATIENCE
        while True:
            execution = await self._looked_at(started["executionId"])
            if execution is not None and execution["status"] not in _OPEN:
                break
            if time.monotonic() > limit:
                self._unended(number, document, execution)
                return
            await asyncio.sleep(_LOOKS_EVERY)
        self.ends[execution["status"]] += 1
        error = execution.get("error") or {}
        if error and (error["message"].startswith("{") or error["type"].startswith("States.")):
            self._keep(number, document, f"its error is not in words: {error}")

    async def _looked_at(self, id: str) -> Any:
        try:
            return await self.client.get(f"/executions/{id}")
        except ApiError as error:
            if error.status >= 500:
                return None
            raise

    def _unended(self, number: int, document: dict[str, Any], execution: Any) -> None:
        runs = execution["nodeRuns"] if execution else []
        waiting = [run["nodeId"] for run in runs if run["status"] == "waiting"]
        if waiting:
            self.ends["waits in sight"] += 1
            print(f"  graph {number}: waits for {', '.join(waiting)}", flush=True)
            return
        self.ends["hangs"] += 1
        self._keep(number, document, f"still {execution['status'] if execution else 'unknown'}, and nothing waits")

    def _keep(self, number: int, document: dict[str, Any], what: str) -> None:
        self.found.append(f"graph {number}: {what}")
        print(f"  graph {number}: {what}", flush=True)
        FILE.parent.mkdir(parents=True, exist_ok=True)
        with FILE.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"graph": number, "what": what, "document": document}) + "\n")


async def soak(url: str, demo: str, count: int, first: int, at_once: int) -> int:
    """Run `count` graphs from number `first` on; return 0 when all ended as they may, else 1."""
    began = said = time.monotonic()
    left = iter(range(first, first + count))
    async with Client(url) as client:
        id = uuid.uuid4().hex[:10]
        settings = LocalSettings.from_environment()
        await people.log_in_new(client, settings, f"soak-{id}@example.com", secrets.token_urlsafe(), f"Soak {id}")
        run = Soak(client, demo)
        await run.prepare()

        async def work() -> None:
            nonlocal said
            for number in left:
                await run.one(number)
                if time.monotonic() - said >= _SAYS_EVERY:
                    said = time.monotonic()
                    print(f"  {run.ends.total()} of {count}, {said - began:.0f} s: {_told(run.ends)}", flush=True)

        async with asyncio.TaskGroup() as together:
            for _ in range(at_once):
                together.create_task(work())
    print(f"  {run.ends.total()} graphs in {time.monotonic() - began:.0f} s: {_told(run.ends)}")
    print(f"  {len(run.found)} findings" + (f", kept in {FILE}" if run.found else ""), flush=True)
    return 1 if run.found else 0


def _told(ends: Counter[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(ends.items()))


def main() -> int:
    """Soak a stack that serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--url", default=os.environ.get("STEPWEAVE_URL"), help="of the stack, else the one of `make up`"
    )
    parser.add_argument("--count", type=int, default=int(os.environ.get("STEPWEAVE_SOAK_COUNT") or 2000))
    parser.add_argument("--first", type=int, default=0, help="number of the first graph")
    parser.add_argument("--at-once", type=int, default=8)
    given = parser.parse_args()
    settings = LocalSettings.from_environment()
    print(f"== {given.count} graphs from number {given.first}, {given.at_once} at a time", flush=True)
    return asyncio.run(soak(given.url or settings.url, settings.demo_url, given.count, given.first, given.at_once))


if __name__ == "__main__":
    sys.exit(main())
