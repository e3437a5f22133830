"""The tools of an agent: what its port `tools` leads to, and what a model is told of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.structure import Tree, branches
from stepweave.compiler.forms import evaluated
from stepweave.compiler.masks import bits
from stepweave.expressions.from_ai import Asked, asked_of_model, schema_of
from stepweave.model.step import AgentTool
from stepweave.model.workflow import ToolSettings

_NOT_IN_NAMES: Final = re.compile(r"[^a-zA-Z0-9_-]+")
_LONGEST_NAME: Final = 60
"""Of 64 that OpenAI and Anthropic take; the rest is for what tells two of one name apart."""


@dataclass(frozen=True)
class Tool:
    """A tool: the node that begins it, its nodes in their order, and what a model is told of it."""

    node: int
    part: Tree
    told: AgentTool
    settings: ToolSettings


def tools_of(graph: Graph, agent: int, body: Tree | None) -> list[Tool]:
    """Return an agent's tools, in the order of their nodes.

    Args:
        graph: the nodes.
        agent: its number.
        body: the order of the steps behind its port, a part for each tool.
    """
    found: list[Tool] = []
    names: set[str] = set()
    for part in branches(body):
        first = next(node for node in bits(part.mask) if _begins(graph, agent, node))
        document = graph.nodes[first]
        settings = document.settings.tool or ToolSettings()
        name = tool_name(document.name, names)
        names.add(name)
        told: AgentTool = {
            "node": document.id,
            "name": name,
            "description": settings.description or graph.entries[first].summary,
            "parameters": settings.parameters or _schema(graph, graph.closed(part.mask)),
        }
        if settings.approval:
            told["approval"] = True
        found.append(Tool(first, part, told, settings))
    return found


def tool_name(node_name: str, taken: set[str]) -> str:
    """Return the name that a model calls a tool by: the node's in letters, digits, _ and -, unlike those taken."""
    name = _NOT_IN_NAMES.sub("_", node_name).strip("_")[:_LONGEST_NAME] or "tool"
    count, found = 1, name
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


def asks_model(graph: Graph, node: int) -> bool:
    """Return whether a node asks a model for a value."""
    return bool(asked_of_model(evaluated(graph.nodes[node].params, graph.entries[node].params_schema)))


def _begins(graph: Graph, agent: int, node: int) -> bool:
    return any(graph.ports[port][0] == agent for port in bits(graph.in_ports[node]))


def _schema(graph: Graph, nodes: int) -> dict[str, Any]:
    """Return the schema of what nodes ask for; those in tools of an agent among them ask that one."""
    for agent, body in graph.bodies.items():
        if graph.kinds[agent].picks and nodes >> agent & 1:
            nodes &= ~body
    return schema_of(list(_asked(graph, nodes)))


def _asked(graph: Graph, nodes: int) -> Iterator[Asked]:
    for node in bits(nodes):
        for one in asked_of_model(evaluated(graph.nodes[node].params, graph.entries[node].params_schema)):
            if isinstance(one, Asked):
                yield one
