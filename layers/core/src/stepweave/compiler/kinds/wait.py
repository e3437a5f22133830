"""A node that waits for a moment: a Wait state between two steps, of which the first says until when."""

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.events import STATE, TASK
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression, path


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the step that tells, the wait, and the node's going on behind `ways`; return the ways out."""
    name = emission.graph.nodes[node].name
    first = emission.task(scope, node, facts, phase="wait", begins=True)
    inside, *failed = emission.step(scope, node, facts, ways, first, always_kept=True)
    waiting: State = {"Type": "Wait", "Timestamp": expression(path(scope.source(node), "wait") + ".until")}
    inside.leads_to(scope.add(f"{name} - waiting", waiting))
    last = emission.task(scope, node, facts, phase="resume")
    after = [Way(waiting, "Next", facts)]
    return emission.step(scope, node, facts, after, last, name=f"{name} - going on") + failed


CONTROL = Control(Kind("wait", lasts=True, events=lambda once: once + STATE + TASK), write)
