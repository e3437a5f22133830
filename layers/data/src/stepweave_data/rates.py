"""How often something may be done: rates in Redis, each a number per key, taken together in one script or not at all.

The generic cell rate algorithm (ITU-T I.371): a key holds the moment at which all that was taken will have been paid
back. So there are no windows at whose border twice as much gets through, and what is refused costs nothing. One call
takes from all keys of a request; `docs/adr/0056-limits.md` has the figures.

Without Redis every process counts for itself, by the same figures: an outage opens nothing.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import redis

from stepweave_data import redis_keys as keys
from stepweave_data.telemetry import logger

AWAY_SECONDS: Final = 5.0
"""How long Redis is not asked after it did not answer: each request would wait for it."""
MOST_KEYS: Final = 20_000
"""That one process counts without Redis; those that were paid back are forgotten first."""
_TAKE: Final = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local ends, least, at, left, back = {}, 2, 0, 0, 0
for i, key in ipairs(KEYS) do
  local most, period, cost = tonumber(ARGV[i * 3 - 2]), tonumber(ARGV[i * 3 - 1]) * 1000000, tonumber(ARGV[i * 3])
  local each = period / most
  local paid = math.max(tonumber(redis.call('GET', key) or '0'), now)
  local wanted = paid + math.max(cost, 1) * each
  if wanted - now > period then return {i, 0, math.ceil((wanted - now - period) / 1000)} end
  ends[i] = paid + cost * each
  local free = (period - (ends[i] - now)) / period
  if free < least then
    least, at, left, back = free, i, math.floor(free * most), math.ceil((ends[i] - now) / 1000)
  end
end
for i, key in ipairs(KEYS) do
  if tonumber(ARGV[i * 3]) > 0 then
    redis.call('SET', key, string.format('%.0f', ends[i]), 'PX', math.ceil((ends[i] - now) / 1000) + 1000)
  end
end
return {-at, left, back}
"""


@dataclass(frozen=True)
class Rate:
    """At most `most` times in `seconds`, evenly; all of it may come at once."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Charge:
    """One use of a rate by somebody. A cost of 0 only asks whether one more would be refused."""

    rate: Rate
    who: str
    cost: int = 1

    @property
    def key(self) -> str:
        """The key in Redis. People's addresses are in it as their digest only."""
        who = counted_as(self.who)
        return keys.rate(self.rate.name, hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()[:32])


def counted_as(who: str) -> str:
    """Return who somebody is counted as: an IPv6 address, by itself or as the last word, is counted as its /64.

    A connection is given a /64 at least, so whoever has one has 2^64 addresses to guess from. An IPv4 address that is
    written in IPv6 is that IPv4 address.
    """
    last = (who.split() or [""])[-1]
    try:
        address = ipaddress.IPv6Address(last.strip("[]"))
    except ValueError:
        return who
    mapped = address.ipv4_mapped
    network = str(mapped) if mapped else f"{ipaddress.IPv6Address(int(address) >> 64 << 64)}/64"
    return who.rstrip().removesuffix(last) + network


@dataclass(frozen=True)
class Taken:
    """What became of charges.

    Attributes:
        rate: the one that refused, or the one of which the least is left.
        refused: whether nothing was taken.
        left: how many more would be let in now.
        seconds: until one more is let in, where it was refused; else until all is paid back.
    """

    rate: Rate
    refused: bool
    left: int
    seconds: int


@dataclass
class Rates:
    """Takes charges. Safe for threads as far as a process may count one too few without Redis."""

    client: redis.Redis
    _away_until: float = 0.0
    _own: dict[str, float] = field(default_factory=dict)

    def take(self, charges: Sequence[Charge]) -> Taken:
        """Take all charges, or none where one of them is refused.

        Args:
            charges: at least one, of different keys.
        """
        if time.monotonic() >= self._away_until:
            try:
                arguments = [str(it) for one in charges for it in (one.rate.most, one.rate.seconds, one.cost)]
                at, left, milliseconds = self.client.eval(
                    _TAKE, len(charges), *(one.key for one in charges), *arguments
                )
                return _taken(charges, int(at), int(left), int(milliseconds) / 1000)
            except redis.RedisError as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                logger().warning("rates are counted by each process for itself", error=repr(error))
        return self._take_here(charges)

    def _take_here(self, charges: Sequence[Charge]) -> Taken:
        """As the script, for this process."""
        now, ends = time.monotonic(), []
        least, at, left, back = 2.0, 0, 0, 0.0
        for index, one in enumerate(charges, 1):
            each = one.rate.seconds / one.rate.most
            paid = max(self._own.get(one.key, 0.0), now)
            over = paid + max(one.cost, 1) * each - now - one.rate.seconds
            if over > 0:
                return _taken(charges, index, 0, over)
            ends.append(paid + one.cost * each)
            free = (one.rate.seconds - (ends[-1] - now)) / one.rate.seconds
            if free < least:
                least, at, left, back = free, index, math.floor(free * one.rate.most), ends[-1] - now
        self._own.update({one.key: end for one, end in zip(charges, ends, strict=True) if one.cost})
        if len(self._own) > MOST_KEYS:
            self._own = {key: end for key, end in self._own.items() if end > now}
        return _taken(charges, -at, left, back)


def _taken(charges: Sequence[Charge], at: int, left: int, seconds: float) -> Taken:
    return Taken(charges[abs(at) - 1].rate, at > 0, left, max(math.ceil(seconds), 1 if at > 0 else 0))


def headers(taken: Taken, rates: Sequence[Rate]) -> dict[str, str]:
    """Return what tells a caller of its rates: draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` (RFC 9110).

    Args:
        taken: what became of the request's charges.
        rates: all that the request was charged to.
    """
    told = {
        "RateLimit-Policy": ", ".join(f'"{rate.name}";q={rate.most};w={rate.seconds}' for rate in rates),
        "RateLimit": f'"{taken.rate.name}";r={taken.left};t={taken.seconds}',
    }
    return told | ({"Retry-After": str(taken.seconds)} if taken.refused else {})
