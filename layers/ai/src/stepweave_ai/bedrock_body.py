"""What Bedrock's Converse is asked, made of a request."""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from stepweave_ai.talking import Document, Image, Message, Part, Request, Text, ToolCall, ToolResult
from stepweave_ai.tool_calls import NO_RESULT, fitting_id, object_of, taking_turns, tools_of

SYSTEM: Final = "system"
TOOL: Final = "toolChoice.tool"
CHOICE: Final = "toolChoice"
_WHOLE_RESULTS: Final = ("claude", "nova")
"""In names of models whose results may have pictures and say that they are errors (API reference, ToolResultBlock)."""
_UNFIT_NAME: Final = re.compile(r"[^A-Za-z0-9 ()\[\]-]+")
_NAMELESS: Final = "document"


def body_of(request: Request, without: frozenset[str]) -> dict[str, Any]:
    """Return the arguments of `converse` and `converse_stream`.

    Args:
        request: what is asked.
        without: what the model was found not to take: SYSTEM, TOOL, CHOICE.
    """
    messages = list(request.messages)
    body: dict[str, Any] = {"modelId": request.model}
    if request.system and SYSTEM in without:
        messages = [Message("user", [Text(request.system)]), *messages]
    elif request.system.strip():
        body["system"] = [{"text": request.system}]
    whole = any(mark in request.model for mark in _WHOLE_RESULTS)
    body["messages"] = [_message(message, whole=whole) for message in taking_turns(messages)]
    limits = {
        "maxTokens": request.most_tokens,
        "temperature": request.temperature,
        "topP": request.top_p,
        "stopSequences": list(request.stop) or None,
    }
    if given := {name: value for name, value in limits.items() if value is not None}:
        body["inferenceConfig"] = given
    if tools := tools_of(request):
        body["toolConfig"] = {"tools": [{"toolSpec": _tool(tool)} for tool in tools], **_choice(request, without)}
    if request.schema is not None:
        schema = {"jsonSchema": {"name": "answer", "schema": json.dumps(request.schema)}}
        body["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": schema}}
    return body


def _tool(tool: Any) -> dict[str, Any]:
    made = {"name": tool.name, "inputSchema": {"json": dict(tool.schema)}}
    return {**made, "description": tool.description} if tool.description.strip() else made


def _choice(request: Request, without: frozenset[str]) -> dict[str, Any]:
    """One tool that must be used can be said in two ways; some models take the second only, some none."""
    if not request.must_use or CHOICE in without:
        return {}
    return {"toolChoice": {"any": {}} if TOOL in without else {"tool": {"name": request.must_use}}}


def _message(message: Message, *, whole: bool) -> dict[str, Any]:
    names = _Names()
    content = [made for part in message.parts for made in _part(part, names, whole=whole)]
    if any("document" in made for made in content) and not any("text" in made for made in content):
        content.append({"text": "See the document."})  # the API wants words beside one
    return {"role": message.role, "content": content or [{"text": NO_RESULT}]}


class _Names:
    """Names of documents, as the API wants them: few characters, and each once in a message."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, name: str) -> str:
        """Return a name that fits."""
        base = " ".join(_UNFIT_NAME.sub(" ", name.rpartition(".")[0] or name).split())[:150] or _NAMELESS
        made, number = base, 1
        while made in self._given:
            number += 1
            made = f"{base} {number}"
        self._given.add(made)
        return made


def _part(part: Part, names: _Names, *, whole: bool) -> Iterator[dict[str, Any]]:
    match part:
        case Text(text) if text.strip():
            yield {"text": text}
        case Image():
            yield _image(part)
        case Document():
            source = {"bytes": base64.b64decode(part.base64)}
            yield {"document": {"format": "pdf", "name": names.of(part.name), "source": source}}
        case ToolCall():
            call = {"toolUseId": fitting_id(part.id), "name": part.name, "input": object_of(part.arguments)}
            yield {"toolUse": call}
        case ToolResult():
            yield {"toolResult": _result(part, whole=whole)}
            if not whole:
                yield from _shown(part.images)


def _result(result: ToolResult, *, whole: bool) -> dict[str, Any]:
    text = result.text if result.text.strip() else NO_RESULT
    if result.is_error and not whole:
        text = f"Error: {text}"
    content = [{"text": text}, *(map(_image, result.images) if whole else ())]
    made = {"toolUseId": fitting_id(result.call_id), "content": content}
    return {**made, "status": "error"} if result.is_error and whole else made


def _shown(images: Sequence[Image]) -> Iterator[dict[str, Any]]:
    if images:
        yield {"text": "The pictures of this result:"}
        yield from map(_image, images)


def _image(image: Image) -> dict[str, Any]:
    kind = image.mime_type.partition("/")[2]
    return {"image": {"format": kind, "source": {"bytes": base64.b64decode(image.base64)}}}
