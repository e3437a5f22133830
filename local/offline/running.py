"""Runs a workflow through the reference interpreter with the nodes' real behaviours."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local.offline.steps import CannotRun, NetworkRefused, NobodyAnswers, Steps, phases_of
from stepweave.compiler.analyse.references import read_by
from stepweave.model.events import ExecutionContext
from stepweave.model.items import Item, NodeOutput
from stepweave.model.lineage import without
from stepweave.model.step import StepResult
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.errors import NodeError
from stepweave.runtime.interpreter import Calls, Inputs, Interpreter, NodeFailed, Run, Turn
from stepweave.runtime.interpreter.values import TakeTurn
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.node import TriggerKind

UNLIMITED: Final = 1 << 40
"""Items of any size stay inline: nothing is carried by a state machine here."""
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""Stands for the ids of a tenant, a workflow and an execution, of which there are none here."""


@dataclass
class Outcome:
    """What a run left.

    Attributes:
        runs: per node id and round ("" outside loops) the items by port; None for a node that did not run.
        error: why the run ended early, with the `node` (its name) where it is known; None where it did not.
    """

    runs: dict[tuple[str, str], dict[str, list[Item]] | None] = field(default_factory=dict)
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Partly:
    """A run of a part of a workflow, as `CompileOptions` has it; `seed` gives the outputs of the nodes it names."""

    fired: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    until: str | None = None
    seed: Mapping[str, NodeOutput | None] = field(default_factory=dict)


WHOLE: Final = Partly()


async def _no_model(node: Node, turn: Turn, run: Run) -> Calls:
    raise NetworkRefused(node.name, "AI agent")


def run_workflow(
    workflow: Workflow,
    catalogue: Catalogue,
    trigger_id: str,
    items: list[Item],
    partly: Partly = WHOLE,
    turn: TakeTurn = _no_model,
) -> Outcome:
    """Run a workflow that compiles; nodes with pinned output do not run.

    Args:
        workflow: the document.
        catalogue: its node types.
        trigger_id: the trigger that fires.
        items: what it starts with.
        partly: which part of it runs, on what data.
        turn: what agents' turns give; without it they cannot run, as there is no model.
    """
    return asyncio.run(Running(workflow, catalogue, partly, turn).run(trigger_id, items))


