"""I: what the platform adds to a step in a warm worker: payload read, parameters evaluated, events made, result stored.

Nodes that do next to nothing, in this process, with storage in memory and nobody to tell; the median of many steps.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.coldstart import PARAMS, payload_of
from benchmarks.figures import Figure, figure
from local.cli.catalogue import load_catalogue
from local.offline.steps import Steps

STEPS: Final = {1: 400, 1000: 30}
"""Items -> how often."""
MOST_MS: Final = {1: 3.0, 1000: 25.0}
TYPES: Final = ("no_op", "set_fields", "if")
"""`set_fields` and `if` with an expression for each item that needs no JavaScript."""


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the milliseconds of a warm step by node type and number of items."""
    catalogue = {entry.type: entry for entry in load_catalogue()}
    figures = []
    for type in TYPES:
        say(f"I: warm steps of {type}")
        for items, times in STEPS.items():
            payload = payload_of(catalogue[type], items) | {"params": PARAMS[type]}
            most = MOST_MS[items] if type == "no_op" else None
            figures.append(figure(f"I.{type}.{items}_items_ms", _median(Steps(), payload, times), at_most=most))
    return figures


def _median(steps: Steps, payload: dict[str, Any], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        steps.run(payload)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
