"""Tools for models and servers without tool calls: what to do next is asked for as JSON that keeps to a schema.

Behind `ChatModel.answer` nobody sees it: tools go in, calls come out. Small models and servers of one's own need it.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from stepweave.runtime.errors import NodeError
from stepweave_ai.errors import AnswerInvalid, ModelNotFound, ModelRequestInvalid, ModelUnavailable
from stepweave_ai.structured import UNFIT, read_json
from stepweave_ai.talking import (
    Answer,
    ChatModel,
    Message,
    Part,
    Request,
    Said,
    Stop,
    Text,
    Tokens,
    Tool,
    ToolCall,
    ToolResult,
    Used,
)
from stepweave_ai.tool_calls import NO_RESULT, calls_of, new_id, object_of

REPAIRS: Final = 2
"""How often a model is told that what it said is no choice."""
_STEP: Final = "step"
"""Providers take schemas of objects only, and no choice at the root."""
_REFUSALS: Final = (ModelRequestInvalid, ModelNotFound, ModelUnavailable)
_NO_TOOLS: Final = re.compile(
    # Ollama: "... does not support tools"; Bedrock: "This model doesn't support tool use in streaming mode"; Groq:
    # "`tool calling` is not supported with this model"; OpenRouter (404): "No endpoints found that support tool use";
    # vLLM: '"auto" tool choice requires --enable-auto-tool-choice'; llama.cpp (500): "tools param requires --jinja"
    r"(?:not|n't|no endpoints found that|no|without) (?:currently )?support\w*[^.]{0,40}(?:tool|function call)"
    r"|(?:tool|function.call)[^.]{0,40}(?:not|n't) (?:be )?(?:support|enabled|available|allowed)"
    r"|tool choice requires|tools? param requires|unknown (?:field|parameter)\W+tools",
    re.I,
)


class ToolChoice:
    """The models of an account, those without tool calls among them.

    Args:
        model: the account's own way.
        always: whether none of them has tool calls; else it is learnt from what the server says.
    """

    def __init__(self, model: ChatModel, *, always: bool = False) -> None:
        self.keeps_schemas = model.keeps_schemas
        self._model = model
        self._always = always
        self._toolless: set[str] = set()
        self._schemaless: set[str] = set()

    def answer(self, request: Request, said: Said, used: Used, *, seconds: float) -> Answer:
        """Ask once (`ChatModel.answer`); a model without tool calls a few times, until it has chosen."""
        ends = time.monotonic() + seconds
        has_tools = bool(request.tools) or any(calls_of(request))
        if not has_tools:
            return self._model.answer(request, said, used, seconds=seconds)
        if not self._always and request.model not in self._toolless:
            try:
                return self._model.answer(request, said, used, seconds=seconds)
            except _REFUSALS as error:
                if not _NO_TOOLS.search(error.message):
                    raise
                self._toolless.add(request.model)
        return self._chosen(request, said, used, ends)

    def _chosen(self, request: Request, said: Said, used: Used, ends: float) -> Answer:
        choice = _Choice.of(request)
        asked = choice.request
        if not request.tools:
            # The talk had tools, which are not to be used any more: they are told of in words.
            return self._model.answer(asked, said, used, seconds=_left(ends))
        tokens = Tokens()
        for left in range(REPAIRS, -1, -1):
            answer = self._asked(asked, used, ends)
            tokens += answer.tokens
            made = choice.read(answer, last=not left)
            if made is not None:
                said(made.text)
                return replace(made, tokens=tokens)
            asked = replace(asked, messages=[*asked.messages, *choice.told(answer)])
        raise AssertionError  # the last round has returned or raised

    def _asked(self, request: Request, used: Used, ends: float) -> Answer:
        """Ask with the schema where the server keeps it, else with its words alone."""
        if request.model not in self._schemaless and self.keeps_schemas:
            try:
                return self._model.answer(request, _nobody, used, seconds=_left(ends))
            except ModelRequestInvalid as error:
                if not UNFIT.search(error.message):
                    raise
                self._schemaless.add(request.model)
        return self._model.answer(replace(request, schema=None), _nobody, used, seconds=_left(ends))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a model may choose between.

    Attributes:
        tools: by name; empty where it may only answer.
        final: what it writes for the name of a tool where it answers; "" where it must use one.
        wanted: the schema of the answer; None for words.
        request: what is asked.
    """

    tools: Mapping[str, Tool]
    final: str
    wanted: Mapping[str, Any] | None
    request: Request = field(repr=False)

    @classmethod
    def of(cls, asked: Request) -> "_Choice":
        """Return the choice that a request with tools leaves."""
        tools = {tool.name: tool for tool in asked.tools if asked.must_use in ("", tool.name)}
        final = "answer"
        while final in tools:
            final += "_"
        final = "" if asked.must_use else final
        plain = replace(asked, messages=list(_in_words(asked.messages)), tools=[], must_use="")
        if not tools:
            return cls({}, final, asked.schema, plain)
        told = _told(tools.values(), final, asked.schema)
        schema = _object({_STEP: {"anyOf": list(_branches(tools.values(), final, asked.schema))}})
        system = "\n\n".join(filter(None, (asked.system, told)))
        return cls(tools, final, asked.schema, replace(plain, system=system, schema=schema))

    def read(self, answer: Answer, *, last: bool) -> Answer | None:
        """Return what was chosen; None where it is no choice. Raises AnswerInvalid where it is the `last` round."""
        value = read_json(answer.text)
        if isinstance(value, dict) and isinstance(value.get(_STEP), dict):
            value = value[_STEP]
        if isinstance(value, dict):
            name = str(value.get("tool"))
            arguments = value.get("arguments", {})
            if name in self.tools and isinstance(arguments, dict):
                call = ToolCall(new_id(), name, json.dumps(arguments, ensure_ascii=False))
                return replace(answer, text="", stop=Stop.TOOLS, calls=[call])
            if self.final and name == self.final and value.get("answer") not in (None, ""):
                return replace(answer, text=self._words(value["answer"]), stop=Stop.END, calls=())
        elif self.final and self.wanted is None and "{" not in answer.text and (last or answer.stop is Stop.LENGTH):
            # Words all the same: a model that keeps to no schema has answered.
            return replace(answer, calls=())
        if last or answer.stop is Stop.LENGTH:
            raise self._invalid(answer)
        return None

    def told(self, answer: Answer) -> list[Message]:
        """Return what is said to a model that has not chosen."""
        names = ", ".join(filter(None, (*self.tools, self.final)))
        words = f"This is no choice. Answer with JSON alone, with one of these for the tool: {names}."
        return [Message("assistant", [Text(answer.text or NO_RESULT)]), Message("user", [Text(words)])]

    def _words(self, value: Any) -> str:
        if isinstance(value, str) and self.wanted is None:
            return value
        return json.dumps(value, ensure_ascii=False)

    def _invalid(self, answer: Answer) -> NodeError:
        why = "it was cut at its most tokens" if answer.stop is Stop.LENGTH else "it is none of the choices"
        return AnswerInvalid(
            f"{answer.model} did not choose between its tools and an answer: {why}.",
            "Give it fewer tools with simpler arguments, more tokens for its answer, or take a stronger model.",
            details={"errors": [why], "text": answer.text[:500]},
        )


