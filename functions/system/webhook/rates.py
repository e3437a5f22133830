"""How often a webhook may be called: fixed windows in Redis.

Counted is who may call: a stranger cannot use up what is meant for others. Without Redis there is no limit, as with
those of logins: an outage loses no event.
"""

import hashlib

import redis

from functions.system.webhook.targets import HookTarget
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.telemetry import logger


def check_rate(client: redis.Redis, target: HookTarget, caller: str) -> None:
    """Count a call. Raises Refusal (429 with `Retry-After` in seconds) where there were too many."""
    rate = target.get("rate")
    if not rate:
        return
    start = target["start"]
    who = f"{start['workflow_id']} {target['nodeId']} {caller if rate['per'] == 'caller' else ''}"
    key = keys.rate("hook", hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    try:
        with client.pipeline() as pipe:
            pipe.set(key, 0, ex=rate["seconds"], nx=True)
            pipe.incr(key)
            pipe.ttl(key)
            _, count, left = pipe.execute()
    except redis.RedisError as error:
        logger().warning("a webhook's rate limit is off", error=repr(error))
        return
    if int(count) > rate["calls"]:
        again = max(int(left), 1)
        words = f"This webhook takes {rate['calls']} calls in {rate['seconds']} seconds; call again in {again}."
        raise Refusal(429, "too_many_calls", "Too many calls", words, {"retry-after": str(again)})
