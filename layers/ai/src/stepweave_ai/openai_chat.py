"""OpenAI's chat completions, which many servers speak: OpenRouter, Groq, Azure, Gemini, vLLM, Ollama, llama.cpp."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import openai

from stepweave_ai.accounts import Account
from stepweave_ai.errors import ContentRefused, ModelRequestInvalid
from stepweave_ai.failures import MOST_TEXT, cut, late, translated
from stepweave_ai.openai_calls import StreamedCalls
from stepweave_ai.openai_client import openai_client
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
from stepweave_ai.tool_calls import NO_RESULT, object_of

_STOPS: Final = {"stop": Stop.END, "length": Stop.LENGTH, "tool_calls": Stop.TOOLS, "function_call": Stop.TOOLS}
_SCHEMA_NAME: Final = "answer"
_OPTIONAL: Final = ("stream_options", "max_completion_tokens", "max_tokens")
"""Settings that some servers do not take, though the API has them: they are asked once more without, or renamed."""


class OpenAIChat:
    """The models of an account."""

    keeps_schemas = True

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: openai.OpenAI | None = None
        self._without: frozenset[str] = frozenset()

    def answer(self, request: Request, said: Said, used: Used, *, seconds: float) -> Answer:
        """Ask once (`ChatModel.answer`)."""
        ends = time.monotonic() + seconds
        for _ in range(len(_OPTIONAL) + 1):
            without = self._without
            try:
                return self._answered(self._body(request, without), said, used, ends)
            except ModelRequestInvalid as error:
                refused = next((name for name in _OPTIONAL if name in error.message), "")
                if not refused or refused in without:
                    raise
                self._without = self._without | without | {refused}
        raise AssertionError  # each round leaves one setting out

    def _answered(self, body: dict[str, Any], said: Said, used: Used, ends: float) -> Answer:
        coming, model = _Coming(), str(body["model"])
        seconds = max(ends - time.monotonic(), 0.1)
        try:
            with (
                translated(self._account, model),
                self._sdk().chat.completions.create(**body, timeout=seconds) as chunks,
            ):
                for chunk in chunks:
                    if time.monotonic() > ends:
                        raise late(self._account, coming.text)
                    coming.take(chunk, said)
        finally:
            if coming.tokens != Tokens():
                used(coming.tokens)
        return coming.answer(self._account, model)

    def _sdk(self) -> openai.OpenAI:
        if self._client is None:
            self._client = openai_client(self._account)
        return self._client

    def _body(self, request: Request, without: frozenset[str]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": request.model, "messages": list(_messages(request)), "stream": True}
        if "stream_options" not in without:
            body["stream_options"] = {"include_usage": True}
        for name, value in (("temperature", request.temperature), ("top_p", request.top_p)):
            if value is not None:
                body[name] = value
        if request.most_tokens is not None:
            body[self._limit_name(without)] = request.most_tokens
        if request.stop:
            body["stop"] = list(request.stop)
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)},
                }
                for tool in request.tools
            ]
        if request.must_use:
            body["tool_choice"] = {"type": "function", "function": {"name": request.must_use}}
        if request.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": _SCHEMA_NAME, "schema": request.schema, "strict": is_strict(request.schema)},
            }
        return body

    def _limit_name(self, without: frozenset[str]) -> str:
        """OpenAI's newer models take only the newer name, most other servers only the older one."""
        newer = self._account.is_openai != bool(without & {"max_completion_tokens", "max_tokens"})
        return "max_completion_tokens" if newer else "max_tokens"


