"""A, B and C: executions on the running stack, each beside the same number of trivial steps on the same emulator."""

import asyncio
import json
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from benchmarks.bare import Bare, bare_machine, client
from benchmarks.figures import Figure, figure, percentile
from benchmarks.load import Load, load
from benchmarks.workflows import accepts, answer_after_two, code_chain, five_steps
from local.client.rest import Client
from local.seed.seed import find_workflow, log_in
from local.settings import LocalSettings

ONE_CLIENT: Final = 200
ACCEPTED: Final = 100
PAUSE_SECONDS: Final = 0.1
"""Between calls that are accepted: what they start runs behind them, and is not what is measured."""
FIFTY_CLIENTS: Final = 1500
CHAIN: Final = 40
AT_ONCE: Final = 100
POLL_SECONDS: Final = 0.1


async def measure(settings: LocalSettings, wanted: set[str], say: Callable[[str], None]) -> list[Figure]:
    """Return the figures of those of A, B, C that are wanted."""
    figures: list[Figure] = []
    with bare_machine(settings) as bare:
        async with Client(settings.url) as api:
            await log_in(api)
            if "A" in wanted:
                figures += await answers(settings, api, bare, say)
                figures += await accepted(settings, api, say)
            if "B" in wanted:
                figures += await chains(settings, api, bare, say)
            if "C" in wanted:
                figures += await at_once(settings, api, bare, say)
    return figures


async def accepted(settings: LocalSettings, api: Client, say: Callable[[str], None]) -> list[Figure]:
    """A: how long a published webhook takes to answer "accepted", past the edge and through it; one client."""
    path = f"bench-{uuid.uuid4().hex[:8]}/:id"
    workflow = await published(api, {**accepts(path), "name": f"Benchmark A {path}"})
    api_url = f"{settings.aws_url}/_aws/execute-api/{_api_id(settings)}/$default/hooks/demo/{path}"
    say("A: accepted")
    seconds: dict[str, list[float]] = {}
    for name, url in (("accepted", api_url), ("accepted_edge", workflow["webhooks"][0]["url"])):
        seconds[name] = []
        for number in range(-10, ACCEPTED):  # the first ten warm it up
            found = _check(await load(url.replace(":id", str(number + 10)), {"n": number}, 1, 1)).seconds
            seconds[name] += found if number >= 0 else []
            await asyncio.sleep(PAUSE_SECONDS)
    await removed(api, workflow)
    return [
        figure("A.accepted_p50_ms", percentile(seconds["accepted"], 0.5) * 1000, at_most=30),
        figure("A.accepted_p95_ms", percentile(seconds["accepted"], 0.95) * 1000),
        figure("A.accepted_edge_p50_ms", percentile(seconds["accepted_edge"], 0.5) * 1000),
    ]


