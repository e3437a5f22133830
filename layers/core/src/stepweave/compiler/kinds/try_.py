"""A try: a region in a Parallel state, which has one catcher for whatever fails in it.

The node's function enters, the region runs, and the function leaves with what came back. What the catcher keeps becomes
error items as any node's failure does (`emit.failures`).
"""

from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.branches import parallel
from stepweave.compiler.emit.catching import catch
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.failures import resolved
from stepweave.compiler.emit.scope import Scope, Way, met
from stepweave.compiler.emit.steps import live_paths
from stepweave.compiler.events import STATE
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression
from stepweave.model.workflow import Node

TRY: Final = "try"
"""The kind, and the output port that leads to the region."""
BACK: Final = "back"
DONE: Final = "done"


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the region behind `ways`; return the ways out of it: after the region, and after what failed."""
    plan, graph = emission.plan, emission.graph
    enter = emission.task(scope, node, facts, phase="enter", begins=True)
    inside, *failed = emission.step(scope, node, facts, ways, enter, always_kept=True)
    inside.facts = emission.liveness.in_round(inside.facts, node)
    out, body = [inside], plan.bodies[node]
    if body is not None:
        out = [parallel(emission, scope, [body], [inside])]
        failed += catch(graph, scope, node, facts, out[0].holder)
    more: dict[str, Any] = {}
    if graph.led_back >> node & 1:
        paths = live_paths(plan, scope, graph.back[node], met(out))
        more = {"inputs": {BACK: expression(f"[{', '.join(paths)}]") if paths else []}, "loop": {"round": 0}}
    leave = emission.task(scope, node, facts, phase="leave", more=more)
    name = f"{graph.nodes[node].name} - done"
    leaving, *broken = emission.step(scope, node, facts, out, leave, name=name)
    return resolved(emission, scope, node, facts, [leaving, *failed, *broken])


def _is_one_round(node: Node) -> bool:
    return True


def _events(once: int) -> int:
    """Return the events of both ends of a region, and of the states between them."""
    return 2 * once + STATE


_TRY: Final = Kind(TRY, body=TRY, back=BACK, done=DONE, repeats=_is_one_round, catches=True, events=_events)
CONTROL = Control(_TRY, write)
