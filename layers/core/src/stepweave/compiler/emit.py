"""Last pass: the tree of steps as Amazon States Language.

A pending transition is a `Way`, which carries what is known where it is taken. A step takes all ways that lead to it:
those on which it surely runs go to its Task, those on which it surely does not pass it by, and the others go through a
Choice that looks whether any of its inputs has items. So a guard is emitted only where facts leave a doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from stepweave.compiler.graph import bits
from stepweave.compiler.limits import exports
from stepweave.compiler.literals import expression, path, quoted
from stepweave.compiler.liveness import Facts, Liveness, Status
from stepweave.compiler.names import Names
from stepweave.compiler.plan import Plan
from stepweave.compiler.scope import Scope, State, Way
from stepweave.compiler.steps import failure_output, failure_port, port_number, task
from stepweave.compiler.structure import Fork, Leaf, Series, Tree

COPIED_NODES = 6
"""Steps that may be emitted twice to spare one-sided branches their Parallel state (three transitions each run)."""
_RESULT = "$states.result.Payload"


@dataclass
class Emitter:
    """Emits one machine."""

    plan: Plan
    prefix: str
    names: Names = field(default_factory=Names)
    states: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = self.plan.graph
        self.liveness = Liveness(self.graph)
        self.reading = self.plan.readers()
        self.kept = self.plan.answers | self.plan.last
        self.node_names = [node.name for node in self.graph.nodes]

    def machine(self) -> dict[str, Any]:
        """Return `StartAt` and `States`."""
        scope = Scope((1 << len(self.graph.nodes)) - 1, self.names, self.node_names)
        start: State = {"Type": "Pass", "Assign": self._starting(scope), "Output": {}}
        scope.start["StartAt"] = scope.add("Start", start)
        ways = [Way(start, "Next", self.liveness.start())]
        if self.plan.tree is not None:
            ways = self.tree(scope, self.plan.tree, ways)
        self._finish(scope, ways)
        scope.initialise()
        return {"StartAt": scope.start["StartAt"], "States": scope.states}

    def _starting(self, scope: Scope) -> dict[str, Any]:
        assigned: dict[str, Any] = {"context": "{% $states.input.context %}"}
        triggers = list(bits(self.graph.triggers))
        for node in triggers:
            if not (self.reading[node] or self.kept >> node & 1):
                continue
            output = "$states.input.trigger.output"
            if len(triggers) == 1:
                assigned[scope.variable(node)] = {"output": expression(output)}
            else:
                fired = f"$states.input.trigger.nodeId = {quoted(self.graph.nodes[node].id)}"
                assigned[scope.variable(node)] = expression(f'{fired} ? {{"output": {output}}} : null')
        return assigned

    def tree(self, scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
        """Emit a part behind `ways`; return the ways out of it."""
        if isinstance(tree, Leaf):
            return self._leaf(scope, tree.node, ways)
        if isinstance(tree, Series):
            for part in tree.parts:
                ways = self.tree(scope, part, ways)
            return ways
        return self._fork(scope, tree, ways)

    def _leaf(self, scope: Scope, node: int, ways: list[Way]) -> list[Way]:
        running, passing, doubtful = self._sorted(ways, 1 << node)
        if doubtful:
            rule, otherwise = self._guard(scope, 1 << node, doubtful)
            running.append(rule)
            passing.append(otherwise)
        if running:
            passing += self._task(scope, node, running)
        return passing

    def _sorted(self, ways: list[Way], nodes: int) -> tuple[list[Way], list[Way], list[Way]]:
        """Return the ways on which one of `nodes` surely runs, on which none does, and the rest."""
        running: list[Way] = []
        passing: list[Way] = []
        doubtful: list[Way] = []
        for way in ways:
            match self._status(way.facts, nodes):
                case Status.LIVE:
                    running.append(way)
                case Status.DEAD:
                    way.facts = self.liveness.skip(way.facts, nodes)
                    passing.append(way)
                case Status.UNKNOWN:
                    doubtful.append(way)
        return running, passing, doubtful

    def _status(self, facts: Facts, nodes: int) -> Status:
        if nodes & (nodes - 1) == 0:
            return self.liveness.status(facts, nodes.bit_length() - 1)
        if any(self.liveness.status(facts, node) is Status.LIVE for node in bits(nodes)):
            return Status.LIVE
        ports, _ = self.liveness.entries(facts, nodes)
        return Status.UNKNOWN if ports else Status.DEAD

    def _guard(self, scope: Scope, nodes: int, ways: list[Way]) -> tuple[Way, Way]:
        """Emit a Choice on whether items enter `nodes`; return the way where some do and the one where none do."""
        facts = _met(ways)
        ports, entered = self.liveness.entries(facts, nodes)
        rule: State = {"Condition": expression(self._any_live(scope, ports, facts))}
        choice: State = {"Type": "Choice", "Choices": [rule]}
        name = scope.add(f"{self._first_name(nodes)} - any items", choice)
        _lead(ways, name)
        live = Way(rule, "Next", self.liveness.one_live(facts, ports, entered))
        dead = self.liveness.skip(self.liveness.ports_dead(facts, ports), nodes)
        return live, Way(choice, "Default", dead)

    def _any_live(self, scope: Scope, ports: int, facts: Facts) -> str:
        conditions = []
        for port in bits(ports):
            source, name = self.graph.ports[port]
            if not facts.ran >> source & 1:
                scope.may_be_unassigned(source)
            conditions.append(f"$exists({path(scope.variable(source), 'output', name)})")
        return " or ".join(conditions)

    def _first_name(self, nodes: int) -> str:
        return self.node_names[next(bits(nodes))]

    def _task(self, scope: Scope, node: int, ways: list[Way]) -> list[Way]:
        document, entry = self.graph.nodes[node], self.graph.entries[node]
        facts = _met(ways)
        state = task(self.plan, scope, node, facts, self.prefix)
        name = scope.add(document.name, state)
        self.states[name] = document.id
        _lead(ways, name)
        read = bool(self.reading[node] or self.kept >> node & 1)
        if read:
            state["Assign"] = {scope.variable(node): expression(_RESULT)}
        leaving = [Way(state, "Next", self.liveness.node_ran(facts, node), node)]
        port = failure_port(document, entry)
        if port is not None:
            catcher: State = {"ErrorEquals": ["States.ALL"], "Output": {}}
            if read:
                catcher["Assign"] = {scope.variable(node): failure_output(port)}
            state["Catch"] = [catcher]
            number = port_number(self.plan, node, port)
            leaving.append(Way(catcher, "Next", self.liveness.failed(facts, node, number)))
        return leaving

    def _fork(self, scope: Scope, fork: Fork, ways: list[Way]) -> list[Way]:
        running, passing, doubtful = self._sorted(ways, fork.mask)
        going = running + doubtful
        if not going:
            return passing
        facts = _met(going)
        parts = [part for part in fork.parts if self._status(facts, part.mask) is not Status.DEAD]
        dead = sum(part.mask for part in fork.parts if part not in parts)
        for way in going:
            way.facts = self.liveness.skip(way.facts, dead)
        if len(parts) == 1:
            return passing + self.tree(scope, parts[0], going)
        if self._worth_copying(facts, parts):
            return passing + self._one_or_both(scope, parts, going)
        return [*passing, self._parallel(scope, parts, going)]

    def _worth_copying(self, facts: Facts, parts: list[Tree]) -> bool:
        """Whether two parts may well run alone: then a Choice leads straight to the one that does."""
        small = sum(part.mask.bit_count() for part in parts) <= COPIED_NODES
        in_doubt = all(self._status(facts, part.mask) is Status.UNKNOWN for part in parts)
        simple = all(not isinstance(inner, Fork) for part in parts for inner in _walk(part))
        return len(parts) == 2 and small and in_doubt and simple

    def _one_or_both(self, scope: Scope, parts: list[Tree], ways: list[Way]) -> list[Way]:
        facts = _met(ways)
        entering = [self.liveness.entries(facts, part.mask) for part in parts]
        tests = [self._any_live(scope, ports, facts) for ports, _ in entering]
        both: State = {"Condition": expression(f"({tests[0]}) and ({tests[1]})")}
        alone: list[State] = [{"Condition": expression(test)} for test in tests]
        choice: State = {"Type": "Choice", "Choices": [both, *alone]}
        _lead(ways, scope.add(f"{self._first_name(parts[0].mask)} - which branches", choice))
        on_both = facts
        for ports, nodes in entering:
            on_both = self.liveness.one_live(on_both, ports, nodes)
        leaving = [self._parallel(scope, parts, [Way(both, "Next", on_both)])]
        for index, rule in enumerate(alone):
            ports, nodes = entering[index]
            other_ports, _ = entering[1 - index]
            known = self.liveness.one_live(facts, ports, nodes)
            known = self.liveness.skip(self.liveness.ports_dead(known, other_ports & ~ports), parts[1 - index].mask)
            leaving += self.tree(scope, parts[index], [Way(rule, "Next", known)])
        none = facts
        for (ports, _), part in zip(entering, parts, strict=True):
            none = self.liveness.skip(self.liveness.ports_dead(none, ports), part.mask)
        leaving.append(Way(choice, "Default", none))
        return leaving

    def _parallel(self, scope: Scope, parts: Sequence[Tree], ways: list[Way]) -> Way:
        """Emit a Parallel state; its branches' results that somebody reads later become variables of this scope."""
        facts = _met(ways)
        state: State = {"Type": "Parallel", "Arguments": {}, "Branches": [], "Output": {}}
        name = scope.add(f"{self._first_name(parts[0].mask)} - in parallel", state)
        _lead(ways, name)
        assigned: dict[str, Any] = {}
        after = facts
        for index, part in enumerate(parts):
            exported = list(bits(exports(part, self.reading, self.kept)))
            branch, known = self._branch(scope, part, facts, exported)
            state["Branches"].append({"StartAt": branch.start["StartAt"], "States": branch.states})
            after = after.join(known)
            for node in exported:
                variable = branch.variable(node)
                assigned[scope.variable(node)] = expression(f"$states.result[{index}].{variable}")
        if assigned:
            state["Assign"] = assigned
        return Way(state, "Next", after)

    def _branch(self, scope: Scope, part: Tree, facts: Facts, exported: list[int]) -> tuple[Scope, Facts]:
        branch = Scope(part.mask, self.names, self.node_names, scope)
        ways = self.tree(branch, part, [Way(branch.start, "StartAt", facts)])
        known = _met(ways)
        others = []
        for way in ways:
            if way.can_end:
                way.holder["End"] = True
                way.holder["Output"] = self._exported(branch, exported, way)
            else:
                others.append(way)
        if others:
            end: State = {"Type": "Pass", "Output": self._exported(branch, exported, None), "End": True}
            _lead(others, branch.add(f"{self._first_name(part.mask)} - done", end))
        branch.initialise()
        return branch, known

    def _exported(self, branch: Scope, exported: list[int], way: Way | None) -> dict[str, Any]:
        output: dict[str, Any] = {}
        # A state's Output does not see what its own Assign sets, so what it sets is said again.
        setting = way.holder.get("Assign", {}) if way is not None else {}
        for node in exported:
            if branch.variable(node) in setting:
                output[branch.variable(node)] = setting[branch.variable(node)]
            elif way is not None and way.facts.skipped >> node & 1:
                output[branch.variable(node)] = None
            else:
                if way is None or not way.facts.ran >> node & 1:
                    branch.may_be_unassigned(node)
                output[branch.variable(node)] = expression(f"${branch.variable(node)}")
        return output

    def _finish(self, scope: Scope, ways: list[Way]) -> None:
        """End the execution with `ExecutionOutput`, in the last Task itself where that can be."""
        others = []
        for way in ways:
            if way.can_end and way.holder["Type"] != "Parallel":
                way.holder["End"] = True
                way.holder["Output"] = self._answer(scope, way)
            else:
                others.append(way)
        if others:
            end: State = {"Type": "Pass", "Output": self._answer(scope, None), "End": True}
            _lead(others, scope.add("End", end))

    def _answer(self, scope: Scope, way: Way | None) -> dict[str, Any]:
        answers = self._first_there(scope, way, list(bits(self.plan.answers)), "response")
        last = self._first_there(scope, way, list(bits(self.plan.last))[::-1], "output")
        return {"response": answers, "last": last}

    def _first_there(self, scope: Scope, way: Way | None, nodes: list[int], part: str) -> str | None:
        """Return an expression for the first of `nodes` whose result has `part`, null where none has."""
        found = []
        for node in nodes:
            if way is not None and way.facts.skipped >> node & 1:
                continue
            if way is not None and way.task == node:
                found.append(f"{_RESULT}.{part}")
                continue
            if way is None or not way.facts.ran >> node & 1:
                scope.may_be_unassigned(node)
            found.append(path(scope.variable(node), part))
        if not found:
            return None
        return expression("".join(f"$exists({one}) ? {one} : " for one in found) + "null")


def _met(ways: Sequence[Way]) -> Facts:
    return reduce(Facts.meet, (way.facts for way in ways))


def _lead(ways: Sequence[Way], state: str) -> None:
    for way in ways:
        way.leads_to(state)


def _walk(tree: Tree) -> list[Tree]:
    if isinstance(tree, Leaf):
        return [tree]
    return [tree, *(inner for part in tree.parts for inner in _walk(part))]