def _branches(tools: Iterable[Tool], final: str, wanted: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    for tool in tools:
        yield _object({"tool": {"type": "string", "enum": [tool.name]}, "arguments": _arguments(tool.schema)})
    if final:
        answer: Mapping[str, Any] = {"type": "string"} if wanted is None or _points(wanted) else wanted
        yield _object({"tool": {"type": "string", "enum": [final]}, "answer": answer})


def _arguments(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a tool's schema; one that points into itself would point elsewhere within another."""
    return {"type": "object"} if _points(schema) else schema


def _points(schema: Any) -> bool:
    return '"$ref"' in json.dumps(schema)


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _told(tools: Iterable[Tool], final: str, wanted: Mapping[str, Any] | None) -> str:
    lines = [
        f'- "{tool.name}": {tool.description or "no description"} Its arguments keep to the JSON schema '
        f"{json.dumps(tool.schema, ensure_ascii=False)}"
        for tool in tools
    ]
    ways = ['{"step": {"tool": NAME, "arguments": {...}}} to use a tool; you are given its result and go on']
    if final:
        said = "your answer in words" if wanted is None else f"a value of the JSON schema {json.dumps(wanted)}"
        ways.append(
            f'{{"step": {{"tool": "{final}", "answer": ANSWER}}}} when you need none any more; ANSWER is {said}'
        )
    return (
        "You work in steps. Answer each time with JSON alone, without any words around it:\n"
        + "\n".join(f"- {way}." for way in ways)
        + "\n\nThe tools:\n"
        + "\n".join(lines)
    )


def _in_words(messages: Sequence[Message]) -> Iterator[Message]:
    """Yield a talk whose calls and results are words."""
    names = {part.id: part.name for message in messages for part in message.parts if isinstance(part, ToolCall)}
    for message in messages:
        yield Message(message.role, [said for part in message.parts for said in _said(part, names)])


def _said(part: Part, names: Mapping[str, str]) -> Iterator[Part]:
    match part:
        case ToolCall():
            step = {"tool": part.name, "arguments": object_of(part.arguments)}
            yield Text(json.dumps({_STEP: step}, ensure_ascii=False))
        case ToolResult():
            kind = "Error" if part.is_error else "Result"
            yield Text(f"{kind} of {names.get(part.call_id, 'the tool')}:\n{part.text.strip() or NO_RESULT}")
            yield from part.images
        case _:
            yield part


def _left(ends: float) -> float:
    return max(ends - time.monotonic(), 0.1)


def _nobody(text: str) -> None:
    """Show nothing: JSON is nobody's to read."""
