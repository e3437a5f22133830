"""Counts what the doors refuse, and writes it into the audit: one entry for each kind, workspace and window.

Who is refused may come again as often as they like, so nothing is written for each time. Redis counts by window, place
and kind, of each kind at most `MOST_TOLD` addresses, operations and callers by name and the others together. How many
kinds there are is up to us, and a workspace is told of what a signature or a published address has proven its own.
What belongs to no workspace is the deployment's: table `platform_refusals`, which no tenant sees, and the log.

Without Redis each process goes on counting, in `MOST_HELD` counters, and hands them over with the next refusal.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import psycopg
import redis
from psycopg.types.json import Jsonb

from stepweave_data import redis_keys as keys
from stepweave_data.auditing import Entry, Origin, begin, write
from stepweave_data.link import Connection, Link
from stepweave_data.rates import AWAY_SECONDS
from stepweave_data.telemetry import logger

WINDOW_SECONDS: Final = 300
MOST_TOLD: Final = 10
"""Values of each facet that an entry names; the others are counted together."""
MOST_HELD: Final = 500
"""Counters of one process without Redis."""
MOST_FOLDED: Final = 500
"""Windows of one run."""
MOST_VALUE: Final = 60
"""Characters of an address, an operation, an id."""
NOBODY: Final = ""
"""The place of what belongs to no workspace."""
FACETS: Final = ("address", "operation", "actor")

_COUNT: Final = """
local kind, first, last, ends, most, times = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('HINCRBY', KEYS[1], 'times ' .. kind, times)
redis.call('HSETNX', KEYS[1], 'first ' .. kind, first)
redis.call('HSET', KEYS[1], 'last ' .. kind, last)
for i = 7, #ARGV, 2 do
  local facet, value = ARGV[i] .. ' ' .. kind, ARGV[i + 1]
  if value ~= '' then
    local name = 'of ' .. facet .. ' ' .. value
    if redis.call('HEXISTS', KEYS[1], name) == 0 then
      if tonumber(redis.call('HGET', KEYS[1], 'many ' .. facet) or '0') >= most then
        name = 'of ' .. facet .. ' '
      else
        redis.call('HINCRBY', KEYS[1], 'many ' .. facet, 1)
      end
    end
    redis.call('HINCRBY', KEYS[1], name, times)
  end
end
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('ZADD', KEYS[2], 'NX', ends, KEYS[1])
"""
_TAKE: Final = """
local all = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], KEYS[1])
return all
"""
_PLATFORM: Final = "SELECT note_refusals(%s, %s, %s, %s, %s)"


@dataclass
class Refused:
    """What was refused of one kind in one window: how often, from when to when (milliseconds), and by facet."""

    kind: str
    times: int
    first: int
    last: int
    of: dict[str, dict[str, int]] = field(default_factory=dict)
    """Facet -> value -> how often; "" for all values beyond the first ones."""

    def details(self) -> dict[str, Any]:
        """Return what an entry tells."""
        told: dict[str, Any] = {"times": self.times, "first": _at(self.first), "last": _at(self.last)}
        for facet, counted in self.of.items():
            named = sorted(((n, value) for value, n in counted.items() if value), reverse=True)
            if named:
                told[_PLURAL[facet]] = [{facet: value, "times": n} for n, value in named]
            if others := counted.get("", 0):
                told[f"other{_PLURAL[facet].capitalize()}"] = others
        return told

    def only(self, facet: str) -> str:
        """Return the one value of a facet; "" where there are several."""
        values = self.of.get(facet, {})
        return next(iter(values)) if len(values) == 1 else ""


_PLURAL: Final = {"address": "addresses", "operation": "operations", "actor": "actors"}


@dataclass
class Counting:
    """Counts in a Redis. What it cannot hand over it holds, as far as there is room."""

    client: redis.Redis
    _held: dict[tuple[str, str], Refused] = field(default_factory=dict)
    _away_until: float = 0.0

    def count(self, where: str, kind: str, facets: Mapping[str, str]) -> None:
        """Count a refusal. Never raises: the request has its answer.

        Args:
            where: the workspace's id, or `NOBODY`.
            kind: the refusal's code.
            facets: of `FACETS`, by name.
        """
        now = int(time.time() * 1000)
        values = {name: _plain(facets.get(name, "")) for name in FACETS}
        refused = Refused(kind, 1, now, now, {name: {value: 1} for name, value in values.items() if value})
        if time.monotonic() < self._away_until or not self._sent(where, now, refused):
            self._hold(where, kind, now)
            return
        for (held_where, held_kind), held in list(self._held.items()):
            self._held.pop((held_where, held_kind), None)
            if not self._sent(held_where, now, held):
                self._held[(held_where, held_kind)] = held
                return

    def _sent(self, where: str, now: int, refused: Refused) -> bool:
        try:
            self._send(where, now, refused)
        except redis.RedisError as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            logger().warning("refusals are counted by this process", error=repr(error), code=refused.kind)
            return False
        return True

    def _send(self, where: str, now: int, refused: Refused) -> None:
        window = now // 1000 // WINDOW_SECONDS
        facets = [text for name, values in refused.of.items() for value in values for text in (name, value)]
        self.client.eval(
            _COUNT,
            2,
            keys.refused(window, where),
            keys.refused_windows(),
            refused.kind,
            str(refused.first),
            str(refused.last),
            str((window + 1) * WINDOW_SECONDS),
            str(MOST_TOLD),
            str(refused.times),
            *facets,
        )

    def _hold(self, where: str, kind: str, now: int) -> None:
        """Keep a refusal without its facets; of places that there is no room for, with those of the deployment."""
        name = (where, kind)
        if name not in self._held and len(self._held) >= MOST_HELD:
            name = (NOBODY, kind)
        held = self._held.setdefault(name, Refused(kind, 0, now, now))
        held.times, held.last = held.times + 1, now


@cache
def counting(client: redis.Redis) -> Counting:
    """Return what counts in a Redis."""
    return Counting(client)


Write = Callable[[str, list[Refused]], None]
"""Writes what was refused at a place. Raises psycopg.Error or SQLAlchemy's: nothing was written."""


