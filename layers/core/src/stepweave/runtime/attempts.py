"""What a node run's attempts leave for the next one: the items that are done, and when it may go on.

Stored under the run's own storage key while a retry is left, in the shape
`{"items": {index: {port: items}}, "result": StepResult, "usage": Usage, "notBefore": seconds since 1970}`, each where
there is one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.model.items import Item
from stepweave.model.step import StepPayload, StepResult
from stepweave.model.usage import Usage
from stepweave.runtime.claims import Claims, key_of
from stepweave.runtime.errors import DataMissing, NodeError, RetryTooLate

LONGEST_WAIT: Final = 0.75
"""Of a step's time, how much the next attempt may wait before it goes on; the rest is for its work."""
MOST_FAILED: Final = 3
"""Items in a row that fail so that a retry may help, after which an attempt leaves the rest to the next: whoever is
asked is away."""

Outputs = Mapping[str, list[Item]]
"""Output port -> items."""


@dataclass(slots=True)
class Progress:
    """What earlier attempts of a run did.

    Attributes:
        items: input item's place -> what it gave, of items that need not run again.
        result: of the whole run, where only telling of it failed.
        usage: what it used, likewise.
        not_before: when the next attempt may go on, in seconds since 1970.
    """

    items: dict[int, Outputs] = field(default_factory=dict)
    result: StepResult | None = None
    not_before: float = 0.0
    usage: Usage = field(default_factory=Usage)

    def wait(self) -> None:
        """Wait until the attempt may go on. The step's deadline ends this too."""
        left = self.not_before - time.time()
        if left > 0:
            time.sleep(left)


def keeps(payload: StepPayload) -> bool:
    """Return whether a run has retries at all, so that its attempts leave something."""
    return payload["settings"]["maxAttempts"] > 1 and not payload["phase"]


def load(payload: StepPayload, claims: Claims) -> Progress:
    """Return what the attempts before this one left.

    Raises:
        StorageUnavailable: it cannot be fetched now; going on without it would do the same work twice.
    """
    if payload["attempt"] == 1 or not keeps(payload):
        return Progress()
    try:
        found = claims.fetch_json(claims.bucket, _key(payload), payload["context"]["tenantId"])
    except DataMissing:
        return Progress()
    items = {int(index): outputs for index, outputs in found.get("items", {}).items()}
    usage: Usage = found.get("usage", {})
    return Progress(items, found.get("result"), float(found.get("notBefore", 0.0)), usage)


def save(payload: StepPayload, claims: Claims, progress: Progress) -> bool:
    """Keep what is done for the next attempt; return whether that worked."""
    kept: dict[str, Any] = {"items": progress.items, "notBefore": progress.not_before}
    if progress.result is not None:
        kept |= {"result": progress.result, "usage": progress.usage}
    try:
        claims.store_json(_key(payload), kept)
    except (NodeError, TypeError, ValueError, RecursionError):  # not to be reached, or no JSON data
        return False
    return True


def bounded(error: NodeError, longest: float) -> NodeError:
    """Return an error whose `Retry-After` a retry can keep, or what says that none can.

    Args:
        error: retryable, with a retry left.
        longest: the seconds that the next attempt may wait.
    """
    if error.retry_after is None or error.retry_after <= longest:
        return error
    return RetryTooLate(
        f"{error.message.rstrip('.')}. It may be tried again in {error.retry_after:g} seconds only, and a retry waits "
        f"{longest:g} at most.",
        "Give the node a longer time-out, or run it again later: with Wait in a Loop, or by hand.",
        details={**error.details, "error": type(error).__name__, "retryAfter": error.retry_after},
        item=error.item,
    )


def _key(payload: StepPayload) -> str:
    return key_of(payload["context"], payload["node"]["id"], 0, "done.json", payload["iteration"])
