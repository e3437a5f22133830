"""What is wrong with the tools of agents, and with what nodes ask a model for."""

from collections.abc import Iterator, Mapping
from typing import Final

from stepweave.compiler.check.findings import Finding
from stepweave.compiler.edges import Entries, Incoming, NodeKinds, bodies
from stepweave.compiler.forms import evaluated
from stepweave.compiler.kind import Kind
from stepweave.expressions.from_ai import Asked, Unclear, asked_of_model
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node, Workflow

MOST_TOOLS: Final = 128
"""Of one request (OpenAI API reference, "Create chat completion", `tools`)."""


def problems(workflow: Workflow, incoming: Incoming, entries: Entries, kinds: NodeKinds) -> Iterator[Finding]:
    """Yield what is wrong with the tools of a workflow without other errors of structure.

    Args:
        workflow: the document.
        incoming: its edges, disabled nodes bridged.
        entries: per node, its type.
        kinds: per node, its kind.
    """
    nodes = {node.id: node for node in workflow.nodes}
    inside = bodies(incoming, kinds)
    in_tools: set[str] = set()
    for agent, body in inside.items():
        if kinds[agent].picks:
            in_tools |= body
            yield from _of_agent(nodes, agent, _beginnings(incoming, agent, kinds[agent]), incoming, kinds)
    for node_id in incoming:
        yield from _asked(nodes[node_id], entries, node_id in in_tools)


def _beginnings(incoming: Incoming, agent: str, kind: Kind) -> list[str]:
    """Return the nodes that begin an agent's tools."""
    return [node_id for node_id, edges in incoming.items() if any(source == (agent, kind.body) for _, source in edges)]


def _of_agent(
    nodes: Mapping[str, Node], agent: str, first: list[str], incoming: Incoming, kinds: NodeKinds
) -> Iterator[Finding]:
    if len(first) > MOST_TOOLS:
        yield Finding(
            Diagnostic(
                code="too_many_tools",
                message=f"{nodes[agent].name!r} has {len(first)} tools; models take at most {MOST_TOOLS}.",
                remedy="Give it fewer, or divide the work between several agents.",
                node_id=agent,
            )
        )
    whose: dict[str, str] = {}
    for one in first:
        for node_id in _behind(one, incoming, kinds):
            other = whose.setdefault(node_id, one)
            if other != one:
                yield Finding(_shared(nodes[node_id], nodes[other], nodes[one]), stops=True)
                break
        settings = nodes[one].settings.tool
        parameters = settings.parameters if settings else None
        if parameters is not None and parameters.get("type") != "object":
            yield Finding(
                Diagnostic(
                    code="tool_parameters_invalid",
                    message=f"The parameters of the tool {nodes[one].name!r} are no JSON schema of an object.",
                    remedy='Write {"type": "object", "properties": {...}}, or leave them to $fromAI.',
                    node_id=one,
                    field="settings.tool.parameters",
                )
            )


def _behind(first: str, incoming: Incoming, kinds: NodeKinds) -> set[str]:
    """Return a node and all that it leads to."""
    followers: dict[str, list[str]] = {}
    for node_id, edges in incoming.items():
        for port, (source, _) in edges:
            if port != kinds[node_id].back:
                followers.setdefault(source, []).append(node_id)
    found: set[str] = set()
    waiting = [first]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting += followers.get(node_id, ())
    return found


def _shared(node: Node, one: Node, other: Node) -> Diagnostic:
    return Diagnostic(
        code="tool_shared",
        message=f"{node.name!r} is part of two tools, {one.name!r} and {other.name!r}.",
        remedy="Give each tool nodes of its own: what a tool gives goes back to the agent by itself.",
        node_id=node.id,
    )


def _asked(node: Node, entries: Entries, in_tool: bool) -> Iterator[Finding]:
    found = asked_of_model(evaluated(node.params, entries[node.id].params_schema))
    if found and not in_tool:
        yield Finding(
            Diagnostic(
                code="from_ai_outside",
                message=f"{node.name!r} asks a model for a value with $fromAI, and is no part of an agent's tool.",
                remedy="Connect it to the port 'tools' of an AI agent, or write the value.",
                node_id=node.id,
                field="params",
            )
        )
    for one in found:
        if isinstance(one, Unclear):
            yield Finding(
                Diagnostic(
                    code="from_ai_unclear",
                    message=f"{node.name!r}: {one.message}",
                    remedy="Write it as $fromAI('city', 'The city to look up', 'string').",
                    node_id=node.id,
                    field=f"params.{one.path}",
                )
            )
    yield from _types_differ(node, [one for one in found if isinstance(one, Asked)])


def _types_differ(node: Node, asked: list[Asked]) -> Iterator[Finding]:
    types: dict[str, str] = {}
    for one in asked:
        if types.setdefault(one.name, one.type) != one.type:
            yield Finding(
                Diagnostic(
                    code="from_ai_unclear",
                    message=f"{node.name!r} asks for {one.name!r} as {types[one.name]} and as {one.type}.",
                    remedy="Ask for it with one type, or by two names.",
                    node_id=node.id,
                    field="params",
                )
            )
