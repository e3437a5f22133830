"""A node that runs once: its Task, or what a state of the machine does instead."""

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.fused import write_lowered
from stepweave.compiler.emit.scope import Scope, Way
from stepweave.compiler.kind import Kind


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the node behind `ways`; return the ways out."""
    if emission.is_lowered(node):
        return write_lowered(emission, scope, node, facts, ways)
    return emission.step(scope, node, facts, ways, emission.task(scope, node, facts))


CONTROL = Control(Kind(), write)
