"""Books turns of keys: of each, at most so many in any period, whoever asks and however many at once.

Redis has the latest turns of a key, as runs `moment:count` in the order of their moments; one script reads and writes
those of all keys that a booking names. So it books all of them or none, and what it gave is kept under the booking's
name, for whoever asks again. A run that is written down later than its turns are can only let the next ones wait, so
that runs may be put together where they get many.
"""

import hashlib
import re
from functools import cache
from typing import Any, Final
from uuid import UUID

import redis

from stepweave.model.sizes import size_text
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.kept import OVERHEAD
from stepweave_data.redis_link import redis_url
from stepweave_data.store.errors import StoreFull

MOST_TURNS: Final = 10_000
"""In a period."""
MOST_PERIOD: Final = 1_000 * 86_400_000
MOST_WITHIN: Final = 366 * 86_400_000
MOST_KEYS: Final = 10_000
MOST_BOOKED: Final = 1_000_000_000
"""Of a key at once. Whole periods are booked as one, so that many cost no more than few."""
MOST_RUNS: Final = 512
"""Of a key, beyond which turns that lie within a 256th of a period become one run: each counts as the latest."""
MOST_HELD: Final = 16 * 1024**2
"""Bytes of Redis that the turns of a workspace take, their bookings included: a period lasts up to 1000 days."""
AGAIN_MS: Final = 3_600_000
"""How long, after the last turn and a period, a booking is known to who asks again."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_BOOK: Final = """
local kept = redis.call('GET', KEYS[1])
if kept then return {1, kept} end
local now, rejects = tonumber(ARGV[1]), ARGV[2] == 'reject'
local most, span, within = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local again, most_runs = tonumber(ARGV[6]), tonumber(ARGV[7])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local latest, writes, told = now, {}, {}
for place = 2, #KEYS do
  local at, of, total, head = {}, {}, 0, 1
  for moment, count in string.gmatch(redis.call('GET', KEYS[place]) or '', '(%d+):(%d+)') do
    at[#at + 1], of[#of + 1] = tonumber(moment), tonumber(count)
    total = total + of[#of]
  end
  while head <= #at and at[head] + span <= now do
    total, head = total - of[head], head + 1
  end
  local wanted = tonumber(ARGV[6 + place])
  local left = wanted
  if rejects then left = math.max(0, math.min(wanted, most - total)) end
  told[#told + 1] = string.format('%.0f', left)
  while total > most do
    local over = math.min(of[head], total - most)
    of[head], total = of[head] - over, total - over
    if of[head] == 0 then head = head + 1 end
  end
  local books = left > 0
  if total == most and left > most then
    local rounds = math.floor(left / most)
    for index = head, #at do at[index] = at[index] + rounds * span end
    left, latest = left - rounds * most, math.max(latest, at[#at])
    if latest - now > within then return {0, string.format('%.0f', latest - now)} end
  end
  while left > 0 do
    local taken, turn
    if total < most then
      taken, turn = math.min(most - total, left), now
    else
      taken, turn = math.min(of[head], left), math.max(now, at[head] + span)
      of[head], total = of[head] - taken, total - taken
      if of[head] == 0 then head = head + 1 end
    end
    if turn - now > within then return {0, string.format('%.0f', turn - now)} end
    local written = math.max(turn, at[#at] or 0)
    if head <= #at and at[#at] == written then
      of[#of] = of[#of] + taken
    else
      at[#at + 1], of[#of + 1] = written, taken
    end
    total, left = total + taken, left - taken
    latest = math.max(latest, turn)
  end
  if books then
    local grid = 1
    if #at - head + 1 > most_runs then grid = math.max(1, math.floor(span / 256)) end
    local runs, counts = {}, {}
    for index = head, #at do
      local moment = math.ceil(at[index] / grid) * grid
      if runs[#runs] == moment then
        counts[#counts] = counts[#counts] + of[index]
      else
        runs[#runs + 1], counts[#counts + 1] = moment, of[index]
      end
    end
    local until_then = runs[#runs] + span - now
    for index = 1, #runs do runs[index] = string.format('%.0f:%.0f', runs[index], counts[index]) end
    writes[#writes + 1] = {KEYS[place], table.concat(runs, ','), string.format('%.0f', until_then)}
  end
end
local given = string.format('%.0f %.0f ', now, latest) .. table.concat(told, ',')
writes[#writes + 1] = {KEYS[1], given, string.format('%.0f', latest - now + span + again)}
local list, most_held, overhead = ARGV[#ARGV - 2], tonumber(ARGV[#ARGV - 1]), tonumber(ARGV[#ARGV])
local sum, longest = list .. ':bytes', math.max(redis.call('PTTL', list), 0)
local held = tonumber(redis.call('GET', sum) or 0)
for _, over in ipairs(redis.call('ZRANGEBYSCORE', list, '-inf', now)) do
  redis.call('ZREM', list, over)
  held = held - string.match(over, '^%d+')
end
local function entry(key, bytes) return string.format('%.0f', bytes + 2 * #key + overhead) .. ':' .. key end
local olds, after = {}, held
for index, write in ipairs(writes) do
  local key, bytes = write[1], redis.call('STRLEN', write[1])
  if bytes > 0 and redis.call('ZSCORE', list, entry(key, bytes)) then
    olds[index] = entry(key, bytes)
    after = after - string.match(olds[index], '^%d+')
  end
  after, longest = after + string.match(entry(key, #write[2]), '^%d+'), math.max(longest, tonumber(write[3]))
end
if after > most_held and after > held then return {2, ''} end
for index, write in ipairs(writes) do
  redis.call('SET', write[1], write[2], 'PX', write[3])
  if olds[index] then redis.call('ZREM', list, olds[index]) end
  redis.call('ZADD', list, now + write[3], entry(write[1], #write[2]))
end
redis.call('SET', sum, string.format('%.0f', after))
redis.call('PEXPIRE', list, string.format('%.0f', longest))
redis.call('PEXPIRE', sum, string.format('%.0f', longest))
return {1, given}
"""


def book(tenant_id: str, asked: dict[str, Any], now: int | None = None) -> dict[str, Any]:
    """Return `{"given", "now", "until", "admitted"}`, or `{"given": False, "wait"}` where it would take too long.

    Args:
        tenant_id: whose turns they are.
        asked: `limit` turns in a `period` (ms), `mode`: `delay` (turns for all, the last of them `within` ms) or
            `reject` (as many as there are now); `keys` as `[digest, count]`, and `once`, the booking's name.
        now: the time in ms of the epoch, for tests; Redis's own else.

    Returns:
        `now` and `until`, the moment of the last turn, in ms; how many of each key were `admitted`, in their order;
        `wait`: in how many seconds the last turn, or one before it, would be, which is too late. Who asks again is
        given the same.

    Raises:
        redis.RedisError: Redis cannot be reached.
        StoreFull: the workspace's turns take `MOST_HELD` bytes.
        ValueError, KeyError, TypeError: the request is none.
    """
    tenant_id, mode = str(UUID(tenant_id)), asked["mode"]
    most, span, within = int(asked["limit"]), int(asked["period"]), int(asked["within"])
    wanted = [(str(digest), int(count)) for digest, count in asked["keys"]]
    if mode not in ("delay", "reject") or not (1 <= most <= MOST_TURNS and 1 <= span <= MOST_PERIOD):
        raise ValueError(f"no limit: {mode!r}, {most} in {span} ms")
    if not 0 <= within <= MOST_WITHIN or not 1 <= len(wanted) <= MOST_KEYS:
        raise ValueError(f"no booking: {len(wanted)} keys within {within} ms")
    if len({digest for digest, _ in wanted}) < len(wanted):
        raise ValueError("a key is there more than once")
    for digest, count in wanted:
        if not _DIGEST.fullmatch(digest) or not 1 <= count <= MOST_BOOKED:
            raise ValueError(f"no key: {digest[:80]!r}, {count} times")
    known = hashlib.sha256(str(asked["once"]).encode("utf-8", "surrogatepass")).hexdigest()
    names = [keys.booking(tenant_id, known), *(keys.turns(tenant_id, digest) for digest, _ in wanted)]
    clock = "" if now is None else str(now)
    limits = [clock, mode, str(most), str(span), str(within), str(AGAIN_MS), str(MOST_RUNS)]
    bounds = [keys.turns_held(tenant_id), str(MOST_HELD), str(OVERHEAD)]
    counts = [str(count) for _, count in wanted]
    done, text = client().eval(_BOOK, len(names), *names, *limits, *counts, *bounds)
    if done == 2:
        raise StoreFull(
            f"The throttles of this workspace keep turns of {size_text(MOST_HELD)} already, which is the most.",
            "Use fewer different keys, or shorter periods; what is kept goes as its period ends.",
        )
    if not done:
        return {"given": False, "wait": int(text) / 1_000}
    then, until, admitted = text.split(" ")
    return {
        "given": True,
        "now": int(then),
        "until": int(until),
        "admitted": [int(count) for count in admitted.split(",")],
    }


@cache
def client() -> redis.Redis:
    """Return this worker's Redis."""
    return connect(redis_url())
