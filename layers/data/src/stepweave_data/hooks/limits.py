"""How often one who visits may do something."""

from functools import cache
from typing import Final

import redis

from stepweave_data.rates import Charge, Rate, Rates

WINDOW_SECONDS: Final = 60


def is_too_often(client: redis.Redis, what: str, who: str, most: int, seconds: int = WINDOW_SECONDS) -> bool:
    """Count, and say whether it was more than `most` times within `seconds`.

    Without Redis each process counts for itself (`stepweave_data.rates`).

    Args:
        client: Redis.
        what: is done, a word.
        who: does it, and where; any text.
        most: how often it may be done.
        seconds: within which.
    """
    return counting(client).take([Charge(Rate(what, most, seconds), who)]).refused


@cache
def counting(client: redis.Redis) -> Rates:
    """Return what counts in a Redis."""
    return Rates(client)
