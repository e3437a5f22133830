"""Breakpoints of a debug run: which there can be. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.services.compiling import catalogue
from stepweave.expressions import ExpressionSyntax, references
from stepweave.expressions.templates import parse_template
from stepweave.model.workflow import Node, Workflow
from stepweave_data.debugging import template_of

MOST: Final = 200
Sources = Mapping[str, Mapping[str, str]]
"""Node id -> `{"kind": "pinned"}` or `{"kind": "execution", "executionId"}`."""


def checked(document: Workflow, wanted: list[dict[str, Any]], *, given: Sources, field: str) -> list[dict[str, Any]]:
    """Return breakpoints as they are kept: `[{"nodeId" or "edge", "condition"}]`.

    Args:
        document: what runs.
        wanted: the same, as asked for.
        given: the nodes that do not run in it, with where their output is from.
        field: where they stand in the request.

    Raises:
        Refused: `unknown_node`, `cannot_stop_here`, with `errors` that name each one at fault.
    """
    nodes = {node.id: node for node in document.nodes}
    edges = {(edge.source, edge.source_port, edge.target, edge.target_port) for edge in document.edges}
    unknown, wrong = [], []
    for index, one in enumerate(wanted):
        edge, at = one.get("edge"), f"{field}.{index}"
        node_id = edge["target"] if edge else one["nodeId"]
        if edge and (edge["source"], edge["sourcePort"], edge["target"], edge["targetPort"]) not in edges:
            between = " and ".join(_name(nodes, end) for end in (edge["source"], edge["target"]))
            unknown.append({"field": f"{at}.edge", "message": f"There is no edge between {between} at these ports."})
        elif node_id not in nodes:
            unknown.append({"field": f"{at}.nodeId", "message": f"There is no node {node_id!r} in the draft."})
        else:
            wrong += [{"field": at, "message": words} for words in _problems(one, nodes, given)]
    for errors, code in ((unknown, codes.UNKNOWN_NODE), (wrong, codes.CANNOT_STOP_HERE)):
        if errors:
            raise Refused(code, f"{errors[0]['message']} Take the breakpoint away, or move it.", errors)
    return wanted


def _problems(one: Mapping[str, Any], nodes: Mapping[str, Node], given: Sources) -> Iterator[str]:
    edge = one.get("edge")
    for node in [nodes[edge["source"]], nodes[edge["target"]]] if edge else [nodes[one["nodeId"]]]:
        entry = catalogue().get(node.type, node.version)
        is_target = edge is None or node.id == edge["target"]
        if node.settings.disabled:
            yield f"{node.name!r} is disabled: it does not run."
        elif is_target and entry is not None and entry.trigger:
            yield f"{node.name!r} is a trigger: it starts the run, and nothing stops before it."
        elif is_target and given.get(node.id, {}).get("kind") == "pinned":
            yield f"{node.name!r} gives its pinned data: it does not run."
        elif is_target and node.id in given:
            yield f"{node.name!r} gives what it gave in an earlier execution: it does not run."
    text = template_of(one.get("condition") or "")
    try:
        template = parse_template(text)
    except ExpressionSyntax as error:
        yield f"The condition cannot be read: {error.message}"
        return
    if text.strip() and template.single is None:
        yield (
            "The condition is a text with an expression in it, which always holds; "
            "write the whole of it in one pair of braces, or none at all."
        )
    found = references(text)
    if found.names or found.dynamic:
        yield "The condition reads another node; it sees the items that come in here, as $json and $input."


def _name(nodes: Mapping[str, Node], node_id: str) -> str:
    return repr(nodes[node_id].name if node_id in nodes else node_id)
