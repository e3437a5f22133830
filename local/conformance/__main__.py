"""`make conformance`: whether compiled machines mean what their graphs mean, on more graphs than `make test` draws.

1. Random graphs of up to 60 nodes: the compiled machine, run by the tests' own machine, against the interpreter.
2. The golden cases with the nodes' real behaviours on the embedded emulator.
3. The same on LocalStack 4.14 from PyPI, where there is a Python 3.13.

Exits 1 when a machine does otherwise than is meant, or an engine otherwise than `docs/reference/engines.md` says. An
engine that cannot run here is said and left out.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from local.conformance.engines import ENGINES, EngineMissing
from local.settings import ROOT

GRAPHS: Final = os.environ.get("STEPWEAVE_GRAPHS", "1200")
"""Drawn by each of the two tests: more than 2,000 in all."""
SEED: Final = os.environ.get("STEPWEAVE_GRAPH_SEED") or str(random.SystemRandom().randrange(10**9))
"""Of the drawing, said at its start; what is found is kept in `.stepweave/conformance`, also when it is cut."""
NODES: Final = os.environ.get("STEPWEAVE_GRAPH_NODES", "60")


def main() -> int:
    """Run everything; return 0 when all agree, else 1."""
    print(f"== random graphs: 2 x {GRAPHS}, up to {NODES} nodes; again with STEPWEAVE_GRAPH_SEED={SEED}", flush=True)
    variables = {"STEPWEAVE_GRAPHS": GRAPHS, "STEPWEAVE_GRAPH_NODES": NODES, "STEPWEAVE_GRAPH_SEED": SEED}
    test = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", f"--hypothesis-seed={SEED}"]
    test.append("tests/core/compiler/test_meaning.py")
    statuses = {"random graphs": _run(test, variables)}
    for name, start in ENGINES.items():
        print(f"== golden cases on {name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="stepweave-conformance-") as folder:
            try:
                with start(Path(folder) / "engine") as endpoint:
                    compare = [sys.executable, "-m", "tests.conformance", name, endpoint, str(Path(folder) / "shared")]
                    statuses[name] = _run(compare, {})
            except EngineMissing as missing:
                print(f"  left out: {missing}", flush=True)
    print("== " + "; ".join(f"{name}: {'agrees' if not status else 'DIFFERS'}" for name, status in statuses.items()))
    return 1 if any(statuses.values()) else 0


def _run(command: list[str], variables: dict[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
