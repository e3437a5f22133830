"""Which workflow a path starts: from Redis, else from Postgres, else nowhere."""

import json
from typing import Any, Final, NotRequired, TypedDict

import redis

from stepweave_data import redis_keys as keys

KNOWN_NOT: Final = "{}"
"""Cached for a path that nobody has, so that guessing paths does not reach Postgres each time."""


class HookTarget(TypedDict):
    """A published webhook, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    respond: str
    bodyType: str
    maxBodyKb: int
    authentication: str
    credentialId: NotRequired[str]


class Targets:
    """Looks up the methods of a path."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def of(self, slug: str, path: str) -> dict[str, HookTarget]:
        """Return method -> target; empty where there is no such path. Raises psycopg.Error."""
        key = keys.hook(slug, path)
        try:
            cached = self._redis.get(key)
        except redis.RedisError:
            return _from_database(slug, path)
        if cached:
            found: dict[str, HookTarget] = json.loads(str(cached))
            return found
        found = _from_database(slug, path)
        try:
            self._redis.set(key, json.dumps(found) if found else KNOWN_NOT, ex=keys.HOOK_SECONDS)
        except redis.RedisError:
            return found
        return found


def _from_database(slug: str, path: str) -> dict[str, Any]:
    import psycopg  # only when Redis does not know: it costs a cold start

    from stepweave_data.database import CONNECT_SECONDS, database_url

    with psycopg.connect(database_url(), connect_timeout=CONNECT_SECONDS) as connection:
        rows = connection.execute("SELECT method, target FROM hook_targets(%s, %s)", (slug, path)).fetchall()
    return dict(rows)
