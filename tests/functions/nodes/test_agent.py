"""The AI agent: its compiled machine, its real function, and a server that speaks a provider's wire format."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.runtime.errors import NodeError
from tests.asl.machine import TaskFailed
from tests.fakes.agents import AgentRun, node, tool, workflow
from tests.fakes.models import ModelServer, Says, model_server

WEATHER = "https://w.example/{{ $fromAI('city', 'The city', 'string') }}"


REFUSAL = {
    "type": "ToolRefused",
    "message": "ada@example.com refused the call: too far.",
    "details": {"decidedBy": "ada@example.com"},
}


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
    made.outside.credentials["anthropic", "anthropic"] = {"apiKey": "sk-secret", "baseUrl": server.anthropic_url}
    return made


def calls(*wanted: tuple[str, Any]) -> Says:
    return Says(calls=[(name, one if isinstance(one, str) else json.dumps(one)) for name, one in wanted])


def told(server: ModelServer, turn: int) -> list[str]:
    """What the model was told by tools in its turn of that number."""
    said = [one["content"] for one in server.bodies[turn]["messages"] if one["role"] == "tool"]
    return [text.removeprefix("Error: ") for text in said]


def test_it_calls_tools_until_it_has_an_answer(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"}), ("Time", {})), calls(("Weather", {"city": "Rome"})), "It rains.")
    run.does = {"weather": lambda fields: {"said": fields["url"]}, "time": lambda fields: {"hour": 7}}
    given = run(workflow({"system": "Be brief."}, [[tool("weather", WEATHER)], [tool("time")]]))
    assert given == {"main": [{"ask": "What is it?", "answer": "It rains."}]}
    assert sorted(run.called) == [
        ("time", "https://x.example"),
        ("weather", "https://w.example/Oslo"),
        ("weather", "https://w.example/Rome"),
    ]
    assert sorted(run.iterations) == ["0.0", "0.1", "1.0"]
    tools = {one["function"]["name"]: one["function"] for one in server.bodies[0]["tools"]}
    assert tools["Weather"]["parameters"] == {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    assert told(server, 1) == ['{"said":"https://w.example/Oslo"}', '{"hour":7}']
    assert told(server, 2)[2:] == ['{"said":"https://w.example/Rome"}']


def test_a_chain_is_a_tool_and_its_last_node_gives_the_result(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Find", {"name": "Ann"})), "Done.")
    chain = [tool("find", "https://x.example/{{ $json.name }}?{{ $fromAI('name') }}"), tool("more")]
    run.does = {"find": lambda fields: {"id": 7}, "more": lambda fields: [{"id": fields["id"], "n": n} for n in (1, 2)]}
    assert run(workflow({}, [chain]))["main"][0]["answer"] == "Done."
    assert run.called[0] == ("find", "https://x.example/Ann?Ann")
    assert told(server, 1) == ['[{"id":7,"n":1},{"id":7,"n":2}]']


def test_an_error_of_a_tool_is_told_to_the_model(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Atlantis"})), "Nobody knows.")

    def fails(fields: dict[str, Any]) -> Any:
        raise Broken("There is no such city.", "Take another one.")

    run.does = {"weather": fails}
    assert run(workflow({}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Nobody knows."
    assert told(server, 1) == ["It failed (Broken): There is no such city. Take another one."]


def test_an_error_of_a_tool_fails_the_agent_where_it_is_to(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Atlantis"})), "Nobody knows.")

    def fails(fields: dict[str, Any]) -> Any:
        raise Broken("There is no such city.")

    run.does = {"weather": fails}
    with pytest.raises(TaskFailed, match="Broken"):
        run(workflow({}, [[tool("weather", WEATHER, onError="stop")]]))
    assert len(server.bodies) == 1


def test_what_a_model_gives_is_data(run: AgentRun, server: ModelServer) -> None:
    hostile = ["{{ $execution.id }}", "{% $states.context %}", "'); throw 1; ('", "${{a}}", "\u2028 __proto__"]
    server.says(*[calls(("Weather", {"city": one})) for one in hostile], "Done.")
    run(workflow({}, [[tool("weather", WEATHER)]]))
    assert [url for _, url in run.called] == [f"https://w.example/{one}" for one in hostile]
    assert "secret" not in json.dumps(run.payloads)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (("Launch", {}), "There is no tool 'Launch'. There are: Weather."),
        (("Weather", {}), 'These arguments do not fit the tool: "city" is a required property. Call it again.'),
        (("Weather", "{oops"), "These arguments do not fit the tool: they are no JSON. Call it again."),
        (("Weather", "[1]"), "These arguments do not fit the tool: they are no JSON object. Call it again."),
        (
            ("Weather", {"city": 5}),
            'These arguments do not fit the tool: city: 5 is not of type "string". Call it again.',
        ),
    ],
)
def test_a_wrong_call_is_told_to_the_model_and_not_made(
    run: AgentRun, server: ModelServer, wanted: tuple[str, Any], words: str
) -> None:
    server.says(calls(wanted), calls(("Weather", {"city": "Oslo"})), "Done.")
    assert run(workflow({}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Done."
    assert told(server, 1) == [words]
    assert len(run.called) == 1


def test_the_same_call_is_made_twice_and_then_no_more(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": "Oslo"}))] * 7)
    with pytest.raises(TaskFailed, match="AgentStuck"):
        run(workflow({"mostTurns": 20}, [[tool("weather", WEATHER)]]))
    assert len(run.called) == 2
    assert told(server, 3)[2].startswith("You have called Weather with these arguments 2 times")
    assert len(server.bodies) == 6


def test_the_agent_fails_after_its_turns_or_answers_with_what_there_is(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": str(n)})) for n in range(9)])
    with pytest.raises(TaskFailed, match=r"AgentLimit.*3 turns"):
        run(workflow({"mostTurns": 3}, [[tool("weather", WEATHER)]]))
    assert len(server.bodies) == 3
    assert len(run.called) == 2, "the calls of a last turn are not made"


def test_at_its_limit_it_is_told_to_answer(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "It may rain.")
    document = workflow({"mostTurns": 2, "onLimit": "answer"}, [[tool("weather", WEATHER)]])
    assert run(document)["main"][0]["answer"] == "It may rain."
    assert server.bodies[1]["messages"][-1]["content"].startswith("This is your last turn")


def test_an_agent_without_tools_answers(run: AgentRun, server: ModelServer) -> None:
    server.says("Yes.")
    assert run(workflow({}, []))["main"] == [{"ask": "What is it?", "answer": "Yes."}]


def test_items_are_talks_of_their_own_side_by_side(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})))
    seen: dict[str, int] = {}

    def answer(asked: bytes) -> Says:
        messages = json.loads(asked)["messages"]
        who = messages[0]["content"]
        seen[who] = seen.get(who, 0) + 1
        return calls(("Weather", {"city": who})) if seen[who] <= int(who) else Says(f"{who} done")

    server.next = answer  # type: ignore[method-assign]
    given = run(workflow({"concurrency": 2}, [[tool("weather", WEATHER)]]), *({"ask": str(n)} for n in (2, 0, 3, 1)))
    assert [one["answer"] for one in given["main"]] == ["2 done", "0 done", "3 done", "1 done"]
    assert sorted(url.rpartition("/")[2] for _, url in run.called) == ["1", "2", "2", "3", "3"]


def test_a_person_allows_a_call_or_changes_it(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "Done.")
    document = workflow({"steps": True}, [[tool("weather", WEATHER, approval=True, approvers="ada@example.com")]])

    def changes(waiting: dict[str, Any]) -> Any:
        assert waiting["arguments"] == {"city": "Oslo"}
        assert waiting["approvers"] == ["ada@example.com"]
        assert waiting["title"] == "May “Agent” use “Weather”?"
        changed = {"count": 1, "items": [{"json": {"city": "Bergen"}}]}
        decision = {"decidedBy": "ada@example.com", "changed": True, "arguments": {"city": "Bergen"}}
        return {"output": {"approved": changed}, "decision": decision}

    run.decides = changes
    given = run(document)["main"][0]
    assert given["answer"] == "Done."
    assert run.called == [("weather", "https://w.example/Bergen")]
    assert told(server, 1)[0].startswith('(Before it was called, a person changed the arguments to {"city":"Bergen"}.)')
    step = {"tool": "Weather", "arguments": {"city": "Bergen"}, "decidedBy": "ada@example.com"}
    assert given["steps"] == [{**step, "result": {"from": "weather"}}]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            TaskFailed("ToolRefused", json.dumps({"errorType": "ToolRefused", "errorMessage": json.dumps(REFUSAL)})),
            "ada@example.com refused the call: too far.",
        ),
        (TaskFailed("States.Timeout"), "It failed (NodeTimeout): Nobody decided in time whether it may be called."),
    ],
)
def test_a_refusal_is_told_to_the_model_and_nothing_is_called(
    run: AgentRun, server: ModelServer, failure: TaskFailed, words: str
) -> None:
    server.says(calls(("Weather", {"city": "Oslo"}), ("Time", {})), "Then not.")

    def refuses(waiting: dict[str, Any]) -> Any:
        raise failure

    run.decides = refuses
    document = workflow({}, [[tool("weather", WEATHER, approval=True, onError="stop")], [tool("time")]])
    assert run(document)["main"][0]["answer"] == "Then not."
    assert [id for id, _ in run.called] == ["time"]
    assert told(server, 1)[0].startswith(words)


def test_a_turn_that_was_cut_off_is_not_paid_twice(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "Done.")
    crash = TaskFailed("Lambda.Unknown")
    run.breaks = [crash, None, crash, crash]
    assert run(workflow({}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Done."
    assert len(server.bodies) == 2
    assert len(run.called) == 1


def test_a_failed_agent_goes_on_after_its_last_whole_turn(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), Says(status=401, error={"error": {"message": "revoked"}}))
    with pytest.raises(TaskFailed, match="ModelAccessDenied"):
        run(workflow({}, [[tool("weather", WEATHER)]]))
    server.says("It rains.")
    run.origin, run.execution = run.execution, "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0009"
    assert run(workflow({"system": "Corrected."}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "It rains."
    assert len(run.called) == 1, "the tool is not called again"
    last = server.bodies[-1]["messages"]
    assert [one["role"] for one in last] == ["system", "user", "assistant", "tool"]
    assert last[0]["content"] == "Corrected."


def test_a_failed_tool_is_called_again_and_no_turn_is_paid_again(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "It rains.")
    broken = [True]

    def does(fields: dict[str, Any]) -> Any:
        if broken:
            raise Broken("down")
        return {"rain": True}

    run.does = {"weather": does}
    document = workflow({}, [[tool("weather", WEATHER, onError="stop")]])
    with pytest.raises(TaskFailed, match="Broken"):
        run(document)
    broken.clear()
    run.origin, run.execution = run.execution, "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0009"
    assert run(document)["main"][0]["answer"] == "It rains."
    assert len(server.bodies) == 2


def test_another_prompt_begins_another_talk(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), Says(status=401, error={"error": {"message": "revoked"}}))
    with pytest.raises(TaskFailed):
        run(workflow({}, [[tool("weather", WEATHER)]]))
    server.says("Fine.")
    run.origin, run.execution = run.execution, "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0009"
    assert run(workflow({"prompt": "Else"}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Fine."
    assert [one["role"] for one in server.bodies[-1]["messages"]] == ["user"]


def test_a_long_result_is_cut_and_travels_by_reference(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "Long.")
    big = "x" * 1_000_000
    run.does = {"weather": lambda fields: {"big": big}}
    original = run._tool

    def by_reference(payload: Any) -> Any:
        result = original(payload)
        items = result["output"]["main"]["items"]
        return {"output": {"main": run.outside.claims.store(f"{payload['context']['tenantId']}/big", items)}}

    run._tool = by_reference  # type: ignore[method-assign]
    run(workflow({"mostResult": 1000}, [[tool("weather", WEATHER)]]))
    assert told(server, 1)[0].endswith("(Cut here: it has 1,000,010 characters, and you are told the first 1,000.)")
    assert max(len(json.dumps(payload)) for payload in run.payloads) < 20_000


@pytest.mark.no_cover  # much of what others do: traced, it takes twice as long
def test_two_hundred_messages_fit(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": f"{n} {'x' * 5000}"})) for n in range(99)], "Done.")
    run.does = {"weather": lambda fields: {"said": "y" * 5000}}
    assert run(workflow({"mostTurns": 100}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Done."
    assert len(server.bodies[-1]["messages"]) == 199
    assert max(len(json.dumps(payload)) for payload in run.payloads) < 50_000


def test_json_keeps_to_the_schema(run: AgentRun, server: ModelServer) -> None:
    schema = {"type": "object", "properties": {"rain": {"type": "boolean"}}, "required": ["rain"]}
    document = workflow({"output": "json", "jsonSchema": schema}, [[tool("weather", WEATHER)]])
    server.says(calls(("Weather", {"city": "Oslo"})), '{"rain": true}')
    assert run(document)["main"][0]["answer"] == {"rain": True}
    server.says("It rains.", '{"rain": true}')
    assert run(document, {"ask": "Else?"})["main"][0]["answer"] == {"rain": True}


def test_what_a_run_may_use_counts_over_all_turns(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": str(n)})) for n in range(9)])
    with pytest.raises(TaskFailed, match="SpendingLimit"):
        run(workflow({"mostRunTokens": 40}, [[tool("weather", WEATHER)]]))
    assert len(server.bodies) == 3


def test_an_item_that_fails_goes_its_way_and_others_theirs(run: AgentRun, server: ModelServer) -> None:
    def answer(asked: bytes) -> Says:
        who = json.loads(asked)["messages"][0]["content"]
        return Says(status=400, error={"error": {"message": "odd"}}) if who == "bad" else Says("fine")

    server.says("x")
    server.next = answer  # type: ignore[method-assign]
    given = run(workflow({}, [[tool("weather", WEATHER)]], onError="branch"), {"ask": "bad"}, {"ask": "good"})
    assert [one["answer"] for one in given["main"]] == ["fine"]
    assert given["error"][0]["error"]["type"] == "ModelRequestInvalid"


def test_an_empty_answer_is_asked_for_once_more(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "", "Well.")
    assert run(workflow({}, [[tool("weather", WEATHER)]]))["main"][0]["answer"] == "Well."


def test_an_agent_may_be_the_tool_of_another(run: AgentRun, server: ModelServer) -> None:
    def answer(asked: bytes) -> Says:
        messages = json.loads(asked)["messages"]
        told = [one["content"] for one in messages if one["role"] == "tool"]
        if messages[0]["content"] == "What is it?":
            return Says(f"Outer: {told[0]}") if told else calls(("Inner", {"task": "look"}))
        return Says("inner knows") if told else calls(("Weather", {"city": messages[0]["content"]}))

    server.says("x")
    server.next = answer  # type: ignore[method-assign]
    inner = node("inner", "agent", {"credential": "openai", "model": "small", "prompt": "{{ $fromAI('task') }}"})
    document = workflow({}, [[inner]])
    document["nodes"].append(tool("weather", WEATHER))
    document["edges"].append(
        {"id": "e9", "source": "inner", "sourcePort": "tools", "target": "weather", "targetPort": "main"}
    )
    assert run(document)["main"][0]["answer"] == 'Outer: {"task":"look","answer":"inner knows"}'
    assert run.called == [("weather", "https://w.example/look")]
    assert run.iterations == ["0.0.0.0"]


def test_nulls_and_json_as_text_are_taken_as_they_are_meant(run: AgentRun, server: ModelServer) -> None:
    given = "{{ JSON.stringify([$fromAI('a', '', 'json'), $fromAI('b', '', 'string', 'none')]) }}"
    server.says(calls(("Weather", {"a": '{"deep": [1]}', "b": None})), "Done.")
    run(workflow({}, [[tool("weather", given)]]))
    assert run.called == [("weather", '[{"deep":[1]},"none"]')]


def test_what_a_person_refused_is_not_asked_again(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": "Oslo"}))] * 2, calls(("Weather", {"city": "Rome"})), "Then not.")
    asked: list[Any] = []

    def refuses(waiting: dict[str, Any]) -> Any:
        asked.append(waiting["arguments"])
        raise TaskFailed("ToolRefused", json.dumps({"errorType": "ToolRefused", "errorMessage": json.dumps(REFUSAL)}))

    run.decides = refuses
    run(workflow({}, [[tool("weather", WEATHER, approval=True)]]))
    assert asked == [{"city": "Oslo"}, {"city": "Rome"}]
    assert told(server, 2)[1] == "A person has refused this call already. Do otherwise, or answer."


def test_at_its_limit_it_takes_the_error_port_where_it_has_one(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": str(n)})) for n in range(9)])
    given = run(workflow({"mostTurns": 2}, [[tool("weather", WEATHER)]], onError="branch"))
    assert given.keys() == {"error"}
    assert given["error"][0]["error"]["type"] == "AgentLimit"


def test_a_retry_goes_on_with_the_talk_as_it_is(run: AgentRun, server: ModelServer) -> None:
    limited = Says(status=429, error={"error": {"message": "slow down"}}, headers={"retry-after": "1"})
    server.says(calls(("Weather", {"city": "Oslo"})), limited, "It rains.")
    document = workflow({}, [[tool("weather", WEATHER)]], retry={"maxAttempts": 2})
    assert run(document)["main"][0]["answer"] == "It rains."
    assert len(run.called) == 1
    assert [one["role"] for one in server.bodies[-1]["messages"]] == ["user", "assistant", "tool"]


def test_a_person_lets_it_go_on_beyond_its_limit(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": str(n)})) for n in range(3)], "It rains.")
    asked: list[Any] = []

    def lets(waiting: dict[str, Any]) -> Any:
        asked.append((waiting["title"], waiting["message"]))
        return {"output": {"approved": waiting["resume"]["input"]}, "decision": {"decidedBy": "ada@example.com"}}

    run.decides = lets
    document = workflow({"mostTurns": 2, "onLimit": "ask"}, [[tool("weather", WEATHER)]])
    assert run(document)["main"][0]["answer"] == "It rains."
    assert asked == [("May “Agent” go on?", "It has no answer yet: it has used its 2 turns.")]
    assert len(run.called) == 3
    assert [one["role"] for one in server.bodies[-1]["messages"]] == ["user"] + 3 * ["assistant", "tool"]


def test_a_person_does_not_let_it_go_on(run: AgentRun, server: ModelServer) -> None:
    server.says(*[calls(("Weather", {"city": str(n)})) for n in range(9)])

    def refuses(waiting: dict[str, Any]) -> Any:
        raise TaskFailed("ToolRefused", json.dumps({"errorType": "ToolRefused", "errorMessage": json.dumps(REFUSAL)}))

    run.decides = refuses
    document = workflow({"mostTurns": 1, "onLimit": "ask"}, [[tool("weather", WEATHER)], [tool("time")]])
    with pytest.raises(TaskFailed, match=r"AgentLimit.*ada@example\.com refused"):
        run(document)
    assert len(server.bodies) == 1

    def silent(waiting: dict[str, Any]) -> Any:
        raise TaskFailed("States.Timeout")

    run.decides = silent
    with pytest.raises(TaskFailed, match=r"AgentLimit.*nobody decided in time"):
        run(document, {"ask": "Else?"})


def test_a_turn_that_is_tried_again_knows_that_a_person_let_it_go_on(run: AgentRun, server: ModelServer) -> None:
    limited = Says(status=429, error={"error": {"message": "slow down"}})
    server.says(calls(("Weather", {"city": "Oslo"})), limited, "It rains.")
    document = workflow({"mostTurns": 1, "onLimit": "ask"}, [[tool("weather", WEATHER)]], retry={"maxAttempts": 2})
    assert run(document)["main"][0]["answer"] == "It rains."
    assert len(run.called) == 1


def test_a_talk_that_is_gone_is_said_to_be(run: AgentRun, server: ModelServer) -> None:
    server.says(calls(("Weather", {"city": "Oslo"})), "It rains.")

    def forgets(fields: dict[str, Any]) -> Any:
        run.outside.storage.objects.clear()
        return {}

    run.does = {"weather": forgets}
    with pytest.raises(TaskFailed, match="DataMissing"):
        run(workflow({}, [[tool("weather", WEATHER)]]))
    assert len(server.bodies) == 1
