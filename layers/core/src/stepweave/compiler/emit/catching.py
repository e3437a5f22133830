"""The catcher of a state whose node goes on after errors."""

from typing import Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.literals import expression

_ERROR: Final = "$states.errorOutput"


def catch(graph: Graph, scope: Scope, node: int, facts: Facts, state: State) -> list[Way]:
    """Give a state the catcher that the node's settings ask for; return the way out of it, if there is one."""
    if failure_port(graph.nodes[node], graph.entries[node]) is None:
        return []
    caught = catcher(scope, node)
    state.setdefault("Catch", []).append(caught)
    return [Way(caught, "Next", facts, failing=True)]


def catcher(scope: Scope, node: int) -> State:
    """Return a catcher that keeps what Step Functions says of a node's failure."""
    return {
        "ErrorEquals": ["States.ALL"],
        "Output": scope.passed_on,
        "Assign": {scope.failure(node): expression(_ERROR)},
    }
