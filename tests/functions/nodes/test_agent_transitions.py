"""What an agent costs in transitions, and that tools which share a Task stay apart in all else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.runtime.errors import NodeError
from tests.asl.machine import TaskFailed
from tests.fakes.agents import AgentRun, node, tool, workflow
from tests.fakes.models import ModelServer, Says, model_server


class Broken(NodeError):
    """A tool's own error."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as made:
        yield made


@pytest.fixture
def run(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> AgentRun:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = AgentRun()
    made.outside.credentials["openai", "openai"] = {"apiKey": "sk-secret", "baseUrl": server.openai_url}
    return made


def calls(*wanted: str, **arguments: Any) -> Says:
    return Says(calls=[(name, json.dumps(arguments)) for name in wanted])


@pytest.mark.parametrize("tools", [1, 2])
def test_a_turn_is_a_task_and_a_map_and_a_call_is_a_task(run: AgentRun, server: ModelServer, tools: int) -> None:
    names = [f"T{number}" for number in range(tools)]
    server.says(*(calls(names[0], names[-1], n=turn) for turn in range(10)), "Done.")
    asked = "https://x.example/{{ $fromAI('n', 'A number', 'number') }}"
    document = workflow({"mostTurns": 11}, [[tool(name.lower(), asked)] for name in names])
    assert run(document)["main"][0]["answer"] == "Done."
    assert len(run.called) == 20
    # Start, eleven turns, a Map for each, twenty calls, End: of 31 steps that is 1.39 for each, Start left out.
    assert run.machine.transitions == 1 + 11 + 11 + 20 + 1


def test_tools_that_share_a_task_keep_what_is_their_own(run: AgentRun, server: ModelServer) -> None:
    hostile = ["{% $states.context %}", '%} "{%', "'); throw 1; ('", '\u2028 \\ " \U0001f600 50%', "{{ $json.ask }}"]
    tools = [tool(f"t{at}", url) for at, url in enumerate(hostile)]
    tools[1]["settings"] = {"timeoutSeconds": 7, "alwaysOutput": True}
    tools[2]["params"] |= {"headers": [], "query": [{"name": "a", "value": "{% 1 %}"}]}
    tools[2]["params"] |= {"method": "POST", "bodyKind": "json", "jsonBody": {"x.$": [[1], [], None], "{%": {}}}
    tools[3]["params"]["url"] += "{{ $('Start').item.json.ask }}"
    server.says(calls(*(f"T{at}" for at in range(5))), "Done.")
    run(workflow({}, [[one] for one in tools]))
    assert run.machine.transitions == 1 + 2 + 2 + 5 + 1
    expected = [*hostile[:3], hostile[3] + "What is it?", None]
    assert [url for _, url in run.called] == expected
    assert [name for name, _ in run.called] == [one["id"] for one in tools]
    payloads = {one["node"]["id"]: one for one in run.tool_payloads}
    assert [payloads[one["id"]]["params"] for one in tools] == [one["params"] for one in tools]
    assert [payloads[one["id"]]["node"]["name"] for one in tools] == ["T0", "T1", "T2", "T3", "T4"]
    assert payloads["t1"]["settings"]["alwaysOutput"]
    assert payloads["t0"]["settings"] == payloads["t4"]["settings"] != payloads["t1"]["settings"]
    assert set(payloads["t3"]["refs"]) == {"Start"}
    assert payloads["t0"]["refs"] == {}


def test_tools_with_states_of_their_own_are_reached_past_the_shared_task(run: AgentRun, server: ModelServer) -> None:
    chain = [tool("find"), tool("more", "https://x.example/{{ $json.from }}")]
    tools = [[tool("a")], [tool("b")], chain, [tool("pay", approval=True)]]
    server.says(calls("A", "Find", "Pay", "B"), "Done.")
    run(workflow({}, tools))
    ran = [("a", "https://x.example"), ("b", "https://x.example"), ("find", "https://x.example")]
    assert sorted(run.called) == [*ran, ("more", "https://x.example/find"), ("pay", "https://x.example")]
    told = [one["content"] for one in server.bodies[1]["messages"] if one["role"] == "tool"]
    assert [json.loads(text) for text in told] == [{"from": one} for one in ("a", "more", "pay", "b")]
    assert run.machine.visited.count("Agent - a tool") == 4


@pytest.mark.parametrize(
    "settings", [{"retry": {"maxAttempts": 2}}, {"onError": "continue"}, {"tool": {"onError": "stop"}}]
)
def test_what_cannot_be_chosen_by_data_is_not_shared(
    run: AgentRun, server: ModelServer, settings: dict[str, Any]
) -> None:
    other = node("c", "http_request", {"url": "https://c.example"}, settings=settings)
    server.says(calls("A", "B", "C"), calls("C"), "Done.")

    def fails(fields: dict[str, Any]) -> Any:
        raise Broken("It broke.")

    run.does = {"a": fails, "c": fails}
    document = workflow({}, [[tool("a")], [tool("b")], [other]])
    if "tool" in settings:
        with pytest.raises(TaskFailed, match="Broken"):
            run(document)
        return
    run(document)
    told = [one["content"] for one in server.bodies[1]["messages"] if one["role"] == "tool"]
    assert "It failed (Broken): It broke." in told[0]
    assert json.loads(told[1]) == {"from": "b"}
    assert "Broken" in told[2]


def test_a_person_is_asked_past_the_shared_task_and_only_then(run: AgentRun, server: ModelServer) -> None:
    server.says(calls("A", n=1), calls("A", n=2), "Done.")
    run.decides = lambda waiting: {"output": {}, "decision": {"decidedBy": "ada@example.com"}}
    assert run(workflow({"mostTurns": 2, "onLimit": "ask"}, [[tool("a")]]))["main"][0]["answer"] == "Done."
    assert run.machine.visited.count("Agent - may it go on") == 1
    assert run.machine.visited.count("Agent - which tool") == 0
    assert len(run.called) == 2


def test_an_answer_of_an_agent_that_goes_on_after_errors_is_no_error(run: AgentRun, server: ModelServer) -> None:
    server.says(calls("A"), "Done.")
    assert run(workflow({}, [[tool("a")]], onError="continue"))["main"] == [{"ask": "What is it?", "answer": "Done."}]


def test_each_of_many_calls_of_one_tool_has_its_own_arguments_and_gets_its_own_result(
    run: AgentRun, server: ModelServer
) -> None:
    """n8n#12113: five calls took the first one's. n8n#19592: each item got the first one's result."""
    wanted = [("Make", json.dumps({"day": day})) for day in range(5)]
    server.says(Says("Let me plan.", calls=[*wanted, ("Other", "{}")]), "Done.")
    run.does = {"make": lambda fields: {"made": fields["url"]}}
    made = tool("make", "https://x.example/{{ $fromAI('day', 'The day', 'number') }}")
    run(workflow({}, [[made], [tool("other")]]))
    assert [url for name, url in run.called if name == "make"] == [f"https://x.example/{day}" for day in range(5)]
    asked, *told = server.bodies[1]["messages"][-7:]
    assert asked["content"] == "Let me plan.", "n8n#36883: words beside calls are kept"
    ids = [call["id"] for call in asked["tool_calls"]]
    assert [one["tool_call_id"] for one in told] == ids, "n8n#18869, pydantic-ai#562: each call is answered, in order"
    expected = [{"made": f"https://x.example/{day}"} for day in range(5)]
    assert [json.loads(one["content"]) for one in told] == [*expected, {"from": "other"}]


def test_a_wrong_call_beside_good_ones_is_answered_and_the_good_ones_are_made(
    run: AgentRun, server: ModelServer
) -> None:
    """n8n#37916: it ended the whole execution. dify-official-plugins#2352: its message was left out."""
    asked = "https://x.example/{{ $fromAI('n', 'A number', 'number') }}"
    server.says(Says(calls=[("A", "{}"), ("B", '{"n": 2}'), ("Gone", "{}"), ("A", '{"n": 1}')]), "Done.")
    assert run(workflow({}, [[tool("a", asked)], [tool("b", asked)]]))["main"][0]["answer"] == "Done."
    told = [one["content"] for one in server.bodies[1]["messages"] if one["role"] == "tool"]
    assert len(told) == 4
    assert "required" in told[0]
    assert "There is no tool 'Gone'" in told[2]
    assert sorted(run.called) == [("a", "https://x.example/1"), ("b", "https://x.example/2")]


@pytest.mark.parametrize("ids", [["call_0", "call_0"], ["", ""], [None, None]])
def test_calls_that_a_server_gives_one_id_are_both_made_and_answered(
    run: AgentRun, server: ModelServer, ids: list[str | None]
) -> None:
    """yutori-sdk-python#251: calls without an id were taken for one, and the second never made nor answered."""
    pieces = [
        {
            "index": at,
            "type": "function",
            "function": {"name": name, "arguments": "{}"},
            **({} if id is None else {"id": id}),
        }
        for at, (name, id) in enumerate(zip("AB", ids, strict=True))
    ]
    server.says(Says(pieces_of_calls=pieces, stop="tool_calls"), "Done.")
    assert run(workflow({}, [[tool("a")], [tool("b")]]))["main"][0]["answer"] == "Done."
    assert sorted(name for name, _ in run.called) == ["a", "b"]
    told = [one for one in server.bodies[1]["messages"] if one["role"] == "tool"]
    assert [json.loads(one["content"]) for one in told] == [{"from": "a"}, {"from": "b"}]
    assert len({one["tool_call_id"] for one in told}) == 2


def test_calls_that_fail_or_are_refused_leave_those_beside_them_as_they_are(run: AgentRun, server: ModelServer) -> None:
    """langgraph#7412, deepagents#2379: a failure lost what was beside it. langgraph#6624, #874: so did a wait."""
    server.says(calls("A", "B", "Pay", "Send"), "Done.")

    def fails(fields: dict[str, Any]) -> Any:
        raise Broken("It is down.")

    def decides(waiting: dict[str, Any]) -> Any:
        if waiting["tool"]["name"] == "Pay":
            raise TaskFailed("ToolRefused", json.dumps({"type": "ToolRefused", "message": "Ada refused the call: no."}))
        return {"output": {"approved": waiting["resume"]["input"]}, "decision": {"decidedBy": "ada@example.com"}}

    run.does, run.decides = {"b": fails}, decides
    run(workflow({}, [[tool("a")], [tool("b")], [tool("pay", approval=True)], [tool("send", approval=True)]]))
    told = [one["content"] for one in server.bodies[1]["messages"] if one["role"] == "tool"]
    assert json.loads(told[0]) == {"from": "a"}
    assert "It is down." in told[1]
    assert "Ada refused" in told[2]
    assert json.loads(told[3]) == {"from": "send"}
    assert sorted(name for name, _ in run.called) == ["a", "b", "send"]
