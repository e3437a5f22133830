"""What Redis keeps of a tenant's own making, and how much of it: answers of calls with a key, and caches (ADR 75).

Redis pushes nothing out by itself (`noeviction`): epochs, guesses, tickets and claims stay for as long as they were
given. So whatever a tenant may make many or large ones of goes through here, where it costs that tenant alone:

    a tenant over its share loses its own oldest;
    where all tenants together are over theirs, whoever has the most loses their oldest.

What each has is counted by what was written (`kept:<tenant>`, in the order of writing) and not by what is there still:
something that is over, or was taken back, counts until it is the oldest, or a day has passed.
"""

from typing import Any, Final

import redis

from stepweave_data import redis_keys as keys

MOST_OF_ONE: Final = 24 * 1024**2
"""Bytes of a tenant."""
MOST_KEYS: Final = 50_000
"""Keys of a tenant."""
MOST_OF_ALL: Final = 192 * 1024**2
"""Bytes of all tenants: half of what the smallest server has (0.5 GiB, of which ElastiCache keeps a quarter)."""
OVERHEAD: Final = 320
"""Bytes that a key takes besides its value and twice its name: here and in the list of its tenant (measured)."""

_PUT: Final = """
-- KEYS: the key, the tenant's list. ARGV: value, ms, tenant, bytes and keys of one tenant, bytes of all, overhead,
-- 'new' (not where it is there), 'list' (a list of one), names: prefix of lists, sizes, times, total, ms of a day
local name, who, day = KEYS[1], ARGV[3], tonumber(ARGV[14])
local lists, sizes, times, total = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
if ARGV[8] == 'new' and redis.call('EXISTS', name) == 1 then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function cost(bytes) return bytes + 2 * #name + ARGV[7] end
local function less(tenant, bytes)
  redis.call('ZINCRBY', sizes, -bytes, tenant)
  redis.call('DECRBY', total, bytes)
end
local function push_out(tenant)
  local oldest = redis.call('ZPOPMIN', lists .. tenant)[1]
  if not oldest then
    redis.call('DECRBY', total, redis.call('ZSCORE', sizes, tenant) or 0)
    redis.call('ZREM', sizes, tenant)
    redis.call('ZREM', times, tenant)
    return false
  end
  local bytes, key = string.match(oldest, '^(%d+):(.*)$')
  redis.call('DEL', key)
  less(tenant, bytes)
  return true
end
for _, over in ipairs(redis.call('ZRANGEBYSCORE', times, '-inf', now - day, 'LIMIT', 0, 2)) do
  redis.call('DECRBY', total, redis.call('ZSCORE', sizes, over) or 0)
  redis.call('ZREM', sizes, over)
  redis.call('ZREM', times, over)
  redis.call('DEL', lists .. over)
end
for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - day, 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[2], over)
  less(who, string.match(over, '^%d+'))
end
local kind, before = redis.call('TYPE', name).ok, nil
if kind == 'string' then before = redis.call('STRLEN', name) end
if kind == 'list' then before = #(redis.call('LINDEX', name, 0) or '') end
if before and redis.call('ZREM', KEYS[2], cost(before) .. ':' .. name) == 1 then less(who, cost(before)) end
local bytes = cost(#ARGV[1])
local function of(tenant) return tonumber(redis.call('ZSCORE', sizes, tenant) or 0) end
while of(who) + bytes > tonumber(ARGV[4]) or redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) do
  if not push_out(who) then break end
end
while tonumber(redis.call('GET', total) or 0) + bytes > tonumber(ARGV[6]) do
  local most = redis.call('ZREVRANGE', sizes, 0, 0)[1]
  if not most then break end
  push_out(most)
end
if ARGV[9] == 'list' then
  redis.call('DEL', name)
  redis.call('RPUSH', name, ARGV[1])
  redis.call('PEXPIRE', name, ARGV[2])
else
  redis.call('SET', name, ARGV[1], 'PX', ARGV[2])
end
redis.call('ZADD', KEYS[2], now, bytes .. ':' .. name)
redis.call('ZINCRBY', sizes, bytes, who)
redis.call('ZADD', times, now, who)
redis.call('INCRBY', total, bytes)
return 1
"""


def keep(client: Any, tenant_id: str, key: str, value: str, seconds: float, *, new: bool = False) -> bool:
    """Keep a value of a tenant. Return whether it was kept: one that is to be `new` is not where the key is there.

    Args:
        client: Redis, or a pipeline of it.
        tenant_id: whose share it takes.
        key: its name.
        value: what is kept.
        seconds: how long, where the tenant's share has room for so long; a day at most.
        new: whether it is kept only where nothing is.

    Raises:
        redis.RedisError: Redis does not answer, or has no room.
    """
    return bool(_put(client, tenant_id, key, value, seconds, "new" if new else "", ""))


def keep_list(client: Any, tenant_id: str, key: str, value: str, seconds: float) -> None:
    """Keep a value as a list of one, which others may block on. As `keep` else."""
    _put(client, tenant_id, key, value, seconds, "", "list")


def held(client: redis.Redis, tenant_id: str) -> int:
    """Return how many bytes of a tenant are counted. Raises redis.RedisError."""
    return int(client.zscore(keys.kept_sizes(), tenant_id) or 0)


def no_room(error: redis.RedisError) -> bool:
    """Whether Redis refused as its memory is full."""
    return isinstance(error, redis.exceptions.OutOfMemoryError) or "OOM " in str(error)


def _put(client: Any, tenant_id: str, key: str, value: str, seconds: float, new: str, listed: str) -> Any:
    names = (keys.kept(""), keys.kept_sizes(), keys.kept_times(), keys.kept_total())
    bounds = (MOST_OF_ONE, MOST_KEYS, MOST_OF_ALL, OVERHEAD)
    given = (value, round(seconds * 1000), tenant_id, *bounds, new, listed, *names, keys.IDEMPOTENCY_SECONDS * 1000)
    return client.eval(_PUT, 2, key, keys.kept(tenant_id), *given)
