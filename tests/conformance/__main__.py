"""Golden cases on an engine that serves: `python -m tests.conformance "LocalStack 4.14" http://127.0.0.1:4566 FOLDER`.

Prints each difference; exits 1 when there is one that `known` does not have. `make conformance` starts engines and
calls it.
"""

import sys
import time
from pathlib import Path

from tests.conformance.comparing import differences
from tests.conformance.engine import Engine
from tests.conformance.known import KNOWN, WITHOUT, is_known


def main(name: str, endpoint: str, folder: str) -> int:
    """Run all golden cases. Return the exit status."""
    began = time.monotonic()
    engine = Engine(endpoint, Path(folder), WITHOUT.get(name, frozenset()))
    engine.deploy()
    print(f"  functions deployed in {time.monotonic() - began:.0f} s", flush=True)
    count, found = differences(engine, lambda text: print(text, flush=True))
    unknown = [difference for difference in found if not is_known(name, difference.case)]
    seen = {difference.case.partition("-")[2] for difference in found}
    gone = sorted(KNOWN[name].keys() - seen)
    print(f"  {count} machines, {len(found)} differences, {len(unknown)} of them not in docs/reference/engines.md")
    if gone:
        print(f"  no longer different, to be deleted from tests/conformance/known.py: {', '.join(gone)}")
    return 1 if unknown or gone else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
