"""A loop: a Map over batches (within the machine, or distributed where they are many), or a cycle of states.

A loop over batches is three steps: the loop's function splits the items, a Map runs the body for each batch, and the
function collects what the rounds brought back. A loop that decides after each round whether there is another is a
cycle: the function enters, and after each round it turns. What its rounds hand on (`left`, `kept`) goes with it.
"""

from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.structure import Tree
from stepweave.compiler.control import Control
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.branches import parallel
from stepweave.compiler.emit.catching import catch, catcher
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.failures import failed_task, resolved
from stepweave.compiler.emit.scope import Scope, State, Way, lead, met
from stepweave.compiler.emit.steps import live_paths, result_of
from stepweave.compiler.events import PARALLEL, STATE
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression, path
from stepweave.compiler.masks import bits
from stepweave.model.workflow import Node

LOOP: Final = "loop"
"""The kind, and the output port that leads to the body."""
BACK: Final = "back"
DONE: Final = "done"
DEFAULT_ROUNDS: Final = 100
"""The most rounds of a loop that repeats and does not say how many."""
_VALUE: Final = "$states.context.Map.Item.Value"
_ROUND: Final = "$states.input.iteration"


def _repeats(node: Node) -> bool:
    """Return whether a loop decides after each round whether there is another, rather than having them all at once."""
    return node.params.get("mode") in ("repeat", "each_until")


def _hands_on(node: Node) -> list[str]:
    """Return what a round of a loop that repeats leaves to the next, besides its number."""
    batchwise = node.params.get("mode") == "each_until"
    keeps = not node.params.get("onlyLast") if batchwise else bool(node.params.get("gather"))
    return ["left"] * batchwise + ["kept"] * keeps


def _most_rounds(node: Node) -> int:
    """Return the most rounds of a loop that repeats."""
    rounds = node.params.get("maxRounds")
    return rounds if isinstance(rounds, int) else DEFAULT_ROUNDS


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the loop behind `ways`; return the ways out of it."""
    loop = _repeat if _repeats(emission.graph.nodes[node]) else _each
    return loop(emission, scope, node, facts, ways)


def _each(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write a loop over batches behind `ways`; return the ways out of it."""
    plan, body = emission.plan, emission.plan.bodies[node]
    more: dict[str, Any] = {"loop": {"results": []}} if plan.graph.led_back >> node & 1 else {}
    if body is None and not plan.graph.back[node]:
        collect = emission.task(scope, node, facts, phase="collect", begins=True, more=more)
        return emission.step(scope, node, facts, ways, collect)
    distributed = plan.kind == "STANDARD"
    limits = {"inlineRounds": plan.rounds[node], "distributed": distributed}
    split = emission.task(scope, node, facts, phase="split", begins=True, more={"loop": limits})
    inside, *failed = emission.step(scope, node, facts, ways, split, always_kept=True)
    name = plan.graph.nodes[node].name
    results = scope.names.variable(f"{name} rounds")
    entering = [inside]
    maps: list[State] = []
    if distributed:
        rule: State = {"Condition": expression(f"$exists({_batches(scope, node)}.index)")}
        choice: State = {"Type": "Choice", "Choices": [rule]}
        inside.leads_to(scope.add(f"{name} - many rounds", choice))
        entering = [Way(choice, "Default", inside.facts)]
        many = _distributed_map(emission, scope, node, body, facts, results)
        rule["Next"] = scope.add(f"{name} - each round, distributed", many)
        maps.append(many)
    few = _inline_map(emission, scope, node, body, facts, results)
    lead(entering, scope.add(f"{name} - each round", few))
    maps.append(few)
    leaving = [Way(state, "Next", facts) for state in maps]
    for state in maps:
        failed += catch(emission.graph, scope, node, facts, state)
    if _brings_back(emission, node):
        more = {"loop": expression(f"${results}")}
    collect = emission.task(scope, node, facts, phase="collect", begins=body is None, more=more)
    return emission.step(scope, node, facts, leaving, collect, name=f"{name} - collected") + failed


def _inline_map(emission: Emission, scope: Scope, node: int, body: Tree | None, facts: Facts, results: str) -> State:
    batches = _batches(scope, node)
    state = _map(emission, scope, node, {"Mode": "INLINE"})
    state["Items"] = expression(f"$exists({batches}.items) ? {batches}.items : {batches}.ranges")
    batch = (
        f'$exists({batches}.items) ? {{"count": $count({_VALUE}), "items": [{_VALUE}]}} : '
        f'{{"count": {_VALUE}[2], "ref": $merge([{batches}.ref, {{"range": [{_VALUE}[0], {_VALUE}[1]]}}])}}'
    )
    items = {"output": {LOOP: expression(batch)}, "rounds": expression(f"{batches}.count")}
    _rounds(emission, state, Scope(0, scope.names, scope.node_names, scope), node, body, facts, items)
    if _brings_back(emission, node):
        state["Assign"] = {results: {"results": "{% $states.result %}"}}
    return state


