"""Agents on the embedded stack: turns and calls as node runs, going on after a failure, and what breaks in between."""

import asyncio
import json
import threading
import uuid
from typing import Any

import psycopg
import pytest

from local.client.live import events
from local.client.rest import ApiError, Client
from local.seed import people
from local.settings import LocalSettings
from local.stack.database import owner_url
from tests.fakes.models import ModelServer, Says, model_server
from tests.integration.breaking import empty_redis, kill
from tests.integration.conftest import Session
from tests.integration.test_calling import called, executions_of, published
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_language_model import account
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import begun, path, until

pytestmark = pytest.mark.integration

CITY = "{{ $fromAI('city', 'The city', 'string') }}"
AGENT_FUNCTION = "node-agent-v1"


def calls(*wanted: tuple[str, Any], text: str = "") -> Says:
    return Says(text, calls=[(name, json.dumps(arguments)) for name, arguments in wanted])


def told(server: ModelServer, turn: int = -1) -> list[str]:
    """What the model was told by tools, in its turn of that number."""
    found = [one["content"] for one in server.bodies[turn]["messages"] if one["role"] == "tool"]
    return [text.removeprefix("Error: ") for text in found]


def agent(key: str, tools: list[list[dict[str, Any]]], **params: Any) -> dict[str, Any]:
    """A workflow with an agent, its tools, each a chain of nodes, and a node behind it."""
    asked = {"credential": key, "model": "small", "prompt": "{{ $json.ask }}", "steps": True, **params}
    nodes = [node("agent", "agent", asked), node("after", "no_op"), *(one for chain in tools for one in chain)]
    edges = ["start>agent", "agent>after"]
    for chain in tools:
        before = "agent.tools"
        for one in chain:
            edges.append(f"{before}>{one['id']}")
            before = one["id"]
    made = workflow(f"Agent {uuid.uuid4().hex[:6]}", nodes, *edges)
    made["nodes"][0]["params"] = {"items": [{"ask": "What is it?"}]}
    return made


def echo(settings: LocalSettings, **tool: Any) -> dict[str, Any]:
    more = {"tool": tool} if tool else {}
    return node("echo", "http_request", {"url": f"{settings.demo_url}/echo?city={CITY}"}, **more)


def slow(settings: LocalSettings, seconds: float) -> dict[str, Any]:
    return node("slow", "http_request", {"url": f"{settings.demo_url}/slow?seconds={seconds}&city={CITY}"})


async def seen(client: Client, id: str) -> dict[str, Any]:
    """An execution, and in `rounds` the status of the runs of each node by round."""
    execution: dict[str, Any] = await client.get(f"/executions/{id}")
    execution["rounds"] = {}
    for ran in execution["nodeRuns"]:
        page = await client.get(f"/executions/{id}/node-runs", nodeId=ran["nodeId"])
        execution["rounds"][ran["nodeId"]] = {one["iteration"]: one["status"] for one in page["items"]}
    return execution


