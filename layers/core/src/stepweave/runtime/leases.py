"""The data bucket as a node function has it: with rights for one execution, which the function `storage` lends.

A node's own role reaches no object (ADR 54). Only a step that stores or fetches asks, once for an execution and worker.
"""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import Who, request_by, tenant_of
from stepweave.aws.signing import Credentials
from stepweave.aws.storage import Storage
from stepweave.runtime.errors import ContextRefused, StorageUnavailable

SECONDS: Final = 10.0
"""For the function's answer."""
LEFT: Final = 1200.0
"""Seconds that a lease must still be good for when a step begins to use it: longer than a step may last."""
MOST: Final = 100
"""Leases that a worker keeps."""

Lend = Callable[[dict[str, Any]], Any]
"""Asks the function `storage`: request to answer. Raises AwsError."""


class Leases:
    """One worker's. Not for several threads at once before the first use of an execution."""

    def __init__(self, lend: Lend, storage_with: Callable[[Credentials], Storage]) -> None:
        self._lend, self._storage_with = lend, storage_with
        self._kept: dict[tuple[str, str], tuple[float, Storage]] = {}

    def storage(self, who: Who) -> Storage:
        """Return the bucket with the rights of whoever asks.

        Raises:
            ContextRefused: nobody knows whose execution it is.
            StorageUnavailable: the rights could not be had.
        """
        proof = "" if isinstance(who, str) else str(who.get("signature") or who.get("executionId") or "")
        key, moment = (tenant_of(who), proof), time.time()
        kept = self._kept.get(key)
        if kept is not None and kept[0] - moment > LEFT:
            return kept[1]
        answer = self._asked(who)
        credentials = Credentials(answer["accessKey"], answer["secretKey"], answer["sessionToken"])
        storage = self._storage_with(credentials)
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (float(answer["until"]), storage)
        return storage

    def _asked(self, who: Who) -> dict[str, Any]:
        try:
            answer = self._lend(request_by(who))
        except AwsError as error:
            # The function's words may quote data, so only the code goes on.
            raise StorageUnavailable(
                f"The right to stored data could not be had ({error.code}).",
                "Try again; if it stays so, the platform's operator must look at the function storage.",
            ) from error
        refused = answer.get("error")
        if refused is not None:
            raise ContextRefused(str(refused.get("message")), str(refused.get("remedy") or ""))
        found: dict[str, Any] = answer
        return found


def leases() -> Leases | None:
    """Return this worker's; None where the environment names no function that lends, so its own rights count."""
    name = os.environ.get("STEPWEAVE_STORAGE_FUNCTION")
    if not name:
        return None

    def lend(request: dict[str, Any]) -> Any:
        return Aws.shared().functions.invoke(name, request, timeout=SECONDS)

    return Leases(lend, lambda credentials: Aws.shared().acting(credentials).storage)
