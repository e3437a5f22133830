"""Tools for models without tool calls: a choice by a schema, behind the same interface."""

import json
from collections.abc import Iterator

import pytest

from stepweave.runtime.errors import NodeError
from stepweave_ai.errors import AnswerInvalid, ModelRateLimited, ModelRequestInvalid
from stepweave_ai.talking import ChatModel, Image, Message, Stop, Text, Tokens, Tool, ToolCall, ToolResult
from tests.ai.talks import TIME, WEATHER, Heard, ask, asking, model_of
from tests.fakes.models import ModelServer, Says, model_server

USES = '{"step": {"tool": "get_weather", "arguments": {"city": "Paris"}}}'
ANSWERS = '{"step": {"tool": "answer", "answer": "It rains."}}'


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with model_server() as made:
        yield made


@pytest.fixture
def model(server: ModelServer) -> ChatModel:
    return model_of(server, "openai", tools="schema")


def test_a_tool_is_chosen_by_a_schema_and_no_tools_are_sent(server: ModelServer, model: ChatModel) -> None:
    server.says(USES)
    heard = Heard()
    answer = ask(model, asking(system="Be kind."), heard)
    assert (answer.stop, answer.text) == (Stop.TOOLS, "")
    assert [(call.name, call.arguments) for call in answer.calls] == [("get_weather", '{"city": "Paris"}')]
    assert answer.tokens == heard.tokens == Tokens(10, 5, 0)
    assert "".join(heard.words) == "", "JSON is nobody's to read"
    [body] = server.bodies
    assert "tools" not in body
    choices = body["response_format"]["json_schema"]["schema"]["properties"]["step"]["anyOf"]
    assert [one["properties"]["tool"]["enum"] for one in choices] == [["get_weather"], ["get_time"], ["answer"]]
    assert choices[0]["properties"]["arguments"] == WEATHER.schema
    system = body["messages"][0]["content"]
    assert system.startswith("Be kind.")
    assert "The weather in a city." in system


def test_an_answer_is_words_and_shown(server: ModelServer, model: ChatModel) -> None:
    server.says(ANSWERS)
    heard = Heard()
    answer = ask(model, asking(), heard)
    assert (answer.stop, answer.text, list(answer.calls)) == (Stop.END, "It rains.", [])
    assert heard.words == ["It rains."]


def test_calls_and_results_of_the_talk_are_words(server: ModelServer, model: ChatModel) -> None:
    server.says(ANSWERS)
    turns = [
        Message("user", [Text("And in Paris?")]),
        Message("assistant", [ToolCall("c1", "get_weather", '{"city": "Paris"}')]),
        Message("user", [ToolResult("c1", "", is_error=True, images=[Image("image/png", "AAAA")])]),
    ]
    ask(model, asking(*turns))
    _, _, called, given = server.bodies[0]["messages"]
    assert json.loads(called["content"]) == json.loads(USES)
    assert given["content"][0]["text"] == "Error of get_weather:\n(nothing)"
    assert given["content"][1]["type"] == "image_url"


def test_a_talk_whose_tools_are_not_to_be_used_any_more_is_answered_in_words(
    server: ModelServer, model: ChatModel
) -> None:
    server.says("It rained.")
    turns = [
        Message("user", [Text("?")]),
        Message("assistant", [ToolCall("c1", "get_weather", "{}")]),
        Message("user", [ToolResult("c1", "rain")]),
    ]
    assert ask(model, asking(*turns, tools=())).text == "It rained."
    assert "response_format" not in server.bodies[0]


def test_a_tool_that_must_be_used_is_the_only_choice(server: ModelServer, model: ChatModel) -> None:
    server.says("It rains.", '{"step": {"tool": "get_time", "arguments": {"zone": "CET"}}}')
    answer = ask(model, asking(must_use="get_time"))
    assert [call.name for call in answer.calls] == ["get_time"]
    [choice] = server.bodies[0]["response_format"]["json_schema"]["schema"]["properties"]["step"]["anyOf"]
    assert choice["properties"]["tool"]["enum"] == ["get_time"]
    assert "one of these for the tool: get_time." in server.bodies[1]["messages"][-1]["content"]


def test_a_schema_of_the_answer_is_kept_too(server: ModelServer, model: ChatModel) -> None:
    server.says('{"step": {"tool": "answer", "answer": {"rain": true}}}')
    wanted = {"type": "object", "properties": {"rain": {"type": "boolean"}}}
    assert json.loads(ask(model, asking(schema=wanted)).text) == {"rain": True}
    choices = server.bodies[0]["response_format"]["json_schema"]["schema"]["properties"]["step"]["anyOf"]
    assert choices[-1]["properties"]["answer"] == wanted


