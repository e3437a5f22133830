"""`make bench`: figures of the running product beside a bare machine, as one JSON object on the last line of stdout.

    python -m benchmarks [--only A,E]

Uses the embedded stack that serves already, or serves one for the time it takes. Progress goes to stderr. `machine` in
the result has the machine's own speed beside each benchmark (`benchmarks/machine.py`). N has n8n as the baseline.
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import httpx

from benchmarks import (
    agents,
    codes,
    coldstart,
    compiling,
    debugging,
    files,
    large,
    lists,
    lists_of_items,
    memory,
    noisy,
    requests,
    rights,
    running,
    shapes,
    starts,
    warm,
)
from benchmarks.figures import Figure
from benchmarks.machine import Machine
from benchmarks.n8n import measuring as n8n
from local.settings import ROOT, LocalSettings

ALL: Final = "ABCDEFGHIJKPQRSVX"
OPTIONAL: Final = "MN"
"""Only when asked for: M takes four minutes, N installs 2.3 GB."""
START_SECONDS: Final = 300


def main() -> int:
    """Measure and print. Returns 0 when everything could be measured, else 1."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--only",
        default=",".join(ALL),
        help="which: A,B,C,D,E,F,G,H,I,J,K,P,Q,R,S,V,X; M: memory, N: n8n as a baseline",
    )
    wanted = {letter.strip().upper() for letter in parser.parse_args().only.split(",")} & {*ALL, *OPTIONAL}
    machine, figures = Machine(), []
    alone: dict[str, Callable[[], list[Figure]]] = {
        "E": lambda: compiling.measure(say),
        "F": lambda: shapes.measure(say),
        "H": lambda: lists.measure(say),
        "I": lambda: warm.measure(say),
        "P": lambda: codes.measure(say),
        "R": lambda: requests.measure(say),
        "X": lambda: files.measure(say),
    }
    on_the_stack: dict[str, Callable[[LocalSettings], list[Figure]]] = {
        "D": lambda settings: coldstart.measure(settings, say) + starts.measure(settings, say),
        **{letter: partial(_running, letter) for letter in "ABC"},
        "G": lambda settings: asyncio.run(large.measure(settings, say)),
        "J": lambda settings: lists_of_items.measure(settings, say),
        "K": lambda settings: asyncio.run(agents.measure(settings, say)),
        "M": lambda settings: memory.measure(settings, say),
        "Q": lambda settings: asyncio.run(noisy.measure(settings, say)),
        "S": lambda settings: asyncio.run(rights.measure(settings, say)),
        "V": lambda settings: asyncio.run(debugging.measure(settings, say)),
        "N": lambda settings: n8n.measure(settings, say),
    }
    for letter, measure in alone.items():
        if letter in wanted:
            figures += machine.beside(letter, measure)
    if wanted & set(on_the_stack):
        with served() as settings:
            for letter, measure_on in on_the_stack.items():
                if letter in wanted:
                    figures += machine.beside(letter, partial(measure_on, settings))
    missed = [figure.id for figure in figures if figure.reached is False]
    say(f"{len(figures)} figures; goals missed: {', '.join(missed) or 'none'}")
    results = [figure.to_json() for figure in sorted(figures, key=lambda one: one.id)]
    print(json.dumps({"machine": machine.to_json(), "results": results}))
    return 0


def _running(letter: str, settings: LocalSettings) -> list[Figure]:
    return asyncio.run(running.measure(settings, {letter}, say))


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def served() -> Iterator[LocalSettings]:
    """Use the stack that serves, or serve one."""
    settings = LocalSettings.from_environment()
    if _answers(settings):
        say(f"using the stack at {settings.url}")
        yield settings
        return
    say("starting the embedded stack")
    process = subprocess.Popen([sys.executable, "-m", "local.up", "--no-job"], cwd=ROOT, stdout=sys.stderr)
    try:
        limit = time.monotonic() + START_SECONDS
        while not _answers(settings):
            if process.poll() is not None or time.monotonic() > limit:
                raise SystemExit("the embedded stack did not start")
            time.sleep(0.3)
        time.sleep(2)  # its seed may still be at work
        yield settings
    finally:
        process.terminate()
        process.wait(60)


def _answers(settings: LocalSettings) -> bool:
    try:
        return httpx.get(f"{settings.url}/api/ready", trust_env=False, timeout=5).is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    sys.exit(main())
