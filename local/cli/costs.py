"""What an execution costs: transitions and invocations where every node runs once, in US dollars of us-east-1.

List prices without free tiers, from the pages named beside them: compare before a budget depends on them. A bill has
data transfer, S3, SQS and logs besides; they are nearly the same with and without lowering.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.compiler import Compiled
from stepweave.model.workflow import Workflow
from stepweave.spec.catalogue import Catalogue

TRANSITION: Final = 0.025 / 1000
"""Standard workflows, per state transition (aws.amazon.com/step-functions/pricing)."""
EXPRESS_REQUEST: Final = 1.00 / 1_000_000
EXPRESS_GB_SECOND: Final = 0.00001667
"""Express workflows, the first 1,000 hours (aws.amazon.com/step-functions/pricing)."""
EXPRESS_GB: Final = 64 / 1024
"""The least that an Express execution is charged for."""
LAMBDA_REQUEST: Final = 0.20 / 1_000_000
LAMBDA_GB_SECOND: Final = 0.0000166667
"""Lambda on x86 (aws.amazon.com/lambda/pricing)."""
STEP_SECONDS: Final = 0.1
"""Assumed for an invocation: a warm function with little to do. A call that waits for a server takes longer."""

_LAMBDA: Final = "arn:aws:states:::lambda:invoke"
_NESTED: Final = "arn:aws:states:::states:startExecution"


@dataclass(frozen=True)
class Cost:
    """Of one execution."""

    type: str
    transitions: int
    invocations: int
    gb_seconds: float

    @property
    def usd_per_1000(self) -> float:
        """US dollars for a thousand of them."""
        machine = self.transitions * TRANSITION
        if self.type == "EXPRESS":
            machine = EXPRESS_REQUEST + self.invocations * STEP_SECONDS * EXPRESS_GB * EXPRESS_GB_SECOND
        return 1000 * (machine + self.invocations * LAMBDA_REQUEST + self.gb_seconds * LAMBDA_GB_SECOND)

    def to_json(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "transitions": self.transitions,
            "invocations": self.invocations,
            "usdPer1000": round(self.usd_per_1000, 6),
        }


def cost_of(compiled: Compiled, catalogue: Catalogue, prefix: str) -> Cost:
    """Return what an execution costs in which every node runs once, every loop goes round once and nothing fails."""
    memory = {f"{prefix}-{entry.function_name}": entry.memory_mb / 1024 for entry in catalogue if entry.has_function}
    nested = {part.placeholder: part.definition for part in compiled.machines}
    walk = _Walk(memory, nested)
    walk.machine(compiled.definition)
    return Cost(compiled.type, walk.transitions, walk.invocations, walk.gb_seconds)


@dataclass
class _Walk:
    """Goes through a definition, at each Choice along the first rule that leads to a state not seen yet."""

    memory: Mapping[str, float]
    nested: Mapping[str, Mapping[str, Any]]
    transitions: int = 0
    invocations: int = 0
    gb_seconds: float = 0.0

    def machine(self, machine: Mapping[str, Any]) -> None:
        seen: set[str] = set()
        name: str | None = machine["StartAt"]
        while name is not None:
            seen.add(name)
            state = machine["States"][name]
            self.transitions += 1
            self._inside(state)
            name = _next(state, seen)

    def _inside(self, state: Mapping[str, Any]) -> None:
        resource = str(state.get("Resource", ""))
        if resource.startswith(_LAMBDA):
            self.invocations += 1
            self.gb_seconds += STEP_SECONDS * self.memory.get(state["Arguments"]["FunctionName"], 0.25)
        elif resource.startswith(_NESTED) and state["Arguments"]["StateMachineArn"] in self.nested:
            self.machine(self.nested[state["Arguments"]["StateMachineArn"]])
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            self.machine(inner)


def _next(state: Mapping[str, Any], seen: set[str]) -> str | None:
    if state["Type"] != "Choice":
        following: str | None = state.get("Next")
        if following in seen:  # of a round that ends by a catcher
            return next((caught["Next"] for caught in state.get("Catch", ()) if caught["Next"] not in seen), None)
        return following
    ways: list[str] = [rule["Next"] for rule in state["Choices"]]
    return next((way for way in ways if way not in seen), str(state["Default"]))


def report(
    workflow: Workflow, compiled: Compiled, every_function: Compiled, catalogue: Catalogue, prefix: str
) -> dict[str, Any]:
    """Return what was lowered, and what an execution costs before and after.

    Args:
        workflow: the document.
        compiled: the machine.
        every_function: the machine with a function for each node.
        catalogue: the node types.
        prefix: of the functions' names.
    """
    names = {node.id: node for node in workflow.nodes}
    nodes = [
        {"id": id, "name": names[id].name, "type": names[id].type, "lowered": reason is None, "reason": reason}
        for id, reason in compiled.lowering.items()
    ]
    costs = {"before": every_function, "after": compiled}
    return {"nodes": nodes, **{when: cost_of(one, catalogue, prefix).to_json() for when, one in costs.items()}}


def lines(found: Mapping[str, Any]) -> list[str]:
    """Return a report as lines for people."""
    told = [
        f"{'without a function' if node['lowered'] else 'function':<20}{node['name']}"
        + (f": {node['reason']}" if node["reason"] else "")
        for node in found["nodes"]
    ]
    for title, cost in (("a function for each node", found["before"]), ("as compiled", found["after"])):
        told.append(
            f"{title}: {cost['transitions']} transitions, {cost['invocations']} invocations, "
            f"USD {cost['usdPer1000']:.4f} per 1,000 executions"
        )
    return told
