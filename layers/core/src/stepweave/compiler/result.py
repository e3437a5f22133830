"""What the compiler gives."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from stepweave.model.diagnostics import Diagnostic
from stepweave.spec.node import TriggerKind

MachineType = Literal["STANDARD", "EXPRESS"]


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """What a deployment decides, and what a run of a part of a workflow does.

    Attributes:
        function_prefix: begins the names of the deployment's functions.
        optimise: 1 runs what it can as states of the machine itself, 0 gives every node its function.
        fired: ids of nodes that are cut off from what precedes them and have the output `seed` says from the start.
        pinned: ids of nodes that do not run but, when their turn comes, have the output `seed` says.
        until: id of the node after which the run ends: only it and what leads to it are compiled.
        around: node id -> the kind of control (`stepweave.compiler.kinds`) that stands around it in this run.
    """

    function_prefix: str = "stepweave-local"
    optimise: int = 1
    fired: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    until: str | None = None
    around: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger node of a compiled workflow."""

    node_id: str
    kind: TriggerKind


class NestedMachine(Protocol):
    """A state machine that another one starts."""

    @property
    def placeholder(self) -> str:
        """What stands for its ARN in the definitions of others."""

    @property
    def definition(self) -> Mapping[str, Any]:
        """Amazon States Language."""


@dataclass(frozen=True)
class Compiled:
    """A state machine.

    Attributes:
        definition: Amazon States Language.
        type: which kind of machine it is for.
        states: state name -> id of the node it runs; states that run no node are not in it.
        triggers: the triggers that can start it.
        diagnostics: warnings only.
        machines: those nested in it, each after those that it starts itself; `placeholder` stands for its ARN.
        lowering: node id -> why it needs its function, None where it runs without; empty with `optimise` 0.
    """

    definition: Mapping[str, Any]
    type: MachineType
    states: Mapping[str, str]
    triggers: tuple[Trigger, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    machines: tuple["NestedMachine", ...] = ()
    lowering: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def compiled(self) -> "Compiled":
        """Itself: there is a machine."""
        return self

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of definition and type, keys in their order: equal machines need publishing once."""
        parts = [part.definition for part in self.machines]
        text = json.dumps([self.type, self.definition, *parts], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Rejected:
    """A workflow with errors, and what they are (warnings among them)."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def compiled(self) -> None:
        """None: there is no machine."""
        return None
