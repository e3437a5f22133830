"""Gives out turns to requests that go with a credential whose rate is limited: at most so many in so many seconds.

A turn is a time, given out in advance, so that nobody asks twice for one request. Redis has the latest turns of a
credential; the script reads and writes them at once. In any span of the rate's length no more turns lie than it allows.
"""

from functools import cache
from typing import Any, Final
from uuid import UUID

import redis

from functions.system.vault.errors import CredentialUnavailable
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.redis_link import redis_url

_TURN: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, span, within = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local first = redis.call('LINDEX', KEYS[1], -most)
local turn = now
if first and tonumber(first) + span > now then turn = tonumber(first) + span end
if turn - now > within then return {0, turn - now} end
redis.call('RPUSH', KEYS[1], string.format('%.0f', turn))
redis.call('LTRIM', KEYS[1], -most, -1)
redis.call('PEXPIRE', KEYS[1], turn - now + span)
return {1, turn - now}
"""
MOST_REQUESTS: Final = 10_000
MOST_SECONDS: Final = 86_400


def turn_of(request: dict[str, Any]) -> dict[str, Any]:
    """Return `{"given", "wait"}`: whether a turn was given, and in how many seconds it is, or the next would be.

    Args:
        request: `tenantId`, `credentialId`, and `turn`: `requests` in `seconds`, to be had `within` seconds.

    Raises:
        CredentialUnavailable: Redis cannot be reached.
        ValueError, KeyError, TypeError: the request is none.
    """
    tenant_id, id = str(UUID(request["tenantId"])), str(UUID(request["credentialId"]))
    asked = request["turn"]
    most, span = int(asked["requests"]), float(asked["seconds"])
    if not (1 <= most <= MOST_REQUESTS and 0 < span <= MOST_SECONDS):
        raise ValueError(f"no rate: {most} in {span} s")
    within = min(max(float(asked["within"]), 0.0), MOST_SECONDS)
    try:
        given, wait = client().eval(
            _TURN, 1, keys.pace(tenant_id, id), str(most), str(int(span * 1000)), str(int(within * 1000))
        )
    except redis.RedisError as error:
        raise CredentialUnavailable(f"The credential's rate cannot be looked up ({type(error).__name__}).") from None
    return {"given": bool(given), "wait": wait / 1000}


@cache
def client() -> redis.Redis:
    """Return this worker's Redis."""
    return connect(redis_url())
