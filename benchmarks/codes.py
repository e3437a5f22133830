"""P: what a run of a code node's sandbox takes, JavaScript and Python in turns: in a new process, and in a warm one.

Milliseconds by the clock, medians. *First* is from nothing: the process is started, takes its libraries, and answers.
Warm Python is held against warm JavaScript: it may take 30 ms more.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.figures import Figure, figure
from stepweave.expressions.python.sandbox import PythonSandbox
from stepweave.expressions.sandbox import JavaScriptSandbox, Job

Sandbox = JavaScriptSandbox | PythonSandbox
KINDS: Final[tuple[Callable[[], Sandbox], ...]] = (JavaScriptSandbox, PythonSandbox)
FIRST_ROUNDS: Final = 7
WARM_ROUNDS: Final = 60
FIRST_MS: Final = 1500
MORE_MS: Final = 30
ITEMS: Final[list[Any]] = [{"json": {"n": n, "tags": ["a", "b"]}} for n in range(20)]
PAIRS: Final = {
    "plain": (
        "return items.map((item) => ({ n: item.json.n * 2 }))",
        "return [{'n': item.json.n * 2} for item in items]",
    ),
    "libraries": (
        "const { createHash } = require('crypto'); return _.map(_.groupBy(items, 'json.n'), (found, n) => ({ n, "
        "hash: createHash('sha256').update(n).digest('hex'), at: $now.toISODate() }))",
        "import hashlib, itertools, json, re, statistics\nfrom datetime import date\nreturn [{'n': n, 'hash': "
        "hashlib.sha256(str(n).encode()).hexdigest(), 'at': _now.date()} for n, found in "
        "itertools.groupby(items, key=lambda item: item.json.n)]",
    ),
}


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the milliseconds of first and of warm runs; the baseline of Python's is JavaScript's."""
    figures = []
    for name, codes in PAIRS.items():
        say(f"P: code nodes, {name}")
        first: tuple[list[float], list[float]] = ([], [])
        warm: tuple[list[float], list[float]] = ([], [])
        for _ in range(FIRST_ROUNDS):
            for times, kind, code in zip(first, KINDS, codes, strict=True):
                sandbox = kind()
                times.append(_run(sandbox, code))
                sandbox.close()
        both = [kind() for kind in KINDS]
        for turn in range(WARM_ROUNDS):
            for times, sandbox, code in zip(warm, both, codes, strict=True):
                took = _run(sandbox, code)
                if turn >= WARM_ROUNDS // 10:
                    times.append(took)
        for sandbox in both:
            sandbox.close()
        middle = statistics.median
        javascript, python = middle(warm[0]), middle(warm[1])
        figures += [
            figure(f"P.{name}.first_ms", middle(first[1]), middle(first[0]), at_most=FIRST_MS),
            figure(f"P.{name}.warm_ms", python, javascript),
            figure(f"P.{name}.warm_more_ms", python - javascript, at_most=MORE_MS),
        ]
    return figures


def _run(sandbox: Sandbox, code: str) -> float:
    began = time.perf_counter()
    sandbox.run("tenant", Job(code, False, ITEMS, {}, {"name": "w"}, {}))
    return (time.perf_counter() - began) * 1000
