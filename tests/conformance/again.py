"""Runs a graph again that `make conformance` kept: `python -m tests.conformance.again FILE`. Shows the difference."""

import json
import sys
from pathlib import Path

from tests.conformance.drawing import options_of
from tests.core.compiler.test_meaning import agree


def main(file: str) -> int:
    """Check the graph. Raises AssertionError where machine and meaning differ."""
    found = json.loads(Path(file).read_text(encoding="utf-8"))
    agree(found["document"], found["seed"], found["trigger"], options_of(found["options"]), found["outputs"])
    print("they agree")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