class Running:
    """One run. Who gives other answers than the nodes' own overrides `_node` and `turn`."""

    def __init__(self, workflow: Workflow, catalogue: Catalogue, partly: Partly, turn: TakeTurn) -> None:
        self.workflow = workflow
        self.catalogue = catalogue
        self.partly = partly
        self.turn = turn
        self.steps = Steps()
        self.trigger: TriggerKind | None = None
        self.ids = {node.name: node.id for node in workflow.nodes}

    async def run(self, trigger_id: str, items: list[Item]) -> Outcome:
        """Run from a trigger with some items."""
        self.trigger = self._entry(next(node for node in self.workflow.nodes if node.id == trigger_id)).trigger
        triggers = {node.id for node in self.workflow.nodes if self._entry(node).trigger}
        saved: dict[str, NodeOutput | None] = {
            node.id: batches_of(node.pinned)
            for node in self.workflow.nodes
            if node.pinned is not None and node.id not in triggers | self.partly.fired
        }
        seed = {**saved, **self.partly.seed}
        meaning = Interpreter(
            self.workflow,
            self.catalogue,
            self._node,
            until=self._until,
            split=self._split,
            turn=self.turn,
            fired=self.partly.fired,
            pinned=frozenset(saved) | self.partly.pinned,
            last=self.partly.until,
            noted=frozenset(node.id for node in self.workflow.nodes if not node.settings.disabled),
            sleep=_at_once,
        )
        outcome = Outcome()
        try:
            await meaning.run(trigger_id, batches_of({"main": items}), seed)
        except NodeFailed as failure:
            outcome.error = {**failure.error, "node": failure.node.name if failure.node else None}
        except CannotRun as error:
            outcome.error = {"type": type(error).__name__, "message": str(error), "node": error.node}
        outcome.runs = {
            run: None if output is None else {port: without(batch["items"]) for port, batch in output.items()}
            for run, output in meaning.runs.items()
        }
        return outcome

    async def _node(self, node: Node, inputs: Inputs, run: Run) -> NodeOutput:
        entry = self._entry(node)
        if entry.waits(node.params):
            raise NobodyAnswers(node.name, entry.name)
        payload = self._payload(node, inputs, run)
        output: NodeOutput = {}
        for phase in phases_of(node.type, node.version):  # whatever it waits for between two is over at once
            result = self._step(payload | {"phase": phase}, node)
            output = result["output"]
            if "wait" not in result:
                break  # it has nothing to wait for, or no more
        return output

    async def _until(self, node: Node, items: list[Item], number: int, run: Run) -> bool:
        """Whether a loop has what it waits for, by its own behaviour after one round of many."""
        payload = self._payload(node, {"back": [{"count": len(items), "items": items}]}, run)
        params = {**node.params, "mode": "repeat", "gather": False, "maxRounds": number + 2}
        settings = {**payload["settings"], "onError": "stop"}  # what fails here is the loop's to deal with
        payload |= {"params": params, "phase": "turn", "loop": {"round": number}, "settings": settings}
        return "done" in self._step(payload, node)["output"]

    async def _split(self, node: Node, items: list[Item], run: Run) -> list[list[Item]]:
        """Return the batches of a loop, by its own behaviour where it has all of them at once."""
        payload = self._payload(node, {"main": [{"count": len(items), "items": items}]}, run)
        limits = {"inlineRounds": UNLIMITED, "distributed": False}
        payload |= {"params": {**node.params, "mode": "each"}, "phase": "split", "loop": limits}
        batches: list[list[Item]] = self._step(payload, node)["batches"]["items"]
        return batches

    def _step(self, payload: dict[str, Any], node: Node) -> StepResult:
        try:
            return self.steps.run(payload)
        except NodeError as error:
            raise NodeFailed(error.to_json()) from None

    def _payload(self, node: Node, inputs: Inputs, run: Run) -> dict[str, Any]:
        retry = node.settings.retry
        settings: dict[str, Any] = {
            "onError": node.settings.on_error.value,
            "maxAttempts": 1 + (retry.max_attempts if retry else 0),
            "executeOnce": node.settings.execute_once,
            "alwaysOutput": node.settings.always_output,
        }
        if node.settings.timeout_seconds:
            settings["timeoutSeconds"] = node.settings.timeout_seconds
        return {
            "context": self._context,
            "node": {"id": node.id, "name": node.name, "type": node.type, "version": node.version},
            "params": node.params,
            "settings": settings,
            "inputs": dict(inputs),
            "refs": self._refs(node, run.outputs),
            "paired": self.ids,
            "attempt": run.attempt,
            "inlineLimit": UNLIMITED,
            "iteration": run.iteration,
        }

    def _refs(self, node: Node, outputs: Mapping[str, NodeOutput | None]) -> dict[str, NodeOutput | None]:
        wanted = read_by(node, self._entry(node))
        names = set(wanted.names)
        if wanted.dynamic:
            names |= {name for name, node_id in self.ids.items() if node_id in outputs}
        return {name: outputs.get(self.ids[name]) for name in sorted(names) if name in self.ids}

    @property
    def _context(self) -> ExecutionContext:
        kind: Any = self.trigger.value if self.trigger else "manual"
        return {
            "tenantId": NOBODY,
            "executionId": NOBODY,
            "workflowId": NOBODY,
            "workflowName": self.workflow.name,
            "workflowVersion": None,
            "trigger": kind,
            "mode": "draft",
            "startedAt": "2000-01-01T00:00:00.000Z",
            "timeZone": self.workflow.settings.time_zone,
        }

    def _entry(self, node: Node) -> CatalogueEntry:
        entry = self.catalogue.get(node.type, node.version)
        if entry is None:
            raise LookupError(f"there is no node type {node.type!r} version {node.version}")
        return entry


def batches_of(items: Mapping[str, list[Item]]) -> NodeOutput:
    """Return items by port as an output: a port without any is dead."""
    return {port: {"count": len(found), "items": found} for port, found in items.items() if found}


async def _at_once(seconds: float) -> None:
    """Wait for nothing: a test's retries come at once."""
