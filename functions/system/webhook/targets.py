"""Which workflow a path starts: from Redis, else from Postgres, else nowhere."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NotRequired, TypedDict

import redis

from stepweave_data import redis_keys as keys

KNOWN_NOT: Final = "{}"
"""Cached for a path that nobody has, so that guessing paths does not reach Postgres each time."""
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PATH: Final = re.compile(r"[A-Za-z0-9_./-]{1,200}")
"""What the webhook trigger allows, and a little more: anything else is no path, whoever asks."""
_LOOK_UP: Final = "SELECT method, target FROM hook_targets(%s, %s)"


class HookTarget(TypedDict):
    """A published webhook, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    respond: str
    bodyType: str
    maxBodyKb: int
    authentication: str
    credentialId: NotRequired[str]
    origins: NotRequired[str]
    """Origins whose pages may call: `*`, a list with commas, or "" for none."""
    rawBody: NotRequired[bool]
    """Whether the item has the body as it was sent, too."""
    paused: NotRequired[bool]
    """The workflow is switched off."""


Methods = dict[str, HookTarget]


class Unavailable(Exception):
    """Neither Redis nor Postgres could say."""


class Targets:
    """Looks up the methods of a path.

    Args:
        client: the cache.
        look_up: asks Postgres: slug and path to method -> target.
    """

    def __init__(self, client: redis.Redis, look_up: Callable[[str, str], Methods]) -> None:
        self._redis = client
        self._look_up = look_up

    def of(self, slug: str, path: str) -> Methods:
        """Return method -> target; empty where there is no such path.

        Raises:
            Unavailable: it cannot be known now.
        """
        if not _SLUG.fullmatch(slug) or not _PATH.fullmatch(path):
            return {}
        key = keys.hook(slug, path)
        try:
            cached = self._redis.get(key)
        except redis.RedisError:
            return self._look_up(slug, path)
        if cached:
            known: Methods = json.loads(str(cached))
            return known
        found = self._look_up(slug, path)
        try:
            self._redis.set(key, json.dumps(found) if found else KNOWN_NOT, ex=keys.HOOK_SECONDS)
        except redis.RedisError:
            return found  # the next call asks Postgres again
        return found


def from_database(slug: str, path: str) -> Methods:
    """Ask Postgres.

    Raises:
        Unavailable: it does not answer.
    """
    import psycopg  # only when Redis does not know: it costs a cold start

    try:
        return dict(_link().rows(_LOOK_UP, (slug, path)))
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error


@cache
def _link() -> Any:
    from stepweave_data.link import Link

    return Link()
