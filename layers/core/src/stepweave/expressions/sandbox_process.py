"""The sandbox's process as its parent sees it: started, sent frames, waited for up to a deadline, killed.

`posix_spawn` and pipes rather than `subprocess`: a code node's cold start pays for every import.
"""

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Final

_READ_BYTES: Final = 1 << 20


_CHILD: Final = Path(__file__).with_name("sandbox_child.py")


class ProcessEnded(Exception):
    """The process is gone; `status` is its exit status, negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SandboxProcess:
    """A child with an empty environment and no open files but its two pipes: this interpreter, with a file of ours.

    Args:
        file: the file's path.
        arguments: what it is called with.
    """

    def __init__(self, file: str, *arguments: str) -> None:
        own_input, self._output = os.pipe()
        self._input, own_output = os.pipe()
        try:
            self.pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", file, *arguments],
                {},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, own_input, 0),
                    (os.POSIX_SPAWN_DUP2, own_output, 1),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsigmask=[],
                setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXCPU],
            )
        except OSError:
            os.close(self._input)
            os.close(self._output)
            raise
        finally:
            os.close(own_input)
            os.close(own_output)
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        self._status: int | None = None

    @classmethod
    def of_javascript(cls) -> "SandboxProcess":
        """Return a process that runs JavaScript (`sandbox_child.py`)."""
        import _quickjs

        return cls(str(_CHILD), str(Path(_quickjs.__file__).parent), str(_CHILD.parent))

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status is None

    def send(self, text: str, deadline: float) -> None:
        """Send a frame before `deadline` (time.monotonic()). Raises ProcessEnded or TimeoutError."""
        body = text.encode()
        data = memoryview(len(body).to_bytes(4, "big") + body)
        while data:
            self._wait(self._output, select.POLLOUT, deadline)
            try:
                data = data[os.write(self._output, data) :]
            except BrokenPipeError:
                raise ProcessEnded(self._reaped()) from None

    def receive(self, deadline: float) -> str:
        """Return the next frame. Raises ProcessEnded or TimeoutError."""
        return self.receive_bytes(deadline).decode()

    def receive_bytes(self, deadline: float) -> bytes:
        """Return the next frame as it came. Raises ProcessEnded or TimeoutError."""
        return self._read(int.from_bytes(self._read(4, deadline), "big"), deadline)

    def close(self) -> None:
        """End the process."""
        if self.is_running:
            os.kill(self.pid, signal.SIGKILL)
            self._reaped()
        for pipe in (self._input, self._output):
            os.close(pipe)

    def _read(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while size > 0:
            self._wait(self._input, select.POLLIN, deadline)
            piece = os.read(self._input, min(size, _READ_BYTES))
            if not piece:
                raise ProcessEnded(self._reaped())
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0.0, (deadline - time.monotonic()) * 1000)):
            raise TimeoutError

    def _reaped(self) -> int:
        if self._status is None:
            _, status = os.waitpid(self.pid, 0)
            self._status = os.waitstatus_to_exitcode(status)
        return self._status
