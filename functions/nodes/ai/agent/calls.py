"""Tool calls: which of them may be run, and what a model is told of what came of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from functions.nodes.ai.agent.errors import AgentStuck
from functions.nodes.ai.agent.talks import Call, Talk
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Item
from stepweave.model.json_text import mended_text, write
from stepweave.model.step import ASK_TO_GO_ON, AgentTool, StepFailure
from stepweave.runtime.failing import told
from stepweave_ai.checking import check_of
from stepweave_ai.talking import ToolCall

MOST_AT_ONCE: Final = 16
"""Calls of one turn (`stepweave.compiler.kinds.agent`)."""
REFUSED: Final = "ToolRefused"
"""The error of a call that a person did not allow (`api.services.approvals`)."""
_SAME: Final = 2
"""How often a call is run with the same arguments."""
_STUCK: Final = 6
"""The same call, run or not, that ends the agent."""


class Tools:
    """The tools of an agent.

    Args:
        tools: as the machine tells of them.

    Raises:
        SchemaInvalid: the schema of a tool's arguments cannot be used.
    """

    def __init__(self, tools: Sequence[AgentTool]) -> None:
        self.told = tools
        self._by_name = {tool["name"]: tool for tool in tools}
        self._checks: dict[str, Callable[[Any], Sequence[str]]] = {
            tool["name"]: check_of(tool["parameters"]) for tool in tools
        }

    def call(self, call: ToolCall, id: str, talk: Talk, room: int) -> Call:
        """Return a call as it is to be made, or with what the model is told where it is not.

        Args:
            call: as the model wants it.
            id: of the call within the agent's run.
            talk: counts it.
            room: how many more calls may be made.
        """
        made = Call(id, call.id, call.name, call.arguments)
        tool = self._by_name.get(call.name)
        if tool is None:
            known = ", ".join(self._by_name) or "none"
            return _refused(made, f"There is no tool {call.name[:80]!r}. There are: {known}.")
        arguments, wrong = _arguments(call.arguments, tool["parameters"])
        problems = [wrong] if wrong else list(self._checks[call.name](arguments))
        if problems:
            return _refused(made, f"These arguments do not fit the tool: {'; '.join(problems)}. Call it again.")
        made.arguments = write(arguments)
        key = known_by(call.name, arguments)
        talk.counts[key] = talk.counts.get(key, 0) + 1
        made.count = talk.counts[key]
        if key in talk.refused:
            return _refused(made, "A person has refused this call already. Do otherwise, or answer.")
        if talk.counts[key] > _SAME:
            again = f"You have called {call.name} with these arguments {_SAME} times; it was not called again."
            return _refused(made, f"{again} Use what it gave, call it otherwise, or answer.")
        if room <= 0:
            return _refused(made, "It was not called: too many tools at once, or in all. Call fewer, or answer.")
        made.tool = tool["node"]
        return made


def to_go_on(id: str, reason: str) -> Call:
    """Return the call by which a person is asked whether the agent may go on."""
    return Call(f"{id}.limit", "", "", write({"reason": reason}), tool=ASK_TO_GO_ON)


def check_stuck(calls: Sequence[Call]) -> None:
    """Raise AgentStuck where a call was wanted so often that nothing new can come of it."""
    for call in calls:
        if call.count >= _STUCK:
            raise AgentStuck(
                f"The agent wanted to call {call.name} {call.count} times with the same arguments.",
                "Say in the system prompt when it is done, or mend what the tool gives.",
                details={"tool": call.name, "arguments": call.arguments[:2000]},
            )


def arguments_of(call: Call) -> dict[str, Any]:
    """Return the arguments of a call that is to be made."""
    arguments: dict[str, Any] = json.loads(call.arguments)
    return arguments


def known_by(name: str, arguments: Mapping[str, Any]) -> str:
    """Return what a call is known by: its tool and its arguments."""
    return f"{name} {json.dumps(arguments, sort_keys=True)}"


def _arguments(text: str, schema: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what a model wrote as arguments, or what is wrong with it.

    Models write null for what they leave out, and JSON as text where anything may be given: both are meant well.
    """
    try:
        found = json.loads(text.strip() or "{}")
    except (ValueError, RecursionError):
        return {}, "they are no JSON"
    if not isinstance(found, dict):
        return {}, "they are no JSON object"
    required, properties = schema.get("required", ()), schema.get("properties", {})
    kept = {name: value for name, value in found.items() if value is not None or name in required}
    return {
        name: _meant(value) if "type" not in properties.get(name, {"type": ""}) else value
        for name, value in kept.items()
    }, ""


def _meant(value: Any) -> Any:
    """Return the object or list that a text is as JSON; any other value as it is."""
    if not isinstance(value, str) or value.strip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _refused(call: Call, words: str) -> Call:
    call.result, call.is_error = words, True
    return call


def refusal_of(result: Mapping[str, Any]) -> ErrorInfo:
    """Return why a person did not let the agent go on."""
    failure: StepFailure = result["error"]
    return _undecided("nobody decided in time whether it may go on") if _is_undecided(failure) else told(failure)


def hear(call: Call, result: Mapping[str, Any], items: Sequence[Item], most: int) -> dict[str, Any]:
    """Take what came of a call as what the model is told of it, and return it for people.

    Args:
        call: what was called.
        result: of it (`AgentResult`).
        items: of its batches.
        most: the characters that the model is told.
    """
    step: dict[str, Any] = {"tool": call.name, "arguments": arguments_of(call)}
    changed = ""
    if decision := result.get("decision"):
        step["decidedBy"] = decision.get("decidedBy", "")
        if decision.get("changed"):
            step["arguments"] = decision["arguments"]
            changed = f"(Before it was called, a person changed the arguments to {write(decision['arguments'])}.)\n"
    if "error" in result:
        error = told(result["error"])
        if _is_undecided(result["error"]):
            error = _undecided("Nobody decided in time whether it may be called.")
        call.result, call.is_error = _cut(_words(error), most), error["type"] != REFUSED
        step["error"] = error
        if error["type"] == REFUSED:
            step["decidedBy"] = error.get("details", {}).get("decidedBy", "")
        return step
    data = [_data(item) for item in items]
    found: Any = data[0] if len(data) == 1 else data
    call.result = _cut(changed + (write(found) if data else "(it gave nothing)"), most)
    step["result"] = found
    return step


def _is_undecided(failure: StepFailure) -> bool:
    return failure.get("asked", False) and failure["error"] == "States.Timeout"


def _undecided(words: str) -> ErrorInfo:
    """Return what is told where nobody decided in time."""
    return {"type": "NodeTimeout", "message": words, "retryable": False}


def _data(item: Item) -> Any:
    """Return what a model is told of an item: its JSON, and its files by name."""
    files = {
        name: {"fileName": ref.get("fileName", ""), "mimeType": ref["mimeType"], "size": ref["size"]}
        for name, ref in item.get("binary", {}).items()
    }
    return {**item["json"], "files": files} if files else item["json"]


def _words(error: ErrorInfo) -> str:
    if error["type"] == REFUSED:
        return error["message"]
    remedy = f" {error['remedy']}" if error.get("remedy") else ""
    return f"It failed ({error['type']}): {error['message']}{remedy}"


def _cut(text: str, most: int) -> str:
    text = mended_text(text)
    if len(text) <= most:
        return text
    return f"{text[:most]}\n(Cut here: it has {len(text):,} characters, and you are told the first {most:,}.)"
