"""A server that speaks OpenAI's and Anthropic's wire formats, streaming, and says what a test has written.

Written after the SDKs' own types and the providers' API references; the SDKs talk to it unpatched.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stepweave_ai import network
from tests.fakes.services import SERVICES
from tests.fakes.web import Exchange, Web, web_server


@dataclass
class Says:
    """An answer. Without `status` it is a stream."""

    text: str | list[str] = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """(tool, arguments as JSON text)."""
    pieces_of_calls: list[dict[str, Any]] = field(default_factory=list)
    """OpenAI's `tool_calls` deltas as they are, for servers that write them in ways of their own."""
    stop: str = ""
    """As the provider writes it; "" for what fits."""
    refusal: str = ""
    tokens: tuple[int, int, int] | None = (10, 5, 0)
    """Input with cached ones, output, cached; None where the server does not say."""
    status: int = 200
    error: Any = None
    """The body with `status`, or an error in the midst of the stream."""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Whether the connection ends before the answer does."""
    silent: bool = False
    """Whether nothing comes."""
    until: threading.Event | None = None
    """What the rest waits for when the first piece of text has gone out."""

    @property
    def pieces(self) -> list[str]:
        return [self.text] if isinstance(self.text, str) else self.text


@dataclass
class ModelServer:
    """Answers from `script`, in turn; the last one stays."""

    web: Web
    script: list[Says] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """Fields of a request that it does not take, and what it says of each."""
    models: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "small"}, {"id": "large"}])
    asked_at: list[float] = field(default_factory=list)
    """When each answer was asked for, by `time.monotonic`."""

    @property
    def openai_url(self) -> str:
        return self.web.url("/v1")

    @property
    def anthropic_url(self) -> str:
        return self.web.url("")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The requests to a model, as JSON."""
        return [json.loads(asked.body) for asked in self.web.asked if asked.method == "POST"]

    def says(self, *answers: Says | str) -> None:
        self.script[:] = [Says(answer) if isinstance(answer, str) else answer for answer in answers]

    def next(self, asked: bytes) -> Says:
        self.asked_at.append(time.monotonic())
        for name, words in self.refuses.items():
            if name in json.loads(asked):
                return Says(status=400, error={"error": {"message": words, "type": "invalid_request_error"}})
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server for the block."""
    with web_server() as web:
        server = ModelServer(web)
        for path, events in (("/v1/chat/completions", _openai), ("/v1/messages", _anthropic)):
            web.routes[path] = partial(_answered, server, events)
        for path, answer in SERVICES.items():
            web.routes[path] = partial(_served, server, answer)
        web.routes["/v1/models"] = lambda exchange: exchange.answer(
            200, json.dumps({"object": "list", "data": server.models}).encode(), content_type="application/json"
        )
        try:
            yield server
        finally:
            network.close()


def _answered(server: ModelServer, events: Any, exchange: Exchange) -> None:
    says = server.next(exchange.asked.body)
    if says.silent:
        exchange.hang()
        return
    if says.status != 200:
        body = says.error if isinstance(says.error, bytes) else json.dumps(says.error).encode()
        exchange.answer(says.status, body, **{"content_type": "application/json", **says.headers})
        return
    handler = exchange.handler
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    waits = says.until
    for text in events(json.loads(exchange.asked.body), says):
        handler.wfile.write(text.encode())
        handler.wfile.flush()
        if waits is not None and says.pieces[0] in text:
            waits.wait(60)
            waits = None


def _served(server: ModelServer, answer: Any, exchange: Exchange) -> None:
    """Answer a service beside chat: with what a test says instead, where that is no plain answer."""
    says = server.next(exchange.asked.body) if server.script else Says()
    if says.silent:
        exchange.hang()
    elif says.status != 200 or says.error is not None:
        body = says.error if isinstance(says.error, bytes) else json.dumps(says.error).encode()
        exchange.answer(says.status, body, **{"content_type": "application/json", **says.headers})
    else:
        body = json.dumps(answer(exchange, says, server)).encode()
        exchange.answer(200, body, content_type="application/json")


def _openai(asked: dict[str, Any], says: Says) -> Iterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        made = {"id": "c1", "object": "chat.completion.chunk", "created": int(time.time()), "model": asked["model"]}
        return f"data: {json.dumps({**made, 'choices': [choice], **more})}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for piece in says.pieces:
        yield chunk({"content": piece})
    if says.error is not None:
        yield f"data: {json.dumps({'error': says.error})}\n\n"
        return
    if says.refusal:
        yield chunk({"refusal": says.refusal})
    for index, (name, arguments) in enumerate(says.calls):
        function = {"name": name, "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, "id": f"call{index}", "type": "function", "function": function}]})
        for half in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": half}}]})
    for delta in says.pieces_of_calls:
        yield chunk({"tool_calls": [delta]})
    if says.cut:
        return
    yield chunk({}, says.stop or ("tool_calls" if says.calls else "stop"))
    if says.tokens is not None and asked.get("stream_options", {}).get("include_usage"):
        into, out, cached = says.tokens
        usage: dict[str, Any] = {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}
        usage |= {"prompt_tokens_details": {"cached_tokens": cached}}
        made = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": asked["model"], "choices": []}
        yield f"data: {json.dumps({**made, 'usage': usage})}\n\n"
    yield "data: [DONE]\n\n"


def _anthropic(asked: dict[str, Any], says: Says) -> Iterator[str]:
    def event(type: str, **data: Any) -> str:
        return f"event: {type}\ndata: {json.dumps({'type': type, **data})}\n\n"

    into, out, cached = says.tokens or (0, 0, 0)
    usage = {"input_tokens": into - cached, "cache_read_input_tokens": cached, "cache_creation_input_tokens": 0}
    message = {"id": "m1", "type": "message", "role": "assistant", "model": asked["model"], "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {**usage, "output_tokens": 1}}
    yield event("message_start", message=message)
    yield event("ping")
    index = 0
    if any(says.pieces):
        yield event("content_block_start", index=index, content_block={"type": "text", "text": ""})
        for piece in says.pieces:
            yield event("content_block_delta", index=index, delta={"type": "text_delta", "text": piece})
        yield event("content_block_stop", index=index)
        index += 1
    if says.error is not None:
        yield event("error", error=says.error)
        return
    for name, arguments in says.calls:
        block = {"type": "tool_use", "id": f"call{index}", "name": name, "input": {}}
        yield event("content_block_start", index=index, content_block=block)
        for half in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            yield event("content_block_delta", index=index, delta={"type": "input_json_delta", "partial_json": half})
        yield event("content_block_stop", index=index)
        index += 1
    if says.cut:
        return
    stop = says.stop or ("refusal" if says.refusal else "tool_use" if says.calls else "end_turn")
    delta: dict[str, Any] = {"stop_reason": stop, "stop_sequence": None}
    if says.refusal:
        delta["stop_details"] = {"type": "refusal", "category": None, "explanation": says.refusal}
    yield event("message_delta", delta=delta, usage={"output_tokens": out})
    yield event("message_stop")