def fold(client: redis.Redis, link: Link, now: float | None = None) -> int:
    """Write what was refused in windows that are over, of all places, and return how many entries that made.

    Raises:
        psycopg.Error: what is not written is back in Redis.
        redis.RedisError: the rest is left to the next run.
    """

    def write_all(where: str, refused: list[Refused]) -> None:
        _write(link, where, refused)

    until = time.time() if now is None else now
    due: Any = client.zrangebyscore(keys.refused_windows(), "-inf", until, start=0, num=MOST_FOLDED)
    return sum(_folded(client, write_all, _text(key)) for key in due)


def fold_now(client: redis.Redis, tenant_id: uuid.UUID, write_one: Write) -> int:
    """Write what was refused in one workspace up to now, for whoever reads its audit.

    Raises:
        redis.RedisError, and what `write_one` raises: what is not written is back in Redis.
    """
    window = int(time.time()) // WINDOW_SECONDS
    return sum(_folded(client, write_one, keys.refused(window - ago, str(tenant_id))) for ago in (2, 1, 0))


def note(connection: Connection, tenant_id: str, refused: Iterable[Refused]) -> None:
    """Add entries to the audit of a workspace, in the transaction of `connection`. Raises psycopg.Error."""
    for one in refused:
        with begin(Origin(kind="visitor", address=one.only("address"))):
            write(connection, tenant_id, Entry(None, f"refused.{one.kind}", tenant_id, one.details()))


def _folded(client: redis.Redis, write_one: Write, key: str) -> int:
    flat: Any = client.eval(_TAKE, 2, key, keys.refused_windows())
    found = [_text(one) for one in flat]
    if not found:
        return 0
    counted = dict(zip(found[::2], found[1::2], strict=True))
    refused = _read(counted)
    try:
        write_one(keys.refused_place(key), refused)
    except BaseException:
        _put_back(client, key, counted)
        raise
    return len(refused)


def _write(link: Link, where: str, refused: list[Refused]) -> None:
    if where:
        try:
            link.tenant(where, lambda connection: note(connection, where, refused))
        except psycopg.errors.ForeignKeyViolation:
            pass  # the workspace is gone, and its audit with it
        else:
            return
    for one in refused:
        at = (datetime.fromtimestamp(one.first / 1000, UTC), datetime.fromtimestamp(one.last / 1000, UTC))
        about = {name: value for name, value in one.details().items() if name not in ("times", "first", "last")}
        link.call(_PLATFORM, (one.kind, one.times, *at, Jsonb(about)))
        logger().info("refused, of no workspace", code=one.kind, times=one.times, **about)


def _read(counted: Mapping[str, str]) -> list[Refused]:
    """Return what a window holds, what was refused first first."""
    found: dict[str, Refused] = {}
    for name, value in counted.items():
        what, _, kind = name.partition(" ")
        if what == "times":
            first, last = int(counted[f"first {kind}"]), int(counted[f"last {kind}"])
            found[kind] = Refused(kind, int(value), first, last)
    for name, value in counted.items():
        if name.startswith("of "):
            _, facet, kind, of = name.split(" ", 3)
            found[kind].of.setdefault(facet, {})[of] = int(value)
    return sorted(found.values(), key=lambda one: one.first)


def _put_back(client: redis.Redis, key: str, counted: Mapping[str, str]) -> None:
    """Add what was taken to what was counted meanwhile; a window that ended is due at once."""
    with client.pipeline() as pipe:
        for name, value in counted.items():
            if name.startswith(("first ", "last ")):
                pipe.hset(key, name, value) if name.startswith("first ") else pipe.hsetnx(key, name, value)
            else:
                pipe.hincrby(key, name, int(value))
        pipe.expire(key, 86400)
        pipe.zadd(keys.refused_windows(), {key: 0}, nx=True)
        pipe.execute()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _plain(text: str) -> str:
    """Return a value without spaces, which part fields, and of a length that has an end."""
    return "_".join(text.split())[:MOST_VALUE].encode("utf-8", "replace").decode()


def _at(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
