"""Which page is at an address: from Redis, else from Postgres, else none."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg
import redis

from stepweave_data import redis_keys as keys
from stepweave_data.hooks.page_places import Place
from stepweave_data.link import Link

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PATH: Final = re.compile(r"[A-Za-z0-9_./-]{1,190}")
_LOOK_UP: Final = "SELECT method, target FROM hook_targets(%s, %s)"


class Unavailable(Exception):
    """Neither Redis nor Postgres could say."""


class Targets:
    """Looks pages of one kind up.

    Args:
        kind: which.
        client: the cache, which the API clears when a workflow is published.
        look_up: asks Postgres: slug and place to method -> target.
    """

    def __init__(
        self, kind: Place, client: redis.Redis, look_up: Callable[[str, str], dict[str, dict[str, Any]]]
    ) -> None:
        self._kind = kind
        self._redis = client
        self._look_up = look_up

    def of(self, slug: str, path: str) -> dict[str, Any] | None:
        """Return the page at a path, or None. Raises Unavailable: it cannot be known now."""
        if not _SLUG.fullmatch(slug) or not _PATH.fullmatch(path):
            return None
        place = self._kind.of(path)
        key = keys.hook(slug, place)
        try:
            cached = self._redis.get(key)
        except redis.RedisError:
            return self._look_up(slug, place).get(self._kind.method)
        if cached:
            known: dict[str, dict[str, Any]] = json.loads(str(cached))
            return known.get(self._kind.method)
        found = self._look_up(slug, place)
        with suppress(redis.RedisError):  # the next visit asks Postgres again
            self._redis.set(key, json.dumps(found), ex=keys.HOOK_SECONDS)
        return found.get(self._kind.method)


def from_database(link: Link) -> Callable[[str, str], dict[str, dict[str, Any]]]:
    """Return what asks Postgres; it raises Unavailable where that does not answer."""

    def look_up(slug: str, place: str) -> dict[str, dict[str, Any]]:
        try:
            return dict(link.rows(_LOOK_UP, (slug, place)))
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    return look_up
