"""A node that waits for somebody outside (`NodeSpec.waiting`): a Task with a token, and what follows when time is over.

An approval, a call of another workflow that is waited for, a wait for a caller: none of them holds compute.
"""

import json

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.events import TOKEN_TASK
from stepweave.compiler.kind import TOKEN, Kind
from stepweave.model.step import WAITED_TOO_LONG
from stepweave.model.workflow import Node


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the node behind `ways`, and what it does when its time is over; return the ways out."""
    document, spec = emission.graph.nodes[node], emission.graph.entries[node].waiting
    asking = emission.task(scope, node, facts)
    late: list[Way] = []
    if spec is not None and spec.timeout_port:
        catcher: State = {"ErrorEquals": ["States.Timeout"], "Output": scope.passed_on}
        asking["Catch"] = [catcher]
        late = [Way(catcher, "Next", facts)]
    elif _is_caught(emission, node):
        ended = scope.add(f"{document.name} - time over", _time_over(document))
        asking["Catch"] = [{"ErrorEquals": ["States.Timeout"], "Next": ended}]
    out = emission.step(scope, node, facts, ways, asking)
    if not late:
        return out
    over = emission.task(scope, node, facts, phase="timedOut")
    return out + emission.step(scope, node, facts, late, over, name=f"{document.name} - timed out")


def _is_caught(emission: Emission, node: int) -> bool:
    """Whether somebody else makes error items of the node's failure, and has to be told whose time was over."""
    graph = emission.graph
    if failure_port(graph.nodes[node], graph.entries[node]) is not None:
        return False
    around = [one for one, body in graph.bodies.items() if body >> node & 1]
    return any(failure_port(graph.nodes[one], graph.entries[one]) is not None for one in around)


def _time_over(document: Node) -> State:
    """Return the Fail state that says what the node's function would, and which node it was."""
    told = {**WAITED_TOO_LONG, "node": {"id": document.id, "name": document.name}}
    cause = {"errorType": told["type"], "errorMessage": json.dumps(told, ensure_ascii=False)}
    return {"Type": "Fail", "Error": told["type"], "Cause": json.dumps(cause, ensure_ascii=False)}


CONTROL = Control(Kind(TOKEN, lasts=True, events=lambda once: once + TOKEN_TASK), write)
