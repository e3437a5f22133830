"""The language model node with memory: the model is told what was said before, each turn is remembered once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.ai.language_model.run import run
from functions.nodes.ai.language_model.spec import SPEC
from stepweave.aws import AwsError
from stepweave.model.events import ExecutionContext
from stepweave.runtime.storing import MemorySessionInvalid, StoreUnavailable
from stepweave_ai.errors import ModelRateLimited
from tests.fakes.models import ModelServer, Says, model_server
from tests.fakes.steps import items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage

PROVIDERS = pytest.mark.parametrize("provider", ["openai", "anthropic"])


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as made:
        yield made


@pytest.fixture
def stage(
    databases: Databases, tenants: tuple[Tenant, Tenant], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Stage(databases, tenants[0])
    made.outside.credentials["openai", "openai"] = {"apiKey": "k", "baseUrl": server.openai_url}
    made.outside.credentials["anthropic", "anthropic"] = {"apiKey": "k", "baseUrl": server.anthropic_url}
    yield made
    made.outside.close()


def ask(stage: Stage, *said: Any, session: Any = "s", execution: str = "", **more: Any) -> list[Any]:
    """What the node answers to texts, one execution each unless it is named."""
    params = {"credential": "openai", "model": "small", "prompt": "{{ $json.text }}", "memory": True}
    params |= {"sessionKey": "{{ $json.sessionId }}", **more}
    given = items(*({"text": text, "sessionId": session} for text in said))
    return stage.bench(SPEC, run).json(params, given, context=stage.context(execution))


def again(
    stage: Stage, text: str, context: ExecutionContext, attempt: int = 1, settings: Any = None, **more: Any
) -> list[Any]:
    """What an attempt of a node with two gives for one text."""
    params = {"credential": "openai", "model": "small", "prompt": text, "memory": True, "sessionKey": "s", **more}
    settings = settings or {"maxAttempts": 2}
    bench = stage.bench(SPEC, run)
    return bench.json(params, items({}), context=context, attempt=attempt, settings=settings)


def told(server: ModelServer, number: int = -1) -> list[tuple[str, str]]:
    """The messages of a request, without the system's."""
    told = []
    for message in server.bodies[number]["messages"]:
        content = message["content"]
        text = content if isinstance(content, str) else "".join(part["text"] for part in content)
        told.append((message["role"], text))
    return [one for one in told if one[0] != "system"]


@PROVIDERS
def test_the_model_is_told_what_was_said_before_under_the_same_key(
    stage: Stage, server: ModelServer, provider: str
) -> None:
    server.says("Hello Ada.", "You are Ada.", "I do not know.")
    ask(stage, "I am Ada.", execution=execution(1), credential=provider)
    ask(stage, "Who am I?", execution=execution(2), credential=provider)
    assert told(server) == [("user", "I am Ada."), ("assistant", "Hello Ada."), ("user", "Who am I?")]
    ask(stage, "Who am I?", session="other", execution=execution(3), credential=provider)
    assert told(server) == [("user", "Who am I?")]


def test_items_of_one_talk_see_the_answers_before_them(stage: Stage, server: ModelServer) -> None:
    server.says("A", "B", "C")
    ask(stage, "a", "b", "c", execution=execution(1))
    assert told(server) == [("user", "a"), ("assistant", "A"), ("user", "b"), ("assistant", "B"), ("user", "c")]


def test_only_the_newest_turns_are_told_and_json_is_remembered_as_its_text(stage: Stage, server: ModelServer) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    server.says('{"a": "ü"}', '{"a": "2"}', '{"a": "3"}')
    ask(stage, "1", "2", "3", execution=execution(1), output="json", jsonSchema=schema, memoryTurns=1)
    assert told(server)[:2] == [("user", "2"), ("assistant", '{"a": "2"}')]


def test_a_number_is_a_key_and_stays_the_same_text(stage: Stage, server: ModelServer) -> None:
    server.says("A", "B")
    ask(stage, "a", session=4711, execution=execution(1))
    ask(stage, "b", session="4711", execution=execution(2))
    assert len(told(server)) == 3


