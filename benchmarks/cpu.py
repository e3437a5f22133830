"""The CPU time that processes use, with all that they started."""

import time
from collections.abc import Sequence
from typing import Final

import psutil

IDLE_SHARE: Final = 0.15
"""Of one core: below this, what was asked of the processes is done. Polling alone uses a few per cent."""
LOOK_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 30.0


def seconds(roots: Sequence[int]) -> float:
    """Return the CPU seconds that the processes and their descendants have used, those that have ended included."""
    total = 0.0
    for root in roots:
        for process in _tree(root):
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:
                continue  # its parent has its times now
            # What has ended is counted with its parent (Linux: cutime and cstime of proc_pid_stat(5)).
            total += used.user + used.system + used.children_user + used.children_system
    return total


def until_idle(roots: Sequence[int]) -> None:
    """Return when the processes have little to do any more, or after half a minute."""
    limit = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < limit:
        before = seconds(roots)
        time.sleep(LOOK_SECONDS)
        if seconds(roots) - before < IDLE_SHARE * LOOK_SECONDS:
            return


def _tree(root: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
