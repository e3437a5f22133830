"""Bytecode beside the source, so that a cold start does not compile (a function cannot write to its own folder)."""

import atexit
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import IO, Final

from stacks.bundling.target import Target
from stacks.bundling.uv import BundlingError, find_python

_PROGRAM: Final = """
import compileall, os, py_compile, sys

for line in sys.stdin:
    folder = line.rstrip("\\n")
    child = os.fork()
    if child == 0:
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(folder, maxlevels=100, quiet=2, stripdir=folder, invalidation_mode=mode)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Compiles the folders that it is told on its input. Each in a child of its own: what a process compiled before shows
in the bytes of what it compiles next (marshal writes down which objects were shared)."""


def interpreter(target: Target) -> Path | None:
    """Return an interpreter whose bytecode the target runs; None, and a word on stderr, where this machine has none."""
    if target.python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return Path(sys.executable)
    found = find_python(target.python)
    if found is None:
        sys.stderr.write(
            f"stepweave: no Python {target.python} on this machine, so the bundles go without bytecode "
            "and cold starts take about twice as long.\n"
            f"  Put python{target.python} on PATH, or run `uv python install {target.python}`.\n"
        )
    return found


def compile_below(folder: Path, python: Path | None) -> None:
    """Compile every module below `folder`; does nothing without an interpreter. Raises BundlingError.

    The bytecode is tied to nothing: no date, no path of this machine, and not looked at again (`unchecked-hash`: nobody
    changes a deployed source). A file that is no Python of that version (a template, a test for another version) stays
    without.
    """
    if python is None:
        return
    told, answers = _compiler(python)
    try:
        told.write(f"{folder}\n")
        told.flush()
        status = answers.readline().strip()
    except BrokenPipeError:
        status = ""
    if status != "0":
        words = f"status {status}" if status else "its interpreter is gone"
        raise BundlingError(f"compiling {folder} with {python} failed: {words}.")


@cache
def _compiler(python: Path) -> tuple[IO[str], IO[str]]:
    """Start the process that compiles all folders of this run (one for each would cost 0.1 s a function); return its
    input and output.
    """
    # A fixed hash seed: sets in constants would otherwise be written in an order of the day.
    process = subprocess.Popen(  # noqa: S603  # our own arguments, no shell
        [str(python), "-c", _PROGRAM],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    if process.stdin is None or process.stdout is None:
        raise BundlingError(f"{python} was started without pipes.")
    return process.stdin, process.stdout
