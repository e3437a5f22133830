"""Fourth pass: how a machine does what the graph means, within Step Functions' limits.

nesting   parts that become machines of their own      choosing  which nodes need no function
budgets   how loops fit into a history                 fusing    which of those run at once
limits    how large each result may be                 attempts  what to try, and what next
"""

from stepweave.compiler.analyse import Analysed
from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.native.lowering import Lowerings
from stepweave.compiler.optimise import attempts, budgets, limits, nesting
from stepweave.compiler.optimise.attempts import Attempt
from stepweave.compiler.optimise.choosing import NOTHING, choose
from stepweave.compiler.optimise.fusing import fuse
from stepweave.compiler.optimise.plan import Plan

__all__ = ["Attempt", "Plan", "optimise"]


def optimise(analysed: Analysed, attempt: Attempt, lowerings: Lowerings) -> Plan:
    """Return what is to be emitted, with errors for what does not fit.

    Args:
        analysed: the graph.
        attempt: how to make a machine of it.
        lowerings: how nodes are lowered, by name.
    """
    graph, refs, tree = analysed.graph, analysed.refs, analysed.tree
    if attempt.most and tree is not None:
        tree = nesting.split(tree, graph, attempt.most)
    lowered = NOTHING
    if attempt.lower:
        trees = [tree, *analysed.bodies.values()]
        spare = attempts.spare_bytes(graph)
        lowered = choose(graph, trees, refs, analysed.kind, spare, analysed.lineage, lowerings)
    budget, too_long = budgets.plan(graph, tree, analysed.bodies, lowered.mask)
    returning = _returning(graph)
    kept = analysed.answers | analysed.last | sum(1 << node for node in returning)
    rooms, too_many = limits.rooms(graph, [tree, *budget.bodies.values()], refs, kept, lowered)
    return Plan(
        graph=graph,
        tree=fuse(tree, lowered.fused),
        refs=refs,
        answers=analysed.answers,
        last=analysed.last,
        inline_limits=limits.inline_limits(rooms),
        bodies={loop: fuse(body, lowered.fused) for loop, body in budget.bodies.items()},
        rounds=budget.rounds,
        returning=returning,
        kind=analysed.kind,
        events=budget.events,
        rooms=rooms,
        lowered=lowered,
        lineage=analysed.lineage,
        timeout_seconds=analysed.timeout_seconds,
        diagnostics=(*too_many, *too_long),
    )


def _returning(graph: Graph) -> dict[int, int]:
    """Return the nodes whose result a round returns into a state with those of others, with their loop."""
    return {
        graph.ports[port][0]: loop
        for loop, ports in graph.back.items()
        if graph.kinds[loop].picks or not graph.kinds[loop].repeats(graph.nodes[loop])
        for port in ports
        if graph.ports[port][0] != loop  # a disabled body hands the round's items straight back
    }
