"""A loop over batches: a Map within the machine, or distributed where the rounds are many."""

from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.structure import Tree
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.branches import parallel
from stepweave.compiler.emit.catching import catch, catcher
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.failures import failed_task
from stepweave.compiler.emit.scope import Scope, State, Way, lead
from stepweave.compiler.emit.steps import result_of
from stepweave.compiler.kinds.loop.common import DONE, LOOP, is_guarded
from stepweave.compiler.literals import expression, path

_VALUE: Final = "$states.context.Map.Item.Value"
_ROUND: Final = "$states.input.iteration"


def each(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
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


def _brings_back(emission: Emission, node: int) -> bool:
    """Whether rounds of a loop over batches give something that the loop collects."""
    return bool(emission.graph.back[node]) or is_guarded(emission, node)


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
    if body is not None and is_guarded(emission, node):
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
