"""`make bench`: figures of the running product beside a bare machine, as one JSON object on the last line of stdout.

    python -m benchmarks [--only A,E]

Uses the embedded stack that serves already, or serves one for the time it takes. Progress goes to stderr.
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import httpx

from benchmarks import coldstart, compiling, large, lists, running, shapes
from benchmarks.figures import Figure
from local.settings import ROOT, LocalSettings

ALL: Final = "ABCDEFGH"
START_SECONDS: Final = 300


def main() -> int:
    """Measure and print. Returns 0 when everything could be measured, else 1."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default=",".join(ALL), help="which: A,B,C,D,E,F,G,H")
    wanted = {letter.strip().upper() for letter in parser.parse_args().only.split(",")} & set(ALL)
    figures: list[Figure] = []
    if "E" in wanted:
        figures += compiling.measure(say)
    if "F" in wanted:
        figures += shapes.measure(say)
    if "H" in wanted:
        figures += lists.measure(say)
    if wanted - set("EFH"):
        with served() as settings:
            if "D" in wanted:
                figures += coldstart.measure(settings, say)
            if wanted & set("ABC"):
                figures += asyncio.run(running.measure(settings, wanted, say))
            if "G" in wanted:
                figures += asyncio.run(large.measure(settings, say))
    missed = [figure.id for figure in figures if figure.reached is False]
    say(f"{len(figures)} figures; goals missed: {', '.join(missed) or 'none'}")
    print(json.dumps({"results": [figure.to_json() for figure in sorted(figures, key=lambda one: one.id)]}))
    return 0


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
