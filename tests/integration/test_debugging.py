"""Debug runs on the embedded stack: the compiled machine really waits, goes on, and does what was said at its stops."""

import asyncio
import json
import signal
import subprocess
import sys
from typing import Any

import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from tests.fakes.models import ModelServer, model_server
from tests.integration.conftest import Session
from tests.integration.test_agent import agent, calls, echo, told
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_language_model import account
from tests.integration.test_main_job import node
from tests.integration.test_waiting import until

pytestmark = pytest.mark.integration

FIELDS: dict[str, Any] = {"assignments": [{"name": "twice", "value": "{{ $json.n * 2 }}"}]}
CHAIN = workflow(
    "Debugged",
    [
        node("make", "code", {"code": "return [{ n: 1 }, { n: 20 }]"}),
        node("double", "set_fields", FIELDS),
        node(
            "check",
            "code",
            {"code": "if ($json.n > 100) throw new Error('too many'); return $json", "mode": "eachItem"},
        ),
        node("left", "no_op"),
        node("right", "no_op"),
    ],
    *("start>make", "make>double", "double>check", "check>left", "check>right"),
)


class Debug:
    """A debug run."""

    def __init__(self, client: Client, execution_id: str) -> None:
        self.client, self.id = client, execution_id

    async def stops(self, count: int = 1) -> list[dict[str, Any]]:
        """Return what waits, once that is so many, by node."""
        for _ in range(300):
            found = (await self.client.get(f"/executions/{self.id}/stops"))["stops"]
            if len(found) == count:
                return sorted(found, key=lambda stop: str(stop["nodeId"]))
            await asyncio.sleep(0.1)
        raise AssertionError(f"{len(found)} stops, not {count}: {await self.client.get(f'/executions/{self.id}')}")

    async def go_on(self, action: str, stop: dict[str, Any] | None = None, **more: Any) -> None:
        stop = stop or (await self.stops())[0]
        await self.client.post(f"/executions/{self.id}/stops/{stop['id']}/go-on", {"action": action, **more})


async def debugged(client: Client, document: dict[str, Any], *breakpoints: dict[str, Any], **more: Any) -> Debug:
    made = await client.post("/workflows", document)
    body = {"debug": {"breakpoints": list(breakpoints), **more}}
    return Debug(client, (await client.post(f"/workflows/{made['id']}/run", body))["executionId"])


def test_a_run_stops_takes_other_items_steps_into_both_branches_and_ends(tenant: Session) -> None:
    async def run(client: Client) -> dict[str, Any]:
        debug = await debugged(client, CHAIN, {"nodeId": "double", "condition": "$json.n > 10"})
        (stop,) = await debug.stops()
        assert (stop["nodeId"], stop["reason"], stop["item"]) == ("double", "node", 1)
        await debug.go_on("step", stop, items={"main": [{"json": {"n": 3}}]})
        (stop,) = await debug.stops()
        assert (stop["nodeId"], stop["reason"]) == ("check", "step")
        shown = await client.get(f"/executions/{debug.id}/stops/{stop['id']}")
        assert shown["inputs"] == {"main": [{"json": {"n": 3, "twice": 6}}]}
        await debug.go_on("step", stop)
        left, right = await debug.stops(2)
        assert (left["nodeId"], right["nodeId"]) == ("left", "right"), "each branch stops by itself"
        await debug.go_on("skip", left)
        await debug.go_on("run", right)
        return await until(client, debug.id)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "left") == outputs(execution, "right") == [{"n": 3, "twice": 6}]
    sources = {run["nodeId"]: run["source"] for run in execution["nodeRuns"]}
    assert (sources["left"], sources["right"]) == ({"kind": "skipped"}, None)


def test_a_step_that_failed_is_tried_again_with_mended_items(tenant: Session) -> None:
    async def run(client: Client) -> dict[str, Any]:
        debug = await debugged(client, {**CHAIN, "name": "Debugged failure"}, {"nodeId": "double"}, onError=True)
        await debug.go_on("run", items={"main": [{"json": {"n": 500}}]})
        (stop,) = await debug.stops()
        assert (stop["nodeId"], stop["reason"]) == ("check", "error")
        assert "too many" in stop["error"]["message"]
        await debug.go_on("run", stop, items={"main": [{"json": {"n": 5}}]})
        return await until(client, debug.id)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "left") == [{"n": 5}]
    check = next(run for run in execution["nodeRuns"] if run["nodeId"] == "check")
    assert check["attempt"] == 2


def test_a_failure_that_is_let_be_one_fails_the_run_as_it_would(tenant: Session) -> None:
    async def run(client: Client) -> dict[str, Any]:
        debug = await debugged(client, {**CHAIN, "name": "Debugged to fail"}, {"nodeId": "check"}, onError=True)
        await debug.go_on("run", items={"main": [{"json": {"n": 500}}]})
        await debug.go_on("fail")
        return await until(client, debug.id)

    execution = tenant(run)
    assert execution["status"] == "failed"
    assert "too many" in execution["error"]["message"]


