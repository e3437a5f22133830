"""How much of Step Functions' limits an execution uses at most: events in its history, and what follows for loops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Tree, branches
from stepweave.compiler.edges import failure_port
from stepweave.compiler.events import PARALLEL, RETRY, ROUND, STATE, TASK, TOKEN_TASK
from stepweave.compiler.masks import bits
from stepweave.model.diagnostics import Diagnostic

HISTORY_EVENTS: Final = 25_000
"""The longest history of a Standard execution (Step Functions quotas)."""
BUDGET: Final = 20_000
"""Of these; the rest is for retries of Lambda itself, which nobody can count beforehand."""
MOST_ROUNDS: Final = 500
"""Rounds of a loop whose results, by reference, come together in one state of 256 KiB."""

_FEW_PARTS: Final = 3
"""Parts a round that there must be room for, or each of them becomes a machine of its own."""
_INNER_SHARE: Final = 50
"""A loop within a loop over batches may use this part of its outer loop's events, so that fifty rounds of that fit."""


@dataclass(frozen=True)
class Budget:
    """What loops may do within one history, and the orders of their bodies, in nested machines where that is needed.

    Attributes:
        bodies: per loop the order of the steps in its body.
        rounds: per loop over batches, the most rounds in the machine's own history; per node that picks parts of its
            body, the most runs of parts.
        events: the most events outside loops over batches, per region (None is outside all loops).
        lowered: mask of the nodes that run without their function where that is the same.
    """

    bodies: Mapping[int, Tree | None]
    rounds: Mapping[int, int]
    events: int
    lowered: int


def plan(
    graph: Graph, tree: Tree | None, bodies: Mapping[int, Tree | None], lowered: int
) -> tuple[Budget, list[Diagnostic]]:
    """Return how the loops of a graph fit into a history, and an error for each that cannot.

    Args:
        graph: the nodes.
        tree: the order of the steps outside loops.
        bodies: per loop, the order of the steps in its body.
        lowered: mask of the nodes that run without their function where that is the same.
    """
    budget = Budget(dict(bodies), {}, 0, lowered)
    found: list[Diagnostic] = []
    total, budget = _region(graph, tree, budget, BUDGET, found)
    return replace(budget, events=total), found


def _region(
    graph: Graph, tree: Tree | None, budget: Budget, allowed: int, found: list[Diagnostic], least: int = 0
) -> tuple[int, Budget]:
    """Return the most events of a region, and the budget with its loops.

    Args:
        graph: the nodes.
        tree: the order of the region's steps.
        budget: what is known of loops so far.
        allowed: the events that the region may use.
        found: takes errors.
        least: what a loop that repeats may use in any case.
    """
    inner = [loop for loop in bits(tree.mask if tree else 0) if loop in graph.bodies]
    own = events(graph, tree, budget.lowered)
    share = max(0, allowed - own) // max(1, len(inner))
    for loop in inner:
        if graph.kinds[loop].picks:
            used, budget = _picking(graph, loop, budget, max(share, least), found)
        elif graph.kinds[loop].repeats(graph.nodes[loop]):
            used, budget = _repeating(graph, loop, budget, max(share, least), found)
        else:
            used, budget = _batches(graph, loop, budget, share, found)
        own += used
    return own, budget


