"""Runs golden cases: the compiled machine with the nodes' real behaviours, and the reference interpreter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.cli.catalogue import load_catalogue
from local.offline.running import NOBODY, Outcome, batches_of, run_workflow
from local.offline.steps import Steps
from local.offline.testing import items_of, trigger_of
from stepweave.compiler import Compiled
from stepweave.model.items import Batch, Item
from stepweave.model.lineage import without
from stepweave.model.workflow import Node
from stepweave.runtime.errors import NodeError, in_words
from stepweave.runtime.interpreter import Calls, Run, Turn
from tests.asl.machine import Machine, TaskFailed
from tests.core.compiler.agents import calls_of, step_of
from tests.golden.cases import Case

Outputs = dict[tuple[str, str], dict[str, list[Item]]]
"""Node id and round -> items by port, of nodes that ran."""


@dataclass
class Ran:
    """A run of a compiled machine."""

    outputs: Outputs = field(default_factory=dict)
    invocations: int = 0
    transitions: int = 0
    events: int = 0
    cut_off: bool = False
    """Whether states were ended by a failure beside them. The tests' machine runs branches one after the other."""
    error: str | None = None
    output: Any = None


def interpreted(case: Case) -> Outcome:
    """Run a case through the interpreter."""
    start, items = _start(case)
    if case.agents is None:
        return run_workflow(case.workflow, load_catalogue(), start.id, items, case.partly)
    seed = case.agents

    async def turn(node: Node, turn: Turn, run: Run) -> Calls:
        tools = [edge.target for edge in case.workflow.edges if (edge.source, edge.source_port) == (node.id, "tools")]
        return calls_of(seed, (node.id, run.iteration), turn, tools)

    return run_workflow(case.workflow, load_catalogue(), start.id, items, case.partly, turn)


def execution_input(case: Case) -> dict[str, Any]:
    """Return the input of the execution that runs a case."""
    start, items = _start(case)
    entry = load_catalogue().get(start.type, start.version)
    context = {
        "tenantId": NOBODY,
        "executionId": NOBODY,
        "workflowId": NOBODY,
        "workflowName": case.workflow.name,
        "workflowVersion": None,
        "trigger": entry.trigger.value if entry and entry.trigger else "manual",
        "mode": "draft",
        "startedAt": "2000-01-01T00:00:00.000Z",
        "timeZone": case.workflow.settings.time_zone,
    }
    trigger = {"nodeId": start.id, "output": batches_of({"main": items})}
    return {"context": context, "trigger": trigger, "seed": dict(case.partly.seed)}


def compiled_run(case: Case, compiled: Compiled) -> Ran:
    """Run a case's machine."""
    ran = Ran()
    functions = _Functions(case, ran)
    nested = {part.placeholder: part.definition for part in compiled.machines}
    machine = Machine(compiled.definition, functions, nested)
    functions.objects = machine.objects
    try:
        ran.output = machine.run(execution_input(case))
    except TaskFailed as failure:
        ran.error = failure.error
    ran.transitions, ran.events = machine.transitions, machine.events
    for native in (ran.output or {}).get("native", ()):
        functions.told(native["id"], "", native["output"])
    return ran


class _Functions:
    """The node functions. A node with pinned output answers with that, as if its server did."""

    def __init__(self, case: Case, ran: Ran) -> None:
        self.pinned = {node.id: batches_of(node.pinned) for node in case.workflow.nodes if node.pinned is not None}
        self.agents = case.agents
        self.steps = Steps()
        self.ran = ran
        self.objects: Mapping[str, Any] = {}

    def __call__(self, function: str, payload: dict[str, Any]) -> Any:
        node, iteration = payload["node"], payload.get("iteration", "")
        self.ran.invocations += 1
        for native in payload.get("native", ()):
            self.told(native["id"], iteration, native["output"])
        if node["id"] in self.pinned:
            self.told(node["id"], iteration, self.pinned[node["id"]])
            return {"output": self.pinned[node["id"]]}
        result: Any
        try:
            if self.agents is not None and node["type"] == "agent":
                result = step_of(self.agents, payload, self._items)
            else:
                result = self.steps.run(payload)
        except NodeError as error:
            cause = {"errorType": type(error).__name__, "errorMessage": in_words(error, node)}
            raise TaskFailed(cause["errorType"], json.dumps(cause)) from None
        if not result.keys() & {"batches", "round", "wait", "decision"}:
            self.told(node["id"], iteration, result["output"])
        return json.loads(json.dumps(result))

    def _items(self, batches: list[Batch]) -> list[Item]:
        return [item for batch in batches for item in self.steps.claims.fetch(batch, NOBODY)]

    def told(self, node_id: str, iteration: str, output: Any) -> None:
        """Record a node's run."""
        items = {port: without(self.steps.claims.fetch(batch, NOBODY)) for port, batch in output.items()}
        self.ran.outputs[node_id, iteration] = items


def _start(case: Case) -> tuple[Node, list[Item]]:
    start = trigger_of(case.workflow, load_catalogue(), case.run.get("trigger"))
    return start, case.run.get("items") or items_of(start)


def told(case: Case, runs: Mapping[tuple[str, str], dict[str, list[Item]] | None]) -> Outputs:
    """Return the runs that a step or a native state tells of: not triggers', disabled nodes' or given ones."""
    entries = load_catalogue()
    silent = (
        {
            node.id
            for node in case.workflow.nodes
            if node.settings.disabled or ((entry := entries.get(node.type, node.version)) and entry.trigger)
        }
        | case.partly.fired
        | case.partly.pinned
    )
    return {run: output for run, output in runs.items() if output is not None and run[0] not in silent}
