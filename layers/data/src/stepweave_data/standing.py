"""What somebody may do now: kept in Redis for some seconds, with Postgres as the truth (ADR 51).

What is kept bears the user's epoch at which it was read. Whoever changes what a user may do begins a new epoch after
the change is committed: what was kept before, or is read while it changes, counts no more.

    kept = of(redis, user, tenant, session)   one round trip
    keep(redis, ..., kept.epoch, standing)    what Postgres said
    forget(redis, users)                      a new epoch for each
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import redis

from stepweave_data import redis_keys as keys

QUERY: Final = """
SELECT memberships.role, roles.permissions, CASE
  WHEN EXISTS (SELECT 1 FROM sessions WHERE id = :session AND signed_in_by LIKE 'oidc:%') THEN ''
  WHEN memberships.role <> 'owner' AND EXISTS (SELECT 1 FROM sign_in_connections WHERE only_way) THEN 'provider'
  WHEN tenants.requires_factor AND :user NOT IN (SELECT user_id FROM members_with_factor()) THEN 'factor'
  ELSE '' END,
  (SELECT json_agg(json_build_array(kind, id, shares.role, shares.permissions)) FROM shares_of(:user) shares)
FROM memberships JOIN tenants ON tenants.id = memberships.tenant_id
LEFT JOIN roles ON roles.tenant_id = memberships.tenant_id AND roles.id = memberships.role_id
WHERE memberships.user_id = :user AND EXISTS (
  SELECT 1 FROM refresh_tokens WHERE family_id = :session AND user_id = :user AND revoked_at IS NULL)
"""
"""Within a tenant's transaction: a row where the user is a member and the session has not ended."""


class Share(NamedTuple):
    """A project that a member is in, or a workflow that is shared with them.

    `kind`: `project`, `workflow`. `role` is None for the default project, where the role in the tenant counts.
    """

    kind: str
    id: str
    role: str | None
    listed: tuple[str, ...] | None = None


class Standing(NamedTuple):
    """A member's role, the permissions that it lists where it is one of the tenant's own, what they must do first, and
    what is shared with them.

    `held`: `factor` (set up a second one), `provider` (log in by the identity provider), or "" for nothing. Whom a
    provider vouched for is the provider's to ask. An owner gets in without the provider, should that fail.
    """

    role: str
    listed: tuple[str, ...] | None = None
    held: str = ""
    shares: tuple[Share, ...] = ()

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> "Standing":
        """Return what a row of `QUERY` says, or what is kept of one."""
        return cls(
            row[0], _texts(row[1]), row[2], tuple(Share(one[0], one[1], one[2], _texts(one[3])) for one in row[3] or ())
        )


def _texts(found: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


class Kept(NamedTuple):
    """What Redis has: the standing, or None where it must be read, and the epoch to keep it under."""

    standing: Standing | None
    epoch: str


def of(client: redis.Redis, user_id: UUID, tenant_id: UUID, session_id: UUID) -> Kept:
    """Return what is kept of a user in a tenant, in a session. Raises redis.RedisError."""
    text, epoch = client.mget(keys.standing(user_id, tenant_id, session_id), keys.epoch(user_id))
    now = str(epoch or "0")
    found = json.loads(text) if text else None
    if found is None or found[0] != now or len(found) != len(Standing._fields) + 1:
        return Kept(None, now)
    return Kept(Standing.of_row(found[1:]), now)


def keep(client: redis.Redis, user_id: UUID, tenant_id: UUID, session_id: UUID, epoch: str, standing: Standing) -> None:
    """Keep what Postgres said after `epoch` was read. Raises redis.RedisError."""
    text = json.dumps([epoch, *standing])
    client.set(keys.standing(user_id, tenant_id, session_id), text, ex=keys.STANDING_SECONDS)


def forget(client: redis.Redis, users: Collection[UUID]) -> None:
    """Begin a new epoch of users: what is kept of them counts no more. Raises redis.RedisError."""
    with client.pipeline(transaction=False) as pipe:
        for user_id in users:
            pipe.incr(keys.epoch(user_id))
            pipe.expire(keys.epoch(user_id), keys.EPOCH_SECONDS)
        pipe.execute()
