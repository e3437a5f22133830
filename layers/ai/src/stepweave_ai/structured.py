"""Answers that keep to a JSON schema: by the provider's own way, else by a tool that must be used, else by words.

What comes is checked here in any case, and a model that did not keep to the schema is told where, a few times.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from stepweave_ai.errors import AnswerInvalid, ModelRequestInvalid
from stepweave_ai.talking import Answer, Message, Request, Stop, Text, Tool, ToolCall, ToolResult

TOOL: Final = "answer"
FIELD: Final = "answer"
"""Providers take schemas of objects only: others go into a field of one."""
_FENCED: Final = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.S | re.I)
_MOST_ERRORS: Final = 5
UNFIT: Final = re.compile(r"response_format|json_schema|output_config|tool|function|schema|grammar", re.I)
"""What a provider's words name where it is the way of asking that it does not take."""

Ask = Callable[[Request], Answer]
Check = Callable[[Any], Sequence[str]]
"""Says what is wrong with a value: a line for each place; none where it keeps to the schema."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer must be.

    Attributes:
        schema: as its user wrote it.
        check: says what is wrong with a value.
        repairs: how often the model is told that its answer does not keep to the schema.
    """

    schema: Mapping[str, Any]
    check: Check
    repairs: int = 2


def structured(ask: Ask, request: Request, wanted: Wanted, *, keeps_schemas: bool) -> Any:
    """Return a value that keeps to the schema.

    Args:
        ask: asks the model once, and pays for it.
        request: what to ask, without a schema or tools.
        wanted: what the answer must be.
        keeps_schemas: whether to begin with the provider's own way.

    Raises:
        AnswerInvalid: no answer kept to the schema, or it was cut at the most tokens.
        NodeError: what `ask` raises.
    """
    wrapped = wanted.schema.get("type") != "object"
    schema: Mapping[str, Any] = wanted.schema
    if wrapped:
        schema = {"type": "object", "properties": {FIELD: wanted.schema}, "required": [FIELD]}
        schema = {**schema, "additionalProperties": False}
    ways = (_by_schema, _by_tool, _by_words) if keeps_schemas else (_by_tool, _by_words)
    for way in ways:
        try:
            return _kept(ask, way(request, schema), wanted, wrapped=wrapped)
        except ModelRequestInvalid as error:
            # It takes this way of asking not at all, or not this schema: the next one asks for less.
            if way is ways[-1] or not UNFIT.search(error.message):
                raise
    raise AssertionError  # the last way has returned or raised


def _by_schema(request: Request, schema: Mapping[str, Any]) -> Request:
    return replace(request, schema=schema)


def _by_tool(request: Request, schema: Mapping[str, Any]) -> Request:
    tool = Tool(TOOL, "Gives the answer. Use it exactly once.", schema)
    return replace(request, tools=[tool], must_use=TOOL)


def _by_words(request: Request, schema: Mapping[str, Any]) -> Request:
    told = f"Answer with JSON alone, without any words around it, that keeps to this JSON schema:\n{json.dumps(schema)}"
    return replace(request, system="\n\n".join(filter(None, (request.system, told))))


def _kept(ask: Ask, request: Request, wanted: Wanted, *, wrapped: bool) -> Any:
    errors: Sequence[str] = ()
    text = ""
    for _ in range(wanted.repairs + 1):
        answer = ask(request)
        call = next((one for one in answer.calls if one.name == TOOL), None)
        text = call.arguments if call else answer.text
        if answer.stop is Stop.LENGTH:
            raise AnswerInvalid(
                "The answer was cut before its JSON was whole: it reached the most tokens that it may have.",
                "Raise the most tokens of the answer, or ask for less.",
                details={"text": text[:500]},
            )
        value, errors = _read(text, wanted.check, wrapped=wrapped)
        if not errors:
            return value
        request = replace(request, messages=[*request.messages, *_told(answer, call, errors)])
    raise AnswerInvalid(
        f"The answer does not keep to the schema: {errors[0]}.",
        "Say in the prompt what each field is, make the schema simpler, or take a stronger model.",
        details={"errors": list(errors)[:_MOST_ERRORS], "text": text[:500]},
    )


def _read(text: str, check: Check, *, wrapped: bool) -> tuple[Any, Sequence[str]]:
    """Return the value of an answer's text, and what is wrong with it."""
    value = read_json(text)
    if value is None and text.strip() != "null":
        return None, ["it is no JSON"]
    if wrapped and isinstance(value, dict) and set(value) == {FIELD}:
        value = value[FIELD]
    return value, check(value)


def read_json(text: str) -> Any:
    """Return the JSON of an answer's text, also where it stands in a fence or has words around it; None for none."""
    bare = text.strip()
    fenced = _FENCED.search(bare)
    for candidate in (bare, fenced.group(1) if fenced else None, _outermost(bare)):
        if candidate is None:
            continue
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return None


def _outermost(text: str) -> str | None:
    """Return what stands between the first opening bracket and the last closing one; models like to say more."""
    begins = min((place for place in (text.find("{"), text.find("[")) if place >= 0), default=-1)
    ends = max(text.rfind("}"), text.rfind("]"))
    return text[begins : ends + 1] if 0 <= begins < ends else None


def _told(answer: Answer, call: ToolCall | None, errors: Sequence[str]) -> list[Message]:
    words = "This does not keep to the schema: " + "; ".join(errors[:_MOST_ERRORS]) + ". Answer again, with all of it."
    if call is None:
        return [Message("assistant", [Text(answer.text or "(nothing)")]), Message("user", [Text(words)])]
    said = [Text(answer.text)] if answer.text else []
    results = [ToolResult(one.id, words, is_error=True) for one in answer.calls]
    return [Message("assistant", [*said, *answer.calls]), Message("user", results)]
