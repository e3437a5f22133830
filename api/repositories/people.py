"""Members, roles and invitations of a tenant."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import Invitation, Membership, ProjectMember, Role, User, WorkflowShare

Entry = tuple[User, Membership, Role | None]
"""A member with their membership and, where it is one of the tenant's own, their role."""


class People:
    """Who is in a tenant, who is asked to be, and what its own roles allow.

    Args:
        session: the transaction.
        moved: takes each user whose rights change, so that what is kept of them counts no more.
    """

    def __init__(self, session: Session, moved: set[uuid.UUID]) -> None:
        self._session = session
        self._moved = moved

    def members(self) -> list[Entry]:
        """Return all people with their membership and, where it is one of the tenant's own, their role; by name."""
        query = _MEMBERS.where(User.kind == "person").order_by(func.lower(User.name), User.id)
        return [_entry(row) for row in self._session.execute(query)]

    def member(self, user_id: uuid.UUID) -> Entry | None:
        """Return a member, or None. Nobody else changes them until the transaction ends."""
        query = _MEMBERS.where(User.id == user_id).with_for_update(of=Membership)
        return self._one(query)

    def standing(self, user_id: uuid.UUID) -> Entry | None:
        """Return a member as `member` does, and hold nobody up."""
        return self._one(_MEMBERS.where(User.id == user_id))

    def owners(self) -> int:
        """Return how many owners there are. Nobody else changes them until the transaction ends."""
        query = select(Membership.user_id).where(Membership.role == "owner").order_by(Membership.user_id)
        return len(self._session.scalars(query.with_for_update()).all())

    def is_member(self, email: str) -> bool:
        """Whether an address is a member's."""
        query = select(Membership.user_id).join(User, User.id == Membership.user_id).where(User.email == email)
        return self._session.scalar(query) is not None

    def join(self, tenant_id: uuid.UUID, user_id: uuid.UUID, role: str, role_id: uuid.UUID | None) -> None:
        """Make a user a member. Raises Duplicate, at the end, for one who is."""
        self._moved.add(user_id)
        self._session.add(Membership(tenant_id=tenant_id, user_id=user_id, role=role, role_id=role_id))
        self._session.flush()

    def change(self, user_id: uuid.UUID, role: str, role_id: uuid.UUID | None) -> None:
        """Give a member another role."""
        self._moved.add(user_id)
        changed = update(Membership).where(Membership.user_id == user_id).values(role=role, role_id=role_id)
        self._session.execute(changed)

    def remove(self, user_id: uuid.UUID, slug: str) -> None:
        """Take a member out and end their sessions here. `slug` is for a tenant of their own, if this is the last."""
        self._moved.add(user_id)
        self._session.execute(text("SELECT auth_leave(:user, :slug)"), {"user": user_id, "slug": slug})

    def used(self, user_id: uuid.UUID, at: datetime) -> bool:
        """Write down that a member went here last; False where they are none."""
        query = update(Membership).where(Membership.user_id == user_id).values(used_at=at).returning(Membership.user_id)
        return self._session.scalar(query) is not None

    def tenants(self, user_id: uuid.UUID) -> Sequence[Row[Any]]:
        """Return `id`, `name`, `slug`, `role` and `role_name` of each tenant of a member, by name."""
        query = text("SELECT tenant_id AS id, name, slug, role, role_name FROM auth_tenants(:user)")
        return self._session.execute(query, {"user": user_id}).all()

    def add_tenant(self, user_id: uuid.UUID, name: str, slug: str) -> uuid.UUID | None:
        """Make a tenant whose owner a member of this one is; return its id. Raises Duplicate, at the end."""
        query = text("SELECT auth_add_tenant(:user, :name, :slug)")
        found: uuid.UUID | None = self._session.scalar(query, {"user": user_id, "name": name, "slug": slug})
        return found

    def roles(self) -> list[tuple[Role, int]]:
        """Return the tenant's own roles, by name, with how many members have each."""
        members = select(func.count()).where(Membership.role_id == Role.id).scalar_subquery()
        found = self._session.execute(select(Role, members).order_by(func.lower(Role.name)))
        return [(row[0], row[1] or 0) for row in found]

    def role(self, role_id: uuid.UUID) -> Role | None:
        """Return one of the tenant's own roles, or None. Nobody else changes it until the transaction ends."""
        return self._session.scalar(select(Role).where(Role.id == role_id).with_for_update())

    def role_moves(self, role_id: uuid.UUID) -> None:
        """Have the rights of all who have a role be read anew: what it allows changes."""
        self._moved.update(self._session.scalars(select(Membership.user_id).where(Membership.role_id == role_id)))
        self._moved.update(self._session.scalars(select(ProjectMember.user_id).where(ProjectMember.role_id == role_id)))
        if self._session.scalar(select(exists().where(WorkflowShare.role_id == role_id))):
            self._moved.update(self._session.scalars(select(Membership.user_id)))

    def role_is_used(self, role_id: uuid.UUID) -> bool:
        """Whether a member, an invitation, somebody in a project or a share has a role."""
        having = (Membership.role_id, Invitation.role_id, ProjectMember.role_id, WorkflowShare.role_id)
        query = select(or_(*(exists().where(column == role_id) for column in having)))
        return bool(self._session.scalar(query))

    def invitations(self) -> list[tuple[Invitation, str | None, str | None]]:
        """Return who is asked, the latest first, with who asked and the name of a role of the tenant's own."""
        query = (
            select(Invitation, User.name, Role.name)
            .outerjoin(User, User.id == Invitation.invited_by)
            .outerjoin(Role, Role.id == Invitation.role_id)
            .order_by(Invitation.created_at.desc(), Invitation.id)
        )
        return [(row[0], row[1], row[2]) for row in self._session.execute(query)]

    def invitation(self, invitation_id: uuid.UUID) -> Invitation | None:
        """Return an invitation, or None. Nobody else changes it until the transaction ends."""
        return self._session.scalar(select(Invitation).where(Invitation.id == invitation_id).with_for_update())

    def invitation_to(self, email: str) -> Invitation | None:
        """Return the invitation of an address in lower case, or None."""
        return self._session.scalar(select(Invitation).where(Invitation.email == email))

    def take_invitation(self, digest: bytes) -> Invitation | None:
        """Use an invitation up, and return it; None where somebody was faster. It is of this tenant."""
        query = delete(Invitation).where(Invitation.token_hash == digest).returning(Invitation)
        return self._session.scalar(query)

    def invited(self, digest: bytes, name: str, hashed: str) -> uuid.UUID | None:
        """Make the account of a new person who was invited; return its id. Raises Duplicate, at the end."""
        query = text("SELECT auth_invited(:hash, :name, :password)")
        found: uuid.UUID | None = self._session.scalar(query, {"hash": digest, "name": name, "password": hashed})
        return found

    def _one(self, query: Any) -> Entry | None:
        row = self._session.execute(query).one_or_none()
        return None if row is None else _entry(row)


def _entry(row: Any) -> Entry:
    return row[0], row[1], row[2]


_MEMBERS: Final = (
    select(User, Membership, Role)
    .join(Membership, Membership.user_id == User.id)
    .outerjoin(Role, Role.id == Membership.role_id)
)
