"""What is said to a model and what it answers, whoever the provider is. Values, without any SDK."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

Said = Callable[[str], None]
"""Told each piece of text as it comes."""
Used = Callable[["Tokens"], None]
"""Told what a request has used, also where its answer was refused or cut."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its bytes as base64, and what they are (`image/png`)."""

    mime_type: str
    base64: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that the provider reads itself (PDF): its bytes as base64."""

    name: str
    mime_type: str
    base64: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """That the model wants a tool to be used. `arguments` is its JSON text, which may be broken."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave, as text, with pictures where it gave some."""

    call_id: str
    text: str
    is_error: bool = False
    images: Sequence[Image] = ()


Part = Text | Image | Document | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the talk. Tool results are a user's, tool calls an assistant's."""

    role: Literal["user", "assistant"]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the model may use: `schema` is the JSON schema of its arguments, an object's."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked.

    Attributes:
        model: its name as the provider writes it.
        messages: the talk, the last a user's.
        system: what it is and how it answers; "" for nothing.
        temperature: None leaves it to the provider, as does `top_p`; some models take neither.
        most_tokens: that the answer may have; None for the provider's own limit.
        stop: texts at which the answer ends.
        tools: that it may use.
        must_use: the name of the tool that it has to use; "" for its own choice.
        schema: the JSON schema that the answer must keep to, where the provider knows how; None for words.
    """

    model: str
    messages: Sequence[Message]
    system: str = ""
    temperature: float | None = None
    top_p: float | None = None
    most_tokens: int | None = None
    stop: Sequence[str] = ()
    tools: Sequence[Tool] = ()
    must_use: str = ""
    schema: Mapping[str, Any] | None = None


class Stop(StrEnum):
    """Why an answer ended."""

    END = "end"
    LENGTH = "length"
    """It reached `most_tokens`, or the model's own limit."""
    TOOLS = "tools"
    """It wants tools to be used."""
    STOP_TEXT = "stopText"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was used: of `input` (with those that were `cached`, and those of `audio`), of `output`."""

    input: int = 0
    output: int = 0
    cached: int = 0
    audio: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.audio + other.audio,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said.

    Attributes:
        text: its words; "" where it only wants tools.
        calls: the tools that it wants to be used, in their order.
        stop: why it ended.
        tokens: what it used.
        model: who answered, as the provider writes it: `gpt-4o` is answered by `gpt-4o-2024-08-06`.
    """

    text: str
    stop: Stop
    tokens: Tokens
    model: str
    calls: Sequence[ToolCall] = field(default=())


class ChatModel(Protocol):
    """A provider's models."""

    keeps_schemas: bool
    """Whether `Request.schema` is the provider's to keep."""

    def answer(self, request: Request, said: Said, used: Used, *, seconds: float) -> Answer:
        """Ask once, without retries.

        Args:
            request: what to ask.
            said: told each piece of text as it comes.
            used: told once what was used, where the provider says so.
            seconds: until the whole answer must be there.

        Raises:
            NodeError: one of `stepweave_ai.errors`, ConnectionFailed or AddressForbidden.
        """
