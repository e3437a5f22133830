"""Last pass: the tree of steps as Amazon States Language.

A pending transition is a `Way`, which carries what is known where it is taken. A step takes all ways that lead to it:
those on which it surely runs go to its Task, those on which it surely does not pass it by, and the others go through a
Choice that looks whether any of its inputs has items. So a guard is emitted only where facts leave a doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stepweave.compiler import answers, failures, loops, modes, nesting, rounds, waits
from stepweave.compiler.graph import bits
from stepweave.compiler.limits import exports
from stepweave.compiler.literals import expression, inner, path, quoted
from stepweave.compiler.liveness import Facts, Liveness, Status
from stepweave.compiler.names import Names
from stepweave.compiler.native import emit as native
from stepweave.compiler.native.fusing import starts
from stepweave.compiler.plan import Plan
from stepweave.compiler.scope import Scope, State, Way, lead, met
from stepweave.compiler.steps import result_of, task, told
from stepweave.compiler.structure import Fork, Leaf, Nested, Series, Tree

COPIED_NODES = 6
"""Steps that may be emitted twice to spare one-sided branches their Parallel state (three transitions each run)."""


@dataclass
class Emitter:
    """Emits one machine."""

    plan: Plan
    prefix: str
    names: Names = field(default_factory=Names)
    states: dict[str, str] = field(default_factory=dict)
    machines: list[nesting.Part] = field(default_factory=list)
    plain: int = 0
    """Mask of lowered nodes that are being emitted with their functions."""

    def __post_init__(self) -> None:
        self.graph = self.plan.graph
        self.liveness = Liveness(self.graph)
        self.reading = self.plan.readers()
        self.kept = self.plan.answers | self.plan.last | self.plan.lowered.last
        self.kept |= sum(1 << node for node in self.plan.returning)
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
        if self.graph.pinned:
            assigned["seed"] = "{% $states.input.seed %}"
        for node in bits(self.graph.fired):
            if not (self.reading[node] or self.kept >> node & 1):
                continue
            given = path("$states.input.seed", self.graph.nodes[node].id)
            assigned[scope.variable(node)] = expression(f'$type({given}) = "object" ? {{"output": {given}}} : null')
        triggers = list(bits(self.graph.triggers))
        for node in triggers:
            if not (self.reading[node] or self.kept >> node & 1):
                continue
            output = "$states.input.trigger.output"
            if len(triggers) == 1 and not self.graph.other_triggers:
                assigned[scope.variable(node)] = {"output": expression(output)}
            else:
                fired = f"$states.input.trigger.nodeId = {quoted(self.graph.nodes[node].id)}"
                assigned[scope.variable(node)] = expression(f'{fired} ? {{"output": {output}}} : null')
        return assigned

    def tree(self, scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
        """Emit a part behind `ways`; return the ways out of it."""
        if native.is_fused(self, tree):
            return native.fused(self, scope, tree, ways)
        if isinstance(tree, Leaf):
            return self._leaf(scope, tree.node, ways)
        if isinstance(tree, Series):
            return self._series(scope, tree, ways)
        if isinstance(tree, Nested):
            return nesting.nested(self, scope, tree, ways)
        return self._fork(scope, tree, ways)

    def _series(self, scope: Scope, series: Series, ways: list[Way]) -> list[Way]:
        """Emit parts one after another. A way on which nothing of what is left runs is not asked again at each part."""
        parts = series.parts if series.mask & self.plain else starts(series, self.plan.lowered.fused)
        rest = [self.liveness.ports_of(0)]
        for part in reversed(parts):
            rest.append(rest[-1].union(self.liveness.ports_of(part.mask)))
        done: list[Way] = []
        for part in parts:
            going: list[Way] = []
            left = rest.pop()
            for way in ways:
                if left.are_dead(way.facts):
                    way.facts = left.skipped(way.facts)
                    done.append(way)
                else:
                    going.append(way)
            ways = self.tree(scope, part, going)
        return [*done, *ways]

    def _leaf(self, scope: Scope, node: int, ways: list[Way]) -> list[Way]:
        running, passing = self.entering(scope, 1 << node, ways)
        if running:
            passing += self._task(scope, node, running)
        return passing

    def entering(self, scope: Scope, nodes: int, ways: list[Way]) -> tuple[list[Way], list[Way]]:
        """Return the ways on which one of `nodes` runs and those on which none does; a Choice decides in doubt."""
        running, passing, doubtful = self._sorted(ways, nodes)
        if doubtful:
            rule, otherwise = self._guard(scope, nodes, doubtful)
            running.append(rule)
            passing.append(otherwise)
        return running, passing

    def _sorted(self, ways: list[Way], nodes: int) -> tuple[list[Way], list[Way], list[Way]]:
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
        rule: State = {"Condition": expression(self._any_live(scope, ports, facts))}
        choice: State = {"Type": "Choice", "Choices": [rule]}
        name = scope.add(f"{self.first_name(nodes)} - any items", choice)
        lead(ways, name)
        live = Way(rule, "Next", self.liveness.one_live(facts, ports, entered))
        dead = self.liveness.skip(self.liveness.ports_dead(facts, ports), nodes)
        return live, Way(choice, "Default", dead)

    def _any_live(self, scope: Scope, ports: int, facts: Facts) -> str:
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

    def _task(self, scope: Scope, node: int, ways: list[Way]) -> list[Way]:
        """Emit the states of one node behind `ways`; return the ways out of them."""
        facts = met(ways)
        return failures.resolved(self, scope, node, facts, self._states_of(scope, node, facts, ways))

    def _states_of(self, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
        document, entry = self.graph.nodes[node], self.graph.entries[node]
        if self.graph.pinned >> node & 1:
            return self._pinned(scope, node, facts, ways)
        if node in self.graph.bodies:
            loop = rounds.repeat if loops.repeats(document) else rounds.each
            return loop(self, scope, node, facts, ways)
        if entry.waits(document.params):
            return waits.for_token(self, scope, node, facts, ways)
        if entry.type == modes.WAIT:
            return waits.for_time(self, scope, node, facts, ways)
        if (self.graph.lowered & ~self.plain) >> node & 1:
            return native.lowered(self, scope, node, facts, ways)
        return self.step(scope, node, facts, ways, task(self.plan, scope, node, facts, self.prefix))

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
        document = self.graph.nodes[node]
        added = scope.add(name or document.name, state)
        self.states[added] = document.id
        lead(ways, added)
        if self.is_read(node) or always_kept:
            state["Assign"] = {scope.variable(node): expression(result_of(state))}
        after = Way(state, "Next", self.liveness.node_ran(facts, node), node)
        return [after, *failures.catch(self, scope, node, facts, state)]

    def is_read(self, node: int) -> bool:
        """Return whether a node's result must be kept in its variable."""
        return bool(self.reading[node] or self.kept >> node & 1)

    def _pinned(self, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
        document = self.graph.nodes[node]
        state: State = {"Type": "Pass", "Output": scope.passed_on}
        if self.is_read(node):
            given = path(scope.shared("seed"), document.id)
            state["Assign"] = {scope.variable(node): {"output": expression(given)}}
        name = scope.add(document.name, state)
        self.states[name] = document.id
        lead(ways, name)
        return [Way(state, "Next", self.liveness.node_ran(facts, node))]

    def _fork(self, scope: Scope, fork: Fork, ways: list[Way]) -> list[Way]:
        running, passing, doubtful = self._sorted(ways, fork.mask)
        going = running + doubtful
        if not going:
            return passing
        facts = met(going)
        parts = [part for part in fork.parts if self.status(facts, part.mask) is not Status.DEAD]
        dead = sum(part.mask for part in fork.parts if part not in parts)
        for way in going:
            way.facts = self.liveness.skip(way.facts, dead)
        if len(parts) == 1:
            return passing + self.tree(scope, parts[0], going)
        if self._worth_copying(facts, parts):
            return passing + self._one_or_both(scope, parts, going)
        return [*passing, self.parallel(scope, parts, going)]

    def _worth_copying(self, facts: Facts, parts: list[Tree]) -> bool:
        """Whether two parts may well run alone: then a Choice leads straight to the one that does."""
        small = sum(part.mask.bit_count() for part in parts) <= COPIED_NODES
        in_doubt = all(self.status(facts, part.mask) is Status.UNKNOWN for part in parts)
        simple = all(not isinstance(inner, Fork) for part in parts for inner in _walk(part))
        return len(parts) == 2 and small and in_doubt and simple

    def _one_or_both(self, scope: Scope, parts: list[Tree], ways: list[Way]) -> list[Way]:
        facts = met(ways)
        entering = [self.liveness.entries(facts, part.mask) for part in parts]
        tests = [self._any_live(scope, ports, facts) for ports, _ in entering]
        both: State = {"Condition": expression(f"({tests[0]}) and ({tests[1]})")}
        alone: list[State] = [{"Condition": expression(test)} for test in tests]
        choice: State = {"Type": "Choice", "Choices": [both, *alone]}
        lead(ways, scope.add(f"{self.first_name(parts[0].mask)} - which branches", choice))
        on_both = facts
        for ports, nodes in entering:
            on_both = self.liveness.one_live(on_both, ports, nodes)
        leaving = self._both(scope, Fork(tuple(parts)), Way(both, "Next", on_both))
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

    def _both(self, scope: Scope, fork: Fork, way: Way) -> list[Way]:
        if fork.mask & ~self.graph.lowered or fork.mask & self.plain:
            return [self.parallel(scope, fork.parts, [way])]
        return native.fused(self, scope, fork, [way])

    def parallel(self, scope: Scope, parts: Sequence[Tree], ways: list[Way]) -> Way:
        """Emit a Parallel state; its branches' results that somebody reads later become variables of this scope."""
        facts = met(ways)
        passed_on = scope.passed_on
        state: State = {"Type": "Parallel", "Arguments": passed_on, "Branches": [], "Output": passed_on}
        name = scope.add(f"{self.first_name(parts[0].mask)} - in parallel", state)
        lead(ways, name)
        assigned: dict[str, Any] = {}
        after = facts
        for index, part in enumerate(parts):
            exported = list(bits(exports(self.graph, part, self.reading, self.kept)))
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
        nodes = self.graph.closed(part.mask)
        branch = Scope(nodes, self.names, self.node_names, scope, iteration=scope.iteration)
        return branch, self.inside(branch, part, facts, exported)

    def inside(self, inner: Scope, part: Tree, facts: Facts, exported: list[int]) -> Facts:
        """Emit all of an inner scope, whose output has the results of `exported`; return what is known after it."""
        ways = self.tree(inner, part, [Way(inner.start, "StartAt", facts)])
        known = met(ways)
        others = []
        for way in ways:
            if way.can_end:
                way.holder["End"] = True
                way.holder["Output"] = self._exported(inner, exported, way)
            else:
                others.append(way)
        if others:
            end: State = {"Type": "Pass", "Output": self._exported(inner, exported, None), "End": True}
            lead(others, inner.add(f"{self.first_name(part.mask)} - done", end))
        inner.initialise()
        return known

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
                output[branch.variable(node)] = expression(branch.source(node))
        return output

    def _finish(self, scope: Scope, ways: list[Way]) -> None:
        """End the execution with `ExecutionOutput`, in the last state itself where that can be."""
        others = []
        for way in ways:
            if way.can_end:
                way.holder["End"] = True
                way.holder["Output"] = self._answer(scope, way)
            else:
                others.append(way)
        if others:
            end: State = {"Type": "Pass", "Output": self._answer(scope, None), "End": True}
            lead(others, scope.add("End", end))

    def _answer(self, scope: Scope, way: Way | None) -> dict[str, Any]:
        response = self._first_there(scope, way, list(bits(self.plan.answers)), "response")
        last = self._first_there(scope, way, list(bits(self.plan.last))[::-1], "output")
        answer: dict[str, Any] = {"response": response, "last": last}
        if self.plan.lowered.last:
            known, setting = (Facts(), {}) if way is None else (way.facts, way.holder.get("Assign", {}))
            answer["native"] = told(scope, known, self.plan, bits(self.plan.lowered.last), setting)
        return answer

    def _first_there(self, scope: Scope, way: Way | None, nodes: list[int], part: str) -> str | None:
        """Return an expression for the first of `nodes` whose result has `part`, null where none has."""
        found: list[tuple[int, str]] = []
        # A state's Output does not see what its own Assign sets, so what it sets is said again.
        setting = way.holder.get("Assign", {}) if way is not None else {}
        for node in nodes:
            if way is not None and way.facts.skipped >> node & 1:
                continue
            if way is not None and way.task == node:
                found.append((node, path(result_of(way.holder), part)))
                continue
            given = setting.get(scope.variable(node))
            if isinstance(given, str):
                found.append((node, path(f"({inner(given)})", part)))
                continue
            if isinstance(given, dict):
                found += [(node, inner(given[part]))] if part in given else []
                continue
            if way is None or not way.facts.ran >> node & 1:
                scope.may_be_unassigned(node)
            found.append((node, path(scope.source(node), part)))
        if not found:
            return None
        whole = part != "output"
        tried = (f"$exists({one}) ? {one if whole else answers.last(self.graph, node, one)} : " for node, one in found)
        return expression("".join(tried) + "null")


def _walk(tree: Tree) -> list[Tree]:
    if isinstance(tree, Leaf):
        return [tree]
    parts = (tree.part,) if isinstance(tree, Nested) else tree.parts
    return [tree, *(below for part in parts for below in _walk(part))]