def _distributed_map(
    emission: Emission, scope: Scope, node: int, body: Tree | None, facts: Facts, results: str
) -> State:
    batches = _batches(scope, node)
    state = _map(emission, scope, node, {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"})
    state["ItemReader"] = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": expression(f"{batches}.index.bucket"), "Key": expression(f"{batches}.index.key")},
    }
    part = f'{{"range": [{_VALUE}.offset, {_VALUE}.length]}}'
    batch = f'{{"count": {_VALUE}.count, "ref": $merge([{batches}.ref, {part}])}}'
    items = {"output": {LOOP: expression(batch)}, "rounds": 1}
    inner = Scope(0, scope.names, scope.node_names, scope, detached=True)
    _rounds(emission, state, inner, node, body, facts, items)
    state["ResultWriter"] = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": {
            "Bucket": expression(f"{batches}.index.bucket"),
            "Prefix": expression(f'{batches}.index.key & "-rounds"'),
        },
    }
    if _brings_back(emission, node):
        details = "$states.result.ResultWriterDetails"
        manifest = {"bucket": expression(f"{details}.Bucket"), "key": expression(f"{details}.Key")}
        state["Assign"] = {results: {"manifest": manifest}}
    return state


def _is_guarded(emission: Emission, node: int) -> bool:
    """Whether a loop goes on after a round that failed: then its body is a state of its own, which has a catcher."""
    return failure_port(emission.graph.nodes[node], emission.graph.entries[node]) is not None


def _brings_back(emission: Emission, node: int) -> bool:
    """Whether rounds of a loop over batches give something that the loop collects."""
    return bool(emission.graph.back[node]) or _is_guarded(emission, node)


def _batches(scope: Scope, node: int) -> str:
    return path(scope.source(node), "batches")


def _map(emission: Emission, scope: Scope, node: int, config: dict[str, str]) -> State:
    concurrency = emission.graph.nodes[node].params.get("concurrency", 1)
    return {
        "Type": "Map",
        "MaxConcurrency": concurrency if isinstance(concurrency, int) else 1,
        "ItemProcessor": {"ProcessorConfig": config},
        "Output": scope.passed_on,
    }


def _rounds(
    emission: Emission, state: State, inner: Scope, node: int, body: Tree | None, facts: Facts, items: dict[str, Any]
) -> None:
    """Write a loop's body into a Map, and what each of its rounds is given."""
    graph = emission.graph
    inner.nodes, inner.loop, inner.iteration = graph.bodies[node], node, _ROUND
    first = Way(inner.start, "StartAt", emission.liveness.in_round(facts, node))
    if body is not None and _is_guarded(emission, node):
        ways = [parallel(emission, inner, [body], [first])]
        batch = path(inner.source(node), "output", LOOP)
        _guarded_round(emission, inner, node, first.facts, ways[0].holder, batch)
    else:
        ways = [first] if body is None else emission.tree(inner, body, [first])
    others = []
    for way in ways:
        if way.can_end and way.holder["Type"] == "Task":
            way.holder["End"] = True
            way.holder["Output"] = _returned(emission, inner, node, way)
        else:
            others.append(way)
    if others:
        end: State = {"Type": "Pass", "Output": _returned(emission, inner, node, None), "End": True}
        lead(others, inner.add(f"{graph.nodes[node].name} - round done", end))
    inner.initialise()
    state["ItemProcessor"] |= {"StartAt": inner.start["StartAt"], "States": inner.states}
    state["ItemSelector"] = {**inner.input(facts), "loop": items}


def _returned(emission: Emission, inner: Scope, node: int, way: Way | None) -> Any:
    """Return what a round brings back: the batches of the ports that lead back to the loop, in edge order."""
    graph = emission.graph
    if not graph.back[node]:
        if not _brings_back(emission, node):
            return {}
        if graph.led_back >> node & 1:  # by an edge from a disabled node that passes nothing
            return expression("[]")
        # Where a round's failure must be told from its success, the round's own items come back.
        return expression(f"[{path(inner.source(node), 'output', LOOP)}]")
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


