"""Asking the fake providers' models without a node."""

from collections.abc import Sequence
from typing import Any

from stepweave_ai.accounts import account_of
from stepweave_ai.providers import chat_model
from stepweave_ai.talking import Answer, ChatModel, Message, Part, Request, Text, Tokens, Tool
from tests.fakes.models import ModelServer

WEATHER = Tool(
    "get_weather",
    "The weather in a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
TIME = Tool("get_time", "The time in a zone.", {"type": "object", "properties": {"zone": {"type": "string"}}})


def model_of(server: ModelServer, provider: str, **data: Any) -> ChatModel:
    url = server.openai_url if provider == "openai" else server.anthropic_url
    return chat_model(account_of(provider, {"apiKey": "sk-secret", "baseUrl": url, **data}))


def asking(*parts: Part | Message, tools: Sequence[Tool] = (WEATHER, TIME), **more: Any) -> Request:
    """A request: messages as they are, other parts a user's."""
    messages = [part if isinstance(part, Message) else Message("user", [part]) for part in parts]
    return Request("small", messages or [Message("user", [Text("What is it like in Paris?")])], tools=tools, **more)


class Heard:
    """What was said and used."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.tokens = Tokens()

    def said(self, text: str) -> None:
        self.words.append(text)

    def used(self, tokens: Tokens) -> None:
        self.tokens += tokens


def ask(model: ChatModel, request: Request, heard: Heard | None = None) -> Answer:
    heard = heard or Heard()
    return model.answer(request, heard.said, heard.used, seconds=20)
