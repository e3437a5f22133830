"""Random workflows, a deterministic toy behaviour for them, and running them both ways."""

import asyncio
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.model.items import NodeOutput
from stepweave.model.step import STEP_DEFAULTS
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.interpreter import Inputs, Interpreter, NodeFailed
from tests.asl.machine import Machine, TaskFailed
from tests.fakes.catalogue import CATALOGUE

OUTPUTS = {"start": ["main"], "step": ["main"], "maybe": ["main"], "split": ["true", "false"], "pair": ["main"]}


@st.composite
def workflows(draw: st.DrawFn, most: int = 14) -> dict[str, Any]:
    """Draw a workflow: one to three triggers, nodes of all toy types, edges forward only."""
    triggers = draw(st.integers(1, 3))
    count = draw(st.integers(1, most))
    nodes: list[dict[str, Any]] = [_node(f"t{number}", "start") for number in range(triggers)]
    edges: list[dict[str, Any]] = []
    for number in range(count):
        kind = draw(st.sampled_from(["step", "step", "maybe", "maybe", "split", "pair"]))
        settings: dict[str, Any] = {}
        if draw(st.integers(0, 5)) == 0:
            settings = draw(
                st.sampled_from(
                    [{"onError": "continue"}, {"onError": "branch"}, {"alwaysOutput": True}, {"disabled": True}]
                )
            )
        node = _node(f"n{number}", kind, settings)
        for _ in range(draw(st.integers(1, 3))):
            source = draw(st.sampled_from(nodes))
            ports = OUTPUTS[source["type"]] + (["error"] if source["settings"].get("onError") == "branch" else [])
            target_port = draw(st.sampled_from(["left", "right"])) if kind == "pair" else "main"
            edges.append(
                {
                    "id": f"e{len(edges)}",
                    "source": source["id"],
                    "sourcePort": draw(st.sampled_from(ports)),
                    "target": node["id"],
                    "targetPort": target_port,
                }
            )
        nodes.append(node)
    return {"schema": 1, "name": "W", "nodes": nodes, "edges": edges}


def _node(id: str, type: str, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id.upper(), "params": {}, "settings": settings or {}}


@dataclass
class Toy:
    """What nodes do: a function of seed, node and inputs alone. Some fail, some emit nothing on a port."""

    seed: int

    def __post_init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.order: list[str] = []

    def result(self, node_id: str, type: str, settings: dict[str, Any], inputs: Inputs) -> NodeOutput:
        """Return a node's live ports. Raises TaskFailed."""
        self.ran[node_id] += 1
        self.order.append(node_id)
        items = {port: [item for batch in batches for item in batch["items"]] for port, batches in inputs.items()}
        seen = json.dumps({port: found for port, found in sorted(items.items()) if found}, sort_keys=True)
        draw = zlib.crc32(f"{self.seed}/{node_id}/{seen}".encode())
        if draw % 7 == 0 and settings["onError"] != "stop":
            raise TaskFailed("Lambda.Unknown", f"{node_id} broke")
        emitted = {
            port: {"count": 1, "items": [{"json": {"by": node_id, "port": port, "draw": draw}}]}
            for index, port in enumerate(OUTPUTS[type])
            if type in ("step", "pair") or draw >> (8 + index) & 1
        }
        if not emitted and settings.get("alwaysOutput"):
            emitted = {OUTPUTS[type][0]: {"count": 1, "items": [{"json": {}}]}}
        return emitted  # type: ignore[return-value]  # its shape is NodeOutput's


def compiled_of(document: dict[str, Any]) -> Compiled:
    result = compile_workflow(document, CATALOGUE, CompileOptions("p"))
    assert isinstance(result, Compiled), result.diagnostics
    return result


def run_compiled(document: dict[str, Any], seed: int, trigger_id: str) -> tuple[dict[str, NodeOutput], Toy, Machine]:
    """Run the compiled machine and return each node's output, what ran, and the machine."""
    toy = Toy(seed)
    outputs: dict[str, NodeOutput] = {}

    def invoke(function: str, payload: Any) -> Any:
        node = payload["node"]
        assert function == f"p-node-{node['type']}-v1"
        output = toy.result(node["id"], node["type"], {**STEP_DEFAULTS, **payload}["settings"], payload["inputs"])
        outputs[node["id"]] = output
        return {"output": output}

    machine = Machine(compiled_of(document).definition, invoke)  # type: ignore[arg-type]  # a dict in fact
    machine.run(execution_input(trigger_id))
    return outputs, toy, machine


def run_interpreted(document: dict[str, Any], seed: int, trigger_id: str) -> tuple[dict[str, NodeOutput], Toy]:
    """Run the reference interpreter and return each node's own output, and what ran."""
    toy = Toy(seed)
    outputs: dict[str, NodeOutput] = {}

    async def run_node(node: Node, inputs: Inputs) -> NodeOutput:
        settings = {"onError": node.settings.on_error.value, "alwaysOutput": node.settings.always_output}
        try:
            outputs[node.id] = toy.result(node.id, node.type, settings, inputs)
        except TaskFailed as failure:
            raise NodeFailed({"type": failure.error, "message": failure.cause}) from None
        return outputs[node.id]

    interpreter = Interpreter(Workflow.model_validate(document), CATALOGUE, run_node)
    trigger = execution_input(trigger_id)["trigger"]
    asyncio.run(interpreter.run(trigger_id, trigger["output"]))
    return outputs, toy


def execution_input(trigger_id: str) -> dict[str, Any]:
    output = {"main": {"count": 1, "items": [{"json": {"from": trigger_id}}]}}
    return {"context": {"executionId": "e"}, "trigger": {"nodeId": trigger_id, "output": output}}
