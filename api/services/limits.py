"""Rate limits in Redis: fixed windows, for what guesses could attack. Of logins only those that fail stay counted.

When Redis is down the limits are off and a warning is logged. That is decided: an outage locks nobody out, bcrypt still
slows guesses, and the firewall in front limits requests by address all the same.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import redis

from api import codes
from api.refusals import Refused
from stepweave_data import redis_keys as keys
from stepweave_data.telemetry import logger


@dataclass(frozen=True)
class Rule:
    """At most `most` tries in `seconds`."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Caller:
    """Where a request comes from: the address that the edge saw, and the one that connected to API Gateway.

    Whoever goes around the edge can claim any `address`, but not `source`; behind the edge many share a `source`.
    """

    address: str
    source: str


PAIR: Final = Rule("login", 10, 300)
"""Per account and address: somebody else's guesses do not lock the owner out."""
ACCOUNT: Final = Rule("login-account", 100, 3600)
"""Per account from anywhere: 2,400 guesses a day are too few for a password of 10 characters."""
ADDRESS: Final = Rule("login-address", 100, 300)
"""Per address: an office behind one address mistypes less."""
SOURCE: Final = Rule("login-source", 1000, 300)
"""Per connection to API Gateway: an edge location's logins, or all that one who goes around the edge may try."""
REGISTRATION: Final = Rule("register", 20, 3600)
"""Per address, successful ones too."""


PREVIEW: Final = Rule("preview", 600, 60)
"""Per user: a preview for each pause in typing, with several tabs open."""

CREDENTIAL: Final = Rule("credential", 60, 60)
"""Connecting and testing, per user: each leads to requests to servers of others."""

SHARED: Final = Rule("shared", 300, 60)
"""Links of files, per address: a token has 192 bits, so this is for the database rather than for the files."""

TEST_CALLS: Final = Rule("test-calls", 20, 60)
"""Per user: each calls every address of a workflow once, and asks its providers."""

OPTIONS: Final = Rule("options", 240, 60)
"""Per user: a search for each pause in typing. The first of each minute leads to a request to a server of others."""


def limit(client: redis.Redis, rule: Rule, who: str) -> None:
    """Count a try. Raises Refused (`too_many_tries`) when there were too many."""
    key = _key(rule, who)
    try:
        with client.pipeline() as pipe:
            pipe.set(key, 0, ex=rule.seconds, nx=True)  # EXPIRE NX needs Redis 7
            pipe.incr(key)
            pipe.ttl(key)
            _, count, left = pipe.execute()
    except redis.RedisError as error:
        logger().warning("rate limits are off", error=repr(error))
        return
    if int(count) > rule.most:
        words = "There were too many tries; wait a few minutes."
        raise Refused(codes.TOO_MANY_TRIES, words, retry_seconds=max(int(left), 1))


@contextmanager
def login(client: redis.Redis, email: str, caller: Caller) -> Iterator[None]:
    """Count the login that is tried inside, unless it succeeds. Raises Refused (`too_many_tries`)."""
    shared = ((SOURCE, caller.source), (ADDRESS, caller.address), (ACCOUNT, email))
    own = (PAIR, f"{email} {caller.address}")
    for rule, who in (*shared, own):
        limit(client, rule, who)
    yield
    try:
        # Taken back one by one, not forgotten: logging in oneself must not pay for guesses at others.
        with client.pipeline() as pipe:
            for rule, who in shared:
                pipe.decr(_key(rule, who))
            pipe.delete(_key(*own))
            pipe.execute()
    except redis.RedisError as error:
        logger().warning("rate limits are off", error=repr(error))


def _key(rule: Rule, who: str) -> str:
    """Return the counter's key. Addresses are people's: Redis sees their digest only."""
    return keys.rate(rule.name, hashlib.sha256(who.encode()).hexdigest()[:32])
