"""A scope of the machine under construction: its states, its variables, and the ways that lead on from it.

Step Functions' rules for variables: an inner scope (a Parallel branch, a round of a Map) reads what outer ones
assigned, but may not assign an outer name; reading a name that was never assigned fails. So every scope has names of
its own, and what may be read before it is assigned is set to null by the scope's first state.

A detached scope (a round of a Distributed Map, a nested machine) sees no variables of outer ones: what it reads of them
comes in its input. In it, and in every round, states hand their input on unchanged, so that all of them can read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.emit.names import Names
from stepweave.compiler.literals import expression

State = dict[str, Any]
INPUT: Final = "$states.input"


@dataclass(slots=True)
class Way:
    """A transition that does not yet know where it goes.

    Attributes:
        holder: the state, choice rule or catcher it belongs to.
        key: `Next`, `Default` or `StartAt`.
        facts: what is known where it is taken.
        task: the node whose Task this is the normal way out of, whose result is not in its variable yet; else None.
        failing: whether it is taken when a state of a node has failed, and leads to what makes error items of that.
    """

    holder: dict[str, Any]
    key: str
    facts: Facts
    task: int | None = None
    failing: bool = False

    def leads_to(self, state: str) -> None:
        """Fix where it goes."""
        self.holder[self.key] = state

    @property
    def can_end(self) -> bool:
        """Whether the execution or branch may end here: a state's own `Next`, not a rule's or a catcher's."""
        return self.key == "Next" and "Type" in self.holder


def met(ways: Sequence[Way]) -> Facts:
    """Return what is known whichever of the ways was taken; nothing where there is none, as after a Fail state."""
    return reduce(Facts.meet, (way.facts for way in ways)) if ways else Facts()


def lead(ways: Sequence[Way], state: str) -> None:
    """Let all ways lead to a state."""
    for way in ways:
        way.leads_to(state)


@dataclass(slots=True)
class Scope:
    """The machine itself, one branch of a Parallel, one round of a loop, or a nested machine.

    Attributes:
        nodes: the nodes that run in it.
        names: of the whole machine.
        node_names: per node number, its name.
        outer: the scope around it, None for the machine.
        loop: the loop whose round it is; None for any other scope. Its input has the round's items under `loop`.
        detached: whether it sees nothing of outer scopes but what its input carries under `vars` and `shared`.
        iteration: JSONata that tells the round; empty outside loops.
    """

    nodes: int
    names: Names
    node_names: list[str]
    outer: "Scope | None" = None
    loop: int | None = None
    detached: bool = False
    iteration: str = ""
    states: dict[str, State] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    variables: dict[int, str] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    unassigned: set[str] = field(default_factory=set)
    carried: dict[int, str] = field(default_factory=dict)
    shares: set[str] = field(default_factory=set)
    needs_outer: bool = False

    def add(self, name: str, state: State) -> str:
        """Add a state under an unused name like `name`; return the name."""
        unique = self.names.state(name)
        self.states[unique] = state
        return unique

    def variable(self, node: int) -> str:
        """Return the variable of this scope that holds a node's result. The node must run in it."""
        if not self.nodes >> node & 1:
            raise LookupError(f"node {node} does not run in this scope")
        if node not in self.variables:
            self.variables[node] = self.names.variable(self.node_names[node])
        return self.variables[node]

    def failure(self, node: int) -> str:
        """Return the variable of this scope that holds what Step Functions says of a node's failure."""
        if node not in self.failures:
            self.failures[node] = self.names.variable(f"{self.node_names[node]} failure")
        return self.failures[node]

    def source(self, node: int) -> str:
        """Return JSONata for a node's result, as seen from this scope."""
        if self.nodes >> node & 1:
            return "$" + self.variable(node)
        if self.loop == node:
            return f"{INPUT}.loop"
        if self.outer is None:
            raise LookupError(f"node {node} runs in no scope")
        if self.detached:
            return f"{INPUT}.vars.{self.carried.setdefault(node, f'n{node}')}"
        return self._through(self.outer.source(node))

    def shared(self, name: str) -> str:
        """Return JSONata for what all steps of an execution share: `context`, `seed`."""
        if self.detached:
            self.shares.add(name)
            return f"{INPUT}.shared.{name}"
        if self.outer is None:
            return f"${name}"
        return self._through(self.outer.shared(name))

    @property
    def passed_on(self) -> Any:
        """What a state hands to the next one."""
        scope: Scope | None = self
        while scope is not None:
            if scope.loop is not None or scope.detached:
                return expression(INPUT)
            scope = scope.outer
        return {}

    def may_be_unassigned(self, node: int) -> None:
        """Note that a node's variable may be read though the node was skipped, so that it gets null first."""
        scope: Scope | None = self
        while scope is not None:
            if scope.nodes >> node & 1:
                scope.unassigned.add(scope.variable(node))
                return
            if scope.loop == node:
                return
            scope = scope.outer
        raise LookupError(f"node {node} runs in no scope")

    def initialise(self) -> None:
        """Let the first state set to null what may be read unassigned, on each of its ways out."""
        if not self.unassigned:
            return
        first = self.states[self.start["StartAt"]]
        for holder in (first, *first.get("Choices", ()), *first.get("Catch", ())):
            assigned = holder.setdefault("Assign", {})
            for name in sorted(self.unassigned):
                assigned.setdefault(name, None)

    def input(self, outer_facts: Facts) -> dict[str, Any]:
        """Return what the input of this scope carries of the scopes around it.

        Args:
            outer_facts: what is known where the scope is entered.
        """
        outer = self.outer
        if outer is None:
            raise LookupError("the machine has no scope around it")
        carried: dict[str, Any] = {}
        if self.iteration:
            carried["iteration"] = expression(outer.iteration if self.loop is None else _round(outer))
        if self.needs_outer:
            carried["outer"] = expression(INPUT)
        if self.shares:
            carried["shared"] = {name: expression(outer.shared(name)) for name in sorted(self.shares)}
        if self.carried:
            carried["vars"] = {}
            for node, key in sorted(self.carried.items()):
                if not outer_facts.ran >> node & 1:
                    outer.may_be_unassigned(node)
                carried["vars"][key] = expression(outer.source(node))
        return carried

    def _through(self, source: str) -> str:
        if self.loop is None or not source.startswith(INPUT):
            return source
        self.needs_outer = True
        return f"{INPUT}.outer{source.removeprefix(INPUT)}"


def _round(outer: Scope) -> str:
    """Return JSONata that tells a round of a Map within `outer`."""
    index = "$string($states.context.Map.Item.Index)"
    return f'{outer.iteration} & "." & {index}' if outer.iteration else index
