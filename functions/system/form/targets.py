"""Which form is at an address: from Redis, else from Postgres, else none."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal, NotRequired, TypedDict

import psycopg
import redis

from stepweave.spec.forms import Page
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.form_places import METHOD, place_of
from stepweave_data.link import Link

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PATH: Final = re.compile(r"[A-Za-z0-9_./-]{1,190}")
_LOOK_UP: Final = "SELECT method, target FROM hook_targets(%s, %s)"


class Look(TypedDict):
    """How pages look: fields of the form trigger, in JSON's spelling."""

    color: str
    appearance: str
    logoUrl: str
    language: str
    embed: str


class FormTarget(TypedDict):
    """A published form, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    page: Page
    look: Look
    perMinute: int
    mode: NotRequired[Literal["draft", "live"]]
    """`draft` where a person tries the form out."""
    listenId: NotRequired[str]
    """Who listens for it at its test address; nothing is started."""
    paused: NotRequired[bool]
    """The workflow is switched off."""


class Unavailable(Exception):
    """Neither Redis nor Postgres could say."""


class Targets:
    """Looks forms up.

    Args:
        client: the cache, which the API clears when a workflow is published.
        look_up: asks Postgres: slug and place to method -> target.
    """

    def __init__(self, client: redis.Redis, look_up: Callable[[str, str], dict[str, FormTarget]]) -> None:
        self._redis = client
        self._look_up = look_up

    def of(self, slug: str, path: str) -> FormTarget | None:
        """Return the form at a path, or None. Raises Unavailable: it cannot be known now."""
        if not _SLUG.fullmatch(slug) or not _PATH.fullmatch(path):
            return None
        place = place_of(path)
        key = keys.hook(slug, place)
        try:
            cached = self._redis.get(key)
        except redis.RedisError:
            return self._look_up(slug, place).get(METHOD)
        if cached:
            known: dict[str, FormTarget] = json.loads(str(cached))
            return known.get(METHOD)
        found = self._look_up(slug, place)
        with suppress(redis.RedisError):  # the next visit asks Postgres again
            self._redis.set(key, json.dumps(found), ex=keys.HOOK_SECONDS)
        return found.get(METHOD)


def from_database(link: Link) -> Callable[[str, str], dict[str, FormTarget]]:
    """Return what asks Postgres; it raises Unavailable where that does not answer."""

    def look_up(slug: str, place: str) -> dict[str, FormTarget]:
        try:
            return dict(link.rows(_LOOK_UP, (slug, place)))
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    return look_up
