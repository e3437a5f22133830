"""Messages as JSON data, to be kept between the turns of an agent. Pictures and files are not among them."""

from collections.abc import Mapping
from typing import Any

from stepweave_ai.talking import Message, Part, Text, ToolCall, ToolResult


def kept(message: Message) -> dict[str, Any]:
    """Return a message as JSON data. Raises TypeError for one with a picture or a file."""
    return {"role": message.role, "parts": [_part(part) for part in message.parts]}


def read(data: Mapping[str, Any]) -> Message:
    """Return a message that was kept."""
    return Message("assistant" if data["role"] == "assistant" else "user", [_read(part) for part in data["parts"]])


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"text": part.text}
        case ToolCall():
            return {"call": part.id, "name": part.name, "arguments": part.arguments}
        case ToolResult():
            return {"result": part.call_id, "text": part.text, "isError": part.is_error}
    raise TypeError(f"a {type(part).__name__} is not kept")


def _read(data: Mapping[str, Any]) -> Part:
    if "call" in data:
        return ToolCall(data["call"], data["name"], data["arguments"])
    if "result" in data:
        return ToolResult(data["result"], data["text"], data["isError"])
    return Text(data["text"])
