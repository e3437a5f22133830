"""Emits nodes that wait: for a moment (a Wait state between two steps), or for somebody outside (a task token)."""

from typing import TYPE_CHECKING

from stepweave.compiler.literals import expression, path
from stepweave.compiler.liveness import Facts
from stepweave.compiler.scope import Scope, State, Way
from stepweave.compiler.steps import task

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter


def for_time(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit a node that tells until when to wait, the wait, and the node's going on; return the ways out."""
    plan, name = emitter.plan, emitter.graph.nodes[node].name
    first = task(plan, scope, node, facts, emitter.prefix, phase="wait")
    inside, *failed = emitter.step(scope, node, facts, ways, first, always_kept=True)
    waiting: State = {"Type": "Wait", "Timestamp": expression(path(scope.source(node), "wait") + ".until")}
    inside.leads_to(scope.add(f"{name} - waiting", waiting))
    last = task(plan, scope, node, facts, emitter.prefix, phase="resume")
    after = [Way(waiting, "Next", facts)]
    return emitter.step(scope, node, facts, after, last, name=f"{name} - going on") + failed


def for_token(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit a node that waits for its task token, and what it does when its time is over; return the ways out."""
    plan, document = emitter.plan, emitter.graph.nodes[node]
    spec = emitter.graph.entries[node].waiting
    asking = task(plan, scope, node, facts, emitter.prefix)
    late: list[Way] = []
    if spec is not None and spec.timeout_port:
        catcher: State = {"ErrorEquals": ["States.Timeout"], "Output": scope.passed_on}
        asking["Catch"] = [catcher]
        late = [Way(catcher, "Next", facts)]
    out = emitter.step(scope, node, facts, ways, asking)
    if not late:
        return out
    over = task(plan, scope, node, facts, emitter.prefix, phase="timedOut")
    return out + emitter.step(scope, node, facts, late, over, name=f"{document.name} - timed out")
