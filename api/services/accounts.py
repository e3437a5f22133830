"""Registering and logging in."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api import codes
from api.permissions import Permission, permissions_of, project_permissions_of
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, logins, rows_of
from api.services.auditing import login_failed
from api.services.known_devices import known_as
from api.services.letters import Letters
from api.services.passwords import hashing
from api.services.passwords.rules import Leaked, Person, check
from api.services.tokens import Principal
from stepweave.runtime import callbacks
from stepweave_data.models import Tenant, User

_TRIES: Final = 5
RESERVED: Final = frozenset((callbacks.PREFIX,))
"""What no tenant is called, for paths below `/hooks/` would be its webhooks'."""


@dataclass(frozen=True)
class Account:
    """A user in their tenant."""

    user: User
    tenant: Tenant
    role: str
    role_name: str | None
    permissions: frozenset[Permission]


def register(email: str, password: str, name: str, tenant_name: str, leaked: Leaked | None = None) -> Principal:
    """Make a user with a tenant of their own. Raises Refused: `email_taken`, `tenant_taken`, `weak_password`."""
    check(password, Person(email, name, tenant_name), "password", leaked)
    hashed = hashing.hashed(password)
    for slug in slugs(tenant_name):
        try:
            with logins() as known:
                user_id, tenant_id = known.register(email, name, hashed, tenant_name, slug)
            with rows_of(tenant_id) as rows:
                rows.note(user_id, "account.registered", user_id)
            return Principal(user_id, tenant_id, "owner")
        except Duplicate as duplicate:
            if duplicate.constraint == "users_email_key":
                raise Refused(codes.EMAIL_TAKEN, "There is an account with this address already; log in.") from None
    raise Refused(codes.TENANT_TAKEN, "Choose another name for your workspace.")


def ask_to_register(
    letters: Letters, email: str, password: str, name: str, tenant_name: str, leaked: Leaked | None = None
) -> None:
    """Ask the address for a confirmation: nothing is made before. The same happens whether there is an account.

    Raises:
        Refused: `weak_password`, `mail_unavailable`.
    """
    check(password, Person(email, name, tenant_name), "password", leaked)
    hashed = hashing.hashed(password)
    with logins() as known:
        row = known.by_email(email)
    letters.register(email, name, hashed, tenant_name, known=row is not None)


def log_in(email: str, password: str) -> Principal:
    """Return who logs in.

    Raises:
        Refused: `wrong_login`, alike for an unknown address and a wrong password, and as slowly.

    A hash that was made at a lower cost than today's is made anew.
    """
    with logins() as known:
        row = known.by_email(email)
    right = hashing.fits(password, row.password_hash if row is not None else None)
    if row is not None and not right:
        login_failed(row.tenant_id, row.user_id, "password")
    if row is None or not right:
        raise Refused(codes.WRONG_LOGIN, "The address or the password is wrong.")
    principal = Principal(row.user_id, row.tenant_id, row.role)
    if hashing.outdated(row.password_hash):
        with rows_of(principal.tenant_id) as rows:
            rows.accounts.upgrade_hash(principal.user_id, row.password_hash, hashing.hashed(password))
    return principal


def device_of(cookie: str | None, email: str, key: str) -> str | None:
    """Return what a device is counted as at the account of an address (`known_devices.known_as`)."""
    if not cookie:
        return None
    with logins() as known:
        row = known.by_email(email)
    return known_as(cookie, row.user_id if row else None, key)


def account_of(principal: Principal) -> Account:
    """Return the user and tenant of a principal. Raises Refused (`session_expired`) when they are gone."""
    with rows_of(principal.tenant_id) as rows:
        found, tenant = rows.people.standing(principal.user_id), rows.get(Tenant, principal.tenant_id)
        shares = rows.accounts.shared_roles(principal.user_id)
    if found is None or tenant is None:
        raise Refused(codes.SESSION_EXPIRED, "The account is gone; log in again.")
    user, membership, own = found
    allowed = permissions_of(membership.role, own.permissions if own else None).union(
        *(project_permissions_of(role, listed) for role, listed in shares)
    )
    if principal.key_id is not None:
        allowed = principal.anywhere  # less than its owner's
    return Account(user, tenant, membership.role, own.name if own else None, allowed)


def change_password(principal: Principal, current: str, new: str, leaked: Leaked | None = None) -> None:
    """Change the caller's password and end all of their sessions.

    Raises:
        Refused: `wrong_password`, `weak_password`.
    """
    account = account_of(principal)
    kept = confirm_password(account, current, "currentPassword")
    if new == current:
        raise refused_field(codes.WEAK_PASSWORD, "newPassword", "This is the password that you have.")
    check(new, Person(account.user.email, account.user.name, account.tenant.name), "newPassword", leaked)
    made = hashing.hashed(new)
    with rows_of(principal.tenant_id) as rows:
        changed = rows.accounts.change_password(principal.user_id, kept, made)
        if not changed:
            raise refused_field(
                codes.WRONG_PASSWORD, "currentPassword", "The password was changed meanwhile; log in again."
            )
        rows.note(principal.user_id, "password.changed", principal.user_id)


def confirm_password(account: Account, password: str, field: str) -> str:
    """Return the hash of an account's password, which was typed once more. Raises Refused (`wrong_password`)."""
    with logins() as known:
        row = known.by_email(account.user.email)
    kept = row.password_hash if row is not None else None
    if not hashing.fits(password, kept):
        login_failed(account.tenant.id, account.user.id, "confirmation")
        raise refused_field(codes.WRONG_PASSWORD, field, "This is not your password.")
    return str(kept)


def rename_user(principal: Principal, name: str) -> None:
    """Change the caller's name."""
    with rows_of(principal.tenant_id) as rows:
        rows.accounts.rename_user(principal.user_id, name)


def rename_tenant(principal: Principal, name: str) -> None:
    """Change the workspace's name. Its slug, which is in webhook URLs, stays."""
    with rows_of(principal.tenant_id) as rows:
        tenant = rows.get(Tenant, principal.tenant_id)
        before = {"name": tenant.name if tenant else ""}
        rows.accounts.rename_tenant(principal.tenant_id, name)
        rows.note(principal.user_id, "tenant.renamed", principal.tenant_id, before=before, after={"name": name})


def slugs(tenant_name: str) -> Iterator[str]:
    """Return the paths to try for a workspace, the one of its name first."""
    for attempt in range(_TRIES):
        yield slug_of(tenant_name) if attempt == 0 else f"{slug_of(tenant_name)[:50]}-{secrets.token_hex(3)}"


def slug_of(name: str) -> str:
    """Return a workspace's path, made of its name."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", plain)).strip("-")[:60].strip("-")
    if not slug or slug in RESERVED:
        return f"{slug or 't'}-{secrets.token_hex(4)}"
    return slug
