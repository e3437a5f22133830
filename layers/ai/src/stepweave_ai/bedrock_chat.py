"""Amazon Bedrock's Converse, which all its models that chat speak, through botocore."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave_ai.accounts import Account
from stepweave_ai.bedrock_body import CHOICE, SYSTEM, TOOL, body_of
from stepweave_ai.bedrock_client import aws_client, silent_for
from stepweave_ai.bedrock_failures import parsed, translated
from stepweave_ai.errors import ContentRefused, ContextTooLong, ModelRequestInvalid, ModelUnavailable
from stepweave_ai.failures import MOST_TEXT, cut, late
from stepweave_ai.talking import Answer, Request, Said, Stop, Tokens, ToolCall, Used

_STREAM: Final = "stream"
_STOPS: Final = {
    "end_turn": Stop.END,
    "max_tokens": Stop.LENGTH,
    "stop_sequence": Stop.STOP_TEXT,
    "tool_use": Stop.TOOLS,
}
_OPTIONAL: Final = ((_STREAM, "stream"), (TOOL, "toolchoice"), (CHOICE, "toolchoice"), (SYSTEM, "system "))
"""What some models do not take, and what the refusal's words have then; the first that fits is left out next time."""


class BedrockChat:
    """The models of an account."""

    keeps_schemas = False  # few models keep one in Converse; a tool that must be used works with nearly all

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: Any = None
        self._without: dict[str, frozenset[str]] = {}

    def answer(self, request: Request, said: Said, used: Used, *, seconds: float) -> Answer:
        """Ask once (`ChatModel.answer`)."""
        ends = time.monotonic() + seconds
        while True:
            without = self._without.get(request.model, frozenset())
            try:
                return self._answered(request, without, said, used, ends)
            except ModelRequestInvalid as error:
                said_of = (name for name, mark in _OPTIONAL if mark in error.message.lower() and name not in without)
                refused = next(said_of, "")
                if not refused or not _has(request, refused):
                    raise
                self._without[request.model] = without | {refused}

    def _answered(self, request: Request, without: frozenset[str], said: Said, used: Used, ends: float) -> Answer:
        coming = _Coming()
        try:
            body = body_of(request, without)
            with translated(self._account, request.model), silent_for(max(ends - time.monotonic(), 0.1)):
                for event in self._events(body, streamed=_STREAM not in without):
                    if time.monotonic() > ends:
                        raise late(self._account, coming.text)
                    coming.take(event, said)
        finally:
            if coming.tokens != Tokens():
                used(coming.tokens)
        return coming.answer(self._account, request.model)

    def _events(self, body: Mapping[str, Any], *, streamed: bool) -> Iterator[Mapping[str, Any]]:
        if self._client is None:
            self._client = aws_client(self._account, "bedrock-runtime")
        if not streamed:
            with parsed(self._account):
                events = list(_as_events(self._client.converse(**body)))
            yield from events
            return
        with parsed(self._account):
            stream = self._client.converse_stream(**body)["stream"]
        try:
            yield from stream
        finally:
            stream.close()


def _has(request: Request, name: str) -> bool:
    """Return whether a request has what a model does not take."""
    return {_STREAM: True, SYSTEM: bool(request.system)}.get(name, bool(request.must_use))


def _as_events(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a whole answer as a stream would have had it."""
    for index, block in enumerate(answer["output"]["message"]["content"]):
        if "toolUse" in block:
            call = block["toolUse"]
            start = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
            yield {"contentBlockStart": {"contentBlockIndex": index, "start": start}}
            delta: dict[str, Any] = {"toolUse": {"input": json.dumps(call.get("input") or {}, ensure_ascii=False)}}
        else:
            delta = {"text": block.get("text") or ""}
        yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}}
    yield {"messageStop": {"stopReason": answer.get("stopReason")}}
    yield {"metadata": {"usage": answer.get("usage")}}


@dataclass(slots=True)
class _Coming:
    """An answer while it comes."""

    text: str = ""
    finish: str = ""
    tokens: Tokens = field(default_factory=Tokens)
    calls: dict[int, ToolCall] = field(default_factory=dict)
    arguments: dict[int, str] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any], said: Said) -> None:
        """Take an event; kinds that are newer than this code are left out, as is what a model thinks."""
        for kind, told in event.items():
            match kind:
                case "contentBlockStart" if call := told.get("start", {}).get("toolUse"):
                    self.calls[told["contentBlockIndex"]] = ToolCall(call["toolUseId"], call["name"], "")
                case "contentBlockDelta":
                    self._delta(told["contentBlockIndex"], told.get("delta") or {}, said)
                case "messageStop":
                    self.finish = told.get("stopReason") or self.finish
                case "metadata":
                    self._used(told.get("usage") or {})

    def answer(self, account: Account, model: str) -> Answer:
        """Return it whole. Raises ContentRefused, ContextTooLong, ModelUnavailable, ModelStreamCut."""
        details = {"model": model, "text": self.text[:MOST_TEXT]}
        match self.finish:
            case "":
                raise cut(account, self.text)
            case "guardrail_intervened" | "content_filtered":
                by = "a guardrail" if self.finish == "guardrail_intervened" else "its filter"
                raise ContentRefused(
                    f"{account.host}: {by} stopped the answer.",
                    "Change what is asked; the rules of the provider or of the account forbid it.",
                    details=details,
                )
            case "model_context_window_exceeded":
                raise ContextTooLong(
                    f"{account.host}: the answer filled what the model's context had left.",
                    "Send less, ask for a shorter answer, or take a model with a larger context.",
                    details=details,
                )
            case "malformed_model_output" | "malformed_tool_use":
                words = f"{account.host}: the model wrote what cannot be read ({self.finish})."
                raise ModelUnavailable(words, "Try again, or let the node retry.", details=details)
        calls = [
            ToolCall(call.id, call.name, self.arguments.get(index) or "{}")
            for index, call in sorted(self.calls.items())
        ]
        stop = _STOPS.get(self.finish, Stop.END)
        # Some models say end_turn though they want tools.
        stop = stop if stop is Stop.LENGTH else Stop.TOOLS if calls else Stop.END if stop is Stop.TOOLS else stop
        return Answer(self.text, stop, self.tokens, model, calls)

    def _delta(self, index: int, delta: Mapping[str, Any], said: Said) -> None:
        if text := delta.get("text"):
            self.text += text
            said(text)
        if piece := (delta.get("toolUse") or {}).get("input"):
            self.arguments[index] = self.arguments.get(index, "") + piece

    def _used(self, usage: Mapping[str, Any]) -> None:
        """Tokens read from a cache and written to it are not in `inputTokens` (prompt caching, "usage")."""
        read = usage.get("cacheReadInputTokens") or 0
        fresh = (usage.get("inputTokens") or 0) + (usage.get("cacheWriteInputTokens") or 0)
        self.tokens = Tokens(fresh + read, usage.get("outputTokens") or 0, read)
