"""A node whose output is given when its turn comes: a Pass state in its place."""

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.events import STATE
from stepweave.compiler.kind import PINNED, Kind
from stepweave.compiler.literals import expression, path


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write what stands in the node's place behind `ways`; return the ways out."""
    document = emission.graph.nodes[node]
    state: State = {"Type": "Pass", "Output": scope.passed_on}
    if emission.is_read(node):
        given = path(scope.shared("seed"), document.id)
        state["Assign"] = {scope.variable(node): {"output": expression(given)}}
    emission.add(scope, node, state, document.name, ways)
    return [Way(state, "Next", emission.liveness.node_ran(facts, node))]


CONTROL = Control(Kind(PINNED, events=lambda own: 2 * STATE), write)
