"""Which trigger with code is called at an address: from Redis, else from Postgres, else nobody's."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypedDict

import redis

from functions.system.webhook.targets import KNOWN_NOT, Unavailable
from stepweave.model.items import Batch, Item
from stepweave_data import redis_keys as keys
from stepweave_data.history.stored_json import json_text
from stepweave_data.hooks.requests import Request
from stepweave_data.listening.registered import ROOM

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_LOOK_UP: Final = "SELECT hook_registration(%s, %s)"
_RECEIVED: Final = "UPDATE registrations SET last_received_at = now(), last_error = NULL WHERE id = %s"
_FAILED: Final = "UPDATE registrations SET last_error = %s WHERE id = %s"

_HEARD: Final = """
UPDATE registrations SET pending = %s, leave_after = now() + interval '20 seconds'
WHERE id = %s AND test_until > now() AND pending IS NULL
"""


class Listener(TypedDict):
    """A registration as it is called, as Postgres gives it (`hook_registration`)."""

    id: str
    tenantId: str
    workflowId: str
    nodeId: str
    type: str
    version: int
    params: dict[str, Any]
    start: dict[str, Any] | None
    """Fields of `starting.Target`; None while it is not live."""
    paused: bool
    """The workflow is switched off."""
    joining: bool
    """The provider is being told of the address: it may ask who is there, and nothing starts."""
    testUntil: float | None
    """Of one that listens once: until when, in seconds of the epoch."""


Hear = Callable[[Listener, list[Item] | Batch], None]
"""Keeps the first event of one that listens once. Raises Unavailable."""
Tell = Callable[[Listener, dict[str, Any] | None], None]
"""Writes down that a call came, or the error of one that could not be read. Raises nothing."""


def address_of(request: Request) -> str:
    """Return the address that a request calls; "" where it is for a webhook."""
    room, _, address = request.path.partition("/")
    return address if room == ROOM else ""


def is_address(request: Request) -> bool:
    """Whether a request is for a trigger with code, known or not."""
    return request.path.partition("/")[0] == ROOM


class Addresses:
    """Looks up who listens at an address.

    Args:
        client: the cache.
        look_up: asks Postgres: slug and address to listener, None for nobody.
    """

    def __init__(self, client: redis.Redis, look_up: Callable[[str, str], Listener | None]) -> None:
        self._redis = client
        self._look_up = look_up

    def of(self, slug: str, address: str) -> Listener | None:
        """Return who listens, or None.

        Raises:
            Unavailable: it cannot be known now.
        """
        if not _SLUG.fullmatch(slug) or not _ADDRESS.fullmatch(address):
            return None
        key = keys.listener(slug, address)
        try:
            cached = self._redis.get(key)
        except redis.RedisError:
            return self._look_up(slug, address)
        if cached:
            known: Listener | None = json.loads(str(cached)) or None
            return known
        found = self._look_up(slug, address)
        if found and (found["joining"] or found["testUntil"]):
            return found  # it is another in a moment
        try:
            self._redis.set(key, json.dumps(found) if found else KNOWN_NOT, ex=keys.HOOK_SECONDS)
        except redis.RedisError:
            return found  # the next call asks Postgres again
        return found


def from_database(slug: str, address: str) -> Listener | None:
    """Ask Postgres.

    Raises:
        Unavailable: it does not answer.
    """
    import psycopg  # only when Redis does not know: it costs a cold start

    try:
        row = _link().call(_LOOK_UP, (slug, address))
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error
    found: Listener | None = row[0] if row else None
    return found


def tell_database(client: redis.Redis) -> Tell:
    """Return what writes down that a call came, or could not be read; at most once in a while for each."""

    def tell(listener: Listener, error: dict[str, Any] | None) -> None:
        import psycopg

        query, values = (_FAILED, (json.dumps(error), listener["id"])) if error else (_RECEIVED, (listener["id"],))
        try:
            key = keys.told(listener["id"], "error" if error else "received")
            if client.set(key, "1", nx=True, ex=keys.TOLD_SECONDS):
                _link().tenant(listener["tenantId"], lambda it: it.execute(query.encode(), values))
        except (redis.RedisError, psycopg.Error):
            return  # it is for people only

    return tell


def hear_database(listener: Listener, items: list[Item] | Batch) -> None:
    """Keep the first event of one that listens once, and let it end soon. Raises Unavailable."""
    import psycopg

    batch = items if isinstance(items, dict) else {"count": len(items), "items": items}
    values = (json_text({"batch": batch}), listener["id"])
    try:
        _link().tenant(listener["tenantId"], lambda it: it.execute(_HEARD.encode(), values))
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error


@cache
def _link() -> Any:
    from stepweave_data.link import Link

    return Link()
