"""How often one who visits may do something: fixed windows in Redis."""

import hashlib
from typing import Final

import redis

from stepweave_data import redis_keys as keys
from stepweave_data.telemetry import logger

WINDOW_SECONDS: Final = 60


def is_too_often(client: redis.Redis, what: str, who: str, most: int, seconds: int = WINDOW_SECONDS) -> bool:
    """Count, and say whether it was more than `most` times within `seconds`.

    Without Redis nobody is held up: a page that is down is worse than a bot, and the firewall counts, too.

    Args:
        client: Redis.
        what: is done, a word.
        who: does it, and where; any text.
        most: how often it may be done.
        seconds: within which.
    """
    key = keys.rate(what, hashlib.sha256(who.encode("utf-8", "replace")).hexdigest())
    try:
        with client.pipeline() as both:
            both.set(key, 0, ex=seconds, nx=True)
            both.incr(key)
            count = both.execute()[1]
    except redis.RedisError as error:
        logger().warning("visitors are not counted", what=what, error=repr(error))
        return False
    return int(count) > most
