"""Keeps the rate of a credential: at most so many requests in so many seconds, over all workers that use it.

The vault gives out the times at which requests may be sent, from Redis, which nodes do not reach. Where it cannot be
asked, each worker keeps the rate by itself.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from stepweave.aws import AwsError
from stepweave.aws.passes import Who, request_by, tenant_of
from stepweave.runtime.http_errors import HttpRateLimited

ALONE_SECONDS: Final = 30.0
"""How long a worker keeps rates by itself after the vault could not be asked."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.requests} requests in {self.seconds:g} seconds"


class Pacer:
    """Waits for the turns of one worker's requests. Safe to use from several threads.

    Args:
        invoke: asks the vault. Raises AwsError.
    """

    def __init__(self, invoke: Callable[[dict[str, Any]], Any]) -> None:
        self._invoke = invoke
        self._alone_until = 0.0
        self._own: dict[tuple[str, str], deque[float]] = {}
        self._lock = Lock()

    def wait(self, who: Who, credential_id: str, rate: Rate, until: float) -> None:
        """Wait until a request may be sent.

        Args:
            who: whose execution asks.
            credential_id: which one.
            rate: its rate.
            until: how long to wait at most, on the clock of `time.monotonic`.

        Raises:
            HttpRateLimited: it may be sent later than that; the error says when.
        """
        within = max(0.0, until - time.monotonic())
        given = self._asked(who, credential_id, rate, within)
        is_given, wait = given or self._by_itself((tenant_of(who), credential_id), rate, within)
        if not is_given:
            raise HttpRateLimited(
                f"The credential allows {rate}, and the next may be sent in {wait:.1f} seconds only.",
                "Let the node retry, give it a longer time-out, or raise the limit in the credential.",
                details={"requests": rate.requests, "seconds": rate.seconds},
                retry_after=wait,
            )
        if wait > 0:
            time.sleep(wait)

    def _asked(self, who: Who, credential_id: str, rate: Rate, within: float) -> tuple[bool, float] | None:
        """Return whether the vault gave a turn, and in how many seconds it is; None where it cannot be asked."""
        if time.monotonic() < self._alone_until:
            return None
        turn = {"requests": rate.requests, "seconds": rate.seconds, "within": within}
        try:
            answer = self._invoke(request_by(who, credentialId=credential_id, turn=turn))
            return bool(answer["given"]), float(answer["wait"])
        except (AwsError, KeyError, TypeError, ValueError):
            self._alone_until = time.monotonic() + ALONE_SECONDS
            return None

    def _by_itself(self, key: tuple[str, str], rate: Rate, within: float) -> tuple[bool, float]:
        with self._lock:
            now = time.monotonic()
            turns = self._own.setdefault(key, deque())
            while len(turns) > rate.requests:
                turns.popleft()
            turn = max(now, turns[0] + rate.seconds) if len(turns) == rate.requests else now
            if turn - now > within:
                return False, turn - now
            turns.append(turn)
            return True, turn - now
