"""What a graph means (DESIGN section 6), as code: the reference that every compiled machine must agree with.

Pure and in-process: it knows nothing of AWS, items' contents or expressions. What a node does is given to it; how nodes
follow each other and when they run again is in `meaning`, what kinds of nodes do that run others (a loop) in `kinds`,
a file each.
"""

from stepweave.runtime.interpreter.meaning import Interpreter
from stepweave.runtime.interpreter.values import (
    Called,
    Calls,
    Inputs,
    NodeFailed,
    Outputs,
    Run,
    Turn,
)

__all__ = ["Called", "Calls", "Inputs", "Interpreter", "NodeFailed", "Outputs", "Run", "Turn"]
