"""Registering and logging in."""

import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

import bcrypt

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, logins, rows_of
from api.services.tokens import Principal
from stepweave.runtime import callbacks
from stepweave_data.models import Tenant, User

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
            with logins() as known:
                user_id, tenant_id = known.register(email, name, hashed, tenant_name, slug)
            return Principal(user_id, tenant_id, "owner")
        except Duplicate as duplicate:
            if duplicate.constraint == "users_email_key":
                raise Refused(codes.EMAIL_TAKEN, "There is an account with this address already; log in.") from None
    raise Refused(codes.TENANT_TAKEN, "Choose another name for your workspace.")


def log_in(email: str, password: str) -> Principal:
    """Return who logs in.

    Raises:
        Refused: `wrong_login`, alike for an unknown address and a wrong password, and as slowly..
    """
    with logins() as known:
        row = known.by_email(email)
    hashed = row.password_hash if row is not None else _nobody()
    right = bcrypt.checkpw(password.encode()[:MOST_PASSWORD_BYTES], hashed.encode())
    if row is None or not right:
        raise Refused(codes.WRONG_LOGIN, "The address or the password is wrong.")
    return Principal(row.user_id, row.tenant_id, row.role)


def account_of(principal: Principal) -> Account:
    """Return the user and tenant of a principal. Raises Refused (`session_expired`) when they are gone."""
    with rows_of(principal.tenant_id) as rows:
        user, tenant = rows.get(User, principal.user_id), rows.get(Tenant, principal.tenant_id)
    if user is None or tenant is None:
        raise Refused(codes.SESSION_EXPIRED, "The account is gone; log in again.")
    return Account(user, tenant, principal.role)


def change_password(principal: Principal, current: str, new: str) -> None:
    """Change the caller's password and end all of their sessions.

    Raises:
        Refused: `wrong_password`, `weak_password`.
    """
    email = account_of(principal).user.email
    with logins() as known:
        row = known.by_email(email)
    hashed = row.password_hash if row is not None else _nobody()
    if not bcrypt.checkpw(current.encode()[:MOST_PASSWORD_BYTES], hashed.encode()):
        raise refused_field(codes.WRONG_PASSWORD, "currentPassword", "This is not your password.")
    if new == current:
        raise refused_field(codes.WEAK_PASSWORD, "newPassword", "This is the password that you have.")
    _check_password(new, email, "newPassword")
    made = bcrypt.hashpw(new.encode(), bcrypt.gensalt(COST)).decode()
    with rows_of(principal.tenant_id) as rows:
        changed = rows.accounts.change_password(principal.user_id, hashed, made)
        if not changed:
            raise refused_field(
                codes.WRONG_PASSWORD, "currentPassword", "The password was changed meanwhile; log in again."
            )
        rows.note(principal.user_id, "password.changed", principal.user_id)


def rename_user(principal: Principal, name: str) -> None:
    """Change the caller's name."""
    with rows_of(principal.tenant_id) as rows:
        rows.accounts.rename_user(principal.user_id, name)


def rename_tenant(principal: Principal, name: str) -> None:
    """Change the workspace's name. Its slug, which is in webhook URLs, stays."""
    with rows_of(principal.tenant_id) as rows:
        rows.accounts.rename_tenant(principal.tenant_id, name)
        rows.note(principal.user_id, "tenant.renamed", principal.tenant_id, name=name)


def members(principal: Principal) -> list[tuple[User, str]]:
    """Return everybody in the workspace with their role, by name."""
    with rows_of(principal.tenant_id) as rows:
        return rows.accounts.members()


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
