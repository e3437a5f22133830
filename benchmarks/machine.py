"""The machine's own speed: a fixed piece of work, timed in the same run as what is measured.

Figures in milliseconds of two days, or of two machines, can be compared when each is divided by the `work_ms` that was
taken beside it. The work is of the kind that a step is made of: JSON, dictionaries, text and a digest, on one core.
"""

import hashlib
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure

ROUNDS: Final = 5
ROWS: Final = 2000


class Machine:
    """Takes the speed before and after each benchmark."""

    def __init__(self) -> None:
        self._found: dict[str, float] = {}

    def beside(self, letter: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
        """Run a benchmark between two looks at the machine's speed, and return its figures."""
        before = work_ms()
        figures = measure()
        self._found[letter] = (before + work_ms()) / 2
        return figures

    def to_json(self) -> dict[str, Any]:
        """Return cores, processor, Python, and the milliseconds of the work beside each benchmark."""
        return {
            "cores": os.cpu_count(),
            "processor": _processor(),
            "python": platform.python_version(),
            "work_ms": {letter: round(found, 2) for letter, found in self._found.items()},
        }


def work_ms() -> float:
    """Return how many milliseconds of wall time the work takes: the median of several."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _work() -> str:
    rows = [{"id": number, "name": f"row {number}", "tags": [str(number % 7), "x"]} for number in range(ROWS)]
    text = json.dumps(rows)
    digest = hashlib.sha256()
    for row in sorted(json.loads(text), key=lambda one: (one["tags"][0], -one["id"])):
        digest.update(json.dumps({**row, "name": row["name"].upper()}).encode())
    return digest.hexdigest()


def _processor() -> str:
    told = Path("/proc/cpuinfo")  # Linux only
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
