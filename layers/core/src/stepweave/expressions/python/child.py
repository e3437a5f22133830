"""The Python sandbox's process: forks itself for each run, and the fork locks itself before it reads any code.

Started as `python -I -S child.py FOLDER...` with an empty environment; the folders are those of its own files. It holds
nothing but the interpreter and modules of the standard library, and never runs people's code itself: so each run
starts from the same clean state, and what it does to it is gone with it. Frames, on stdin and stdout, are UTF-8 text
behind four bytes of length. A request is a line `SECONDS MEMORY_BYTES MOST_OUTPUT MODULES`, then JSON, which only the
fork reads. The answer is a line `HOW STATUS` (how the fork ended: `ended`, `time`, `output`), then what it wrote.
"""

import posix
import sys
import time

sys.path += sys.argv[1:]
import faulthandler
import gc
import importlib
import resource
import select
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepweave.expressions import system_calls
    from stepweave.expressions.python import child_modules, child_run
else:
    import child_modules
    import child_run
    import system_calls

del sys.path[1 - len(sys.argv) :]
INPUT, OUTPUT = 0, 1
MOST_FILES = 8
DUMP_SECONDS = 0.5
"""How long a fork that is out of time may take to say at which line it is."""
absent: "set[str]" = set()
"""Modules that were asked for and do not exist."""


def main() -> None:
    """Serve requests until the parent is gone."""
    posix.closerange(3, 4096)
    posix.chdir("/")
    posix.putenv(b"TZ", b"UTC")
    time.tzset()
    for which, value in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, MOST_FILES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(which, (value, value))
    while True:
        limits, _, request = read_frame().partition("\n")
        seconds, memory, most, modules = limits.split(" ")
        for name in modules.split(","):
            load(name)
        how, status, written = run(request, float(seconds), int(memory), int(most))
        write_frame(f"{how} {status}\n".encode() + written)


def load(name: str) -> None:
    """Import a module for all runs to come, where it is one that may be."""
    if name in sys.modules or not child_modules.is_loadable(name):
        return
    try:
        importlib.import_module(name)
    except ImportError:
        absent.add(name)
        return
    if name.split(".")[0] == "zoneinfo":
        child_run.take_zones_over()


def run(request: str, seconds: float, memory: int, most: int) -> "tuple[str, int, bytes]":
    """Run a request in a fork; return how it ended, its status and what it wrote."""
    reading, writing = posix.pipe()
    gc.freeze()
    parent = posix.getpid()
    pid = posix.fork()
    if pid == 0:
        lock(parent, writing, memory, seconds)
        child_run.run(request, absent)
        posix._exit(0)
    posix.close(writing)
    posix.set_blocking(reading, False)
    how, pieces = watch(reading, time.monotonic() + seconds, most)
    if how == "time":
        # faulthandler writes the stack, also out of the middle of a built-in function.
        posix.kill(pid, signal.SIGUSR1)
        pieces += dumped(reading)
    if how != "ended":
        posix.kill(pid, signal.SIGKILL)
    posix.close(reading)
    _, status = posix.waitpid(pid, 0)
    return how, posix.waitstatus_to_exitcode(status), b"".join(pieces)


def watch(reading: int, deadline: float, most: int) -> "tuple[str, list[bytes]]":
    """Read what a fork writes until it ends, is out of time, or has written more than it may."""
    pieces: list[bytes] = []
    size = 0
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return "time", pieces
        piece = posix.read(reading, 1 << 20)
        if not piece:
            return "ended", pieces
        pieces.append(piece)
        size += len(piece)
        if size > most:
            return "output", pieces


def dumped(reading: int) -> "list[bytes]":
    """Return the stack that a fork writes; waits no longer than until it is there."""
    pieces: list[bytes] = []
    end = time.monotonic() + DUMP_SECONDS
    while time.monotonic() < end and b'File "' not in b"".join(pieces):
        how, more = watch(reading, time.monotonic() + 0.01, 1 << 16)
        pieces += more
        if how != "time":
            break
    return pieces


def lock(parent: int, writing: int, memory: int, seconds: float) -> None:
    """Take from this fork all but its memory, the clock and the pipe that it writes to."""
    try:
        system_calls.die_with_parent()
        if posix.getppid() != parent:
            posix._exit(1)
        posix.dup2(writing, OUTPUT, False)
        posix.close(INPUT)
        posix.closerange(2, MOST_FILES)
        faulthandler.register(signal.SIGUSR1, file=OUTPUT, all_threads=False)
        faulthandler.enable(file=OUTPUT, all_threads=False)
        cpu = int(seconds) + 2
        for which, value in (
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_NOFILE, 2),
            (resource.RLIMIT_NPROC, 0),
            *([] if sys.platform == "darwin" else [(resource.RLIMIT_AS, used_addresses() + memory)]),
        ):
            resource.setrlimit(which, (value, value))
        system_calls.lock((), (OUTPUT,))
    except BaseException as error:  # noqa: BLE001,RUF100  # nothing may run where any of this failed
        child_run.say("U", repr(error))
        posix._exit(1)


def used_addresses() -> int:
    """Return the bytes of this process's address space (proc(5), statm)."""
    file = posix.open("/proc/self/statm", posix.O_RDONLY)
    pages = int(posix.read(file, 64).split()[0])
    posix.close(file)
    return pages * resource.getpagesize()


def read(size: int) -> bytes:
    """Return exactly `size` bytes; ends the process where the parent is gone."""
    pieces = []
    while size > 0:
        piece = posix.read(INPUT, min(size, 1 << 20))
        if not piece:
            posix._exit(0)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def read_frame() -> str:
    """Return the next frame's text."""
    return read(int.from_bytes(read(4), "big")).decode()


def write_frame(body: bytes) -> None:
    """Send a frame."""
    data = memoryview(len(body).to_bytes(4, "big") + body)
    while data:
        data = data[posix.write(OUTPUT, data) :]


if __name__ == "__main__":
    main()
