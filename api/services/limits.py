"""Rate limits in Redis: fixed windows, for what guesses could attack.

When Redis is down the limits are off and a warning is logged: nobody is locked out, and bcrypt still slows guesses.
"""

from typing import Final

import redis

from api.errors import Problem
from api.logs import logger
from stepweave_data import redis_keys as keys

LOGIN_TRIES: Final = 10
LOGIN_SECONDS: Final = 300
REGISTER_TRIES: Final = 20
REGISTER_SECONDS: Final = 3600


def limit(client: redis.Redis, what: str, who: str, most: int, seconds: int) -> None:
    """Count a try and raise Problem (429) when there were more than `most` in `seconds`."""
    key = keys.rate(what, who)
    try:
        with client.pipeline() as pipe:
            pipe.set(key, 0, ex=seconds, nx=True)  # EXPIRE NX needs Redis 7
            pipe.incr(key)
            count = int(pipe.execute()[1])
    except redis.RedisError as error:
        logger().warning("rate limits are off", error=repr(error))
        return
    if count > most:
        problem = Problem(429, "too_many_tries", "There were too many tries; wait a few minutes.")
        problem.headers["Retry-After"] = str(seconds)
        raise problem


def forget(client: redis.Redis, what: str, *who: str) -> None:
    """Forget the tries of somebody who got in."""
    try:
        client.delete(*(keys.rate(what, name) for name in who))
    except redis.RedisError as error:
        logger().warning("rate limits are off", error=repr(error))
