"""Machines that are too large for one definition or one history: parts of them become machines of their own.

A nested machine is started and waited for by the state that stands in its place. It sees nothing of the machine around
it but what its input carries, and returns the results that somebody outside reads.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stepweave.compiler.graph import Graph, bits
from stepweave.compiler.limits import exports
from stepweave.compiler.literals import expression
from stepweave.compiler.liveness import Status
from stepweave.compiler.scope import Scope, State, Way, lead, met
from stepweave.compiler.structure import Fork, Leaf, Nested, Series, Tree

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter

START_AND_WAIT: Final = "arn:aws:states:::states:startExecution.sync:2"


@dataclass(frozen=True)
class Part:
    """A nested machine. `placeholder` stands for its ARN in the definitions that start it."""

    placeholder: str
    definition: dict[str, Any]


def placeholder(number: int) -> str:
    """Return what stands for the ARN of a nested machine until it is published."""
    return f"${{part{number}}}"


def nested(emitter: "Emitter", scope: Scope, tree: Nested, ways: list[Way]) -> list[Way]:
    """Emit a part as a machine of its own, and the Task that runs it behind `ways`; return the ways out."""
    mask = tree.mask
    going = [way for way in ways if emitter.status(way.facts, mask) is not Status.DEAD]
    passing = [way for way in ways if way not in going]
    for way in passing:
        way.facts = emitter.liveness.skip(way.facts, mask)
    if not going:
        return passing
    facts = met(going)
    exported = list(bits(exports(emitter.graph, tree.part, emitter.reading, emitter.kept)))
    inner = Scope(emitter.graph.closed(mask), scope.names, scope.node_names, scope, detached=True)
    if scope.iteration:
        inner.iteration = "$states.input.iteration"
    known = emitter.inside(inner, tree.part, facts, exported)
    number = len(emitter.machines)
    definition = {"QueryLanguage": "JSONata", "StartAt": inner.start["StartAt"], "States": inner.states}
    emitter.machines.append(Part(placeholder(number), definition))
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
    lead(going, scope.add(f"{emitter.first_name(mask)} and what follows", state))
    return [*passing, Way(state, "Next", facts.join(known))]


def split(tree: Tree, graph: Graph, most: int) -> Tree:
    """Return the tree with parts of at most `most` nodes as nested machines, as few as that allows."""
    if weight(tree, graph) <= most or isinstance(tree, Leaf | Nested):
        return tree
    if isinstance(tree, Fork):
        return Fork(tuple(_apart(part, graph, most) for part in tree.parts))
    groups: list[Tree] = []
    group: list[Tree] = []
    for part in tree.parts:
        if group and sum(weight(one, graph) for one in group) + weight(part, graph) > most:
            groups.append(_joined(group, graph, most))
            group = []
        group.append(part)
    groups.append(_joined(group, graph, most))
    return Series(tuple(groups))


def weight(tree: Tree, graph: Graph) -> int:
    """Return how many nodes a part has in its own machine, those in loops included."""
    if isinstance(tree, Nested):
        return 1
    if isinstance(tree, Leaf):
        return graph.closed(tree.mask).bit_count()
    return sum(weight(part, graph) for part in tree.parts)


def _joined(group: list[Tree], graph: Graph, most: int) -> Tree:
    return _apart(group[0] if len(group) == 1 else Series(tuple(group)), graph, most)


def _apart(part: Tree, graph: Graph, most: int) -> Tree:
    """Return a part as a nested machine; where it is itself too large, with parts of its own."""
    if weight(part, graph) <= _TOO_SMALL:
        return part
    return Nested(split(part, graph, most))


_TOO_SMALL: Final = 3
"""So few nodes are cheaper where they are than as a machine of their own."""
