"""One Task for all tools of an agent that are a single node: which function it invokes, and with what, is data.

A Choice of the tool before each call would be a transition of every call. Retries are no data in ASL, so only tools
with the same ones share. A call of another tool has no function here, which fails the Task before it is scheduled: its
catcher leads to the others.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.structure import Leaf
from stepweave.compiler.analyse.tools import Tool
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import INPUT, Scope, State, Way
from stepweave.compiler.emit.steps import LAMBDA_INVOKE
from stepweave.compiler.literals import expression, quoted
from stepweave.compiler.literals import inner as bare
from stepweave.model.step import STEP_DEFAULTS

CALLED: Final = f"{INPUT}.call.tool"
"""JSONata for the node that begins the tool of a call."""
_MOST_CHARACTERS: Final = 30_000
"""Of what differs between the tools of a Task; a tool with which it were more has a Task of its own."""
_NOTHING: Final = "States.QueryEvaluationError"
_PLAIN: Final = ""
"""The kind of a node that runs once."""


def unless(condition: str, output: Any) -> State:
    """Return a catcher, all but its `Next`, of a state that was to find nothing to do.

    Args:
        condition: JSONata that says it had something to do: then the error is one, and ends the execution.
        output: what the next state gets.
    """
    given = bare(output) if isinstance(output, str) else quoted(output)
    words = "$states.errorOutput.Cause"
    return {"ErrorEquals": [_NOTHING], "Output": expression(f"{condition} ? $error({words}) : {given}")}


@dataclass(frozen=True)
class Shared:
    """Tools that share a Task, and the Task of each."""

    tools: Sequence[Tool] = ()
    states: Sequence[State] = ()

    @property
    def condition(self) -> str:
        """JSONata that says whether one of them is called."""
        return f"{CALLED} in {quoted([tool.told['node'] for tool in self.tools])}"

    def state(self, *, open_ended: bool) -> State:
        """Return the Task. With `open_ended` it invokes nothing for a call of another tool."""
        first = self.states[0]
        payloads = [state["Arguments"]["Payload"] for state in self.states]
        keys = dict.fromkeys(key for payload in payloads for key in payload)
        function = self._chosen([state["Arguments"]["FunctionName"] for state in self.states])
        if open_ended:
            name = bare(function) if function.startswith("{%") else quoted(function)
            function = expression(f"{self.condition} ? ({name})")
        return {
            **first,
            "Arguments": {
                "FunctionName": function,
                "Payload": {
                    key: self._chosen([payload.get(key, STEP_DEFAULTS.get(key)) for payload in payloads])
                    for key in keys
                },
            },
            "TimeoutSeconds": self._chosen([state["TimeoutSeconds"] for state in self.states]),
        }

    def _chosen(self, values: Sequence[Any]) -> Any:
        """Return what has the value of the tool that is called."""
        if all(value == values[0] for value in values):
            return values[0]
        by_source: dict[str, list[str]] = {}
        for tool, value in zip(self.tools, values, strict=True):
            by_source.setdefault(_source(value), []).append(tool.told["node"])
        *before, (last, _) = by_source.items()
        rules = [f"{CALLED} in {quoted(whose)} ? {source} : " for source, whose in before]
        return expression("".join(rules) + last)


def alike(
    emission: Emission,
    inner: Scope,
    known: Facts,
    tools: Sequence[Tool],
    result: Callable[[Tool, Way], Mapping[str, Any]],
) -> Shared:
    """Return the tools that can share a Task: the most of one kind of retries, errors and outputs.

    Args:
        emission: the machine.
        inner: the round of the Map.
        known: what is known where it begins.
        tools: the agent's.
        result: says what a call gives that ended on a way.
    """
    groups: dict[str, list[tuple[Tool, State]]] = {}
    for tool in tools:
        if not _is_plain(emission, tool):
            continue
        state = emission.task(inner, tool.node, known)
        if state["Resource"] != LAMBDA_INVOKE:
            continue
        way = Way(state, "Next", emission.liveness.node_ran(known, tool.node), tool.node)
        state |= {"Output": result(tool, way), "End": True}
        key = json.dumps([state["Retry"], state["Output"], tool.settings.on_error])
        groups.setdefault(key, []).append((tool, state))
    if not groups:
        return Shared()
    most = max(groups.values(), key=len)
    room, kept = _MOST_CHARACTERS, []
    for tool, state in most:
        room -= len(json.dumps(state["Arguments"]))
        if room < 0:
            break
        kept.append((tool, state))
    return Shared([tool for tool, _ in kept], [state for _, state in kept])


def _is_plain(emission: Emission, tool: Tool) -> bool:
    """Return whether a tool is a single node that is a Task and nothing else."""
    graph, node = emission.graph, tool.node
    return (
        isinstance(tool.part, Leaf)
        and not tool.settings.approval
        and graph.kinds[node].name == _PLAIN
        and node not in graph.around
        and not emission.is_lowered(node)
        and failure_port(graph.nodes[node], graph.entries[node]) is None
    )


def _source(value: Any) -> str:
    """Return the JSONata that constructs what a template of a state is evaluated to."""
    if isinstance(value, str):
        return f"({bare(value)})" if value.startswith("{%") else quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {_source(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_source(entry) for entry in value) + "]"
    return quoted(value)
