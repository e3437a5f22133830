"""Who is in a workspace and what they may do. Nobody gives, changes or takes what they do not have themselves."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api import codes
from api.permissions import CUSTOM, NEVER_CUSTOM, ROLES, Permission, permissions_of
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services.tokens import Principal
from stepweave_data.models import Membership, Role, User

MOST_ROLES: Final = 40


@dataclass(frozen=True)
class Member:
    """Somebody in the workspace. `role_id` and `role_name` are there for a role of the workspace's own."""

    id: uuid.UUID
    email: str
    name: str
    role: str
    role_id: uuid.UUID | None
    role_name: str | None
    since: datetime


@dataclass(frozen=True)
class Given:
    """A role to give: a name of `ROLES`, or `custom` with the id of one of the workspace's own."""

    role: str
    role_id: uuid.UUID | None = None


def members(principal: Principal) -> list[Member]:
    """Return everybody in the workspace, by name."""
    with rows_of(principal.tenant_id) as rows:
        return [_member(*row) for row in rows.people.members()]


def change(principal: Principal, user_id: uuid.UUID, given: Given) -> Member:
    """Give a member another role.

    Raises:
        Refused: `not_found`, `above_you`, `last_owner`.
    """
    with rows_of(principal.tenant_id) as rows:
        owners = rows.people.owners()
        user, membership, role = _found(rows, user_id)
        check_reach(principal, membership.role, role)
        own = role_of(rows, given)
        check_reach(principal, given.role, own)
        if membership.role == "owner" and given.role != "owner" and owners == 1:
            raise _last_owner()
        before = {"role": role.name if role else membership.role}
        rows.people.change(user_id, given.role, given.role_id)
        after = {"role": own.name if own else given.role}
        rows.note(principal.user_id, "member.role_changed", user_id, before=before, after=after)
        membership.role, membership.role_id = given.role, given.role_id
        return _member(user, membership, own)


def remove(principal: Principal, user_id: uuid.UUID) -> None:
    """Take a member out of the workspace: they may do nothing here from now on.

    Raises:
        Refused: `not_found`, `above_you`, `last_owner`.
    """
    with rows_of(principal.tenant_id) as rows:
        owners = rows.people.owners()
        user, membership, role = _found(rows, user_id)
        if user_id != principal.user_id:
            check_reach(principal, membership.role, role)
        if membership.role == "owner" and owners == 1:
            raise _last_owner()
        before = {"email": user.email, "role": role.name if role else membership.role}
        action = "member.left" if user_id == principal.user_id else "member.removed"
        rows.note(principal.user_id, action, user_id, before=before, after={})
        rows.write_notes()
        rows.people.remove(user_id, f"w-{secrets.token_hex(6)}")


def roles(principal: Principal) -> list[tuple[Role, int]]:
    """Return the workspace's own roles, by name, with how many members have each."""
    with rows_of(principal.tenant_id) as rows:
        return rows.people.roles()


def add_role(principal: Principal, name: str, permissions: list[Permission]) -> Role:
    """Make a role. Raises Refused: `above_you`, `name_taken`, `too_many`."""
    listed = _listed(principal, permissions)
    try:
        with rows_of(principal.tenant_id) as rows:
            if len(rows.people.roles()) >= MOST_ROLES:
                raise Refused(codes.TOO_MANY, f"There are {MOST_ROLES} roles already; delete one that nobody has.")
            role = rows.add(Role(tenant_id=principal.tenant_id, name=name, permissions=listed))
            after = {"name": name, "permissions": listed}
            rows.note(principal.user_id, "role.created", role.id, before={}, after=after)
            return role
    except Duplicate:
        raise refused_field(codes.NAME_TAKEN, "name", "There is a role of this name already.") from None


def change_role(principal: Principal, role_id: uuid.UUID, name: str, permissions: list[Permission]) -> Role:
    """Change a role, for all who have it. Raises Refused: `not_found`, `above_you`, `name_taken`."""
    listed = _listed(principal, permissions)
    try:
        with rows_of(principal.tenant_id) as rows:
            role = rows.people.role(role_id)
            if role is None:
                raise codes.not_found("role")
            check_reach(principal, CUSTOM, role)
            before = {"name": role.name, "permissions": role.permissions}
            role.name, role.permissions = name, listed
            rows.people.role_moves(role_id)
            after = {"name": name, "permissions": listed}
            rows.note(principal.user_id, "role.changed", role_id, before=before, after=after)
            rows.write()
            return role
    except Duplicate:
        raise refused_field(codes.NAME_TAKEN, "name", "There is a role of this name already.") from None


def delete_role(principal: Principal, role_id: uuid.UUID) -> None:
    """Delete a role that nobody has. Raises Refused: `not_found`, `above_you`, `role_in_use`."""
    with rows_of(principal.tenant_id) as rows:
        role = rows.people.role(role_id)
        if role is None:
            raise codes.not_found("role")
        check_reach(principal, CUSTOM, role)
        if rows.people.role_is_used(role_id):
            raise Refused(codes.ROLE_IN_USE, "Members or invitations have this role: give them another one first.")
        before = {"name": role.name, "permissions": role.permissions}
        rows.note(principal.user_id, "role.deleted", role_id, before=before, after={})
        rows.delete(role)


def check_reach(principal: Principal, role: str, own: Role | None) -> None:
    """Raise Refused (`above_you`) where a role allows what the caller may not do themselves."""
    allowed = permissions_of(role, own.permissions if own else None)
    if (role == "owner" and principal.role != "owner") or not allowed <= principal.permissions:
        raise Refused(codes.ABOVE_YOU, "This role may do what you may not: ask somebody who has it.")


def role_of(rows: Rows, given: Given) -> Role | None:
    """Return the workspace's own role that is to be given; None for one of `ROLES`. Raises Refused (`not_found`)."""
    if given.role in ROLES:
        return None
    role = rows.people.role(given.role_id) if given.role_id else None
    if role is None:
        raise codes.not_found("role")
    return role


def _listed(principal: Principal, permissions: list[Permission]) -> list[str]:
    wanted = frozenset(permissions) - {Permission.SELF}
    beyond = sorted(wanted - principal.permissions | wanted & NEVER_CUSTOM)
    if beyond:
        words = f"You cannot give what you do not have, or what owners alone have: {', '.join(beyond)}."
        raise refused_field(codes.ABOVE_YOU, "permissions", words)
    return sorted(wanted)


def _found(rows: Rows, user_id: uuid.UUID) -> tuple[User, Membership, Role | None]:
    found = rows.people.member(user_id)
    if found is None or found[0].kind != "person":
        raise codes.not_found("member")
    return found[0], found[1], found[2]


def _member(user: User, membership: Membership, role: Role | None) -> Member:
    role_id, role_name = (role.id, role.name) if role else (None, None)
    return Member(user.id, user.email, user.name, membership.role, role_id, role_name, membership.created_at)


def _last_owner() -> Refused:
    return Refused(codes.LAST_OWNER, "A workspace keeps an owner: make somebody else one first.")
