"""Registering and logging in."""

import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

import bcrypt
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from api import codes
from api.refusals import Refused, refused_field
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave.runtime import callbacks
from stepweave_data.database import open_session, tenant_session
from stepweave_data.models import Membership, Tenant, User

COST: Final = 12
"""bcrypt's work factor: about 0.2 s here; OWASP's password storage cheat sheet asks for at least 10."""
MOST_PASSWORD_BYTES: Final = 72
"""bcrypt reads no more; refusing longer ones beats ignoring their end."""
_TRIES: Final = 5
RESERVED: Final = frozenset((callbacks.PREFIX,))
"""What no tenant is called, for paths below `/hooks/` would be its webhooks'."""


@dataclass(frozen=True)
class Account:
    """A user in their tenant."""

    user: User
    tenant: Tenant
    role: str


def register(email: str, password: str, name: str, tenant_name: str) -> Principal:
    """Make a user with a tenant of their own. Raises Refused: `email_taken`, `tenant_taken`, `weak_password`."""
    _check_password(password, email, "password")
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()
    for attempt in range(_TRIES):
        slug = _slug(tenant_name) if attempt == 0 else f"{_slug(tenant_name)[:50]}-{secrets.token_hex(3)}"
        try:
            with open_session() as session:
                row = session.execute(
                    text("SELECT user_id, tenant_id FROM auth_register(:email, :name, :hash, :tenant, :slug)"),
                    {"email": email, "name": name, "hash": hashed, "tenant": tenant_name, "slug": slug},
                ).one()
            return Principal(row.user_id, row.tenant_id, "owner")
        except IntegrityError as error:
            if "users_email_key" in str(error.orig):
                raise Refused(codes.EMAIL_TAKEN, "There is an account with this address already; log in.") from None
    raise Refused(codes.TENANT_TAKEN, "Choose another name for your workspace.")


def log_in(email: str, password: str) -> Principal:
    """Return who logs in.

    Raises:
        Refused: `wrong_login`, alike for an unknown address and a wrong password, and as slowly..
    """
    with open_session() as session:
        row = session.execute(
            text("SELECT user_id, password_hash, tenant_id, role FROM auth_login(:email)"), {"email": email}
        ).one_or_none()
    hashed = row.password_hash if row is not None else _nobody()
    right = bcrypt.checkpw(password.encode()[:MOST_PASSWORD_BYTES], hashed.encode())
    if row is None or not right:
        raise Refused(codes.WRONG_LOGIN, "The address or the password is wrong.")
    return Principal(row.user_id, row.tenant_id, row.role)


def account_of(principal: Principal) -> Account:
    """Return the user and tenant of a principal. Raises Refused (`session_expired`) when they are gone."""
    with tenant_session(principal.tenant_id) as session:
        user, tenant = session.get(User, principal.user_id), session.get(Tenant, principal.tenant_id)
    if user is None or tenant is None:
        raise Refused(codes.SESSION_EXPIRED, "The account is gone; log in again.")
    return Account(user, tenant, principal.role)


def change_password(principal: Principal, current: str, new: str) -> None:
    """Change the caller's password and end all of their sessions.

    Raises:
        Refused: `wrong_password`, `weak_password`.
    """
    email = account_of(principal).user.email
    with open_session() as session:
        hashed = session.execute(text("SELECT password_hash FROM auth_login(:email)"), {"email": email}).scalar_one()
    if not bcrypt.checkpw(current.encode()[:MOST_PASSWORD_BYTES], hashed.encode()):
        raise refused_field(codes.WRONG_PASSWORD, "currentPassword", "This is not your password.")
    if new == current:
        raise refused_field(codes.WEAK_PASSWORD, "newPassword", "This is the password that you have.")
    _check_password(new, email, "newPassword")
    made = bcrypt.hashpw(new.encode(), bcrypt.gensalt(COST)).decode()
    with tenant_session(principal.tenant_id) as session:
        changed = session.execute(
            text("SELECT auth_change_password(:user, :old, :new)"),
            {"user": principal.user_id, "old": hashed, "new": made},
        ).scalar_one()
        if not changed:
            raise refused_field(
                codes.WRONG_PASSWORD, "currentPassword", "The password was changed meanwhile; log in again."
            )
        audit(session, principal, "password.changed", principal.user_id)


def rename_user(principal: Principal, name: str) -> None:
    """Change the caller's name."""
    with tenant_session(principal.tenant_id) as session:
        session.execute(update(User).where(User.id == principal.user_id).values(name=name))


def rename_tenant(principal: Principal, name: str) -> None:
    """Change the workspace's name. Its slug, which is in webhook URLs, stays."""
    with tenant_session(principal.tenant_id) as session:
        session.execute(update(Tenant).where(Tenant.id == principal.tenant_id).values(name=name))
        audit(session, principal, "tenant.renamed", principal.tenant_id, name=name)


def members(principal: Principal) -> list[tuple[User, str]]:
    """Return everybody in the workspace with their role, by name."""
    query = (
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .order_by(func.lower(User.name), User.id)
    )
    with tenant_session(principal.tenant_id) as session:
        return [(row[0], row[1]) for row in session.execute(query)]


def tenant_slug(tenant_id: UUID) -> str:
    """Return a tenant's slug, the first part of its webhooks' paths."""
    with tenant_session(tenant_id) as session:
        return session.get_one(Tenant, tenant_id).slug


def _check_password(password: str, email: str, field: str) -> None:
    message = None
    if len(password.encode()) > MOST_PASSWORD_BYTES:
        message = f"A password may have at most {MOST_PASSWORD_BYTES} bytes."
    elif password.lower() in (email.lower(), email.partition("@")[0].lower()):
        message = "The password must not be your address."
    elif len(set(password)) < 4:
        message = "The password repeats too few characters."
    if message:
        raise refused_field(codes.WEAK_PASSWORD, field, message)


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-")
    if not slug or slug in RESERVED:
        return f"{slug or 't'}-{secrets.token_hex(4)}"
    return slug


@cache
def _nobody() -> str:
    """Return a hash to compare with where there is no user, so that both cases take the same time."""
    return bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(COST)).decode()