def test_a_tool_called_answer_and_one_whose_schema_points_into_itself(server: ModelServer, model: ChatModel) -> None:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "string"}}}
    server.says('{"step": {"tool": "answer_", "answer": "Done."}}')
    assert ask(model, asking(tools=[Tool("answer", "Answers a mail.", tree)])).text == "Done."
    choices = server.bodies[0]["response_format"]["json_schema"]["schema"]["properties"]["step"]["anyOf"]
    assert [one["properties"]["tool"]["enum"] for one in choices] == [["answer"], ["answer_"]]
    assert choices[0]["properties"]["arguments"] == {"type": "object"}


@pytest.mark.parametrize(
    "text",
    [
        "```json\n" + USES + "\n```",
        "Sure! " + USES,
        '{"tool": "get_weather", "arguments": {"city": "Paris"}}',
    ],
)
def test_a_choice_is_found_among_words(server: ModelServer, model: ChatModel, text: str) -> None:
    server.says(text)
    assert [call.name for call in ask(model, asking()).calls] == ["get_weather"]


@pytest.mark.parametrize(
    "text",
    [
        '{"step": {"tool": "get_money", "arguments": {}}}',
        '{"step": {"tool": "get_weather", "arguments": "Paris"}}',
        '{"step": {"tool": ["get_weather"]}}',
        '{"step": {"tool": "answer"}}',
        '{"step": null}',
        "[]",
        "Hm.",
        "",
    ],
)
def test_what_is_no_choice_is_said_and_asked_again_and_all_is_counted(
    server: ModelServer, model: ChatModel, text: str
) -> None:
    server.says(text, USES)
    answer = ask(model, asking())
    assert [call.name for call in answer.calls] == ["get_weather"]
    assert answer.tokens == Tokens(20, 10, 0)


def test_words_all_the_time_are_an_answer_and_broken_json_is_an_error(server: ModelServer, model: ChatModel) -> None:
    server.says("It rains in Paris.")
    answer = ask(model, asking())
    assert (answer.stop, answer.text, len(server.bodies)) == (Stop.END, "It rains in Paris.", 3)
    server.says('{"step": {"tool": "get_wea')
    with pytest.raises(AnswerInvalid, match="did not choose between its tools and an answer: it is none"):
        ask(model, asking())
    server.says(Says('{"step": {"tool": "get_wea', stop="length"))
    with pytest.raises(AnswerInvalid, match="cut at its most tokens"):
        ask(model, asking())


def test_a_server_that_keeps_no_schemas_is_asked_in_words_from_then_on(server: ModelServer, model: ChatModel) -> None:
    server.refuses["response_format"] = "response_format is not supported"
    server.says(USES)
    for _ in range(2):
        assert ask(model, asking()).calls
    assert ["response_format" in body for body in server.bodies] == [True, False, False]


def refusing(server: ModelServer, status: int, words: str) -> None:
    """Let the server refuse tools with a status and words, and choose else."""

    def next_(asked: bytes) -> Says:
        if "tools" in json.loads(asked):
            return Says(status=status, error={"error": {"message": words}})
        return Says(USES)

    server.next = next_  # type: ignore[method-assign]  # one answer for each kind of request


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "registry.ollama.ai/library/gemma3:latest does not support tools"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        (400, "`tool calling` is not supported with this model"),
        (400, "This model doesn't support tool use in streaming mode."),
        (404, "No endpoints found that support tool use. To learn more about provider routing, visit: ..."),
        (500, "tools param requires --jinja flag"),
        (400, "Function calling is not enabled for models/gemma-3-27b-it"),
        (400, "tools is not supported in this model. For a list of supported models, refer to ..."),
    ],
)
def test_a_model_is_learnt_to_lack_tools_by_what_its_server_says(server: ModelServer, status: int, words: str) -> None:
    refusing(server, status, words)
    model = model_of(server, "openai")
    for _ in range(2):
        assert [call.name for call in ask(model, asking()).calls] == ["get_weather"]
    assert ["tools" in body for body in server.bodies] == [True, False, False]


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "Invalid schema for function 'get_weather': None is not of type 'object'", ModelRequestInvalid),
        (400, "tools.0.name: String should match pattern", ModelRequestInvalid),
        (429, "tool calling is not supported at this rate", ModelRateLimited),
    ],
)
def test_other_refusals_stay_what_they_are(server: ModelServer, status: int, words: str, kind: type[NodeError]) -> None:
    refusing(server, status, words)
    with pytest.raises(kind):
        ask(model_of(server, "openai"), asking())
    assert len(server.bodies) == 1


def test_without_tools_nothing_changes(server: ModelServer, model: ChatModel) -> None:
    server.says("Hello.")
    assert ask(model, asking(tools=())).text == "Hello."
    assert TIME.name not in json.dumps(server.bodies)
