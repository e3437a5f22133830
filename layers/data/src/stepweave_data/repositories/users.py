"""Users, their tenants and their roles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stepweave_data.models import Membership, Tenant, User


class EmailTaken(Exception):
    """There is a user with this address."""


class SlugTaken(Exception):
    """There is a tenant with this slug."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new user and their tenant."""

    user_id: UUID
    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class Login:
    """What a login is checked against, and whom it gives."""

    user_id: UUID
    tenant_id: UUID
    role: str
    password_hash: str


def register(session: Session, *, email: str, name: str, password_hash: str, tenant_name: str, slug: str) -> Registered:
    """Make a user with a tenant of their own, as its owner. Takes an open session, which is of no use after an error.

    Raises:
        EmailTaken, SlugTaken: nothing was made.
    """
    values = {"email": email, "name": name, "hash": password_hash, "tenant": tenant_name, "slug": slug}
    try:
        row = session.execute(
            text("SELECT user_id, tenant_id FROM auth_register(:email, :name, :hash, :tenant, :slug)"), values
        ).one()
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            raise EmailTaken from error
        if "tenants_slug_key" in str(error.orig):
            raise SlugTaken from error
        raise
    return Registered(row.user_id, row.tenant_id)


def find_login(session: Session, email: str) -> Login | None:
    """Return what an address logs in with: in the oldest tenant, where it is in several. Takes an open session."""
    row = session.execute(
        text("SELECT user_id, tenant_id, role, password_hash FROM auth_login(:email)"), {"email": email}
    ).one_or_none()
    return None if row is None else Login(row.user_id, row.tenant_id, row.role, row.password_hash)


def find(session: Session, user_id: UUID) -> User | None:
    """Return a user who is a member of the session's tenant."""
    return session.get(User, user_id)


def tenant(session: Session, tenant_id: UUID) -> Tenant | None:
    """Return the session's tenant; None for any other."""
    return session.get(Tenant, tenant_id)


def role(session: Session, tenant_id: UUID, user_id: UUID) -> str | None:
    """Return a user's role in a tenant; None where they are no member."""
    membership = session.get(Membership, (tenant_id, user_id))
    return None if membership is None else membership.role
