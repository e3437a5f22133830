"""A machine under construction, and what all that writes into it has in common.

A pending transition is a `Way`, which carries what is known where it is taken. A step takes all ways that lead to it:
those on which it surely runs go to its Task, those on which it surely does not pass it by, and the others go through a
Choice that looks whether any of its inputs has items. So a guard is emitted only where facts leave a doubt.

How parts of the tree and kinds of nodes are written is given to it as tables of functions: they call each other through
it, a loop for its body, a branch for a loop in it, and none of their modules imports another's.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from stepweave.compiler.analyse.liveness import Facts, Liveness, Status
from stepweave.compiler.analyse.structure import Tree
from stepweave.compiler.emit.catching import catch
from stepweave.compiler.emit.names import Names
from stepweave.compiler.emit.scope import Scope, State, Way, lead, met
from stepweave.compiler.emit.steps import result_of, task
from stepweave.compiler.literals import expression, inner, path
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.plan import Plan

Writer = Callable[["Emission", Scope, int, Facts, list[Way]], list[Way]]
"""Writes a node of a kind: where, its number, what is known before it, what leads to it -> the ways out of it."""
PartWriter = Callable[["Emission", Scope, Any, list[Way]], list[Way]]
"""Writes a part of the tree: where, the part, what leads to it -> the ways out of it."""


@dataclass(frozen=True)
class Part:
    """A nested machine. `placeholder` stands for its ARN in the definitions that start it."""

    placeholder: str
    definition: dict[str, Any]


@dataclass
class Emission:
    """One machine under construction.

    Attributes:
        plan: what is written.
        prefix: of the functions' names.
        parts: how each form of the tree is written.
        writers: how each kind of node is written, by its name.
        names: hands out names.
        states: state name -> id of the node that it runs.
        machines: those nested in it.
        plain: mask of lowered nodes that are being written with their functions.
    """

    plan: Plan
    prefix: str
    parts: Mapping[type, PartWriter]
    writers: Mapping[str, Writer]
    names: Names = field(default_factory=Names)
    states: dict[str, str] = field(default_factory=dict)
    machines: list[Part] = field(default_factory=list)
    plain: int = 0
    _answers: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = self.plan.graph
        self.liveness = Liveness(self.graph)
        self.reading = self.plan.readers()
        self.kept = self.plan.answers | self.plan.last | self.plan.lowered.last
        self.kept |= sum(1 << node for node in self.plan.returning)
        self.node_names = [node.name for node in self.graph.nodes]

    def tree(self, scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
        """Write a part behind `ways`; return the ways out of it."""
        return self.parts[type(tree)](self, scope, tree, ways)

    def node(self, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
        """Write a node, with what stands around it in this run, behind `ways`; return the ways out of it."""
        if node in self.graph.around:
            return self.writers[self.graph.around[node].name](self, scope, node, facts, ways)
        return self.own(scope, node, facts, ways)

    def own(self, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
        """Write the states that a node's kind asks for behind `ways`; return the ways out of them."""
        return self.writers[self.graph.kinds[node].name](self, scope, node, facts, ways)

    def task(self, scope: Scope, node: int, facts: Facts, **more: Any) -> State:
        """Return the Task of a node (`steps.task`); of one that the debugger let go, with what it gave."""
        made = task(self.plan, scope, node, facts, self.prefix, **more)
        if node in self._answers:
            payload = made["Arguments"]["Payload"]
            _answered(payload, self._answers[node], "inputs" in more.get("more", ()))
            port = self._called_at(node)
            if port is not None and "tool" in payload:
                edited = f"{path(f'${self._answers[node]}', 'inputs', port)}[0]"
                payload["tool"] = expression(f"$exists({edited}) ? {edited} : {inner(payload['tool'])}")
        return made

    def _called_at(self, node: int) -> str | None:
        """Return the port at which a node gets the arguments of a call, where a tool of an agent begins with it."""
        for port, sources in self.graph.inputs[node].items():
            for source, name in (self.graph.ports[one] for one in sources):
                if self.graph.kinds[source].picks and self.graph.kinds[source].body == name:
                    return port
        return None

    @contextmanager
    def answered(self, node: int, variable: str) -> Iterator[None]:
        """Let the Tasks that are written for a node meanwhile take what a variable has: `attempts`, and `inputs`.

        Args:
            node: whose Tasks.
            variable: holds the debugger's answer.
        """
        self._answers[node] = variable
        try:
            yield
        finally:
            del self._answers[node]

    def step(
        self,
        scope: Scope,
        node: int,
        facts: Facts,
        ways: list[Way],
        state: State,
        *,
        name: str = "",
        always_kept: bool = False,
    ) -> list[Way]:
        """Add a Task behind `ways`, with its variable and its catcher; return the ways out: after success first.

        Args:
            scope: where it runs.
            node: whose Task it is.
            facts: what is known before it.
            ways: what leads to it.
            state: the Task.
            name: of the state, where it is not the node's.
            always_kept: whether later states of the same node read its result.
        """
        self.add(scope, node, state, name or self.node_names[node], ways)
        if self.is_read(node) or always_kept:
            state["Assign"] = {scope.variable(node): expression(result_of(state))}
        after = Way(state, "Next", self.liveness.node_ran(facts, node), node)
        return [after, *catch(self.graph, scope, node, facts, state)]

    def add(self, scope: Scope, node: int, state: State, name: str, ways: list[Way]) -> None:
        """Add a state that stands for a node behind `ways`."""
        added = scope.add(name, state)
        self.states[added] = self.graph.nodes[node].id
        lead(ways, added)

    def is_read(self, node: int) -> bool:
        """Return whether a node's result must be kept in its variable."""
        return bool(self.reading[node] or self.kept >> node & 1)

    def is_lowered(self, node: int) -> bool:
        """Return whether a node is being written as a state that does what its function would."""
        return bool((self.plan.lowered.mask & ~self.plain) >> node & 1)

    def entering(self, scope: Scope, nodes: int, ways: list[Way]) -> tuple[list[Way], list[Way]]:
        """Return the ways on which one of `nodes` runs and those on which none does; a Choice decides in doubt."""
        running, passing, doubtful = self.told_apart(ways, nodes)
        if doubtful:
            rule, otherwise = self._guard(scope, nodes, doubtful)
            running.append(rule)
            passing.append(otherwise)
        return running, passing

    def once_entered(self, nodes: int, ways: list[Way]) -> Facts | None:
        """Return what is known where one of `nodes` runs behind `ways`, with nothing written; None where none can."""
        running, _, doubtful = self.told_apart(ways, nodes)
        known = [way.facts for way in running]
        if doubtful:
            facts = met(doubtful)
            known.append(self.liveness.one_live(facts, *self.liveness.entries(facts, nodes)))
        return reduce(Facts.meet, known) if known else None

    def told_apart(self, ways: list[Way], nodes: int) -> tuple[list[Way], list[Way], list[Way]]:
        """Return the ways on which one of `nodes` surely runs, on which none does, and the rest."""
        running: list[Way] = []
        passing: list[Way] = []
        doubtful: list[Way] = []
        for way in ways:
            match self.status(way.facts, nodes):
                case Status.LIVE:
                    running.append(way)
                case Status.DEAD:
                    way.facts = self.liveness.skip(way.facts, nodes)
                    passing.append(way)
                case Status.UNKNOWN:
                    doubtful.append(way)
        return running, passing, doubtful

    def status(self, facts: Facts, nodes: int) -> Status:
        """Return whether any of `nodes` runs, as far as facts tell."""
        if nodes & (nodes - 1) == 0:
            return self.liveness.status(facts, nodes.bit_length() - 1)
        if any(self.liveness.status(facts, node) is Status.LIVE for node in bits(nodes)):
            return Status.LIVE
        ports, _ = self.liveness.entries(facts, nodes)
        return Status.UNKNOWN if ports else Status.DEAD

    def _guard(self, scope: Scope, nodes: int, ways: list[Way]) -> tuple[Way, Way]:
        """Emit a Choice on whether items enter `nodes`; return the way where some do and the one where none do."""
        facts = met(ways)
        ports, entered = self.liveness.entries(facts, nodes)
        rule: State = {"Condition": expression(self.any_live(scope, ports, facts))}
        choice: State = {"Type": "Choice", "Choices": [rule]}
        name = scope.add(f"{self.first_name(nodes)} - any items", choice)
        lead(ways, name)
        live = Way(rule, "Next", self.liveness.one_live(facts, ports, entered))
        dead = self.liveness.skip(self.liveness.ports_dead(facts, ports), nodes)
        return live, Way(choice, "Default", dead)

    def any_live(self, scope: Scope, ports: int, facts: Facts) -> str:
        """Return the condition that any of some ports has items."""
        conditions = []
        for port in bits(ports):
            source, name = self.graph.ports[port]
            if not facts.ran >> source & 1:
                scope.may_be_unassigned(source)
            conditions.append(f"$exists({path(scope.source(source), 'output', name)})")
        return " or ".join(conditions)

    def first_name(self, nodes: int) -> str:
        """Return the name of the first of some nodes, for states that stand for all of them."""
        return self.node_names[next(bits(nodes))]


def _answered(payload: dict[str, Any], variable: str, has_own_inputs: bool) -> None:
    """Let a step's payload take the attempts that went before, and the items in place of those that came in."""
    payload["attempt"] = expression(f"$states.context.State.RetryCount + 1 + ${variable}.attempts")
    if has_own_inputs:
        return
    for port, given in payload["inputs"].items():
        own = inner(given) if given else "[]"
        edited = f"[{path(f'${variable}', 'inputs', port)}]"
        payload["inputs"][port] = expression(f"$exists(${variable}.inputs) ? {edited} : {own}")
