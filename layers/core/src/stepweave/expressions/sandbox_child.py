"""The sandbox's process: runs JavaScript for its parent, one request after another, and can do nothing else.

Started as `python -I -S sandbox_child.py FOLDER_OF_QUICKJS FOLDER_OF_THIS` with an empty environment. Every frame, on
stdin and stdout, is UTF-8 text behind four bytes of length. The first says how many JavaScript sources follow: the
prelude, the runner, the head, and what else the runner is called with. Each further frame is a request: a line
`SECONDS MEMORY_BYTES`, then JSON that only JavaScript reads. The answer is JSON.

Every request gets a fresh QuickJS context, made ahead while the process would idle. Imports built-in modules,
`_quickjs` and `system_calls` only, so that it starts in little more than the interpreter's own time.
"""

import posix
import resource
import sys
import time

sys.path += sys.argv[1:]
import _quickjs  # type: ignore[import-not-found,unused-ignore]  # found only now
import system_calls  # type: ignore[import-not-found,unused-ignore]

STACK_BYTES = 512 * 1024
ADDRESS_BYTES = 768 * 1024**2
"""Of address space for the whole process: QuickJS's own limit is far below; this holds where that has a gap."""
INPUT, OUTPUT = 0, 1
NOT_LOCKED = 78
"""The exit status where this system cannot lock the process."""
NOTHING_LOGGED = '{"logs":[],"dropped":0}'


def lock_down() -> None:
    """Take away what JavaScript could reach if it ever got out of QuickJS: files, processes, memory."""
    posix.closerange(3, 4096)
    posix.chdir("/")
    limits = (
        (resource.RLIMIT_AS, ADDRESS_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for which, value in limits:
        resource.setrlimit(which, (value, value))
    system_calls.lock((INPUT,), (OUTPUT,), own_limits=True)


def allow_seconds(seconds: float) -> None:
    """Let the kernel end the process (SIGXCPU) when it computes on past the limit that QuickJS keeps."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 3
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def read(size: int) -> bytes:
    """Return exactly `size` bytes; ends the process where the parent is gone."""
    pieces = []
    while size > 0:
        piece = posix.read(INPUT, min(size, 1 << 20))
        if not piece:
            sys.exit(0)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def read_frame() -> str:
    """Return the next frame's text."""
    return read(int.from_bytes(read(4), "big")).decode()


def write_frame(text: str) -> None:
    """Send a frame."""
    body = text.encode()
    data = memoryview(len(body).to_bytes(4, "big") + body)
    while data:
        data = data[posix.write(OUTPUT, data) :]


class Runner:
    """One context, for one request."""

    def __init__(self, prelude: str, runner: str, head: str, *more: str) -> None:
        self.context = _quickjs.Context()
        self.context.set_max_stack_size(STACK_BYTES)
        parts = [self.context.eval(source) for source in more]
        steps = self.context.eval(runner)(self.context.eval(prelude)(False), head, *parts)
        pick = self.context.eval("(holder, name) => holder[name]")
        self.start, self.done = pick(steps, "start"), pick(steps, "done")
        self.report, self.logs = pick(steps, "report"), pick(steps, "logs")
        self.pause, self.fire = pick(steps, "pause"), pick(steps, "fire")

    def run(self, request: str, seconds: float, memory: int) -> str:
        """Run a request and return its answer."""
        self.context.set_memory_limit(memory)
        end, late = time.process_time() + seconds, time.monotonic() + seconds
        try:
            self.context.set_time_limit(seconds)
            self.start(request)
            while not self.done():
                self.context.set_time_limit(max(0.0, end - time.process_time()))
                if self.context.execute_pending_job():
                    continue
                pause = self.pause() / 1000
                if pause < 0:
                    return self.ended("stuck")
                if time.monotonic() + pause > late:
                    return self.ended("time")
                time.sleep(pause)
                self.fire()
            self.context.set_time_limit(seconds)
            answer: str = self.report()
        except _quickjs.StackOverflow:
            return self.ended("stack")
        except _quickjs.JSException as error:
            return self.ended("time" if "InternalError: interrupted" in str(error) else "memory")
        return answer

    def ended(self, limit: str) -> str:
        """Return the answer for code that did not end by itself, with what it had logged where that can be read."""
        self.context.set_time_limit(1)
        self.context.set_memory_limit(-1)
        try:
            logs: str = self.logs()
        except (_quickjs.JSException, _quickjs.StackOverflow):
            logs = NOTHING_LOGGED
        return f'{{"limit":"{limit}",{logs[1:]}'


def main() -> None:
    """Take the sources, then serve requests until the parent is gone."""
    try:
        lock_down()
    except system_calls.Unsupported:
        posix._exit(NOT_LOCKED)
    sources = [read_frame() for _ in range(int(read_frame()))]
    while True:
        runner = Runner(*sources)
        limits, _, request = read_frame().partition("\n")
        seconds, memory = limits.split()
        allow_seconds(float(seconds))
        try:
            answer = runner.run(request, float(seconds), int(memory))
        except MemoryError:
            answer = f'{{"limit":"memory",{NOTHING_LOGGED[1:]}'
        write_frame(answer)


if __name__ == "__main__":
    main()
