"""What breaks in production, done to the tests' own stack: processes of functions killed, Redis emptied."""

from collections.abc import Iterator
from typing import Final

import psutil
import redis

from local.settings import LocalSettings

_MOST_OF_A_NAME: Final = 15
"""Characters of a process's name that Linux keeps (`proc(5)`, comm). The emulator sets the end of the function's."""


def kill(function: str, settings: LocalSettings) -> int:
    """Kill the processes of a function, whatever they are at, as a crash would; return how many there were.

    Args:
        function: the name without what all of the deployment's begin with, such as `recorder`.
        settings: of the tests' stack.
    """
    found = list(_of(f"stepweave-local-{function}"[-_MOST_OF_A_NAME:], settings))
    for process in found:
        process.kill()
    return len(found)


def _of(name: str, settings: LocalSettings) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == name and (process.info["cwd"] or "").startswith(f"{settings.state}/"):
            yield process


def empty_redis(settings: LocalSettings) -> None:
    """Empty Redis: subscriptions, snapshots, tickets, everything."""
    with redis.Redis.from_url(settings.redis_owner_url) as client:
        client.flushall()
