"""E: how long a workflow takes to compile, from JSON text to the machine."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Final

from benchmarks.figures import Figure, figure
from benchmarks.workflows import wide
from local.cli.catalogue import load_catalogue
from stepweave.compiler import Compiled, CompileOptions, compile_workflow

SIZES: Final = (10, 100, 1000)
ROUNDS: Final = 7


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the medians in milliseconds."""
    catalogue, figures = load_catalogue(), []
    medians: dict[int, float] = {}
    for size in SIZES:
        say(f"E: compiling {size} nodes")
        text = json.dumps(wide(size))
        seconds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            result = compile_workflow(text, catalogue, CompileOptions())
            seconds.append(time.perf_counter() - began)
            if not isinstance(result, Compiled):
                raise TypeError(f"the workflow of {size} nodes does not compile: {result.diagnostics[:3]}")
        medians[size] = statistics.median(seconds) * 1000
    for size in SIZES[:2]:
        figures.append(figure(f"E.{size}_ms", medians[size]))
    figures.append(figure("E.1000_ms", medians[1000], at_most=250))
    return figures