def test_turns_call_tools_of_many_kinds_and_all_of_it_is_seen(tenant: Session, settings: LocalSettings) -> None:
    live: list[dict[str, Any]] = []

    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        pause, give = node("pause", "wait", {"amount": 1}), node("give", "set_fields", {"assignments": [_SAYS]})
        child = await published(client, called(f"Tool {uuid.uuid4().hex[:6]}", pause, give))
        tools = [
            [echo(settings)],
            [
                node("find", "http_request", {"url": f"{settings.demo_url}/echo?name={{{{ $fromAI('name') }}}}"}),
                node("tidy", "set_fields", {"assignments": [_FOUND], "keepOtherFields": False}),
            ],
            [node("child", "execute_workflow", {"workflowId": child})],
            [node("gone", "http_request", {"url": f"{settings.demo_url}/status/404"})],
        ]
        both = calls(("find", {"name": "Ann"}), ("child", {}), ("gone", {}))
        server.says(calls(("echo", {"city": "Oslo"}), ("echo", {"city": "Rome"})), both, "It rains.")
        made = await client.post("/workflows", agent(key, tools))
        started = await client.post(f"/workflows/{made['id']}/run", {})
        live.extend([event async for event in events(client, started["executionId"])])  # type: ignore[misc]
        return await seen(client, started["executionId"])

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        first, second = told(server, 1), told(server)[2:]
        turns = len(server.bodies)
    assert execution["status"] == "succeeded", execution["error"]
    (given,) = outputs(execution, "after")
    assert (given["answer"], turns) == ("It rains.", 3)
    assert [json.loads(text)["query"]["city"] for text in first] == ["Oslo", "Rome"]
    assert [json.loads(text) for text in second[:2]] == [{"name": "Ann"}, {"says": "done"}]
    assert "It failed (HttpClientError)" in second[2]
    assert "asked to answer 404" in second[2]
    assert [step["tool"] for step in given["steps"]] == ["echo", "echo", "find", "child", "gone"]
    assert [step.get("error", {}).get("type") for step in given["steps"]] == [None] * 4 + ["HttpClientError"]
    done = "succeeded"
    assert execution["rounds"]["echo"] == {"0.0": done, "0.1": done}
    assert execution["rounds"]["find"] == execution["rounds"]["tidy"] == {"1.0": done}
    assert (execution["rounds"]["child"], execution["rounds"]["gone"]) == ({"1.1": done}, {"1.2": "failed"})
    assert execution["rounds"]["agent"] == {"": done}
    assert execution["usage"]["tokens"] == {"small": {"input": 30, "output": 15, "cached": 0}}
    assert [call["status"] for call in execution["calls"]] == [done]
    told_live = [(event["type"], event.get("nodeId"), event.get("iteration", "")) for event in live]
    assert told_live.count(("node.started", "agent", "")) == 1
    assert {("node.succeeded", "echo", "0.1"), ("node.failed", "gone", "1.2")} <= set(told_live)


_SAYS = {"name": "says", "value": "done"}
_FOUND = {"name": "name", "value": "{{ $json.query.name }}"}