@pytest.mark.parametrize("session", [None, "", "  ", "undefined", "null", "[object Object]", {}, ["a"], True])
def test_without_a_key_nothing_is_asked_and_the_error_says_what_to_give(
    stage: Stage, server: ModelServer, session: Any
) -> None:
    with pytest.raises(MemorySessionInvalid, match="session key") as raised:
        ask(stage, "a", session=session)
    assert ("id of the chat" in raised.value.remedy, server.bodies) == (True, [])


def test_a_failed_item_is_not_remembered_and_a_retried_one_once(stage: Stage, server: ModelServer) -> None:
    server.says(Says(status=429, error={"error": {"message": "slow down"}}), "A", "A again", "B")
    with pytest.raises(ModelRateLimited):
        ask(stage, "a", execution=execution(1))
    ask(stage, "a", execution=execution(1))
    ask(stage, "a", execution=execution(1))
    assert told(server) == [("user", "a")]
    ask(stage, "b", execution=execution(2))
    assert told(server) == [("user", "a"), ("assistant", "A"), ("user", "b")]


def test_a_lost_answer_of_the_memory_neither_fails_the_step_nor_doubles_the_turn(
    stage: Stage, server: ModelServer
) -> None:
    server.says("A", "B")
    memory = stage.outside.ask
    calls: list[str] = []

    def once_lost(request: dict[str, Any]) -> Any:
        answer = memory(request)
        calls.append(request["operations"][0]["do"])
        return {"results": []} if calls.count("remember") == 1 and calls[-1] == "remember" else answer

    stage.outside.ask = once_lost  # type: ignore[method-assign]
    assert ask(stage, "a", execution=execution(1))[0]["answer"] == "A"
    ask(stage, "b", execution=execution(2))
    assert told(server) == [("user", "a"), ("assistant", "A"), ("user", "b")]


class Away:
    """The memory, which takes nothing while it is away."""

    def __init__(self, stage: Stage) -> None:
        self.ask, self.away = stage.outside.ask, True
        stage.outside.ask = self  # type: ignore[method-assign]

    def __call__(self, request: dict[str, Any]) -> Any:
        if self.away and request["operations"][0]["do"] == "remember":
            raise AwsError("ServiceException", "away", status=500)
        return self.ask(request)


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


@pytest.mark.parametrize("resumed", [False, True])
@pytest.mark.parametrize(
    ("said", "answer", "more"),
    [
        ("A", "A", {}),
        ('{"a": "1"}', {"a": "1"}, {"output": "json", "jsonSchema": SCHEMA}),
    ],
)
def test_an_answer_that_the_memory_could_not_take_is_remembered_later_and_paid_once(
    stage: Stage, server: ModelServer, resumed: bool, said: str, answer: Any, more: dict[str, Any]
) -> None:
    server.says(said, "B")
    memory = Away(stage)
    with pytest.raises(StoreUnavailable):
        again(stage, "a", stage.context(execution(1)), **more)
    memory.away = False
    goes_on = stage.context(execution(2), origin=execution(1)) if resumed else stage.context(execution(1))
    [given] = again(stage, "a", goes_on, attempt=1 if resumed else 2, **more)
    assert (given["answer"], len(server.bodies)) == (answer, 1), "the model is not asked again"
    ask(stage, "b", execution=execution(3))
    assert told(server) == [("user", "a"), ("assistant", said), ("user", "b")]


def test_another_question_is_asked_though_the_answer_to_the_one_before_is_kept(
    stage: Stage, server: ModelServer
) -> None:
    server.says("A", "B")
    memory = Away(stage)
    with pytest.raises(StoreUnavailable):
        again(stage, "a", stage.context(execution(1)))
    memory.away = False
    [given] = again(stage, "b", stage.context(execution(2), origin=execution(1)))
    assert (given["answer"], told(server)) == ("B", [("user", "b")])


def test_where_the_answer_cannot_be_kept_either_the_error_is_the_memorys_and_the_log_warns(
    stage: Stage, server: ModelServer
) -> None:
    server.says("A")
    Away(stage)
    stage.outside.storage.down = True
    with pytest.raises(StoreUnavailable):
        again(stage, "a", stage.context(execution(1)))
    assert any("a retry asks the model again" in str(event.get("message")) for event in stage.outside.events)


