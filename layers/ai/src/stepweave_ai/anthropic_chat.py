"""Anthropic's messages, and servers that speak them."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import anthropic

from stepweave_ai.accounts import Account
from stepweave_ai.errors import ContentRefused, ContextTooLong
from stepweave_ai.failures import MOST_TEXT, cut, late, translated
from stepweave_ai.network import client
from stepweave_ai.talking import (
    Answer,
    Document,
    Image,
    Message,
    Request,
    Said,
    Stop,
    Text,
    Tokens,
    ToolCall,
    ToolResult,
    Used,
)
from stepweave_ai.tool_calls import NO_RESULT, fitting_id, object_of, results_first, tools_of

MOST_TOKENS: Final = 4096
"""Where nobody says how long the answer may be: the API wants a number. All models take this one."""
_STOPS: Final = {
    "end_turn": Stop.END,
    "max_tokens": Stop.LENGTH,
    "stop_sequence": Stop.STOP_TEXT,
    "tool_use": Stop.TOOLS,
    "pause_turn": Stop.END,
}


class AnthropicChat:
    """The models of an account."""

    keeps_schemas = True

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: anthropic.Anthropic | None = None

    def answer(self, request: Request, said: Said, used: Used, *, seconds: float) -> Answer:
        """Ask once (`ChatModel.answer`)."""
        ends = time.monotonic() + seconds
        coming = _Coming()
        try:
            with (
                translated(self._account, request.model),
                self._sdk().messages.create(**_body(request), timeout=seconds) as events,
            ):
                for event in events:
                    if time.monotonic() > ends:
                        raise late(self._account, coming.text)
                    coming.take(event, said)
        finally:
            if coming.tokens != Tokens():
                used(coming.tokens)
        return coming.answer(self._account, request.model)

    def _sdk(self) -> anthropic.Anthropic:
        if self._client is None:
            self._client = anthropic.Anthropic(
                api_key=self._account.key or "none",
                base_url=self._account.base_url,
                max_retries=0,  # the platform retries
                http_client=client(),
            )
        return self._client


@dataclass(slots=True)
class _Coming:
    """An answer while it comes."""

    text: str = ""
    finish: str = ""
    model: str = ""
    why: str = ""
    input: int = 0
    cached: int = 0
    output: int = 0
    calls: dict[int, ToolCall] = field(default_factory=dict)
    arguments: dict[int, str] = field(default_factory=dict)

    def take(self, event: Any, said: Said) -> None:
        """Take an event; kinds that are newer than this code are left out."""
        match event.type:
            case "message_start":
                self.model = event.message.model or ""
                self._used(event.message.usage)
            case "content_block_start" if event.content_block.type == "tool_use":
                block = event.content_block
                given = json.dumps(block.input) if block.input else ""
                self.calls[event.index] = ToolCall(block.id, block.name, "")
                self.arguments[event.index] = given
            case "content_block_start" if event.content_block.type == "text" and event.content_block.text:
                self._say(event.content_block.text, said)
            case "content_block_delta" if event.delta.type == "text_delta":
                self._say(event.delta.text, said)
            case "content_block_delta" if event.delta.type == "input_json_delta":
                self.arguments[event.index] = self.arguments.get(event.index, "") + event.delta.partial_json
            case "message_delta":
                self.finish = event.delta.stop_reason or self.finish
                details = getattr(event.delta, "stop_details", None)
                self.why = getattr(details, "explanation", None) or self.why
                self._used(event.usage)

    @property
    def tokens(self) -> Tokens:
        """What was used so far."""
        return Tokens(self.input, self.output, self.cached)

    def answer(self, account: Account, asked: str) -> Answer:
        """Return it whole. Raises ContentRefused, ContextTooLong, ModelStreamCut."""
        details = {"model": asked, "text": self.text[:MOST_TEXT]}
        if self.finish == "refusal":
            words = self.why or "the model refused to answer"
            remedy = "Change what is asked; the provider's rules forbid it."
            raise ContentRefused(f"{account.host}: {words.rstrip('.')}.", remedy, details=details)
        if self.finish == "model_context_window_exceeded":
            raise ContextTooLong(
                f"{account.host}: the answer filled what the model's context had left.",
                "Send less, ask for a shorter answer, or take a model with a larger context.",
                details=details,
            )
        if not self.finish:
            raise cut(account, self.text)
        calls = [
            ToolCall(call.id, call.name, self.arguments.get(index) or "{}")
            for index, call in sorted(self.calls.items())
        ]
        stop = _STOPS.get(self.finish, Stop.END)
        stop = Stop.END if stop is Stop.TOOLS and not calls else stop
        return Answer(self.text, stop, self.tokens, self.model or asked, calls)

    def _say(self, text: str, said: Said) -> None:
        self.text += text
        said(text)

    def _used(self, usage: Any) -> None:
        """Take numbers that count from the message's beginning; those that are missing stay as they were.

        Tokens read from a cache and written to it are not in `input_tokens` here, as they are elsewhere.
        """
        if usage is None:
            return
        read = usage.cache_read_input_tokens
        fresh = usage.input_tokens
        if fresh is not None:
            self.cached = read or 0
            self.input = fresh + self.cached + (usage.cache_creation_input_tokens or 0)
        self.output = usage.output_tokens or self.output


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": list(_messages(request.messages)),
        "max_tokens": request.most_tokens or MOST_TOKENS,
        "stream": True,
    }
    if request.system:
        body["system"] = request.system
    sampling = {"temperature": request.temperature, "top_p": request.top_p}
    if given := {name: value for name, value in sampling.items() if value is not None}:
        body["extra_body"] = given  # older models take them, newer ones refuse them, and the SDK has them no more
    if request.stop:
        body["stop_sequences"] = list(request.stop)
    if tools := tools_of(request):
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": dict(tool.schema)} for tool in tools
        ]
    if tools and not request.tools:
        body["tool_choice"] = {"type": "none"}
    elif request.must_use:
        body["tool_choice"] = {"type": "tool", "name": request.must_use}
    if request.schema is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": dict(request.schema)}}
    return body


def _messages(messages: Sequence[Message]) -> Iterator[dict[str, Any]]:
    for message in map(results_first, messages):
        parts = [made for part in message.parts if (made := _part(part)) is not None]
        if parts:
            yield {"role": message.role, "content": parts}


def _part(part: Any) -> dict[str, Any] | None:
    match part:
        case Image():
            return _image(part)
        case Document():
            source = {"type": "base64", "media_type": part.mime_type, "data": part.base64}
            return {"type": "document", "title": part.name, "source": source}
        case ToolCall():
            return {
                "type": "tool_use",
                "id": fitting_id(part.id),
                "name": part.name,
                "input": object_of(part.arguments),
            }
        case ToolResult():
            result = {"type": "tool_result", "tool_use_id": fitting_id(part.call_id), "content": _result(part)}
            return {**result, "is_error": True} if part.is_error else result
        case Text(text) if text.strip():
            return {"type": "text", "text": text}
    return None  # the API refuses blocks of white space


def _result(result: ToolResult) -> str | list[dict[str, Any]]:
    text = result.text if result.text.strip() else NO_RESULT
    if not result.images:
        return text
    return [{"type": "text", "text": text}, *map(_image, result.images)]


def _image(image: Image) -> dict[str, Any]:
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": image.mime_type, "data": image.base64},
    }
