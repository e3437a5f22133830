"""Emits loops: a Map over batches (within the machine, or distributed where they are many), or a cycle of states.

A loop over batches is three steps: the loop's function splits the items, a Map runs the body for each batch, and the
function collects what the rounds brought back. A loop that repeats is a cycle: the function enters, and after each
round decides whether there is another.
"""

from typing import TYPE_CHECKING, Any, Final

from stepweave.compiler import failures
from stepweave.compiler.graph import bits
from stepweave.compiler.literals import expression, path
from stepweave.compiler.liveness import Facts
from stepweave.compiler.loops import BACK, LOOP
from stepweave.compiler.scope import Scope, State, Way, lead, met
from stepweave.compiler.steps import failure_port, live_paths, result_of, task
from stepweave.compiler.structure import Tree

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter

_VALUE: Final = "$states.context.Map.Item.Value"
_ROUND: Final = "$states.input.iteration"


def each(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit a loop over batches behind `ways`; return the ways out of it."""
    plan, body = emitter.plan, emitter.plan.bodies[node]
    more: dict[str, Any] = {"loop": {"results": []}} if plan.graph.led_back >> node & 1 else {}
    if body is None and not plan.graph.back[node]:
        collect = task(plan, scope, node, facts, emitter.prefix, phase="collect", more=more)
        return emitter.step(scope, node, facts, ways, collect)
    distributed = plan.kind == "STANDARD"
    limits = {"inlineRounds": plan.rounds[node], "distributed": distributed}
    split = task(plan, scope, node, facts, emitter.prefix, phase="split", more={"loop": limits})
    inside, *failed = emitter.step(scope, node, facts, ways, split, always_kept=True)
    name = plan.graph.nodes[node].name
    results = scope.names.variable(f"{name} rounds")
    entering = [inside]
    maps: list[State] = []
    if distributed:
        rule: State = {"Condition": expression(f"$exists({_batches(scope, node)}.index)")}
        choice: State = {"Type": "Choice", "Choices": [rule]}
        inside.leads_to(scope.add(f"{name} - many rounds", choice))
        entering = [Way(choice, "Default", inside.facts)]
        many = _distributed_map(emitter, scope, node, body, facts, results)
        rule["Next"] = scope.add(f"{name} - each round, distributed", many)
        maps.append(many)
    few = _inline_map(emitter, scope, node, body, facts, results)
    lead(entering, scope.add(f"{name} - each round", few))
    maps.append(few)
    leaving = [Way(state, "Next", facts) for state in maps]
    for state in maps:
        failed += failures.catch(emitter, scope, node, facts, state)
    if brings_back(emitter, node):
        more = {"loop": expression(f"${results}")}
    collect = task(plan, scope, node, facts, emitter.prefix, phase="collect", more=more)
    return emitter.step(scope, node, facts, leaving, collect, name=f"{name} - collected") + failed


def _inline_map(emitter: "Emitter", scope: Scope, node: int, body: Tree | None, facts: Facts, results: str) -> State:
    batches = _batches(scope, node)
    state = _map(emitter, scope, node, {"Mode": "INLINE"})
    state["Items"] = expression(f"$exists({batches}.items) ? {batches}.items : {batches}.ranges")
    batch = (
        f'$exists({batches}.items) ? {{"count": $count({_VALUE}), "items": [{_VALUE}]}} : '
        f'{{"count": {_VALUE}[2], "ref": $merge([{batches}.ref, {{"range": [{_VALUE}[0], {_VALUE}[1]]}}])}}'
    )
    items = {"output": {LOOP: expression(batch)}, "rounds": expression(f"{batches}.count")}
    _rounds(emitter, state, Scope(0, scope.names, scope.node_names, scope), node, body, facts, items)
    if brings_back(emitter, node):
        state["Assign"] = {results: {"results": "{% $states.result %}"}}
    return state


def _distributed_map(
    emitter: "Emitter", scope: Scope, node: int, body: Tree | None, facts: Facts, results: str
) -> State:
    batches = _batches(scope, node)
    state = _map(emitter, scope, node, {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"})
    state["ItemReader"] = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": expression(f"{batches}.index.bucket"), "Key": expression(f"{batches}.index.key")},
    }
    part = f'{{"range": [{_VALUE}.offset, {_VALUE}.length]}}'
    batch = f'{{"count": {_VALUE}.count, "ref": $merge([{batches}.ref, {part}])}}'
    items = {"output": {LOOP: expression(batch)}, "rounds": 1}
    inner = Scope(0, scope.names, scope.node_names, scope, detached=True)
    _rounds(emitter, state, inner, node, body, facts, items)
    state["ResultWriter"] = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": {
            "Bucket": expression(f"{batches}.index.bucket"),
            "Prefix": expression(f'{batches}.index.key & "-rounds"'),
        },
    }
    if brings_back(emitter, node):
        details = "$states.result.ResultWriterDetails"
        manifest = {"bucket": expression(f"{details}.Bucket"), "key": expression(f"{details}.Key")}
        state["Assign"] = {results: {"manifest": manifest}}
    return state


def is_guarded(emitter: "Emitter", node: int) -> bool:
    """Whether a loop goes on after a round that failed: then its body is a state of its own, which has a catcher."""
    return failure_port(emitter.graph.nodes[node], emitter.graph.entries[node]) is not None


def brings_back(emitter: "Emitter", node: int) -> bool:
    """Whether rounds of a loop over batches give something that the loop collects."""
    return bool(emitter.graph.back[node]) or is_guarded(emitter, node)


def _batches(scope: Scope, node: int) -> str:
    return path(scope.source(node), "batches")


def _map(emitter: "Emitter", scope: Scope, node: int, config: dict[str, str]) -> State:
    concurrency = emitter.graph.nodes[node].params.get("concurrency", 1)
    return {
        "Type": "Map",
        "MaxConcurrency": concurrency if isinstance(concurrency, int) else 1,
        "ItemProcessor": {"ProcessorConfig": config},
        "Output": scope.passed_on,
    }


def _rounds(
    emitter: "Emitter", state: State, inner: Scope, node: int, body: Tree | None, facts: Facts, items: dict[str, Any]
) -> None:
    """Emit a loop's body into a Map, and what each of its rounds is given."""
    graph = emitter.graph
    inner.nodes, inner.loop, inner.iteration = graph.bodies[node], node, _ROUND
    first = Way(inner.start, "StartAt", emitter.liveness.in_round(facts, node))
    if body is not None and is_guarded(emitter, node):
        ways = [emitter.parallel(inner, [body], [first])]
        batch = path(inner.source(node), "output", LOOP)
        failures.guarded_round(emitter, inner, node, first.facts, ways[0].holder, batch)
    else:
        ways = [first] if body is None else emitter.tree(inner, body, [first])
    others = []
    for way in ways:
        if way.can_end and way.holder["Type"] == "Task":
            way.holder["End"] = True
            way.holder["Output"] = _returned(emitter, inner, node, way)
        else:
            others.append(way)
    if others:
        end: State = {"Type": "Pass", "Output": _returned(emitter, inner, node, None), "End": True}
        lead(others, inner.add(f"{graph.nodes[node].name} - round done", end))
    inner.initialise()
    state["ItemProcessor"] |= {"StartAt": inner.start["StartAt"], "States": inner.states}
    state["ItemSelector"] = {**inner.input(facts), "loop": items}


def _returned(emitter: "Emitter", inner: Scope, node: int, way: Way | None) -> Any:
    """Return what a round brings back: the batches of the ports that lead back to the loop, in edge order."""
    graph = emitter.graph
    if not graph.back[node]:
        # Where a round's failure must be told from its success, the round's own items come back.
        return expression(f"[{path(inner.source(node), 'output', LOOP)}]") if brings_back(emitter, node) else {}
    found = []
    for port in graph.back[node]:
        source, name = graph.ports[port]
        if way is not None and way.task == source:
            found.append(path(result_of(way.holder), "output", name))
            continue
        if way is not None and way.facts.dead >> port & 1:
            continue
        if way is None or not way.facts.ran >> source & 1:
            inner.may_be_unassigned(source)
        found.append(path(inner.source(source), "output", name))
    return expression(f"[{', '.join(found)}]")


def repeat(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit a loop that repeats behind `ways`; return the ways out of it."""
    plan, graph = emitter.plan, emitter.graph
    name, variable = graph.nodes[node].name, scope.variable(node)
    enter = task(plan, scope, node, facts, emitter.prefix, phase="enter")
    inside, *failed = emitter.step(scope, node, facts, ways, enter, always_kept=True)
    inside.facts = emitter.liveness.in_round(inside.facts, node)
    again: State = {"Condition": expression(f"$exists({path('$' + variable, 'output', LOOP)})")}
    rounds = [inside, Way(again, "Next", inside.facts)]
    around = scope.iteration
    number = f"$string(${variable}.round)"
    scope.iteration = f'{around} & "." & {number}' if around else number
    body = plan.bodies[node]
    if body is not None and is_guarded(emitter, node):
        out = [emitter.parallel(scope, [body], rounds)]
        failed += failures.catch(emitter, scope, node, facts, out[0].holder)
    else:
        out = emitter.tree(scope, body, rounds) if body is not None else rounds
    scope.iteration = around
    known = met(out)
    paths = live_paths(plan, scope, graph.back[node], known)
    more = {
        "inputs": {BACK: expression(f"[{', '.join(paths)}]") if paths else []},
        "loop": {"round": expression(f"${variable}.round")},
    }
    turn = task(plan, scope, node, facts, emitter.prefix, phase="turn", more=more)
    leaving, *broken = emitter.step(scope, node, facts, out, turn, name=f"{name} - round done", always_kept=True)
    forgotten = {scope.variables[inner]: None for inner in bits(graph.bodies[node]) if inner in scope.variables}
    turn["Assign"] = {**turn.get("Assign", {}), **forgotten}
    choice: State = {"Type": "Choice", "Choices": [again]}
    leaving.leads_to(scope.add(f"{name} - another round", choice))
    return [Way(choice, "Default", emitter.liveness.node_ran(facts, node)), *failed, *broken]
