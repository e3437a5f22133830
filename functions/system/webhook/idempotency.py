"""Calls with an Idempotency-Key: within a day, the same key starts one execution."""

import hashlib

import redis

from functions.system.webhook.targets import HookTarget
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.refusals import Refusal


class Claim:
    """One call's claim of its key. A call without a key claims nothing."""

    def __init__(self, client: redis.Redis, given: str, target: HookTarget) -> None:
        start = target["start"]
        digest = hashlib.sha256(f"{target['nodeId']}\n{given}".encode("utf-8", "surrogatepass")).hexdigest()
        self._redis = client
        self._key = keys.idempotency(start["tenant_id"], start["workflow_id"], digest) if given else ""

    def take(self, execution_id: str) -> str | None:
        """Return the execution that an earlier call with this key started, or None: this one starts `execution_id`.

        Raises:
            Refusal: 503, where it cannot be known.
        """
        if not self._key:
            return None
        try:
            for _ in range(2):  # the key may expire between the two
                if self._redis.set(self._key, execution_id, nx=True, ex=keys.IDEMPOTENCY_SECONDS):
                    return None
                if known := self._redis.get(self._key):
                    return str(known)
        except redis.RedisError as error:
            raise _unknown() from error
        raise _unknown()

    def release(self) -> None:
        """Give the key back: nothing was started, so the same call may come again."""
        if not self._key:
            return
        try:
            self._redis.delete(self._key)
        except redis.RedisError:
            return  # it expires within the day


def _unknown() -> Refusal:
    words = "Whether this call was made before cannot be known now; try again."
    return Refusal(503, "not_started", "Not started", words, {"retry-after": "5"})
