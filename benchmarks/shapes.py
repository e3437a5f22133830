"""F: what the machines' shape costs: transitions and functions per executed node, and waits that the graph has not.

The first over the golden cases, as they run. **Stretch** is the critical path of the compiled machine over that of the
graph: random graphs, with equal and with random node times.
"""

import random
import statistics
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.figures import Figure, figure
from local.cli.catalogue import load_catalogue
from stepweave.compiler import Compiled, compile_workflow
from stepweave.compiler.analyse.structure import Fused, Leaf, Nested, Series, Tree, decompose
from stepweave.compiler.masks import bits
from tests.golden.cases import cases
from tests.golden.update import figures_of

GRAPHS: Final = 3000
MOST_NODES: Final = 50
DENSITIES: Final = (0.03, 0.06, 0.1, 0.2, 0.4)


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the figures."""
    say("F: running the golden cases")
    return [*_golden(), *_stretch(say)]


def _golden() -> list[Figure]:
    totals = {level: dict.fromkeys(("nodes", "transitions", "invocations"), 0) for level in (0, 1)}
    for case in cases():
        for level, total in totals.items():
            compiled = compile_workflow(case.text, load_catalogue(), case.options(level))
            if isinstance(compiled, Compiled) and "not" not in case.run:
                found = figures_of(case, compiled)
                for name in total:
                    total[name] += found[name]
    per_node = {(level, name): total[name] / total["nodes"] for level, total in totals.items() for name in total}
    return [
        figure("F.transitions_per_node_O0", per_node[0, "transitions"], at_most=1.25),
        figure("F.transitions_per_node_O1", per_node[1, "transitions"], at_most=per_node[0, "transitions"]),
        figure("F.invocations_per_node_O0", per_node[0, "invocations"]),
        figure("F.invocations_per_node_O1", per_node[1, "invocations"], at_most=0.6),
    ]


def _stretch(say: Callable[[str], None]) -> list[Figure]:
    say(f"F: {GRAPHS} random graphs")
    drawn = random.Random(20261123)
    equal, any_times, nested, beside_levels = [], [], [], []
    for number in range(GRAPHS):
        preds = _random_graph(drawn, drawn.randint(2, MOST_NODES), DENSITIES[number % len(DENSITIES)])
        times = [drawn.random() for _ in preds]
        ones = [1.0] * len(preds)
        tree = decompose(preds, (1 << len(preds)) - 1)
        equal.append(_takes(tree, ones) / _critical_path(preds, ones))
        any_times.append(_takes(tree, times) / _critical_path(preds, times))
        beside_levels.append(_takes(tree, times) / _level_by_level(preds, times))
        preds = _series_parallel(drawn, drawn.randint(2, MOST_NODES))
        times = [drawn.random() for _ in preds]
        nested.append(_takes(decompose(preds, (1 << len(preds)) - 1), times) / _critical_path(preds, times))
    exact = 1 + 1e-9  # sums in another order
    return [
        figure("F.stretch_equal_times_worst", max(equal), at_most=exact),
        figure("F.stretch_series_parallel_worst", max(nested), at_most=exact),
        figure("F.stretch_random_mean", statistics.mean(any_times), at_most=1.10),
        figure("F.stretch_random_worst", max(any_times), at_most=1.6),
        figure("F.stretch_beside_levels_worst", max(beside_levels), at_most=exact),
    ]


def _random_graph(drawn: random.Random, count: int, density: float) -> list[int]:
    """Return per node the mask of the nodes before it; each pair is connected with the same chance."""
    return [sum(1 << other for other in range(node) if drawn.random() < density) for node in range(count)]


def _series_parallel(drawn: random.Random, count: int) -> list[int]:
    """Return a graph made of nothing but sequences and branches."""
    preds: list[int] = []

    def grow(size: int, after: int) -> int:
        """Add `size` nodes behind the nodes of the mask `after`; return the mask of the last ones."""
        if size == 1:
            preds.append(after)
            return 1 << (len(preds) - 1)
        first = drawn.randint(1, size - 1)
        if drawn.random() < 0.5:
            return grow(size - first, grow(first, after))
        return grow(first, after) | grow(size - first, after)

    grow(count, 0)
    return preds


def _takes(tree: Tree | None, times: Sequence[float]) -> float:
    """Return how long the machine takes."""
    if tree is None:
        return 0
    if isinstance(tree, Leaf):
        return times[tree.node]
    if isinstance(tree, Nested | Fused):
        return _takes(tree.part, times)
    parts = [_takes(part, times) for part in tree.parts]
    return sum(parts) if isinstance(tree, Series) else max(parts)


def _critical_path(preds: Sequence[int], times: Sequence[float]) -> float:
    ends: list[float] = []
    for node, before in enumerate(preds):
        ends.append(times[node] + max((ends[other] for other in bits(before)), default=0))
    return max(ends)


def _level_by_level(preds: Sequence[int], times: Sequence[float]) -> float:
    levels: list[int] = []
    for before in preds:
        levels.append(1 + max((levels[other] for other in bits(before)), default=-1))
    slowest: dict[int, float] = {}
    for level, seconds in zip(levels, times, strict=True):
        slowest[level] = max(slowest.get(level, 0), seconds)
    return sum(slowest.values())
