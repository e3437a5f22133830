"""API keys: programs act by them as a person or a service account, with part of what that may do, for a while."""

import hashlib
import ipaddress
import secrets
import string
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api import codes
from api.permissions import NEVER_OF_KEYS, ROLES, Permission, permissions_of, project_permissions_of
from api.refusals import Refused, refused_field
from api.repositories.rows import Rows, key_lookup, rows_of
from api.services import projects
from api.services.passwords import hashing
from api.services.standing import standing_in
from api.services.tokens import Principal
from stepweave_data.auditing import acts, origin
from stepweave_data.models import ApiKey, Membership, User
from stepweave_data.standing import Standing

PREFIX: Final = "swk_"
"""What every key begins with: scanners of secrets know it by that."""
_LETTERS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM: Final = 32
"""Characters of 62: 190 bits."""
CHECK: Final = 6
"""Characters of a CRC-32 over what is before it, as GitHub's tokens have: a scanner tells keys from what looks like
one, and a mistyped key asks no database."""
MOST: Final = 50
"""Keys of one person or service account, and service accounts of a workspace."""
MOST_OVERLAP_HOURS: Final = 168


@dataclass(frozen=True)
class Wanted:
    """A key to be made."""

    name: str
    permissions: Sequence[str]
    days: int
    """Until it ends."""
    addresses: Sequence[str] = ()
    """Ranges that it may be used from; none for anywhere."""
    project_ids: Sequence[uuid.UUID] | None = None
    """The projects that it is for; None for all that its owner sees."""


@dataclass(frozen=True)
class Made:
    """A new key. Its text is shown now and never again."""

    key: ApiKey
    text: str


def new_text() -> str:
    """Return the text of a new key."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(RANDOM))
    return f"{PREFIX}{drawn}{_check(drawn)}"


def is_key(text: str) -> bool:
    """Whether a text has the shape of a key, and its checksum."""
    body = text.removeprefix(PREFIX)
    return text.startswith(PREFIX) and len(body) == RANDOM + CHECK and body[RANDOM:] == _check(body[:RANDOM])


def principal_of(text: str, address: str) -> Principal:
    """Return who a key acts as, with what both the key and its owner's role allow.

    Raises:
        Refused: `token_invalid`, alike for a key that is unknown, has ended, was revoked, is of somebody who is no
            member any more, or may not be used from here.
    """
    row = None
    if is_key(text):
        with key_lookup() as known:
            row = known.good(_digest(text), _address(address))
    if row is None:
        words = "This API key is not good: it is unknown, has ended, was revoked, or may not be used from this address."
        raise Refused(codes.TOKEN_INVALID, words)
    acts(row.tenant_id, row.user_id)
    who = origin()
    who.kind, who.key_id = ("service" if row.kind == "service" else "key"), row.id
    only = None if row.project_ids is None else frozenset(row.project_ids)
    caller = Principal(row.user_id, row.tenant_id, row.role, key_id=row.id, only=only)
    standing = Standing.of_row((row.role, row.listed, "", row.shares))
    return standing_in(caller, standing, _known(row.permissions) - NEVER_OF_KEYS)


def listed(principal: Principal) -> list[tuple[ApiKey, User]]:
    """Return the caller's keys; all of the workspace for whom that is allowed. The latest first."""
    everybody = principal.may(Permission.KEYS_READ)
    with rows_of(principal.tenant_id) as rows:
        return rows.api_keys.listed(None if everybody else principal.user_id)


def create(principal: Principal, wanted: Wanted, service_id: uuid.UUID | None = None) -> Made:
    """Make a key of the caller, or of a service account.

    Raises:
        Refused: `not_found` for a service account or a project that is not there; `not_allowed`; `invalid_request` for
            permissions that the caller or the account does not have, and for ranges of addresses that are none;
            `too_many`.
    """
    with rows_of(principal.tenant_id) as rows:
        owner, most = principal.user_id, principal.anywhere
        if service_id is not None:
            _may_keep(principal)
            account = _service(rows, service_id)
            shared = (project_permissions_of(*one) for one in rows.accounts.shared_roles(service_id))
            owner, most = service_id, most & permissions_of(account[1].role).union(*shared)
        if rows.api_keys.count(owner) >= MOST:
            raise Refused(codes.TOO_MANY, f"There are {MOST} keys already; revoke one.")
        granted = _granted(wanted.permissions, most - NEVER_OF_KEYS)
        ends = datetime.now(UTC) + timedelta(days=wanted.days)
        made = _made(principal, owner, wanted.name, granted, _ranges(wanted.addresses), ends)
        if wanted.project_ids is not None:
            for project_id in wanted.project_ids:
                projects.find(rows, project_id)
            made.key.project_ids = sorted(set(wanted.project_ids))
        rows.add(made.key)
        rows.note(principal.user_id, "key.created", made.key.id)
        return made


