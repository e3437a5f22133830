"""Tells Redis, after the commit, whose rights or sessions have changed (`stepweave_data.standing`)."""

from collections.abc import Collection
from functools import cache
from uuid import UUID

import redis

from api.settings import settings
from stepweave_data import standing
from stepweave_data.history.live import Watchers, connect
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import logger


def forget(moved: Collection[UUID], read: Collection[UUID] = ()) -> None:
    """Have what is kept of users count no more. Where Redis is away it ends by itself, within `STANDING_SECONDS`.

    Args:
        moved: users whose rights or sessions have changed: what they watch is cut, too.
        read: users whose rights are only to be read anew.
    """
    url = redis_url() if settings().redis_url else ""
    if not url:
        return
    try:
        client = _client(url)
        standing.forget(client, {*moved, *read})
        for user_id in moved:
            Watchers(client).cut(str(user_id))
    except redis.RedisError as error:
        logger().warning("a change of rights is felt in some seconds: Redis failed", error=repr(error))


@cache
def _client(url: str) -> redis.Redis:
    return connect(url)
