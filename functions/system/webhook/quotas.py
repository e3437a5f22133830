"""What a tenant's plan leaves a webhook: room in this month, and whether starts are counted; from Redis, else Postgres.

What was read is known to all workers for `redis_keys.QUOTA_SECONDS`, and so is, for a second, that a call was refused:
who calls much too often costs a look into Redis a call, and no transaction.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import redis

from functions.system.webhook.targets import Unavailable
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import logger

_READ: Final = b"""
SELECT executions_left(), p.limits ?| ARRAY['concurrent', 'starts']
FROM tenants t JOIN plans p ON p.name = t.plan WHERE t.id = %s
"""
_RETRY_SECONDS: Final = 3600
_FULL_MS: Final = 1000


@dataclass(frozen=True)
class Plans:
    """Asks what plans leave."""

    client: redis.Redis

    def check(self, tenant_id: str, *, awaited: bool) -> None:
        """See that there is room, as far as is known without counting.

        Where nobody can say whether the month has room there is: the turns are still asked (`counted`).

        Raises:
            Refusal: 429 `quota_reached`, where the month has no room: asking again makes sense when it is over or the
                plan changed; `too_many_executions`, where a call was refused a moment ago.
        """
        try:
            known = self._known(tenant_id)
            full = self.client.get(keys.full(tenant_id)) if known["counted"] else None
        except Exception as error:  # of Redis or Postgres, whose driver is not loaded before it is needed
            logger().warning("nobody can say whether the plan has room", error=repr(error))
            return
        if not known["room"]:
            words = "The plan of this workspace has no room for another execution in this month."
            raise Refusal(429, "quota_reached", "Not in the plan", words, {"retry-after": str(_RETRY_SECONDS)})
        if full is not None:
            refused = NoRoom(**json.loads(full))
            if awaited or refused.kind == "queue":
                raise refusal(refused)

    def counted(self, tenant_id: str) -> bool:
        """Whether the starts of a tenant are counted, so that Postgres is to be asked. They are where nobody knows."""
        try:
            return bool(self._known(tenant_id)["counted"])
        except Exception as error:
            logger().warning("nobody can say whether starts are counted", error=repr(error))
            return True

    def refused(self, tenant_id: str, error: NoRoom) -> None:
        """Let other workers know for a moment that there is no room."""
        told = json.dumps({"kind": error.kind, "most": error.most, "seconds": error.seconds})
        try:
            self.client.set(keys.full(tenant_id), told, px=_FULL_MS)
        except redis.RedisError as away:
            logger().warning("Redis does not answer", error=repr(away))

    def _known(self, tenant_id: str) -> dict[str, bool]:
        """Return what is known of a tenant: `room` in the month, and whether its starts are `counted`."""
        key = keys.quota(tenant_id)
        try:
            kept = self.client.get(key)
        except redis.RedisError:
            return _read(tenant_id)
        if kept is not None:
            known: dict[str, bool] = json.loads(kept)
            return known
        known = _read(tenant_id)
        self.client.set(key, json.dumps(known), ex=keys.QUOTA_SECONDS)
        return known


def refusal(error: NoRoom) -> Refusal:
    """Return what a caller is told for whom there is no room."""
    return Refusal(429, "too_many_executions", "Too many executions", str(error), error.headers)


def _read(tenant_id: str) -> dict[str, bool]:
    import psycopg

    try:
        row = _link().tenant(tenant_id, lambda it: it.execute(_READ, (tenant_id,)).fetchone())
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error
    if row is None:
        return {"room": True, "counted": False}
    left, counted = row
    return {"room": left is None or left > 0, "counted": counted}


@cache
def _link() -> Any:
    from stepweave_data.link import Link

    return Link()
