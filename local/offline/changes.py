"""What of a workflow was changed since it ran, and what of an output is the same. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local.offline.testing import comparable
from stepweave.model.items import Item
from stepweave.model.workflow import Node, Workflow

Ports = Mapping[str, list[Item]]


def same(before: Ports, after: Ports) -> bool:
    """Whether two outputs are the same to who reads them."""
    return _compared(before) == _compared(after)


def _compared(output: Ports) -> dict[str, list[dict[str, Any]]]:
    return {port: [comparable(item) for item in items] for port, items in output.items() if items}


def pairs(node: Node) -> bool:
    """Whether a node's expressions may read items of other nodes one by one."""
    text = json.dumps(node.params)
    return any(mark in text for mark in (".item", "$node[", "itemMatching"))


def changed(before: Workflow, after: Workflow) -> Iterable[str]:
    """Return the nodes that do something else than they did, or get it from elsewhere."""
    known = {node.id: node for node in before.nodes}
    for node in after.nodes:
        old = known.get(node.id)
        if old is None or _does(old) != _does(node) or _into(before, node.id) != _into(after, node.id):
            yield node.id


def _does(node: Node) -> tuple[Any, ...]:
    return node.type, node.version, node.params, node.settings


def _into(workflow: Workflow, node_id: str) -> list[tuple[str, str, str]]:
    edges = (edge for edge in workflow.edges if edge.target == node_id)
    return [(edge.source, edge.source_port, edge.target_port) for edge in edges]
