"""Writes parts that are machines of their own, because one would be too large for a definition or a history.

A nested machine is started and waited for by the state that stands in its place. It sees nothing of the machine around
it but what its input carries, and returns the results that somebody outside reads.
"""

from typing import Final

from stepweave.compiler.analyse.liveness import Status
from stepweave.compiler.analyse.structure import Nested
from stepweave.compiler.emit.branches import inside
from stepweave.compiler.emit.emission import Emission, Part
from stepweave.compiler.emit.scope import Scope, State, Way, lead, met
from stepweave.compiler.literals import expression
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.limits import exports

START_AND_WAIT: Final = "arn:aws:states:::states:startExecution.sync:2"


def placeholder(number: int) -> str:
    """Return what stands for the ARN of a nested machine until it is published."""
    return f"${{part{number}}}"


def write_nested(emission: Emission, scope: Scope, tree: Nested, ways: list[Way]) -> list[Way]:
    """Write a part as a machine of its own, and the Task that runs it behind `ways`; return the ways out."""
    mask = tree.mask
    going = [way for way in ways if emission.status(way.facts, mask) is not Status.DEAD]
    passing = [way for way in ways if way not in going]
    for way in passing:
        way.facts = emission.liveness.skip(way.facts, mask)
    if not going:
        return passing
    facts = met(going)
    exported = list(bits(exports(emission.graph, tree.part, emission.reading, emission.kept)))
    inner = Scope(emission.graph.closed(mask), scope.names, scope.node_names, scope, detached=True)
    if scope.iteration:
        inner.iteration = "$states.input.iteration"
    known = inside(emission, inner, tree.part, facts, exported)
    number = len(emission.machines)
    definition = {"QueryLanguage": "JSONata", "StartAt": inner.start["StartAt"], "States": inner.states}
    emission.machines.append(Part(placeholder(number), definition))
    state: State = {
        "Type": "Task",
        "Resource": START_AND_WAIT,
        "Arguments": {"StateMachineArn": placeholder(number), "Input": inner.input(facts)},
        "Output": scope.passed_on,
    }
    if exported:
        state["Assign"] = {
            scope.variable(node): expression(f"$states.result.Output.{inner.variable(node)}") for node in exported
        }
    lead(going, scope.add(f"{emission.first_name(mask)} and what follows", state))
    return [*passing, Way(state, "Next", facts.join(known))]
