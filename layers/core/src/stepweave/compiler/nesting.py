"""Machines that are too large for one definition or one history: parts of them become machines of their own.

A nested machine is started and waited for by the state that stands in its place. It sees nothing of the machine around
it but what its input carries, and returns the results that somebody outside reads.
"""

from dataclasses import dataclass, replace
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
    """Return the tree with parts of it as nested machines, so that none has more than `most` nodes.

    From the leaves up, what a part still has in its own machine is counted; where it is too much, pieces are cut
    off: of a series runs that fill a machine, of a fork its largest branches.
    """
    if isinstance(tree, Leaf | Nested):
        return tree
    if graph.closed(tree.mask).bit_count() <= most:
        return tree
    parts = [split(part, graph, most) for part in tree.parts]
    weights = [weight(part, graph) for part in parts]
    if sum(weights) <= most:
        return replace(tree, parts=tuple(parts))
    if isinstance(tree, Fork):
        return Fork(_lightened(parts, graph, most))
    groups: list[list[Tree]] = []
    filled = most
    for part, heavy in zip(parts, weights, strict=True):
        if filled + heavy > most:
            groups.append([])
            filled = 0
        groups[-1].append(part)
        filled += heavy
    return Series(tuple(_apart(group[0] if len(group) == 1 else Series(tuple(group)), graph) for group in groups))


def _lightened(parts: list[Tree], graph: Graph, most: int) -> tuple[Tree, ...]:
    heaviest = sorted(range(len(parts)), key=lambda index: -weight(parts[index], graph))
    total = sum(weight(part, graph) for part in parts)
    for index in heaviest:
        if total <= most:
            break
        before = weight(parts[index], graph)
        parts[index] = _apart(parts[index], graph)
        total -= before - weight(parts[index], graph)
    return tuple(parts)


def weight(tree: Tree, graph: Graph) -> int:
    """Return how many nodes a part has in its own machine, those in loops included."""
    if isinstance(tree, Nested):
        return 1
    if isinstance(tree, Leaf):
        return graph.closed(tree.mask).bit_count()
    return sum(weight(part, graph) for part in tree.parts)


def _apart(part: Tree, graph: Graph) -> Tree:
    """Return a part as a nested machine."""
    return part if weight(part, graph) <= _TOO_SMALL else Nested(part)


_TOO_SMALL: Final = 3
"""So few nodes are cheaper where they are than as a machine of their own."""
