"""The workspaces of a person: which there are, going to another, and making one."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Duplicate, rows_of
from api.services.accounts import slugs
from api.services.invitations import check_free
from api.services.tokens import Principal, revoke_family

MOST: Final = 20


@dataclass(frozen=True)
class Workspace:
    """A workspace, and what its member is there. `role_name` is there for a role of the workspace's own."""

    id: uuid.UUID
    name: str
    slug: str
    role: str
    role_name: str | None


def tenants(principal: Principal) -> list[Workspace]:
    """Return the caller's workspaces, by name."""
    with rows_of(principal.tenant_id) as rows:
        return [
            Workspace(row.id, row.name, row.slug, row.role, row.role_name)
            for row in rows.people.tenants(principal.user_id)
        ]


def switch(principal: Principal, tenant_id: uuid.UUID) -> Principal:
    """End the caller's session here and return them as a member there, with a session yet to begin.

    Raises:
        Refused: `not_found` where they are no member; `not_allowed`.
    """
    check_free(principal)
    with rows_of(tenant_id) as rows:
        if not rows.people.used(principal.user_id, datetime.now(UTC)):
            raise codes.not_found("workspace")
        role = rows.accounts.role(principal.user_id)
    end_here(principal)
    return replace(principal, tenant_id=tenant_id, role=role, listed=None, session_id=None)


def add(principal: Principal, name: str) -> Principal:
    """Make a workspace and go there, as `switch` does. Raises Refused: `too_many`, `tenant_taken`, `not_allowed`."""
    check_free(principal)
    if len(tenants(principal)) >= MOST:
        raise Refused(codes.TOO_MANY, f"You are in {MOST} workspaces; leave one first.")
    for slug in slugs(name):
        try:
            with rows_of(principal.tenant_id) as rows:
                made = rows.people.add_tenant(principal.user_id, name, slug)
        except Duplicate:
            continue
        if made is None:
            raise Refused(codes.SESSION_EXPIRED, "You are no longer a member; log in again.")
        with rows_of(made) as rows:
            rows.note(principal.user_id, "tenant.created", made, before={}, after={"name": name})
        return switch(principal, made)
    raise Refused(codes.TENANT_TAKEN, "Choose another name for your workspace.")


def end_here(principal: Principal) -> None:
    """End the caller's session in the workspace that they go from."""
    if principal.session_id is not None:
        revoke_family(principal.tenant_id, principal.session_id)
