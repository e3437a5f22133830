"""The kinds of control nodes, each a file: what a kind means to the passes, and how its nodes are written as states.

A new kind is a new module here with `CONTROL`; nothing else names it but the specs of the node types that are of it
(`NodeSpec.control`), or whoever puts it around nodes in a run (`CompileOptions.around`).

    step    runs once: the kind of all nodes that name none     token  waits for somebody outside
    wait    waits for a moment                                  loop   runs a body in rounds
    turn    waits for a moment, if it must
    pinned  stands around a node that does not run, because its output is given
    stop    stands around a node before which the debugger may stop
"""

from typing import Final

from stepweave.compiler.control import Control, Controls
from stepweave.spec.registry import found_in

__all__ = ["CONTROLS"]

CONTROLS: Final = Controls(found_in(__name__, __path__, "CONTROL", Control))
