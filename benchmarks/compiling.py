"""E: the processor time that compiling a workflow takes, from JSON text to the machine."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Final

from benchmarks.figures import Figure, figure
from benchmarks.workflows import wide
from local.cli.catalogue import load_catalogue
from stepweave.compiler import Compiled, CompileOptions, compile_workflow

SIZES: Final = (10, 100, 1000, 2000)
ROUNDS: Final = 7


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the medians in milliseconds."""
    catalogue, figures = load_catalogue(), []
    texts = {size: json.dumps(wide(size)) for size in SIZES}
    seconds: dict[int, list[float]] = {size: [] for size in SIZES}
    say(f"E: compiling {', '.join(f'{size:,}' for size in SIZES)} nodes, {ROUNDS} times")
    for _ in range(ROUNDS):  # the sizes by turns, so that whatever else the machine does falls on all of them
        for size, text in texts.items():
            began = time.process_time()
            result = compile_workflow(text, catalogue, CompileOptions())
            seconds[size].append(time.process_time() - began)
            if not isinstance(result, Compiled):
                raise TypeError(f"the workflow of {size} nodes does not compile: {result.diagnostics[:3]}")
    medians = {size: statistics.median(times) * 1000 for size, times in seconds.items()}
    for size in SIZES[:2]:
        figures.append(figure(f"E.{size}_ms", medians[size]))
    figures.append(figure("E.1000_ms", medians[1000], at_most=250))
    figures.append(figure("E.2000_ms", medians[2000]))
    figures.append(figure("E.2000_over_1000", medians[2000] / medians[1000], at_most=2.3))
    return figures