async def answers(settings: LocalSettings, api: Client, bare: Bare, say: Callable[[str], None]) -> list[Figure]:
    """A: webhook -> 2 nodes -> answer; one client and fifty, ours and bare in turn."""
    path = f"bench-{uuid.uuid4().hex[:8]}"
    workflow = await published(api, {**answer_after_two(path), "name": f"Benchmark A {path}"})
    gateway = f"{settings.aws_url}/_aws/execute-api/{_api_id(settings)}/$default/hooks/demo/{path}"
    body = {"n": 1}
    say("A: warming up")
    for url in (gateway, bare.webhook_url):
        _check(await load(url, body, 50, 300))
    say("A: one client")
    ours, theirs = Load([], 0, []), Load([], 0, [])
    for _ in range(4):  # in turns, so that whatever else the machine does falls on both
        theirs = _sum(theirs, _check(await load(bare.webhook_url, body, 1, ONE_CLIENT // 4)))
        ours = _sum(ours, _check(await load(gateway, body, 1, ONE_CLIENT // 4)))
    edge = _check(await load(workflow["webhooks"][0]["url"], body, 1, ONE_CLIENT // 2))
    say("A: fifty clients")
    many_bare = _check(await load(bare.webhook_url, body, 50, FIFTY_CLIENTS))
    many = _check(await load(gateway, body, 50, FIFTY_CLIENTS))
    await removed(api, workflow)
    p50, bare_p50 = percentile(ours.seconds, 0.5) * 1000, percentile(theirs.seconds, 0.5) * 1000
    p95, bare_p95 = percentile(ours.seconds, 0.95) * 1000, percentile(theirs.seconds, 0.95) * 1000
    return [
        figure("A.p50_ms", p50, bare_p50, at_most=60),
        figure("A.p50_ratio", p50, bare_p50, at_most=2.5, goal_on="ratio"),
        figure("A.p95_ms", p95, bare_p95),
        figure("A.edge_p50_ms", percentile(edge.seconds, 0.5) * 1000),
        figure("A.per_second_50", many.per_second, many_bare.per_second, at_least=80),
    ]


async def chains(settings: LocalSettings, api: Client, bare: Bare, say: Callable[[str], None]) -> list[Figure]:
    """B: 40 light code steps in a chain, milliseconds per step, by Step Functions' own clock."""
    workflow = await published(api, code_chain(CHAIN))
    states = client(settings, "stepfunctions")
    ours, theirs = [], []
    for number in range(5):
        say(f"B: chain {number + 1} of 5")
        arn = states.start_execution(stateMachineArn=bare.machines[CHAIN], input="{}")["executionArn"]
        theirs.append(_lasted(await _ended(states, [arn])))
        started = await api.post(f"/workflows/{workflow['id']}/run", {"mode": "live"})
        machine = machine_of(states, f"{workflow['id']}-standard")
        ours.append(_lasted(await _ended(states, [execution_arn(machine, started["executionId"])])))
    await removed(api, workflow)
    value, other = (statistics.median(found) * 1000 / CHAIN for found in (ours[1:], theirs[1:]))
    return [figure("B.ms_per_step", value, other, at_most=3, goal_on="ratio")]


async def at_once(settings: LocalSettings, api: Client, bare: Bare, say: Callable[[str], None]) -> list[Figure]:
    """C: 100 executions of 5 nodes started at once; seconds from the first start to each one's end."""
    path = f"bench-{uuid.uuid4().hex[:8]}"
    workflow = await published(api, {**five_steps(path), "name": f"Benchmark C {path}"})
    gateway = f"{settings.aws_url}/_aws/execute-api/{_api_id(settings)}/$default/hooks/demo/{path}"
    states = client(settings, "stepfunctions")
    say("C: warming up")
    _check(await load(gateway, {"n": 1}, 20, 40))
    await asyncio.sleep(3)
    say("C: bare")
    began = time.time()
    arns = await asyncio.gather(
        *(
            asyncio.to_thread(states.start_execution, stateMachineArn=bare.machines[5], input="{}")
            for _ in range(AT_ONCE)
        )
    )
    theirs = _since(began, await _ended(states, [one["executionArn"] for one in arns]))
    say("C: ours")
    machine = machine_of(states, f"{workflow['id']}-standard")
    began = time.time()
    ids = await asyncio.gather(*(_accepted(api, gateway) for _ in range(AT_ONCE)))
    found = await _ended(states, [execution_arn(machine, id) for id in ids])
    ours = _since(began, found)
    succeeded = sum(one["status"] == "SUCCEEDED" for one in found)
    recorded = await _recorded(api, workflow["id"], ids)
    await removed(api, workflow)
    return [
        figure("C.succeeded", succeeded, at_least=AT_ONCE),
        figure("C.recorded", recorded, at_least=AT_ONCE),
        figure("C.p50_s", percentile(ours, 0.5), percentile(theirs, 0.5)),
        figure("C.p95_s", percentile(ours, 0.95), percentile(theirs, 0.95), at_most=3),
        figure("C.wall_s", max(ours), max(theirs)),
    ]


async def published(api: Client, document: dict[str, Any]) -> dict[str, Any]:
    """Store and publish a workflow; return it whole."""
    known = await find_workflow(api, document["name"])
    workflow = known or await api.post("/workflows", document)
    await api.post(f"/workflows/{workflow['id']}/publish")
    whole: dict[str, Any] = await api.get(f"/workflows/{workflow['id']}")
    return whole


async def removed(api: Client, workflow: dict[str, Any]) -> None:
    """Delete a workflow."""
    await api.request("DELETE", f"/api/workflows/{workflow['id']}")


async def _accepted(api: Client, url: str) -> str:
    answer = await api.raw("POST", url, json={"n": 1})
    if answer.status_code != 202:
        raise RuntimeError(f"the webhook answered {answer.status_code}: {answer.text[:300]}")
    id: str = answer.json()["executionId"]
    return id


async def _ended(states: Any, arns: list[str]) -> list[dict[str, Any]]:
    """Wait until executions have ended and return their descriptions."""
    found: dict[str, dict[str, Any]] = {}
    limit = time.monotonic() + 120
    while len(found) < len(arns) and time.monotonic() < limit:
        for arn in arns:
            if arn not in found:
                one = await asyncio.to_thread(states.describe_execution, executionArn=arn)
                if one["status"] != "RUNNING":
                    found[arn] = one
        await asyncio.sleep(POLL_SECONDS)
    return list(found.values())


async def _recorded(api: Client, workflow_id: str, ids: list[str]) -> int:
    """Return how many of the executions the history knows to have succeeded, giving the recorder ten seconds."""
    ours: set[str] = set()
    for _ in range(100):
        page = await api.get("/executions", workflowId=workflow_id, status="succeeded", limit=100)
        ours = {entry["id"] for entry in page["items"]} & set(ids)
        if len(ours) >= len(ids):
            break
        await asyncio.sleep(POLL_SECONDS)
    return len(ours)


def _lasted(found: list[dict[str, Any]]) -> float:
    if not found or found[0]["status"] != "SUCCEEDED":
        raise RuntimeError(f"the chain did not succeed: {json.dumps(found, default=str)[:500]}")
    lasted: float = (found[0]["stopDate"] - found[0]["startDate"]).total_seconds()
    return lasted


def _since(began: float, found: list[dict[str, Any]]) -> list[float]:
    ends: list[datetime] = [one["stopDate"] for one in found]
    return [end.timestamp() - began for end in ends]


def machine_of(states: Any, suffix: str) -> str:
    """Return the ARN of the state machine whose name ends so."""
    pages = states.get_paginator("list_state_machines").paginate()
    return next(
        str(machine["stateMachineArn"])
        for page in pages
        for machine in page["stateMachines"]
        if machine["name"].endswith(suffix)
    )


def execution_arn(machine_arn: str, name: str) -> str:
    """Return the ARN of a machine's execution."""
    return machine_arn.replace(":stateMachine:", ":execution:") + f":{name}"


def _api_id(settings: LocalSettings) -> str:
    outputs: dict[str, dict[str, str]] = json.loads((settings.state / "outputs.json").read_text())
    return next(stack["HttpApiId"] for stack in outputs.values() if "HttpApiId" in stack)


def _check(found: Load) -> Load:
    if found.failures:
        raise RuntimeError(f"{len(found.failures)} requests failed: {found.failures[0]}")
    return found


def _sum(one: Load, other: Load) -> Load:
    return Load(one.seconds + other.seconds, one.wall + other.wall, one.failures + other.failures)
