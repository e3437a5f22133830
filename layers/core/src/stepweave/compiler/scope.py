"""A scope of the machine under construction: its states, its variables, and the ways that lead on from it.

Step Functions' rules for variables: an inner scope (a Parallel branch) reads what outer ones assigned, but may not
assign an outer name; reading a name that was never assigned fails. So every scope has names of its own, and what may
be read before it is assigned is set to null by the scope's first state.
"""

from dataclasses import dataclass, field
from typing import Any

from stepweave.compiler.liveness import Facts
from stepweave.compiler.names import Names

State = dict[str, Any]


@dataclass(slots=True)
class Way:
    """A transition that does not yet know where it goes.

    Attributes:
        holder: the state, choice rule or catcher it belongs to.
        key: `Next`, `Default` or `StartAt`.
        facts: what is known where it is taken.
        task: the node whose Task this is the normal way out of, whose result is not in its variable yet; else None.
    """

    holder: dict[str, Any]
    key: str
    facts: Facts
    task: int | None = None

    def leads_to(self, state: str) -> None:
        """Fix where it goes."""
        self.holder[self.key] = state

    @property
    def can_end(self) -> bool:
        """Whether the execution or branch may end here: a state's own `Next`, not a rule's or a catcher's."""
        return self.key == "Next" and "Type" in self.holder


@dataclass(slots=True)
class Scope:
    """The machine itself or one branch of a Parallel.

    Attributes:
        nodes: the nodes that run in it.
        names: of the whole machine.
        node_names: per node number, its name.
        outer: the scope around it, None for the machine.
    """

    nodes: int
    names: Names
    node_names: list[str]
    outer: "Scope | None" = None
    states: dict[str, State] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    variables: dict[int, str] = field(default_factory=dict)
    unassigned: set[str] = field(default_factory=set)

    def add(self, name: str, state: State) -> str:
        """Add a state under an unused name like `name`; return the name."""
        unique = self.names.state(name)
        self.states[unique] = state
        return unique

    def variable(self, node: int) -> str:
        """Return the variable that holds a node's result, as seen from this scope."""
        return self._owner(node)._own_variable(node)

    def may_be_unassigned(self, node: int) -> None:
        """Note that a node's variable may be read though the node was skipped, so that it gets null first."""
        owner = self._owner(node)
        owner.unassigned.add(owner._own_variable(node))

    def initialise(self) -> None:
        """Let the first state set to null what may be read unassigned, on each of its ways out."""
        if not self.unassigned:
            return
        first = self.states[self.start["StartAt"]]
        for holder in (first, *first.get("Choices", ()), *first.get("Catch", ())):
            assigned = holder.setdefault("Assign", {})
            for name in sorted(self.unassigned):
                assigned.setdefault(name, None)

    def _owner(self, node: int) -> "Scope":
        scope = self
        while not scope.nodes >> node & 1:
            if scope.outer is None:
                raise LookupError(f"node {node} runs in no scope")
            scope = scope.outer
        return scope

    def _own_variable(self, node: int) -> str:
        if node not in self.variables:
            self.variables[node] = self.names.variable(self.node_names[node])
        return self.variables[node]
