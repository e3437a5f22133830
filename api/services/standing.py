"""Checks on each request that a token's session goes on and what its user may do: Redis first, Postgres is the truth.

Without Redis every request asks Postgres; without both nobody gets in.
"""

import time
import uuid
from dataclasses import dataclass, replace
from typing import Final

import redis

from api import codes
from api.permissions import IN_PROJECTS, Permission, permissions_of, project_permissions_of
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.tokens import Principal, Shared
from stepweave_data import standing as standings
from stepweave_data.standing import Standing
from stepweave_data.telemetry import logger

PAUSE_SECONDS: Final = 5.0
"""How long Redis is not asked after it failed: a request that waits for it would wait for its time-out each time."""


@dataclass
class _Pause:
    until: float = 0.0


_pause: Final = _Pause()


def checked(client: redis.Redis, principal: Principal) -> Principal:
    """Return the caller with the role and the permissions of now.

    Args:
        client: Redis.
        principal: whom the token names; what it says of a role is not looked at.

    Raises:
        Refused: `session_expired` where the session has ended, or the user is no member any more.
        OperationalError: neither Redis nor Postgres answers (503).
    """
    session_id = principal.session_id
    if session_id is None:
        raise _over()
    ids = (principal.user_id, principal.tenant_id, session_id)
    kept = None
    if time.monotonic() >= _pause.until:
        try:
            kept = standings.of(client, *ids)
        except redis.RedisError as error:
            _rest(error)
    if kept is not None and kept.standing is not None:
        return standing_in(principal, kept.standing)
    with rows_of(principal.tenant_id) as rows:
        found = rows.accounts.standing(principal.user_id, session_id)
    if found is None:
        raise _over()
    if kept is not None:
        try:
            standings.keep(client, *ids, kept.epoch, found)
        except redis.RedisError as error:
            _rest(error)
    return standing_in(principal, found)


def standing_in(principal: Principal, standing: Standing, most: frozenset[Permission] | None = None) -> Principal:
    """Return the caller with what a standing says.

    Args:
        principal: who.
        standing: their role, and what is shared with them.
        most: what the API key allows that they use; None without one.
    """
    whole = permissions_of(standing.role, standing.listed)
    allowed = frozenset(Permission) if most is None else most
    return replace(
        principal,
        role=standing.role,
        held=principal.held if most is not None else standing.held,
        listed=whole & allowed,
        everywhere=Permission.PROJECTS_WRITE in whole,
        shares=tuple(
            Shared(
                share.kind,
                uuid.UUID(share.id),
                (whole & IN_PROJECTS if share.role is None else project_permissions_of(share.role, share.listed))
                & allowed,
            )
            for share in standing.shares
        ),
    )


def _rest(error: redis.RedisError) -> None:
    _pause.until = time.monotonic() + PAUSE_SECONDS
    logger().warning("rights are read from Postgres: Redis failed", error=repr(error))


def _over() -> Refused:
    return Refused(codes.SESSION_EXPIRED, "The session has ended, or you are no longer a member; log in again.")
