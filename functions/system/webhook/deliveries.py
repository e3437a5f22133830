"""Which execution a provider's delivery is: one that comes again is the same, unless its start failed.

An execution whose start failed has a history that says so, and stays as it is; the delivery's next try is another one.
"""

import redis

from stepweave.runtime.events import new_id
from stepweave.runtime.starting import execution_id_of
from stepweave_data import redis_keys as keys


class Deliveries:
    """Gives deliveries the ids of their executions. Without Redis, a delivery has its first one."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def execution_id(self, registration_id: str, delivery: str) -> str:
        """Return the id for a delivery; a new one each time where the provider gives it no name."""
        if not delivery:
            return new_id()
        first = execution_id_of(registration_id, delivery)
        try:
            failed = self._redis.get(keys.failed_starts(first))
        except redis.RedisError:
            return first
        return execution_id_of(registration_id, delivery, str(failed)) if failed else first

    def failed(self, registration_id: str, delivery: str) -> None:
        """Note that the start of a delivery's execution failed."""
        if not delivery:
            return
        key = keys.failed_starts(execution_id_of(registration_id, delivery))
        try:
            with self._redis.pipeline() as both:
                both.incr(key)
                both.expire(key, keys.IDEMPOTENCY_SECONDS)
                both.execute()
        except redis.RedisError:
            return
