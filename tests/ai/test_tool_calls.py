"""Tool calls and their results, both ways, on the wire of each provider."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave_ai.talking import Image, Message, Part, Stop, Text, ToolCall, ToolResult
from stepweave_ai.tool_calls import fitting_id, object_of, taking_turns
from tests.ai.talks import TIME, WEATHER, ask, asking, model_of
from tests.fakes.models import ModelServer, Says, model_server

PROVIDERS = pytest.mark.parametrize("provider", ["openai", "anthropic"])
PIXEL = Image("image/png", "iVBORw0KGgo=")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with model_server() as made:
        made.says("fine")
        yield made


def talk(*results: ToolResult | Text, arguments: str = '{"city": "Paris"}') -> list[Message]:
    """A talk in which a tool was used."""
    return [
        Message("user", [Text("And in Paris?")]),
        Message("assistant", [ToolCall("c1", "get_weather", arguments)]),
        Message("user", list(results)),
    ]


# What models say


@PROVIDERS
def test_several_calls_of_one_turn_come_in_their_order(server: ModelServer, provider: str) -> None:
    wanted = [("get_weather", '{"city": "Paris"}'), ("get_time", '{"zone": "CET"}'), ("get_weather", '{"city": "Rom"}')]
    server.says(Says("Let me see.", calls=wanted))
    answer = ask(model_of(server, provider), asking())
    assert answer.stop is Stop.TOOLS
    assert answer.text == "Let me see."
    assert [(call.name, call.arguments) for call in answer.calls] == wanted
    assert len({call.id for call in answer.calls}) == 3


@PROVIDERS
def test_a_call_without_arguments_and_without_words(server: ModelServer, provider: str) -> None:
    server.says(Says(calls=[("get_time", "")]))
    answer = ask(model_of(server, provider), asking())
    assert (answer.text, [(call.name, call.arguments) for call in answer.calls]) == ("", [("get_time", "{}")])


@PROVIDERS
def test_broken_arguments_are_given_as_they_came(server: ModelServer, provider: str) -> None:
    server.says(Says(calls=[("get_weather", '{"city": "Par')]))
    [call] = ask(model_of(server, provider), asking()).calls
    assert call.arguments == '{"city": "Par'


@PROVIDERS
def test_calls_that_were_cut_at_the_most_tokens_are_not_taken_for_whole(server: ModelServer, provider: str) -> None:
    stop = "length" if provider == "openai" else "max_tokens"
    server.says(Says(calls=[("get_weather", '{"city": "Par')], stop=stop))
    assert ask(model_of(server, provider), asking()).stop is Stop.LENGTH


@PROVIDERS
def test_an_end_for_tools_without_any_is_an_end(server: ModelServer, provider: str) -> None:
    server.says(Says("Sunny.", stop="tool_calls" if provider == "openai" else "tool_use"))
    assert ask(model_of(server, provider), asking()).stop is Stop.END


def call(index: int | None, name: str | None, arguments: Any, id: str | None = None) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    made = {"index": index, "id": id, "type": "function", "function": function}
    return {key: value for key, value in made.items() if value is not None}


PARIS, ROME = '{"city": "Paris"}', '{"city": "Rome"}'


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([call(0, "w", PARIS, "a"), call(0, "w", ROME, "b")], id="all with the index 0"),
        pytest.param([call(None, "w", PARIS, "a"), call(None, "w", ROME, "b")], id="without an index"),
        pytest.param([call(0, "w", PARIS, ""), call(0, "w", ROME, "")], id="without ids"),
        pytest.param([call(0, "w", PARIS), call(1, "w", ROME)], id="with indexes alone"),
        pytest.param([call(3, "w", PARIS, "a"), call(7, "w", ROME, "b")], id="with gaps"),
        pytest.param([call(0, "w", {"city": "Paris"}, "a"), call(1, "w", {"city": "Rome"}, "b")], id="as objects"),
        pytest.param(
            [
                call(0, "w", "", "a"),
                call(0, "w", "", "b"),
                call(0, None, PARIS[:5], "a"),
                call(0, None, ROME[:5], "b"),
                call(0, None, PARIS[5:], "a"),
                call(0, None, ROME[5:], "b"),
            ],
            id="in turns, told apart by their ids",
        ),
        pytest.param([call(0, "w", PARIS, "a"), call(0, "w", ROME, "a")], id="all with one id"),
        pytest.param(
            [
                call(0, "w", "", "a"),
                call(0, None, PARIS),
                call(0, None, PARIS),
                call(1, "w", ROME, "b"),
                call(1, "w", ROME, "b"),
                call(1, "w", "", "b"),
            ],
            id="with the arguments once more",
        ),
        pytest.param(
            [
                call(0, "w", "", "a"),
                call(1, "w", "", "b"),
                call(0, "", PARIS[:5], ""),
                call(1, None, ROME[:5]),
                call(0, None, PARIS[5:], "a"),
                call(1, "w", ROME[5:], "b"),
            ],
            id="in turns, with the name again",
        ),
    ],
)
def test_servers_number_their_calls_in_ways_of_their_own(server: ModelServer, pieces: list[dict[str, Any]]) -> None:
    server.says(Says(pieces_of_calls=pieces, stop="stop"))
    answer = ask(model_of(server, "openai"), asking())
    assert answer.stop is Stop.TOOLS
    assert [(one.name, json.loads(one.arguments)["city"]) for one in answer.calls] == [("w", "Paris"), ("w", "Rome")]
    assert all(one.id for one in answer.calls)
    assert answer.calls[0].id != answer.calls[1].id


# What they are told


@PROVIDERS
def test_tools_are_told_with_their_schemas(server: ModelServer, provider: str) -> None:
    ask(model_of(server, provider), asking(must_use="get_time"))
    [body] = server.bodies
    if provider == "openai":
        assert [tool["function"]["parameters"] for tool in body["tools"]] == [WEATHER.schema, TIME.schema]
        assert body["tool_choice"] == {"type": "function", "function": {"name": "get_time"}}
    else:
        assert [tool["input_schema"] for tool in body["tools"]] == [WEATHER.schema, TIME.schema]
        assert body["tool_choice"] == {"type": "tool", "name": "get_time"}


def test_openai_is_told_results_behind_their_calls(server: ModelServer) -> None:
    two = [ToolCall("c1", "get_weather", PARIS), ToolCall("c2", "get_time", "")]
    results: list[Part] = [
        Text("Be quick."),
        ToolResult("c1", "rain", images=[PIXEL]),
        ToolResult("c2", " ", is_error=True),
    ]
    ask(
        model_of(server, "openai"),
        asking(Text("Well?"), Message("assistant", [Text("I look."), *two]), Message("user", results)),
    )
    [body] = server.bodies
    assert body["messages"] == [
        {"role": "user", "content": "Well?"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": PARIS}},
                {"id": "c2", "type": "function", "function": {"name": "get_time", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
        {"role": "tool", "tool_call_id": "c2", "content": "Error: (nothing)"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "The pictures of the result of the call c1:"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                {"type": "text", "text": "Be quick."},
            ],
        },
    ]


def test_anthropic_is_told_results_before_anything_else(server: ModelServer) -> None:
    results: list[Part] = [
        Text("Be quick."),
        ToolResult("c1", "rain", images=[PIXEL]),
        ToolResult("c2", "", is_error=True),
    ]
    two = [ToolCall("c1", "get_weather", PARIS), ToolCall("c2", "get_time", "[1")]
    ask(
        model_of(server, "anthropic"),
        asking(Text("Well?"), Message("assistant", [Text(" "), *two]), Message("user", results)),
    )
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
    assert server.bodies[0]["messages"][1:] == [
        {
            "role": "assistant",
            "content": [
                {"type": "tool_use", "id": "c1", "name": "get_weather", "input": {"city": "Paris"}},
                {"type": "tool_use", "id": "c2", "name": "get_time", "input": {"broken": "[1"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "rain"}, image]},
                {"type": "tool_result", "tool_use_id": "c2", "content": "(nothing)", "is_error": True},
                {"type": "text", "text": "Be quick."},
            ],
        },
    ]


def test_a_call_without_words_has_no_content_for_openai(server: ModelServer) -> None:
    ask(model_of(server, "openai"), asking(*talk(ToolResult("c1", "rain"))))
    assert server.bodies[0]["messages"][1]["content"] is None


def test_a_talk_with_tools_that_are_not_to_be_used_any_more(server: ModelServer) -> None:
    ask(model_of(server, "anthropic"), asking(*talk(ToolResult("c1", "rain")), tools=()))
    [body] = server.bodies
    assert [tool["name"] for tool in body["tools"]] == ["get_weather"]
    assert body["tool_choice"] == {"type": "none"}


def test_ids_of_another_provider_are_made_to_fit(server: ModelServer) -> None:
    kimi = "functions.get_weather:0"
    turns = [
        Message("user", [Text("?")]),
        Message("assistant", [ToolCall(kimi, "get_weather", "{}")]),
        Message("user", [ToolResult(kimi, "rain")]),
    ]
    ask(model_of(server, "anthropic"), asking(*turns))
    _, called, given = server.bodies[0]["messages"]
    assert called["content"][0]["id"] == given["content"][0]["tool_use_id"] == fitting_id(kimi)
    assert fitting_id(kimi) != fitting_id("functions.get_weather:1")
    assert fitting_id("toolu_01-A") == "toolu_01-A"
    assert len(fitting_id("x" * 200)) <= 64


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ('{"a": 1}', {"a": 1}),
        (" ", {}),
        ("[1]", {"value": [1]}),
        ("null", {"value": None}),
        ('{"a"', {"broken": '{"a"'}),
        ("[" * 100_000, {"broken": "[" * 100_000}),
    ],
)
def test_arguments_are_an_object_whatever_the_model_wrote(arguments: str, given: Any) -> None:
    assert object_of(arguments) == given


def test_turns_of_one_role_become_one() -> None:
    turns = taking_turns(
        [
            Message("user", [Text("a")]),
            Message("user", [ToolResult("c1", "x")]),
            Message("assistant", [Text("b")]),
        ]
    )
    assert turns == [Message("user", [ToolResult("c1", "x"), Text("a")]), Message("assistant", [Text("b")])]