def _batches(graph: Graph, loop: int, budget: Budget, share: int, found: list[Diagnostic]) -> tuple[int, Budget]:
    body = budget.bodies[loop]
    one, budget = _region(graph, body, budget, max(share // _INNER_SHARE, 200), found, BUDGET // 4)
    one += ROUND + STATE + _guard(graph, loop)
    fitting = min(MOST_ROUNDS // max(1, len(graph.back[loop])), share // one)
    rounds = max(1, fitting)
    return rounds * one, replace(budget, rounds={**budget.rounds, loop: rounds})


def _repeating(graph: Graph, loop: int, budget: Budget, share: int, found: list[Diagnostic]) -> tuple[int, Budget]:
    body = budget.bodies[loop]
    most = graph.kinds[loop].most_rounds(graph.nodes[loop])
    one, inside = _region(graph, body, budget, max(share // most, 200), [])
    turn = TASK + STATE + _guard(graph, loop)
    if most * (one + turn) <= share or body is None:
        return most * (one + turn), inside
    # Each round gets a history of its own.
    one, inside = _region(graph, body, budget, BUDGET, found)
    nested = replace(inside, bodies={**inside.bodies, loop: body if isinstance(body, Nested) else Nested(body)})
    used = most * (TOKEN_TASK + turn)
    if used > share:
        found.append(_too_many_rounds(graph, loop, share // (TOKEN_TASK + turn)))
    return used, nested


def _picking(graph: Graph, loop: int, budget: Budget, share: int, found: list[Diagnostic]) -> tuple[int, Budget]:
    """Return the events of a node whose rounds run parts of its body, and how many such runs there is room for."""
    kind, document = graph.kinds[loop], graph.nodes[loop]
    rounds = kind.most_rounds(document)
    turns = rounds * (TASK + 2 * STATE + PARALLEL)
    parts = branches(budget.bodies[loop])
    if not parts:
        return turns, replace(budget, rounds={**budget.rounds, loop: 0})
    most, around = rounds * kind.most_parts(document), ROUND + 2 * STATE + TOKEN_TASK
    each = (share - turns) // (_FEW_PARTS * rounds) - around
    costs, inside = _of_parts(graph, parts, budget, max(each, 200), [])
    fitting = (share - turns) // (around + max(costs))
    if fitting < min(most, _FEW_PARTS * rounds):
        # Each part gets a history of its own.
        costs, inside = _of_parts(graph, parts, budget, BUDGET, found)
        apart = tuple(part if isinstance(part, Nested) else Nested(part) for part in parts)
        body = apart[0] if len(apart) == 1 else Fork(apart)
        inside = replace(inside, bodies={**inside.bodies, loop: body})
        costs = [TOKEN_TASK]
        fitting = (share - turns) // (around + TOKEN_TASK)
    if fitting < rounds:
        found.append(_too_many_rounds(graph, loop, share // (turns // rounds + around + max(costs))))
    runs = max(1, min(most, fitting))
    return turns + runs * (around + max(costs)), replace(inside, rounds={**inside.rounds, loop: runs})


def _of_parts(
    graph: Graph, parts: Sequence[Tree], budget: Budget, allowed: int, found: list[Diagnostic]
) -> tuple[list[int], Budget]:
    costs = []
    for part in parts:
        one, budget = _region(graph, part, budget, allowed, found)
        costs.append(one)
    return costs, budget


def _guard(graph: Graph, loop: int) -> int:
    """Return the events of what catches a failed round: a Parallel state around the body, and the step behind it."""
    guarded = failure_port(graph.nodes[loop], graph.entries[loop]) is not None
    return PARALLEL + 2 * STATE + TASK if guarded else 0


def events(graph: Graph, tree: Tree | None, lowered: int) -> int:
    """Return the most events of a part, rounds of loops left out."""
    if tree is None:
        return 0
    if isinstance(tree, Nested):
        return TOKEN_TASK
    if isinstance(tree, Fused):
        return events(graph, tree.part, lowered)
    if isinstance(tree, Leaf):
        return _of_node(graph, tree.node, lowered)
    inside = sum(events(graph, part, lowered) for part in tree.parts)
    return inside + (PARALLEL + STATE * (1 + len(tree.parts)) if isinstance(tree, Fork) else 0)


def _of_node(graph: Graph, node: int, lowered: int) -> int:
    """Return the most events of a node: a guard before it, its Task with all retries, and the states around that."""
    document, entry = graph.nodes[node], graph.entries[node]
    retry = document.settings.retry
    attempts = RETRY * retry.max_attempts if retry and entry.retryable else 0
    once = STATE + TASK + attempts + (STATE if lowered >> node & 1 else 0)
    once += 0 if failure_port(document, entry) is None else TASK
    own = graph.kinds[node].events(once)
    return graph.around[node].events(own) if node in graph.around else own


def _too_many_rounds(graph: Graph, loop: int, fitting: int) -> Diagnostic:
    name, rounds = graph.nodes[loop].name, graph.kinds[loop].most_rounds(graph.nodes[loop])
    return Diagnostic(
        code="too_many_rounds",
        message=f"{name!r} may go round {rounds} times; an execution's history has room for about {max(fitting, 1)}.",
        remedy="Allow fewer rounds, or put the loop into a workflow of its own.",
        node_id=graph.nodes[loop].id,
        field="params.maxRounds",
    )
