"""Which workflow a path starts: from Redis, else from Postgres, else nowhere.

Two things are remembered: who is at a path, and which paths with parameters have so many segments, with the literal
ones that lie within them. So a call of `orders/17` asks Postgres no more often than one of `orders/new`.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, NotRequired, TypedDict, cast

import redis

from stepweave_data import redis_keys as keys
from stepweave_data.hooks.paths import MOST_SEGMENTS, matched, nearest_first

KNOWN_NOT: Final = "{}"
"""Cached for a path that nobody has, so that guessing paths does not reach Postgres each time."""
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PATH: Final = re.compile(r"(~[a-z0-9-]{1,40}/)?[A-Za-z0-9_./-]{1,200}")
"""What the webhook trigger allows, and a little more, behind an environment: anything else is no literal path."""
_LOOK_UP: Final = "SELECT method, target FROM hook_targets(%s, %s)"
_LOOK_UP_PATTERNS: Final = "SELECT path, method, target FROM hook_patterns(%s, %s)"


class Rate(TypedDict):
    """So many calls in so many seconds, of all callers together or of each (`per`: `webhook`, `caller`)."""

    calls: int
    seconds: int
    per: str


class HookAnswer(TypedDict, total=False):
    """What the trigger says of the answer, besides its kind."""

    status: int
    headers: dict[str, str]
    body: str
    items: str
    """Of the last node: `auto`, `firstItem`, `allItems`, `none`."""


class HookTarget(TypedDict):
    """A published webhook, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    respond: str
    bodyType: str
    maxBodyKb: int
    authentication: str
    credentialId: NotRequired[str]
    signature: NotRequired[dict[str, Any]]
    """How calls are signed (`functions.system.webhook.signatures`)."""
    origins: NotRequired[str]
    """Origins whose pages may call: `*`, a list with commas, or "" for none."""
    networks: NotRequired[list[str]]
    """From where it may be called; from anywhere where there are none."""
    rate: NotRequired[Rate]
    idempotencyKey: NotRequired[str]
    """A template whose value names a call; "" for the header `Idempotency-Key`."""
    answer: NotRequired[HookAnswer]
    path: NotRequired[str]
    """With its parameters: `orders/:id`."""
    rawBody: NotRequired[bool]
    """Whether the item has the body as it was sent, too."""
    paused: NotRequired[bool]
    """The workflow is switched off."""
    listenId: NotRequired[str]
    """Of one at a test URL: who listens."""


Methods = dict[str, HookTarget]


class Patterns(TypedDict):
    """The paths with parameters of one workspace that have so many segments; `literals` of those lie within them."""

    paths: dict[str, Methods]
    literals: list[str]


class Unavailable(Exception):
    """Neither Redis nor Postgres could say."""


class Targets:
    """Looks up the methods of a path.

    Args:
        client: the cache.
        look_up: asks Postgres: slug and path to method -> target.
        look_up_patterns: asks Postgres: slug and number of segments to paths with parameters.
    """

    def __init__(
        self,
        client: redis.Redis,
        look_up: Callable[[str, str], Methods],
        look_up_patterns: Callable[[str, int], Patterns],
    ) -> None:
        self._redis = client
        self._look_up = look_up
        self._look_up_patterns = look_up_patterns

    def of(self, slug: str, path: str, segments: Sequence[str] = ()) -> Methods:
        """Return method -> target; empty where there is no such path. Of each method the nearest path counts.

        Args:
            slug: of the workspace.
            path: that is called.
            segments: of the path, each decoded by itself; by default those of `path`.

        Raises:
            Unavailable: it cannot be known now.
        """
        segments = tuple(segments) or tuple(path.split("/"))
        if not _SLUG.fullmatch(slug) or len(segments) > MOST_SEGMENTS:
            return {}
        cached_path, cached_patterns = self._cached(slug, path, len(segments))
        patterns = cached_patterns or self._patterns(slug, len(segments))
        near = [known for known in patterns["paths"] if matched(known, segments) is not None]
        found: Methods = {}
        if not near or path in patterns["literals"]:
            found |= cached_path if cached_path is not None else self._methods(slug, path)
        for known in nearest_first(near):
            found = {**patterns["paths"][known], **found}
        return found

    def _cached(self, slug: str, path: str, count: int) -> tuple[Methods | None, Patterns | None]:
        try:
            found = cast("list[str | None]", self._redis.mget(keys.hook(slug, path), keys.hook_patterns(slug, count)))
        except redis.RedisError:
            return None, None
        return tuple(json.loads(text) if text else None for text in found)  # type: ignore[return-value]  # of two

    def _methods(self, slug: str, path: str) -> Methods:
        if not _PATH.fullmatch(path):
            return {}
        found = self._look_up(slug, path)
        self._keep(keys.hook(slug, path), json.dumps(found) if found else KNOWN_NOT)
        return found

    def _patterns(self, slug: str, count: int) -> Patterns:
        found = self._look_up_patterns(slug, count)
        self._keep(keys.hook_patterns(slug, count), json.dumps(found))
        return found

    def _keep(self, key: str, text: str) -> None:
        try:
            self._redis.set(key, text, ex=keys.HOOK_SECONDS)
        except redis.RedisError:
            return  # the next call asks Postgres again


def from_database(slug: str, path: str) -> Methods:
    """Ask Postgres who is at a path.

    Raises:
        Unavailable: it does not answer.
    """
    return dict(_rows(_LOOK_UP, (slug, path)))


def patterns_from_database(slug: str, count: int) -> Patterns:
    """Ask Postgres for the paths with parameters that have so many segments.

    Raises:
        Unavailable: it does not answer.
    """
    paths: dict[str, Methods] = {}
    literals: set[str] = set()
    for path, method, target in _rows(_LOOK_UP_PATTERNS, (slug, count)):
        if target is None:
            literals.add(path)
        else:
            paths.setdefault(path, {})[method] = target
    return {"paths": paths, "literals": sorted(literals)}


def _rows(query: str, values: tuple[Any, ...]) -> Any:
    import psycopg  # only when Redis does not know: it costs a cold start

    try:
        return _link().rows(query, values)
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error


@cache
def _link() -> Any:
    from stepweave_data.link import Link

    return Link()