def _guarded_round(emission: Emission, inner: Scope, node: int, facts: Facts, state: State, batch: str) -> None:
    """Let a round of a loop over batches that fails bring back error items for the items of its batch.

    Args:
        emission: the machine.
        inner: the round's scope.
        node: the loop.
        facts: what is known in a round.
        state: the Parallel state that is the round's body.
        batch: JSONata for the round's batch.
    """
    document = emission.graph.nodes[node]
    port = failure_port(document, emission.graph.entries[node])
    if port is None:
        raise LookupError(f"{document.id} does not go on after errors")
    caught = catcher(inner, node)
    state["Catch"] = [caught]
    more = {
        "inputs": {"main": expression(f"[{batch}]")},
        "inlineLimit": expression(
            f"$min([{emission.plan.inline_limits[node]}, $floor(200000 / {inner.source(node)}.rounds)])"
        ),
        "native": [],
    }
    failed = failed_task(emission, inner, node, facts, port, "roundFailed", more)
    given = path(result_of(failed), "output", port)
    # What does not come back to the loop is marked, for the loop to tell it from what does.
    failed["Output"] = expression(f'[{{"failed": {given}}}]' if port != DONE else f"[{given}]")
    failed["End"] = True
    added = inner.add(f"{document.name} - round failed", failed)
    emission.states[added] = document.id
    caught["Next"] = added


def _went_round(emission: Emission, scope: Scope, node: int, facts: Facts) -> dict[str, Any]:
    """Return the input of a loop that repeats where it failed: the items of the round that it is in."""
    graph = emission.graph
    scope.may_be_unassigned(node)
    here = path(scope.source(node), "output", LOOP)
    sources = [port for ports in graph.inputs[node].values() for port in ports]
    paths = live_paths(emission.plan, scope, sources, facts)
    return {"main": expression(f"$exists({here}) ? [{here}] : [{', '.join(paths)}]")}


def _repeat(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write a loop that repeats behind `ways`; return the ways out of it."""
    plan, graph = emission.plan, emission.graph
    name, variable = graph.nodes[node].name, scope.variable(node)
    enter = emission.task(scope, node, facts, phase="enter", begins=True)
    inside, *failed = emission.step(scope, node, facts, ways, enter, always_kept=True)
    inside.facts = emission.liveness.in_round(inside.facts, node)
    again: State = {"Condition": expression(f"$exists({path('$' + variable, 'output', LOOP)})")}
    rounds = [inside, Way(again, "Next", inside.facts)]
    around = scope.iteration
    number = f"$string(${variable}.round)"
    scope.iteration = f'{around} & "." & {number}' if around else number
    body = plan.bodies[node]
    if body is not None and _is_guarded(emission, node):
        out = [parallel(emission, scope, [body], rounds)]
        failed += catch(emission.graph, scope, node, facts, out[0].holder)
    else:
        out = emission.tree(scope, body, rounds) if body is not None else rounds
    scope.iteration = around
    known = met(out)
    paths = live_paths(plan, scope, graph.back[node], known)
    handed = _hands_on(graph.nodes[node])
    of = {"round": expression(f"${variable}.round")}
    # Where the round before left nothing, the name is not there at all.
    fields = ", ".join(f'"{name}": {path("$" + variable, name)}' for name in ("round", *handed))
    more = {
        "inputs": {BACK: expression(f"[{', '.join(paths)}]") if paths else []},
        "loop": expression(f"{{{fields}}}") if handed else of,
    }
    turn = emission.task(scope, node, facts, phase="turn", more=more)
    leaving, *broken = emission.step(scope, node, facts, out, turn, name=f"{name} - round done", always_kept=True)
    forgotten = {scope.variables[inner]: None for inner in bits(graph.bodies[node]) if inner in scope.variables}
    turn["Assign"] = {**turn.get("Assign", {}), **forgotten}
    choice: State = {"Type": "Choice", "Choices": [again]}
    leaving.leads_to(scope.add(f"{name} - another round", choice))
    failing = [*failed, *broken]
    done = Way(choice, "Default", emission.liveness.node_ran(facts, node))
    inputs = _went_round(emission, scope, node, facts) if failing else None
    return resolved(emission, scope, node, facts, [done, *failing], inputs)


def _events(once: int) -> int:
    """Return the events of both ends of a loop, and of the states between them."""
    return 2 * once + STATE + PARALLEL


_LOOP: Final = Kind(
    LOOP, body=LOOP, back=BACK, done=DONE, lasts=True, repeats=_repeats, most_rounds=_most_rounds, events=_events
)
CONTROL = Control(_LOOP, write)
