"""Records the examples of the OpenAPI document: what the API's tests got. `make examples` runs it.

Of each operation and of each refusal one is kept: of `test_examples.py` where that has it, with a body rather than
without, else of the first test by name. The tests compare what they get with what is kept: a stale example fails.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.openapi import EXAMPLES
from local.settings import ROOT


def main() -> int:
    """Run the API's tests and write their examples. Returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        # Without the test of the document: it fails until the example of a new operation or refusal is written.
        without = "--ignore=tests/api/test_openapi.py"
        command = (sys.executable, "-m", "pytest", "tests/api", without, "-q", "-n", "2", *sys.argv[1:])
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "STEPWEAVE_RECORD_EXAMPLES": folder}, check=False)
        if done.returncode == 0:
            EXAMPLES.write_text(chosen(_recorded(Path(folder))), encoding="utf-8")
        return done.returncode


def chosen(recorded: Iterator[dict[str, Any]]) -> str:
    """Return the text of the file: one example of each."""
    kept: dict[str, dict[str, dict[str, Any]]] = {"operations": {}, "refusals": {}}
    for one in sorted(recorded, key=_place):
        kept[one.pop("kind")].setdefault(one.pop("name"), one)
    ordered = {kind: dict(sorted(found.items())) for kind, found in kept.items()}
    return json.dumps(ordered, indent=1, ensure_ascii=False) + "\n"


def _place(one: dict[str, Any]) -> tuple[bool, bool, bool, str]:
    """Return what sorts the better example first; hostile values make poor ones, and other ones each time."""
    test = one["test"]
    return "test_examples" not in test, "test_hostile" in test, "body" not in one, test


def _recorded(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
