"""What a graph means (DESIGN section 6), as code: the reference that every compiled machine must agree with.

Pure and in-process: it knows nothing of AWS, items' contents or expressions. What a node does is given to it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stepweave.model.items import Batch, NodeOutput
from stepweave.model.workflow import Node, OnError, Workflow
from stepweave.spec.catalogue import Catalogue, CatalogueEntry

ERROR_PORT = "error"
Inputs = Mapping[str, list[Batch]]
"""Input port -> the batches of its live edges, in edge order."""
RunNode = Callable[[Node, Inputs], Awaitable[NodeOutput]]
"""What a node does: inputs to live output ports. Raises NodeFailed."""


class NodeFailed(Exception):
    """A node failed, its retries used up. `error` is what an error item holds."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True)
class Interpreter:
    """Runs one workflow."""

    workflow: Workflow
    catalogue: Catalogue
    run_node: RunNode

    async def run(self, trigger_id: str, output: NodeOutput) -> dict[str, NodeOutput | None]:
        """Run from a trigger and return each node's output; None for a node that did not run.

        Raises:
            NodeFailed: a node failed whose errors stop the execution.
        """
        runs: dict[str, asyncio.Task[NodeOutput | None]] = {}

        async def outcome(node: Node) -> NodeOutput | None:
            if self._entry(node).trigger:
                return output if node.id == trigger_id and not node.settings.disabled else None
            inputs: dict[str, list[Batch]] = {}
            for edge in self.workflow.edges:
                if edge.target == node.id:
                    source = await runs[edge.source]
                    if source is not None and edge.source_port in source:
                        inputs.setdefault(edge.target_port, []).append(source[edge.source_port])
            # Every edge is resolved here. A node whose edges are all dead is skipped; all others run once.
            return await self._run(node, inputs) if inputs else None

        async with asyncio.TaskGroup() as together:
            for node in self.workflow.nodes:
                runs[node.id] = together.create_task(outcome(node))
        return {node_id: run.result() for node_id, run in runs.items()}

    async def _run(self, node: Node, inputs: Inputs) -> NodeOutput | None:
        entry = self._entry(node)
        if node.settings.disabled:
            return self._passed_through(entry, inputs)
        try:
            result = await self.run_node(node, inputs)
        except NodeFailed as failure:
            if node.settings.on_error is OnError.STOP or not entry.outputs:
                raise
            branch = node.settings.on_error is OnError.BRANCH
            return {ERROR_PORT if branch else entry.outputs[0].name: _one({"error": failure.error})}
        if not result and node.settings.always_output and entry.outputs:
            return {entry.outputs[0].name: _one({})}
        return result

    def _passed_through(self, entry: CatalogueEntry, inputs: Inputs) -> NodeOutput | None:
        """A disabled node hands the items of its first input on to its first output."""
        if not entry.inputs or not entry.outputs or entry.inputs[0].name not in inputs:
            return None
        items = [item for batch in inputs[entry.inputs[0].name] for item in batch["items"]]
        return {entry.outputs[0].name: {"count": len(items), "items": items}}

    def _entry(self, node: Node) -> CatalogueEntry:
        entry = self.catalogue.get(node.type, node.version)
        if entry is None:
            raise LookupError(f"there is no node type {node.type!r} version {node.version}")
        return entry


def _one(json: dict[str, Any]) -> Batch:
    return {"count": 1, "items": [{"json": json}]}