@dataclass(slots=True)
class _Coming:
    """An answer while it comes."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    model: str = ""
    tokens: Tokens = field(default_factory=Tokens)
    calls: StreamedCalls = field(default_factory=StreamedCalls)

    def take(self, chunk: Any, said: Said) -> None:
        """Take a chunk."""
        self.model = chunk.model or self.model
        if chunk.usage is not None:
            details = chunk.usage.prompt_tokens_details
            self.tokens = Tokens(
                chunk.usage.prompt_tokens or 0,
                chunk.usage.completion_tokens or 0,
                (details.cached_tokens if details else 0) or 0,
            )
        for choice in chunk.choices or ():
            self.finish = choice.finish_reason or self.finish
            delta = choice.delta
            if delta is None:
                continue
            if delta.content:
                self.text += delta.content
                said(delta.content)
            self.refusal += delta.refusal or ""
            for piece in delta.tool_calls or ():
                self.calls.take(piece)

    def answer(self, account: Account, asked: str) -> Answer:
        """Return it whole. Raises ContentRefused, ModelStreamCut."""
        if self.refusal or self.finish == "content_filter":
            words = self.refusal or "its filter stopped the answer"
            raise ContentRefused(
                f"{account.host}: {words}.".replace("..", "."),
                "Change what is asked; the provider's rules forbid it.",
                details={"model": asked, "text": self.text[:MOST_TEXT]},
            )
        if not self.finish:
            raise cut(account, self.text)
        return Answer(self.text, self._stop(), self.tokens, self.model or asked, self.calls.calls())

    def _stop(self) -> Stop:
        """Servers say "stop" or "tool_calls" whether there are calls or not; "length" means that the last is cut."""
        stop = _STOPS.get(self.finish, Stop.END)
        if stop is Stop.LENGTH:
            return stop
        return Stop.TOOLS if self.calls else Stop.END


def is_strict(schema: Any) -> bool:
    """Return whether a schema is one that OpenAI keeps to strictly: every object closed, all its fields required.

    (Structured outputs, "Supported schemas".) Others are a hint for the model, and checked here.
    """
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema or schema.get("type") == "object":
        fields = schema.get("properties") or {}
        if schema.get("additionalProperties") is not False or set(schema.get("required") or ()) != set(fields):
            return False
        if not all(map(is_strict, fields.values())):
            return False
    return all(is_strict(value) for name, value in schema.items() if name not in ("properties", "enum", "const"))


def _messages(request: Request) -> Iterator[dict[str, Any]]:
    if request.system:
        yield {"role": "system", "content": request.system}
    for message in request.messages:
        if message.role == "assistant":
            yield _assistant(message)
            continue
        results = [part for part in message.parts if isinstance(part, ToolResult)]
        for result in results:
            yield {"role": "tool", "tool_call_id": result.call_id, "content": _result(result)}
        rest = [*_shown(results), *(part for part in message.parts if not isinstance(part, ToolResult))]
        if rest:
            yield {"role": "user", "content": _content(rest)}


def _assistant(message: Message) -> dict[str, Any]:
    text = "".join(part.text for part in message.parts if isinstance(part, Text))
    calls = [
        # Several servers read the arguments of earlier calls as JSON and fail at once where they are broken.
        {
            "id": part.id,
            "type": "function",
            "function": {"name": part.name, "arguments": json.dumps(object_of(part.arguments), ensure_ascii=False)},
        }
        for part in message.parts
        if isinstance(part, ToolCall)
    ]
    if calls:
        return {"role": "assistant", "content": text or None, "tool_calls": calls}
    return {"role": "assistant", "content": text}


def _result(result: ToolResult) -> str:
    text = result.text if result.text.strip() else NO_RESULT
    return f"Error: {text}" if result.is_error and not text.lower().startswith("error") else text


def _shown(results: Sequence[ToolResult]) -> Iterator[Any]:
    """Yield the pictures of results as a user's: a tool's message takes text only."""
    for result in results:
        if result.images:
            yield Text(f"The pictures of the result of the call {result.call_id}:")
            yield from result.images


def _content(parts: Sequence[Any]) -> str | list[dict[str, Any]]:
    """Text alone goes as a string, which servers take that know no pictures."""
    if all(isinstance(part, Text) for part in parts):
        return "\n\n".join(part.text for part in parts)
    return list(_parts(parts))


def _parts(parts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for part in parts:
        if isinstance(part, Image):
            url = f"data:{part.mime_type};base64,{part.base64}"
            yield {"type": "image_url", "image_url": {"url": url}}
        elif isinstance(part, Document):
            data = f"data:{part.mime_type};base64,{part.base64}"
            yield {"type": "file", "file": {"filename": part.name, "file_data": data}}
        else:
            yield {"type": "text", "text": part.text}
