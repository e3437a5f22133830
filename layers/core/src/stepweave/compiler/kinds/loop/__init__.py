"""A loop: a Map over batches (within the machine, or distributed where they are many), or a cycle of states.

A loop over batches is three steps: the loop's function splits the items, a Map runs the body for each batch, and the
function collects what the rounds brought back. A loop that decides after each round whether there is another is a
cycle: the function enters, and after each round it turns. What its rounds hand on (`left`, `kept`) goes with it.
"""

from typing import Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, Way
from stepweave.compiler.events import PARALLEL, STATE
from stepweave.compiler.kind import Kind
from stepweave.compiler.kinds.loop.common import BACK, DONE, LOOP
from stepweave.compiler.kinds.loop.each import each
from stepweave.compiler.kinds.loop.repeating import most_rounds, repeat, repeats


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the loop behind `ways`; return the ways out of it."""
    loop = repeat if repeats(emission.graph.nodes[node]) else each
    return loop(emission, scope, node, facts, ways)


def _events(once: int) -> int:
    """Return the events of both ends of a loop, and of the states between them."""
    return 2 * once + STATE + PARALLEL


_LOOP: Final = Kind(
    LOOP, body=LOOP, back=BACK, done=DONE, lasts=True, repeats=repeats, most_rounds=most_rounds, events=_events
)
CONTROL = Control(_LOOP, write)
