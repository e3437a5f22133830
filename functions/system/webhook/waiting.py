"""Waits for the answer of a Standard execution, which the recorder puts into Redis."""

import json
import time
from typing import Any, Final, cast

import redis

from stepweave_data import redis_keys as keys

SLICE: Final = 1.0
"""Seconds of one blocking read; below the client's socket time-out."""


def wait_for_answer(client: redis.Redis, execution_id: str, seconds: float) -> dict[str, Any] | None:
    """Return `{"response"}` of a response node, or `{"ended", "error", "last", ...}`; None where none came in time.

    Args:
        client: Redis.
        execution_id: whose answer.
        seconds: how long to wait; less where Redis fails.
    """
    limit = time.monotonic() + seconds
    while (left := limit - time.monotonic()) > 0:
        try:
            found = client.blpop([keys.answer(execution_id)], timeout=max(0.05, min(SLICE, left)))
        except redis.RedisError:
            return None
        if found:
            answer: dict[str, Any] = json.loads(cast("list[str]", found)[1])
            return answer
    return None
