"""Runs a workflow with an agent as its compiled machine: the agent's real function against a server that is a model."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from functions.nodes.ai.agent.run import run as run_agent
from functions.nodes.ai.agent.spec import SPEC
from functions.nodes.catalogue import catalogue
from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.model.items import Batch
from stepweave.model.step import STEP_DEFAULTS
from stepweave.runtime.errors import NodeError, in_words
from stepweave.runtime.running import run_step
from stepweave.runtime.scope import StepScope
from tests.asl.machine import Machine, TaskFailed
from tests.fakes.steps import TENANT, Outside, context

Does = Callable[[dict[str, Any]], Any]
"""What a tool does with the fields of its node, expressions evaluated: gives JSON data. Raises NodeError."""
Decides = Callable[[dict[str, Any]], Any]
"""What a person says of a wait: the arguments to go on with, or what fails the wait (`TaskFailed`)."""


def node(id: str, type: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    name = id.capitalize()
    return {"id": id, "type": type, "version": 1, "name": name, "params": params or {}, **more}


def tool(id: str, url: str = "https://x.example", **settings: Any) -> dict[str, Any]:
    """A tool of one HTTP request; what `AgentRun.does` has for its id is what it does."""
    more = {"settings": {"tool": settings}} if settings else {}
    return node(id, "http_request", {"url": url}, **more)


def workflow(agent: dict[str, Any], tools: list[list[dict[str, Any]]], **settings: Any) -> dict[str, Any]:
    """A trigger, an agent, its tools, each a chain of nodes, and what comes after it."""
    params = {"credential": "openai", "model": "small", "prompt": "{{ $json.ask }}", **agent}
    nodes = [node("start", "manual_trigger"), node("agent", "agent", params, settings=settings)]
    edges = [("start", "main", "agent")]
    for chain in tools:
        before = ("agent", "tools")
        for one in chain:
            nodes.append(one)
            edges.append((*before, one["id"]))
            before = (one["id"], "main")
    made = [
        {"id": f"e{at}", "source": source, "sourcePort": port, "target": target, "targetPort": "main"}
        for at, (source, port, target) in enumerate(edges)
    ]
    return {"schema": 1, "name": "W", "nodes": nodes, "edges": made}


@dataclass
class AgentRun:
    """Runs agents, and keeps what was said and called.

    Attributes:
        does: per tool node, what it does.
        decides: what people say when they are asked.
        breaks: raised by the agent's function instead of its answer, one for each turn; None lets it be.
    """

    outside: Outside = field(default_factory=Outside)
    does: dict[str, Does] = field(default_factory=dict)
    decides: Decides = lambda waiting: {"output": {"approved": waiting["resume"]["input"]}, "decision": {}}
    breaks: list[Exception | None] = field(default_factory=list)
    called: list[tuple[str, Any]] = field(default_factory=list)
    iterations: list[str] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    tool_payloads: list[dict[str, Any]] = field(default_factory=list)
    execution: str = context()["executionId"]
    origin: str = ""

    def __call__(self, document: dict[str, Any], *items: dict[str, Any]) -> Any:
        """Run a workflow and return the agent's output: port -> JSON of its items. Raises TaskFailed."""
        compiled = compile_workflow(document, catalogue(), CompileOptions("p"))
        assert isinstance(compiled, Compiled), compiled.diagnostics
        nested = {part.placeholder: part.definition for part in compiled.machines}
        self.machine = Machine(compiled.definition, self._invoke, nested)
        self.output: Any = None
        trigger = {"nodeId": "start", "output": {"main": _batch(*(items or ({"ask": "What is it?"},)))}}
        who = {**context(), "executionId": self.execution, **({"origin": self.origin} if self.origin else {})}
        self.machine.run({"context": who, "trigger": trigger})
        return self.output

    def _invoke(self, function: str, payload: dict[str, Any]) -> Any:
        whole: Any = {**STEP_DEFAULTS, **payload}
        json.dumps(whole)
        if whole["node"]["type"] == "agent":
            return self._agent(whole)
        return self._tool(whole)

    def _agent(self, payload: Any) -> Any:
        self.payloads.append(payload)
        try:
            result: Any = run_step(SPEC, run_agent, payload, self.outside.services, seconds=60)
        except NodeError as error:
            raise TaskFailed(type(error).__name__, _cause(error, payload)) from None
        if payload["taskToken"]:
            return self.decides(self.outside.of("node.waiting")[-1]["waiting"])
        if self.breaks and (broken := self.breaks.pop(0)) is not None:
            raise broken
        if "talk" not in result:
            self.output = {
                port: [one["json"] for one in self.outside.claims.fetch(batch, TENANT)]
                for port, batch in result["output"].items()
            }
        return result

    def _tool(self, payload: Any) -> Any:
        self.tool_payloads.append(payload)
        batches = payload["inputs"]["main"]
        found = [one for batch in batches for one in self.outside.claims.fetch(batch, TENANT)]
        scope = StepScope(payload, found, self.outside.claims)
        node_id = payload["node"]["id"]
        try:
            fields = {name: scope.evaluate(value, 0, name) for name, value in payload["params"].items()}
            self.called.append((node_id, fields.get("url")))
            self.iterations.append(payload["iteration"])
            given = self.does[node_id]({**found[0]["json"], **fields}) if node_id in self.does else {"from": node_id}
        except NodeError as error:
            raise TaskFailed(type(error).__name__, _cause(error, payload)) from None
        return {"output": {"main": _batch(*(given if isinstance(given, list) else [given]))}}


def _cause(error: NodeError, payload: Any) -> str:
    return json.dumps({"errorType": type(error).__name__, "errorMessage": in_words(error, payload["node"])})


def _batch(*data: dict[str, Any]) -> Batch:
    return {"count": len(data), "items": [{"json": one} for one in data]}
