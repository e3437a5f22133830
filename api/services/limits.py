"""Rate limits in Redis: fixed windows, for what guesses could attack. Of logins only those that fail stay counted.

When Redis is down nobody logs in, registers or resets a password (503 `redis_unavailable`): without counters, guesses
are free. Sessions that are there go on. Limits that are about work and not about guesses are counted by each process
for itself (`stepweave_data.rates`).

A limit must not be a way to lock somebody out. Who logged in on a device before is counted there on their own
(`known_devices`), whatever others try; who has no such device resets the password by mail, which makes one.
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
from stepweave_data.hooks.limits import counting
from stepweave_data.rates import Charge, Rate, counted_as
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
DEVICE: Final = Rule("login-device", 10, 300)
"""Per account and a device that is known there, in the place of all other rules."""
ACCOUNT: Final = (
    Rule("login-account", 20, 300),
    Rule("login-account-hour", 60, 3600),
    Rule("login-account-day", 200, 24 * 3600),
)
"""Per account, from all devices that are not known there: the longer it goes on, the longer one waits."""
ADDRESS: Final = Rule("login-address", 100, 300)
"""Per address: an office behind one address mistypes less."""
SOURCE: Final = Rule("login-source", 1000, 300)
"""Per connection to API Gateway: an edge location's logins, or all that one who goes around the edge may try."""
REGISTRATION: Final = Rule("register", 20, 3600)
"""Per address, successful ones too."""
LETTERS: Final = Rule("letters", 5, 1800)
"""Mails to one address that somebody asked for without being logged in. As long as a link to reset is good, so that who
floods an owner with such mails keeps none from them that works."""
LINKS: Final = Rule("links", 60, 3600)
"""Links of mails that are asked for and followed, per address."""
CHANGES: Final = Rule("email-changes", 10, 3600)
"""Per user: each is a mail to an address that may be somebody's."""
SECOND_FACTOR: Final = Rule("second-factor", 20, 3600)
"""Per user, of those whose password was right: a guess is right once in 300,000 (three steps of six digits)."""
SIGN_IN: Final = Rule("sign-in", 60, 300)
"""Per address: each leads to a request to a server of others, and tells whether a workspace has a provider."""
PASSKEY: Final = Rule("passkey", 300, 300)
"""Per address: signing in with a passkey needs no address, and nobody guesses a signature."""


PREVIEW: Final = Rule("preview", 600, 60)
"""Per user: a preview for each pause in typing, with several tabs open."""

INVITATION: Final = Rule("invitation", 60, 3600)
"""Per workspace: each is a mail to somebody who may not want it."""

CREDENTIAL: Final = Rule("credential", 60, 60)
"""Connecting and testing, per user: each leads to requests to servers of others."""

SHARED: Final = Rule("shared", 300, 60)
"""Links of files, per address: a token has 192 bits, so this is for the database rather than for the files."""

TEST_CALLS: Final = Rule("test-calls", 20, 60)
"""Per user: each calls every address of a workflow once, and asks its providers."""

OPTIONS: Final = Rule("options", 240, 60)
"""Per user: a search for each pause in typing. The first of each minute leads to a request to a server of others."""


AUTHENTICATION: Final = frozenset(
    (PAIR, DEVICE, *ACCOUNT, ADDRESS, SOURCE, REGISTRATION, LETTERS, LINKS, CHANGES, SECOND_FACTOR, PASSKEY, SIGN_IN)
)


_WAIT: Final = "There were too many tries; wait a few minutes."


def limit(client: redis.Redis, rule: Rule, who: str) -> None:
    """Count a try.

    Raises:
        Refused: `too_many_tries`.
        redis.RedisError: Redis does not answer, and the rule is about guesses.
    """
    if rule not in AUTHENTICATION:
        taken = counting(client).take([Charge(Rate(rule.name, rule.most, rule.seconds), who)])
        if taken.refused:
            raise Refused(codes.TOO_MANY_TRIES, _WAIT, retry_seconds=taken.seconds)
        return
    key = _key(rule, who)
    with client.pipeline() as pipe:
        pipe.set(key, 0, ex=rule.seconds, nx=True)  # EXPIRE NX needs Redis 7
        pipe.incr(key)
        pipe.ttl(key)
        _, count, left = pipe.execute()
    if int(count) > rule.most:
        words = _WAIT
        if rule in ACCOUNT:
            words = (
                "There were too many tries for this account from devices that it does not know. Use a device on which "
                "you logged in before, reset your password, or wait."
            )
        raise Refused(codes.TOO_MANY_TRIES, words, retry_seconds=max(int(left), 1))


def forgive(client: redis.Redis, rule: Rule, who: str) -> None:
    """Take a counted try back: it was right."""
    try:
        client.decr(_key(rule, who))
    except redis.RedisError as error:
        logger().warning("a try that succeeded stays counted", error=repr(error))


def may_send(client: redis.Redis, email: str) -> bool:
    """Whether one more mail goes to an address. Where not, the answer is the same: mails are there already."""
    try:
        limit(client, LETTERS, email)
    except Refused:
        return False
    return True


@contextmanager
def login(client: redis.Redis, email: str, caller: Caller, device: str | None = None) -> Iterator[None]:
    """Count the login that is tried inside, unless it succeeds.

    Args:
        client: Redis.
        email: the account's address, in lower case.
        caller: where the request comes from.
        device: what the device is counted as where it is known to the account (`known_devices.known_as`).

    Raises:
        Refused: `too_many_tries`.
        redis.RedisError: Redis does not answer.
    """
    if device is not None:
        shared: tuple[tuple[Rule, str], ...] = ()
        own = (DEVICE, f"{email} {device}")
    else:
        accounts = tuple((rule, email) for rule in ACCOUNT)
        shared = ((SOURCE, caller.source), (ADDRESS, caller.address), *accounts)
        own = (PAIR, f"{email} {caller.address}")
    for rule, who in (own, *shared):
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
        logger().warning("a login that succeeded stays counted", error=repr(error))


def _key(rule: Rule, who: str) -> str:
    """Return the counter's key. Addresses are people's: Redis sees their digest only."""
    return keys.rate(rule.name, hashlib.sha256(counted_as(who).encode()).hexdigest()[:32])