def test_with_error_items_what_is_not_remembered_is_said(stage: Stage, server: ModelServer) -> None:
    server.says("A")
    Away(stage)
    [given] = again(stage, "a", stage.context(execution(1)), settings={"onError": "continue", "maxAttempts": 1})
    assert given["error"]["type"] == "StoreUnavailable"


def test_older_turns_are_told_by_their_summary_and_what_is_not_summarised_as_it_is(
    stage: Stage, server: ModelServer
) -> None:
    server.says("A", "B", "the user said a", "C", "D")
    more = {"memoryTurns": 1, "memorySummary": True}
    ask(stage, "a", execution=execution(1), **more)
    ask(stage, "b", execution=execution(2), **more)
    assert "USER: a" in told(server)[0][1]
    ask(stage, "c", execution=execution(3), **more)
    first, *others = told(server, 3)
    assert ("the user said a" in first[1], first[1].endswith("b"), others) == (
        True,
        True,
        [("assistant", "B"), ("user", "c")],
    )


def test_a_summary_that_fails_is_a_warning_and_loses_nothing(stage: Stage, server: ModelServer) -> None:
    server.says("A", "B", Says(status=500, error={"error": {"message": "down"}}), "C", "sum of a and b")
    more = {"memoryTurns": 1, "memorySummary": True}
    ask(stage, "a", execution=execution(1), **more)
    ask(stage, "b", execution=execution(2), **more)
    ask(stage, "c", execution=execution(3), **more)
    assert [text for _, text in told(server, 3)] == ["a", "A", "b", "B", "c"]
    logged = [str(event.get("message")) for event in stage.outside.events]
    assert any("not summarised yet" in one for one in logged)
    assert "ASSISTANT: B" in told(server, 4)[0][1]


def test_tool_calls_of_an_agent_in_the_same_talk_are_left_out_of_words_and_of_the_summary(
    stage: Stage, server: ModelServer
) -> None:
    turn = [
        {"role": "user", "content": "weather?"},
        {"role": "assistant", "content": "", "toolCalls": [{"id": "1", "name": "look", "arguments": "{}"}]},
        {"role": "user", "content": "", "toolResults": [{"callId": "1", "text": "sun"}]},
        {"role": "assistant", "content": "Sunny."},
    ]
    place = {"workflowId": str(stage.tenant.workflow_id), "session": "s"}
    stage.store.do({"do": "remember", **place, "messages": turn, "keepDays": 1})
    server.says("A", "the sum", "B")
    ask(stage, "a", execution=execution(1), memoryTurns=1, memorySummary=True)
    assert told(server, 0) == [("user", "weather?"), ("assistant", "Sunny."), ("user", "a")]
    assert told(server, 1)[0][1].endswith("USER: weather?\n\nASSISTANT: Sunny.")
    ask(stage, "b", execution=execution(2), memoryTurns=1)
    assert told(server, 2) == [("user", "a"), ("assistant", "A"), ("user", "b")]


def test_without_memory_nothing_is_asked_of_the_store(stage: Stage, server: ModelServer) -> None:
    server.says("A")
    ask(stage, "a", memory=False, session="")
    asked = [operation["do"] for request in stage.outside.requests for operation in request["operations"]]
    assert asked == ["afford", "spend"]


def execution(number: int) -> str:
    return f"5f3c0f54-6a0f-4f64-8f0a-{number:012}"


def test_two_hundred_large_messages_never_travel_through_the_step(stage: Stage, server: ModelServer) -> None:
    server.says(*["y" * 30_000] * 3)
    for _ in range(100):
        turn = [{"role": "user", "content": "x" * 20_000}, {"role": "assistant", "content": "y" * 20_000}]
        place = {"workflowId": str(stage.tenant.workflow_id), "session": "s"}
        stage.store.do({"do": "remember", **place, "messages": turn, "keepDays": 1})
    result = ask(stage, "and now?", execution=execution(1), memoryTurns=200)
    assert len(told(server)) > 100
    assert len(json.dumps(result)) < 32 * 1024
