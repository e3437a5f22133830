"""Runs a list of named commands, showing each one's name, time and, when it fails, its output."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from local.settings import ROOT

PYTHON: Final = sys.executable


@dataclass(frozen=True)
class Step:
    """A command that must end with status 0. `loud` shows its output as it comes."""

    name: str
    command: Sequence[str]
    loud: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def run_all(steps: Sequence[Step], at_once: int = 1) -> int:
    """Run every step, also after one has failed, and return 0 when all passed, else 1.

    Args:
        steps: the first begins first.
        at_once: how many run beside each other; of more than one, each shows its output when it is over.
    """
    if at_once == 1:
        passed = [run_one(step) for step in steps]
    else:
        with ThreadPoolExecutor(at_once) as pool:
            passed = list(pool.map(_run_beside, steps))
    failed = [step.name for step, fine in zip(steps, passed, strict=True) if not fine]
    print(
        f"\n{len(steps) - len(failed)} of {len(steps)} steps passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def run_lanes(lanes: Sequence[Sequence[Step]]) -> bool:
    """Run lanes of steps beside each other, the steps of a lane in their order, and return whether all passed."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        return all(list(pool.map(_run_lane, lanes)))


def _run_lane(steps: Sequence[Step]) -> bool:
    """Run every step, also after one has failed."""
    passed = [_run_beside(step) for step in steps]
    return all(passed)


def run_one(step: Step) -> bool:
    """Run a step and return whether it passed."""
    print(f"== {step.name}", flush=True)
    passed, output, seconds = _run(step, shown=step.loud)
    if not passed and output:
        print(output)
    print(f"   {_ended(passed, seconds)}", flush=True)
    return passed


def _run_beside(step: Step) -> bool:
    """Run a step beside others: what it says comes at once, when it is over."""
    _say(f"== {step.name}: begins")
    passed, output, seconds = _run(step, shown=False)
    said = f"{output.rstrip()}\n" if output and (step.loud or not passed) else ""
    _say(f"{said}== {step.name}: {_ended(passed, seconds)}")
    return passed


def _say(text: str) -> None:
    """Write whole lines in one go: `print` writes the end of a line by itself."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(step: Step, *, shown: bool) -> tuple[bool, str, float]:
    """Return whether a step passed, its output where that is not shown as it comes, and its seconds."""
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdin=subprocess.DEVNULL,
        stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode == 0, done.stdout or "", time.monotonic() - began


def _ended(passed: bool, seconds: float) -> str:
    return f"{'passed' if passed else 'FAILED'} in {seconds:.1f} s"
