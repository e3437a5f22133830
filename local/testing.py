"""`make test`: all tests. Python with coverage, the web app's, then integration and browser tests on an embedded stack.

The stack of the tests has ports and a state folder of its own (`.stepweave/test-state`), so it never meets the one that
`make up` serves, and its deployment is reused from run to run.
"""

import argparse
import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from local.browser import BrowserMissing, find_chromium
from local.settings import ROOT, LocalSettings
from local.steps import PYTHON, Step, run_all, run_lanes, run_one

LEAST_COVERAGE: Final = 85
FIRST_PORT: Final = int(os.environ.get("STEPWEAVE_TEST_PORT") or 18400)
"""The tests' stack takes this port and the next seven, so that several checkouts can be tested at once."""

PORTS: Final = {
    name: str(FIRST_PORT + offset)
    for offset, name in enumerate(
        (
            "STEPWEAVE_PORT",
            "STEPWEAVE_MAIL_PORT",
            "STEPWEAVE_SMTP_PORT",
            "STEPWEAVE_DEMO_PORT",
            "STEPWEAVE_POSTGRES_PORT",
            "STEPWEAVE_REDIS_PORT",
            "STEPWEAVE_EMULATOR_PORT",
            "STEPWEAVE_CONTENT_PORT",
        )
    )
}
STACK: Final = {**PORTS, "STEPWEAVE_STATE_DIR": str(ROOT / ".stepweave" / "test-state")}
START_SECONDS: Final = 300

UNIT_STEPS: Final = (
    Step(
        "Python: unit tests",
        ("pytest", "-q", "-n", "2", "-m", "not integration and not synth", "--cov", "--cov-report=", "--durations=15"),
        True,
    ),
)
STACKS_STEP: Final = Step(
    "Python: stacks", ("pytest", "-q", "-m", "synth", "tests/stacks", "--cov", "--cov-append", "--cov-report="), True
)
WEB_STEP: Final = Step("web: unit tests", ("npm", "test", "--prefix", "web"), True)
COVERAGE_STEPS: Final = (Step("Python: coverage", ("coverage", "report", f"--fail-under={LEAST_COVERAGE}"), True),)


def _browser(name: str, *arguments: str) -> Step:
    return Step(name, ("npm", "run", "e2e", "--prefix", "web", "--", *arguments), True)


STACK_STEPS: Final = (
    # A folder each, which tests/conftest.py keeps to: reading all tests takes half a minute of a processor.
    Step(
        "integration tests",
        ("pytest", "-q", "-n", "2", "--dist", "loadfile", "-m", "integration and not breaking", "tests/integration"),
        True,
    ),
    _browser("browser tests", "--project=app"),
)
BREAKING_LANE: Final = (
    # One after the other: there is one Redis and one Postgres for all.
    Step(
        "integration tests: while things break",
        ("pytest", "-q", "-m", "breaking", "tests/integration/test_outages.py"),
        True,
    ),
    _browser("browser tests: while things break", "--project=breaking"),
)
"""Waits most of the time: what needs no stack runs beside it."""
LAST_STEP: Final = Step("canaries", ("pytest", "-q", "-m", "breaking", "tests/integration/test_canaries.py"), True)
"""After all that leaves something behind."""
SOAK_STEP: Final = dataclasses.replace(
    _browser("live soak", "--project=breaking"), environment={"STEPWEAVE_SOAK": "full"}
)
SOAKS: Final = {
    "live": SOAK_STEP,
    "ends": Step("soak of ends", (PYTHON, "-m", "local.soak.ends"), True),
}


def main() -> int:
    """Run everything, or with `--soak` one of the long tests. Returns 0 when all passed, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", choices=sorted(SOAKS), help="only this long test")
    soak = parser.parse_args().soak
    if soak:
        return 0 if _on_a_stack(lambda within: run_one(within(SOAKS[soak]))) else 1
    passed = [run_all(UNIT_STEPS) == 0, _on_a_stack(_all_on_a_stack), run_all(COVERAGE_STEPS) == 0]
    return 0 if all(passed) else 1


def _all_on_a_stack(within: Callable[[Step], Step]) -> bool:
    """Run what needs the stack, and beside what waits there the tests that do not."""
    passed = [run_one(within(step)) for step in STACK_STEPS]
    passed.append(run_lanes([[within(step) for step in BREAKING_LANE], [STACKS_STEP], [WEB_STEP]]))
    return run_one(within(LAST_STEP)) and all(passed)


def _on_a_stack(run: Callable[[Callable[[Step], Step]], bool]) -> bool:
    """Serve an embedded stack and run steps against it.

    Args:
        run: is given what gives a step the stack's environment, and returns whether all passed.

    Returns:
        Whether the stack was there and all passed.
    """
    try:
        chromium = find_chromium()
        with serve_for_tests() as settings:
            environment = {
                **STACK,
                "STEPWEAVE_TEST_STACK": "1",
                "STEPWEAVE_URL": settings.url,
                "STEPWEAVE_CHROMIUM": chromium,
            }
            return run(lambda step: dataclasses.replace(step, environment={**environment, **step.environment}))
    except (BrowserMissing, StackError) as error:
        print(f"\nstepweave: {error}", file=sys.stderr)
        return False


class StackError(Exception):
    """The stack of the tests did not start."""


@contextlib.contextmanager
def serve_for_tests() -> Iterator[LocalSettings]:
    """Serve the tests' own embedded stack, seeded, while the block runs. Raises StackError."""
    settings = LocalSettings.from_environment(STACK)
    log = ROOT / ".stepweave" / "logs" / "test-stack.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    print(f"== embedded stack for the tests (log: {log})", flush=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PYTHON, "-m", "local.up", "--no-job"], cwd=ROOT, env={**os.environ, **STACK}, stdout=output, stderr=output
        )
    try:
        _until_served(process, log)
        yield settings
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _until_served(process: "subprocess.Popen[bytes]", log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        text = log.read_text(encoding="utf-8", errors="replace")
        if "Stepweave serves at" in text:
            return
        if process.poll() is not None:
            raise StackError(f"the tests' stack ended with status {process.returncode}:\n{text[-3000:]}")
        time.sleep(0.2)
    raise StackError(f"the tests' stack was not ready after {START_SECONDS} s; log: {log}")


if __name__ == "__main__":
    sys.exit(main())