def test_a_turn_is_tried_again_alone_and_a_tool_waits_for_a_caller(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "anthropic", server.anthropic_url)
        url = {"name": "url", "value": "{{ $execution.resumeUrl }}"}
        wait = node("wait", "wait", {"mode": "callback", "limitSeconds": 600})
        paid = {"assignments": [{"name": "paid", "value": "{{ $json.body.paid }}"}], "keepOtherFields": False}
        nodes = [node("tell", "set_fields", {"assignments": [url]}), wait, node("give", "set_fields", paid)]
        child = await published(client, called(f"Asks {uuid.uuid4().hex[:6]}", *nodes))
        seconds = "{{ $fromAI('seconds', 'How long', 'number') }}"
        tools = [
            [node("look", "http_request", {"url": f"{settings.demo_url}/slow?seconds={seconds}"})],
            [node("child", "execute_workflow", {"workflowId": child})],
        ]
        away = Says(status=529, error={"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
        looks = calls(("look", {"seconds": 0.8}), ("look", {"seconds": 0}), text="Let me look.")
        server.says(looks, away, calls(("child", {})), "Paid.")
        document = agent(key, tools)
        document["nodes"][1]["settings"] = {"retry": {"maxAttempts": 2, "intervalSeconds": 1}}
        id = await begun(client, document)
        called_at = (await executions_of(client, child, "running"))[0]["id"]
        waiting = await until(client, called_at, waiting=1)
        await client.raw("POST", path(outputs(waiting, "tell")[0]["url"]), json={"paid": "yes"})
        await until(client, id)
        return await seen(client, id)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        bodies = server.bodies
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "after")[0]["answer"] == "Paid."
    assert len(bodies) == 4
    assert bodies[1]["messages"] == bodies[2]["messages"], "what was done before is told again"
    assert len(execution["rounds"]["look"]) == 2, "no tool is called again"
    # Each call is answered in the message behind it, in the order of the calls and not of their ends.
    asked, answered = bodies[-1]["messages"][1:3]
    uses = [part["id"] for part in asked["content"] if part["type"] == "tool_use"]
    assert [part["tool_use_id"] for part in answered["content"]] == uses
    assert "0.8" in str(answered["content"][0])
    assert '{"paid":"yes"}' in json.dumps(bodies[-1]["messages"][-1]).replace("\\", "")


async def other_member(client: Client, settings: LocalSettings) -> tuple[Client, str]:
    """A client of another member of the client's tenant, and their address."""
    address, other = f"other-{uuid.uuid4().hex[:8]}@example.com", Client(settings.url)
    await people.log_in_new(other, settings, address, "a-long-password", f"Other {address}")
    tenant_id = (await client.get("/me"))["tenant"]["id"]
    change = "UPDATE memberships SET tenant_id = %s WHERE user_id = (SELECT id FROM users WHERE email = %s)"
    with psycopg.connect(owner_url(settings)) as connection:
        connection.execute(change, (tenant_id, address))
    await other.login(address, "a-long-password")
    return other, address


def test_people_decide_what_is_called(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client, server: ModelServer) -> tuple[dict[str, Any], str]:
        key = await account(client, "openai", server.openai_url)
        cities = ("Oslo", "Rome", "Bonn", "Kyiv")
        server.says(calls(*(("echo", {"city": city}) for city in cities), ("late", {})), "Done.")
        late = node("late", "http_request", {"url": f"{settings.demo_url}/echo?late"}, tool=_ASKED_BRIEFLY)
        id = await begun(client, agent(key, [[echo(settings, approval=True)], [late]]))
        waiting: dict[str, str] = {}
        while len(waiting) < len(cities):
            await asyncio.sleep(0.1)
            rows = (await client.get("/approvals", executionId=id))["items"]
            found = [await client.get(f"/approvals/{row['id']}") for row in rows]
            waiting = {one["arguments"]["city"]: one["id"] for one in found if one["tool"]["nodeId"] == "echo"}

        async def decide(who: Client, city: str, decision: str = "approve", **more: Any) -> None:
            await who.post(f"/approvals/{waiting[city]}/decision", {"decision": decision, **more})

        await decide(client, "Oslo")
        for decision in ("approve", "reject"):
            with pytest.raises(ApiError) as refused:
                await decide(client, "Oslo", decision)
            assert refused.value.code == "already_decided"
        await decide(client, "Rome", arguments={"city": "Milan"})
        await decide(client, "Bonn", "reject", comment="too far")
        other, address = await other_member(client, settings)
        async with other:
            await client.post(f"/approvals/{waiting['Kyiv']}/hand-over", {"to": address})
            with pytest.raises(ApiError) as refused:
                await decide(client, "Kyiv")
            assert refused.value.code == "not_an_approver"
            await decide(other, "Kyiv")
        await until(client, id)
        return await seen(client, id), address

    with model_server() as server:
        execution, address = tenant(lambda client: run(client, server))
        heard = told(server)
    assert execution["status"] == "succeeded", execution["error"]
    assert [json.loads(heard[place])["query"]["city"] for place in (0, 3)] == ["Oslo", "Kyiv"]
    assert heard[1].startswith('(Before it was called, a person changed the arguments to {"city":"Milan"}.)')
    assert json.loads(heard[1].partition("\n")[2])["query"]["city"] == "Milan"
    assert heard[2].endswith("refused the call: too far")
    assert heard[4].startswith("It failed (NodeTimeout)")
    done = "succeeded"
    assert execution["rounds"]["echo"] == {"0.0": done, "0.1": done, "0.2": "failed", "0.3": done}
    assert execution["rounds"]["late"] == {"0.4": "failed"}
    steps = outputs(execution, "after")[0]["steps"]
    assert steps[3]["decidedBy"] == address
    assert (steps[2]["error"]["type"], steps[1]["arguments"]) == ("ToolRefused", {"city": "Milan"})


_ASKED_BRIEFLY = {"approval": True, "approvalSeconds": 1}


def test_a_person_lets_an_agent_go_on_beyond_its_limit(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        server.says(calls(("echo", {"city": "Oslo"})), "It rains.")
        made = await client.post("/workflows", agent(key, [[echo(settings)]], mostTurns=1, onLimit="ask"))
        started = await client.post(f"/workflows/{made['id']}/run", {})
        id = started["executionId"]
        for _ in range(200):
            found = (await client.get("/approvals", executionId=id))["items"]
            if found:
                break
            await asyncio.sleep(0.1)
        assert found[0]["title"] == "May “agent” go on?"
        await client.post(f"/approvals/{found[0]['id']}/decision", {"decision": "approve"})
        _ = [event async for event in events(client, id)]
        return await seen(client, id)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "after")[0]["answer"] == "It rains."
    assert execution["rounds"]["agent"] == {"": "succeeded", "1.0": "succeeded"}


def test_a_failed_agent_is_mended_and_goes_on_where_it_failed(tenant: Session, settings: LocalSettings) -> None:
    async def run(client: Client, server: ModelServer) -> tuple[dict[str, Any], ...]:
        key = await account(client, "openai", server.openai_url)
        revoked = Says(status=401, error={"error": {"message": "revoked"}})
        server.says(calls(("echo", {"city": "Oslo"})), calls(("echo", {"city": "Rome"})), revoked)
        document = agent(key, [[echo(settings)]])
        failed = await run_draft(client, document)
        server.says("It rains.")
        document["nodes"][1]["params"]["system"] = "Be brief."
        again = {"fromExecutionId": failed["id"], "startNodeId": "agent"}
        return failed, await run_draft(client, document, **again)

    with model_server() as server:
        failed, resumed = tenant(lambda client: run(client, server))
        bodies = server.bodies
    assert (failed["status"], failed["error"]["type"]) == ("failed", "ModelAccessDenied")
    assert resumed["status"] == "succeeded", resumed["error"]
    (given,) = outputs(resumed, "after")
    assert (given["answer"], len(given["steps"])) == ("It rains.", 2)
    assert len(bodies) == 4  # two whole turns, one refused, and the one that went on
    assert [one["role"] for one in bodies[-1]["messages"]] == ["system", "user", *["assistant", "tool"] * 2]
    assert "echo" not in {one["nodeId"] for one in resumed["nodeRuns"]}, "no tool is called again"
    assert failed["usage"]["tokens"]["small"]["input"] == 20
    assert resumed["usage"]["tokens"]["small"]["input"] == 10


def test_whatever_is_killed_while_tools_run_nothing_is_lost_or_paid_twice(
    tenant: Session, settings: LocalSettings
) -> None:
    killed = {AGENT_FUNCTION: 0, "recorder": 0}

    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        wanted = [calls(*(("slow", {"city": f"{turn} {n}"}) for n in range(2))) for turn in range(3)]
        server.says(*wanted, "Done.")
        id = await begun(client, agent(key, [[slow(settings, 1)]]))
        ended = asyncio.create_task(until(client, id))
        turns = 0
        while not ended.done():
            await asyncio.sleep(0.05)
            if len(server.bodies) == turns:
                continue
            turns = len(server.bodies)
            await asyncio.sleep(0.5)  # the answer is kept by now, and its tools run
            for function in killed:
                killed[function] += kill(function, settings)
            empty_redis(settings)
        await ended
        return await seen(client, id)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        turns = len(server.bodies)
    assert execution["status"] == "succeeded", execution["error"]
    assert turns == 4
    assert all(killed.values()), killed
    (given,) = outputs(execution, "after")
    places = [(turn, call) for turn in range(3) for call in range(2)]
    assert [step["arguments"]["city"] for step in given["steps"]] == [f"{turn} {call}" for turn, call in places]
    assert execution["rounds"]["slow"] == {f"{turn}.{call}": "succeeded" for turn, call in places}
    assert execution["usage"]["tokens"]["small"]["input"] == 40


def test_a_turn_whose_worker_dies_is_asked_once_more_and_those_before_are_not(
    tenant: Session, settings: LocalSettings
) -> None:
    until_killed = threading.Event()

    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        held = Says(["It ", "rains."], until=until_killed)
        server.says(calls(("echo", {"city": "Oslo"})), held, "It rains.")
        id = await begun(client, agent(key, [[echo(settings)]]))
        async for event in events(client, id):
            if event["type"] == "node.partial" and not until_killed.is_set():
                assert kill(AGENT_FUNCTION, settings)
                until_killed.set()
        await until(client, id)
        return await seen(client, id)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        bodies = server.bodies
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "after")[0]["answer"] == "It rains."
    assert [len(told_) for told_ in (told(server, turn) for turn in range(3))] == [0, 1, 1]
    assert bodies[1]["messages"] == bodies[2]["messages"]
    assert execution["rounds"]["echo"] == {"0.0": "succeeded"}
