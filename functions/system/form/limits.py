"""How often one address may send a form."""

import hashlib
from typing import Final

import redis

from stepweave_data import redis_keys as keys
from stepweave_data.telemetry import logger

WINDOW_SECONDS: Final = 60


def is_too_often(client: redis.Redis, form: str, address: str, most: int) -> bool:
    """Count a submission and say whether the address sent more than `most` within a minute.

    Without Redis nobody is held up: a form that is down is worse than a bot, and the firewall counts, too.
    """
    key = keys.rate("form", hashlib.sha256(f"{form}\n{address}".encode("utf-8", "replace")).hexdigest())
    try:
        with client.pipeline() as both:
            both.set(key, 0, ex=WINDOW_SECONDS, nx=True)
            both.incr(key)
            count = both.execute()[1]
    except redis.RedisError as error:
        logger().warning("submissions of a form are not counted", error=repr(error))
        return False
    return int(count) > most
