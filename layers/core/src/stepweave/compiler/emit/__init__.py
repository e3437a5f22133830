"""Last pass: a plan as Amazon States Language.

    emission  a machine under construction            parts, forks, nested, fused   one form of the tree each
    scope     states, variables, ways that lead on    ending    how an execution starts and ends
    steps     the Task of a node                      failures  what makes error items of a node's failure
    branches  scopes within a scope                   peephole  Choices that follow on each other made one

How kinds of nodes are written is in `stepweave.compiler.kinds`, which is behind this pass and is given to it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Series
from stepweave.compiler.emit.emission import Emission, Part, PartWriter, Writer
from stepweave.compiler.emit.ending import finish, start
from stepweave.compiler.emit.forks import write_fork
from stepweave.compiler.emit.fused import write_fused
from stepweave.compiler.emit.nested import write_nested
from stepweave.compiler.emit.parts import write_leaf, write_series
from stepweave.compiler.emit.peephole import shortened, state_names
from stepweave.compiler.emit.scope import Scope
from stepweave.compiler.optimise.plan import Plan

__all__ = ["Machine", "Writer", "emit"]

PARTS: Final[Mapping[type, PartWriter]] = {
    Leaf: write_leaf,
    Series: write_series,
    Fork: write_fork,
    Nested: write_nested,
    Fused: write_fused,
}


@dataclass(frozen=True)
class Machine:
    """A machine with the machines nested in it.

    Attributes:
        definition: Amazon States Language.
        states: state name -> id of the node it runs; states that run no node are not in it.
        machines: those nested in it, each after those that it starts itself.
    """

    definition: Mapping[str, Any]
    states: Mapping[str, str]
    machines: tuple[Part, ...]

    @cached_property
    def size(self) -> int:
        """The bytes of the largest definition."""
        every = (self.definition, *(part.definition for part in self.machines))
        return max(len(json.dumps(one, separators=(",", ":"))) for one in every)


def emit(plan: Plan, prefix: str, writers: Mapping[str, Writer], *, shorten: bool) -> Machine:
    """Return the machine of a plan.

    Args:
        plan: what is emitted.
        prefix: of the functions' names.
        writers: how each kind of node is written, by its name.
        shorten: whether Choices that follow on each other become one.
    """
    emission = Emission(plan, prefix, PARTS, writers)
    machine = Machine(_definition(emission), emission.states, tuple(emission.machines))
    return _shortened(machine) if shorten else machine


def _definition(emission: Emission) -> dict[str, Any]:
    scope = Scope((1 << len(emission.graph.nodes)) - 1, emission.names, emission.node_names)
    ways = start(emission, scope)
    if emission.plan.tree is not None:
        ways = emission.tree(scope, emission.plan.tree, ways)
    finish(emission, scope, ways)
    scope.initialise()
    definition = {"QueryLanguage": "JSONata", "StartAt": scope.start["StartAt"], "States": scope.states}
    limit = emission.plan.timeout_seconds
    return {**definition, "TimeoutSeconds": limit} if limit else definition


def _shortened(machine: Machine) -> Machine:
    machines = tuple(replace(part, definition=shortened(part.definition)) for part in machine.machines)
    definition = shortened(dict(machine.definition))
    left = {name for one in (definition, *(part.definition for part in machines)) for name in state_names(one)}
    return Machine(definition, {name: node for name, node in machine.states.items() if name in left}, machines)
