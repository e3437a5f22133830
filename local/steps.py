"""Runs a list of named commands, showing each one's name, time and, when it fails, its output."""

import subprocess
import sys
import time
from collections.abc import Sequence
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


def run_all(steps: Sequence[Step]) -> int:
    """Run every step, also after one has failed, and return 0 when all passed, else 1."""
    failed = [step.name for step in steps if not run_one(step)]
    print(
        f"\n{len(steps) - len(failed)} of {len(steps)} steps passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def run_one(step: Step) -> bool:
    """Run a step and return whether it passed."""
    import os

    began = time.monotonic()
    print(f"== {step.name}", flush=True)
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdin=subprocess.DEVNULL,
        stdout=None if step.loud else subprocess.PIPE,
        stderr=None if step.loud else subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    if not passed and done.stdout:
        print(done.stdout)
    print(f"   {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
    return passed
