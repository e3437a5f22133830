"""A node that waits for its turn where that is not now: as `wait`, with a Choice past the waiting and the second step.

The first step gives either `wait` (until when), and the second goes on after that, or the node's output.
"""

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.events import STATE, TASK
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression, path


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the step that tells, the choice, the wait, and the going on behind `ways`; return the ways out."""
    name = emission.graph.nodes[node].name
    first = emission.task(scope, node, facts, phase="wait", begins=True)
    inside, *failed = emission.step(scope, node, facts, ways, first, always_kept=True)
    later: State = {"Condition": expression(f"$exists({path(scope.source(node), 'wait')})")}
    choice: State = {"Type": "Choice", "Choices": [later]}
    inside.leads_to(scope.add(f"{name} - its turn", choice))
    waiting: State = {"Type": "Wait", "Timestamp": expression(path(scope.source(node), "wait") + ".until")}
    later["Next"] = scope.add(f"{name} - waiting", waiting)
    last = emission.task(scope, node, facts, phase="resume")
    after = [Way(waiting, "Next", facts)]
    gone_on = emission.step(scope, node, facts, after, last, name=f"{name} - going on", always_kept=True)
    now = Way(choice, "Default", emission.liveness.node_ran(facts, node))
    return [*gone_on, now, *failed]


CONTROL = Control(Kind("turn", lasts=True, events=lambda once: once + 2 * STATE + TASK), write)
