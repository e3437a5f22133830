"""A node that waits for somebody outside (`NodeSpec.waiting`): a Task with a token, and what follows when time is over.

An approval, a call of another workflow that is waited for, a wait for a caller: none of them holds compute.
"""

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.events import TOKEN_TASK
from stepweave.compiler.kind import TOKEN, Kind


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the node behind `ways`, and what it does when its time is over; return the ways out."""
    document, spec = emission.graph.nodes[node], emission.graph.entries[node].waiting
    asking = emission.task(scope, node, facts)
    late: list[Way] = []
    if spec is not None and spec.timeout_port:
        catcher: State = {"ErrorEquals": ["States.Timeout"], "Output": scope.passed_on}
        asking["Catch"] = [catcher]
        late = [Way(catcher, "Next", facts)]
    out = emission.step(scope, node, facts, ways, asking)
    if not late:
        return out
    over = emission.task(scope, node, facts, phase="timedOut")
    return out + emission.step(scope, node, facts, late, over, name=f"{document.name} - timed out")


CONTROL = Control(Kind(TOKEN, lasts=True, events=lambda once: once + TOKEN_TASK), write)
