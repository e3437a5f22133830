"""What every provider wants of tool calls and their results when a talk is sent again."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from stepweave_ai.talking import Message, Request, Tool, ToolCall, ToolResult

NO_RESULT: Final = "(nothing)"
"""Providers refuse texts of white space alone."""
_MOST_ID: Final = 64
_UNFIT_ID: Final = re.compile(r"[^a-zA-Z0-9_-]")


def new_id() -> str:
    """Return an id for a call whose server gave none: one of its own in the whole talk."""
    return f"call_{uuid.uuid4().hex[:24]}"


def fitting_id(id: str) -> str:
    """Return an id that Anthropic and Bedrock take: another provider's `functions.search:0` may be in the talk."""
    if id and len(id) <= _MOST_ID and not _UNFIT_ID.search(id):
        return id
    return "call_" + hashlib.sha256(id.encode("utf-8", "replace")).hexdigest()[:24]


def object_of(arguments: str) -> dict[str, Any]:
    """Return what a call was made with; broken JSON, which the model was told of, becomes a field of it."""
    try:
        found = json.loads(arguments.strip() or "{}")
    except (ValueError, RecursionError):
        return {"broken": arguments}
    return found if isinstance(found, dict) else {"value": found}


def results_first(message: Message) -> Message:
    """Return a message with the results of tools before anything else: providers want them behind their calls."""
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    return Message(message.role, [*results, *(part for part in message.parts if not isinstance(part, ToolResult))])


def taking_turns(messages: Sequence[Message]) -> list[Message]:
    """Return messages of which no two of one role stand behind each other, results of tools first in each."""
    turns: list[Message] = []
    for message in messages:
        if turns and turns[-1].role == message.role:
            turns[-1] = Message(message.role, [*turns[-1].parts, *message.parts])
        else:
            turns.append(message)
    return [results_first(message) for message in turns]


def tools_of(request: Request) -> list[Tool]:
    """Return the tools of a request: those that it has, else those of its talk, which some providers insist on."""
    if request.tools:
        return list(request.tools)
    named = dict.fromkeys(call.name for call in calls_of(request))
    return [Tool(name, "Used before; not to be used any more.", {"type": "object"}) for name in named]


def calls_of(request: Request) -> Iterator[ToolCall]:
    """Yield the calls of a request's talk."""
    for message in request.messages:
        yield from (part for part in message.parts if isinstance(part, ToolCall))