def test_each_round_of_a_loop_stops_where_its_condition_holds(tenant: Session) -> None:
    nodes = [
        node("make", "code", {"code": "return [{ n: 0 }, { n: 1 }, { n: 2 }]"}),
        node("loop", "loop", {"batchSize": 1, "concurrency": 3}),
        node("body", "set_fields", FIELDS),
        node("sum", "code", {"code": "return [{ twice: $input.all().map((item) => item.json.twice) }]"}),
    ]
    edges = ("start>make", "make>loop", "loop.loop>body", "body>loop.back", "loop.done>sum")

    async def run(client: Client) -> dict[str, Any]:
        document = workflow("Debugged loop", nodes, *edges)
        edge = {"source": "loop", "sourcePort": "loop", "target": "body", "targetPort": "main"}
        debug = await debugged(client, document, {"edge": edge, "condition": "$json.n > 0"})
        first, second = await debug.stops(2)
        assert {first["iteration"], second["iteration"]} == {"1", "2"}
        assert (first["reason"], second["reason"]) == ("edge", "edge")
        await debug.go_on("run", first)
        await debug.go_on("run", second, items={"main": [{"json": {"n": 50}}]})
        return await until(client, debug.id)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert 100 in outputs(execution, "sum")[0]["twice"]


def test_a_tool_of_an_agent_stops_before_its_call_with_what_the_model_gave(
    tenant: Session, settings: LocalSettings
) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        cities = [("echo", {"city": city}) for city in ("Oslo", "Rome", "Bern")]
        server.says(calls(*cities), "It rains.")
        tool = {"source": "agent", "sourcePort": "tools", "target": "echo", "targetPort": "main"}
        stops: list[dict[str, Any]] = [
            {"nodeId": "echo", "condition": "$json.city === 'Rome'"},
            {"edge": tool, "condition": "$json.city === 'Oslo'"},
        ]
        debug = await debugged(client, agent(key, [[echo(settings)]]), *stops)
        oslo, rome = sorted(await debug.stops(2), key=lambda stop: str(stop["iteration"]))
        assert [(one["nodeId"], one["iteration"], one["reason"]) for one in (oslo, rome)] == [
            ("echo", "0.0", "edge"),
            ("echo", "0.1", "node"),
        ]
        shown = await client.get(f"/executions/{debug.id}/stops/{oslo['id']}")
        assert shown["inputs"] == {"main": [{"json": {"city": "Oslo"}}]}
        await debug.go_on("run", oslo, items={"main": [{"json": {"city": "Paris"}}]})
        await debug.go_on("skip", rome)
        return await until(client, debug.id)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        given = [json.loads(text) for text in told(server)]
    assert execution["status"] == "succeeded", execution["error"]
    assert [one.get("query", one)["city"] for one in given] == ["Paris", "Rome", "Bern"]
    assert "query" not in given[1], "the call that was skipped was not made"


def command(tenant: Session, settings: LocalSettings, name: str, *options: str) -> subprocess.Popen[str]:
    """Start `stepweave debug` in a process of its own, with real pipes."""

    async def prepare(client: Client) -> tuple[str, str]:
        made = await client.post("/workflows", {**CHAIN, "name": name})
        may = ["executions.read", "executions.run", "workflows.read"]
        return made["id"], (await client.post("/keys", {"name": name, "permissions": may}))["text"]

    workflow_id, key = tenant(prepare)
    words = [sys.executable, "-m", "local.cli.main", "debug", workflow_id, "--url", settings.url, "--api-key", key]
    pipe = subprocess.PIPE
    return subprocess.Popen([*words, *options], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_the_command_debugs_from_a_pipe(tenant: Session, settings: LocalSettings) -> None:
    going = command(tenant, settings, "Debugged by command", "--break", "double:$json.n > 10", "--break", "left")
    typed = 'print $json.n\nset [{"n": 3}]\nstep\nprint\ncontinue\nskip\n'
    out, said = going.communicate(typed, timeout=60)
    assert going.returncode == 0, said
    result = json.loads(out)
    assert (result["status"], result["output"]) == ("succeeded", {"main": [{"json": {"n": 3, "twice": 6}}]})
    for words in (
        "Stopped before 'double' (breakpoint, the condition holds for item 2)",
        "> print $json.n\n  20\n",
        "Stopped before 'check' (step)",
        '{"n": 3, "twice": 6}',
        "Stopped before 'left' (breakpoint)",
    ):
        assert words in said


def test_the_command_cancels_the_run_when_it_is_interrupted(tenant: Session, settings: LocalSettings) -> None:
    going = command(tenant, settings, "Interrupted", "--stepwise")
    assert going.stderr is not None
    assert going.stdout is not None
    said = ""
    with going:
        while "Waits for a command" not in said:
            line = going.stderr.readline()
            assert line, said
            said += line
        going.send_signal(signal.SIGINT)
        rest, out = going.stderr.read(), going.stdout.read()  # stdin stays open: its end would end the run, too
    assert (going.returncode, out) == (130, "")
    assert "Interrupted: the run is to end.\nThe run is cancelled.\n" in rest
    execution_id = said.partition("/executions/")[2].split()[0]
    assert tenant(lambda client: until(client, execution_id))["status"] == "cancelled"
