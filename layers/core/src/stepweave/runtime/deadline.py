"""A step's time: it ends itself shortly before the platform would kill it, so that people see a named error."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

MARGIN: Final = 1.5
"""Seconds kept for telling what happened: events are sent with retries."""


class DeadlineReached(BaseException):
    """The time is up. Not an `Exception`, so that no handler in a library keeps it for itself."""


@contextmanager
def ends_at(deadline: float) -> Iterator[None]:
    """Raise DeadlineReached inside the block at `deadline` (on the clock of `time.monotonic`).

    Works by an alarm signal, which also ends waiting in system calls; outside the main thread there is none, and only
    the deadlines that a node passes on (time-outs of its calls) hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_alarm(signum: int, frame: FrameType | None) -> NoReturn:
        raise DeadlineReached

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