def rotate(principal: Principal, key_id: uuid.UUID, hours: int) -> Made:
    """Make a key in place of another one, which goes on for some hours; both allow the same, and end on the same day.

    Raises:
        Refused: `not_found`; `not_allowed` for somebody else's key: who rotates it would be them.
    """
    with rows_of(principal.tenant_id) as rows:
        former = _key(rows, principal, key_id)
        if former.user_id != principal.user_id:
            _may_keep(principal)
            account = rows.api_keys.service(former.user_id)
            if account is None:
                raise Refused(codes.NOT_ALLOWED, "Only its owner can rotate a person's key; you can revoke it.")
            _granted(former.permissions, principal.permissions)
        lasted = former.expires_at - former.created_at
        ends = datetime.now(UTC) + lasted
        made = _made(principal, former.user_id, former.name, list(former.permissions), list(former.addresses), ends)
        former.expires_at = min(former.expires_at, datetime.now(UTC) + timedelta(hours=hours))
        made.key.project_ids = former.project_ids
        rows.add(made.key)
        rows.note(principal.user_id, "key.rotated", former.id, by=str(made.key.id), hours=hours)
        return made


def revoke(principal: Principal, key_id: uuid.UUID) -> None:
    """End a key at once: one's own, or any for whom that is allowed. Raises Refused (`not_found`, `not_allowed`)."""
    with rows_of(principal.tenant_id) as rows:
        key = _key(rows, principal, key_id)
        if key.user_id != principal.user_id:
            _may_keep(principal)
        key.revoked_at = datetime.now(UTC)
        rows.note(principal.user_id, "key.revoked", key.id, name=key.name)


def services(principal: Principal) -> list[tuple[User, Membership]]:
    """Return the service accounts, by name."""
    with rows_of(principal.tenant_id) as rows:
        return rows.api_keys.services()


def create_service(principal: Principal, name: str, role: str) -> tuple[User, Membership]:
    """Make a service account with a role. Raises Refused: `not_allowed` for a role above the caller's, `too_many`."""
    if role not in ROLES or role == "owner" or not permissions_of(role) <= principal.permissions:
        raise Refused(codes.NOT_ALLOWED, f"You cannot give the role {role}: it may do more than you.")
    with rows_of(principal.tenant_id) as rows:
        if len(rows.api_keys.services()) >= MOST:
            raise Refused(codes.TOO_MANY, f"There are {MOST} service accounts already; delete one.")
        nobody = hashing.hashed(secrets.token_urlsafe(32))
        id = rows.api_keys.make_service(name, role, f"{uuid.uuid4().hex}@service.invalid", nobody)
        rows.note(principal.user_id, "service.created", id, after={"name": name, "role": role})
        return _service(rows, id)


def delete_service(principal: Principal, id: uuid.UUID) -> None:
    """End a service account and its keys. What it did stays its own in the audit. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        user, membership = _service(rows, id)
        gone = rows.api_keys.revoke_of(id, datetime.now(UTC))
        rows.delete(membership)
        before = {"name": user.name, "role": membership.role}
        rows.note(principal.user_id, "service.deleted", id, before=before, keys=gone)


def _made(
    principal: Principal, owner: uuid.UUID, name: str, granted: list[str], addresses: list[str], ends: datetime
) -> Made:
    text = new_text()
    key = ApiKey(
        id=uuid.uuid4(),
        tenant_id=principal.tenant_id,
        user_id=owner,
        name=name,
        hint=f"{text[:8]}…{text[-4:]}",
        key_hash=_digest(text),
        permissions=granted,
        addresses=addresses,
        created_by=principal.user_id,
        expires_at=ends,
    )
    return Made(key, text)


def _key(rows: Rows, principal: Principal, key_id: uuid.UUID) -> ApiKey:
    """Return a key that is not revoked; somebody else's is not there for who may not see it."""
    key = rows.get(ApiKey, key_id)
    hidden = key is not None and key.user_id != principal.user_id and not principal.may(Permission.KEYS_READ)
    if key is None or key.revoked_at is not None or hidden:
        raise codes.not_found("API key")
    return key


def _service(rows: Rows, id: uuid.UUID) -> tuple[User, Membership]:
    found = rows.api_keys.service(id)
    if found is None:
        raise codes.not_found("service account")
    return found


def _may_keep(principal: Principal) -> None:
    if not principal.may(Permission.KEYS_WRITE):
        words = f"Your role ({principal.role}) may not do this; it needs {Permission.KEYS_WRITE.value}."
        raise Refused(codes.NOT_ALLOWED, words)


def _granted(wanted: Sequence[str], most: frozenset[Permission]) -> list[str]:
    allowed = {permission.value for permission in most}
    refused = [name for name in wanted if name not in allowed]
    if refused:
        words = f"A key cannot have {', '.join(refused)}: its owner does not, or it needs a person."
        raise refused_field(codes.INVALID_REQUEST, "permissions", words)
    return sorted(set(wanted))


def _ranges(given: Sequence[str]) -> list[str]:
    try:
        return [str(ipaddress.ip_network(one.strip())) for one in given]
    except ValueError as error:
        words = f"This is no range of addresses: {error}. Write 203.0.113.0/24 or 2001:db8::/32."
        raise refused_field(codes.INVALID_REQUEST, "addresses", words) from None


def _known(names: Sequence[str]) -> frozenset[Permission]:
    return frozenset(one for one in Permission if one.value in names)


def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _check(text: str) -> str:
    number, letters = zlib.crc32(f"{PREFIX}{text}".encode()), []
    for _ in range(CHECK):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(reversed(letters))
