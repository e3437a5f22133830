"""Asking people by mail to become members. The mail has a token; the database has its SHA-256."""

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from api import codes
from api.permissions import Permission, permissions_of
from api.ports import Mails
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, logins, rows_of
from api.services import mailing
from api.services.auditing import MOST_TOLD_EACH
from api.services.members import Given, check_reach, role_of
from api.services.passwords import hashing
from api.services.passwords.rules import Leaked, Person, check
from api.services.tokens import Principal
from stepweave_data.auditing import origin
from stepweave_data.models import Invitation, Tenant

DAYS: Final = 7
MOST: Final = 200
_SUBJECT: Final = "{inviter} invites you to {tenant}"
_TEXT: Final = """{inviter} invites you to work in the workspace "{tenant}" on Stepweave.

To accept, open this link:

{link}

It is for {email}, and good until {until} (UTC). If you expect no invitation, you need not do anything.
"""


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked. `role_name` is there for a role of the workspace's own; `invited_by` is a name."""

    id: uuid.UUID
    email: str
    role: str
    role_id: uuid.UUID | None
    role_name: str | None
    invited_by: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Invited:
    """What an invitation says to whoever has its token. `inviter` is a name."""

    tenant_id: uuid.UUID
    tenant: str
    email: str
    role: str
    role_name: str | None
    inviter: str
    invited_by: uuid.UUID
    expires_at: datetime
    has_account: bool


@dataclass(frozen=True)
class Inviting:
    """Sends invitations. `public_url` is the app's address."""

    mails: Mails | None
    public_url: str

    def invite(self, principal: Principal, email: str, given: Given) -> Asked:
        """Ask somebody to become a member.

        Raises:
            Refused: `already_member`, `already_invited`, `above_you`, `not_found` (the role), `too_many`;
                `mail_unavailable`, and then nobody is asked.
        """
        token = secrets.token_urlsafe(32)
        try:
            with rows_of(principal.tenant_id) as rows:
                own = role_of(rows, given)
                check_reach(principal, given.role, own)
                if rows.people.is_member(email):
                    raise Refused(codes.ALREADY_MEMBER, "Whoever has this address is a member already.")
                if len(rows.people.invitations()) >= MOST:
                    raise Refused(codes.TOO_MANY, f"{MOST} people are asked already; withdraw some.")
                made = rows.add(
                    Invitation(
                        tenant_id=principal.tenant_id,
                        email=email,
                        role=given.role,
                        role_id=given.role_id,
                        invited_by=principal.user_id,
                        token_hash=_digest(token),
                        expires_at=_until(),
                    )
                )
                after = {"email": email, "role": own.name if own else given.role}
                rows.note(principal.user_id, "member.invited", made.id, before={}, after=after)
                names = self._names(rows, principal)
                asked = _asked(made, names[0], own.name if own else None)
        except Duplicate:
            words = "Whoever has this address is asked already: send the mail again, or withdraw it first."
            raise Refused(codes.ALREADY_INVITED, words) from None
        try:
            self._send(asked, names, token)
        except Refused:
            with rows_of(principal.tenant_id) as rows:
                rows.people.take_invitation(_digest(token))
            raise
        return asked

    def send_again(self, principal: Principal, invitation_id: uuid.UUID) -> Asked:
        """Send an invitation again, for seven days more; the former link is good no more.

        Raises:
            Refused: `not_found`, `above_you`; `mail_unavailable`, and then the former link stays good.
        """
        token = secrets.token_urlsafe(32)
        with rows_of(principal.tenant_id) as rows:
            found = _found(rows, invitation_id)
            own = role_of(rows, Given(found.role, found.role_id))
            check_reach(principal, found.role, own)
            names = self._names(rows, principal)
        fresh = replace(_asked(found, names[0], own.name if own else None), expires_at=_until(), sent_at=_now())
        self._send(fresh, names, token)
        with rows_of(principal.tenant_id) as rows:
            now = _found(rows, invitation_id)
            now.token_hash, now.sent_at, now.expires_at = _digest(token), fresh.sent_at, fresh.expires_at
            now.invited_by = principal.user_id
            rows.note(principal.user_id, "member.invited_again", invitation_id, before={}, after={"email": now.email})
        return fresh

    def _names(self, rows: Rows, principal: Principal) -> tuple[str, str]:
        found, tenant = rows.people.member(principal.user_id), rows.get(Tenant, principal.tenant_id)
        if found is None or tenant is None:
            raise Refused(codes.SESSION_EXPIRED, "You are no longer a member; log in again.")
        return found[0].name, tenant.name

    def _send(self, asked: Asked, names: tuple[str, str], token: str) -> None:
        inviter, tenant = map(harmless, names)
        # Behind `#`: browsers send it to nobody, so no log has it.
        link = f"{self.public_url.rstrip('/')}/invitation#{token}"
        until = f"{asked.expires_at:%d %B %Y, %H:%M}"
        text = _TEXT.format(inviter=inviter, tenant=tenant, link=link, email=asked.email, until=until)
        mailing.send(self.mails, asked.email, _SUBJECT.format(inviter=inviter, tenant=tenant), text)


def invitations(principal: Principal) -> list[Asked]:
    """Return who is asked, the latest first."""
    with rows_of(principal.tenant_id) as rows:
        return [_asked(row[0], row[1] or "", row[2]) for row in rows.people.invitations()]


def withdraw(principal: Principal, invitation_id: uuid.UUID) -> None:
    """Take an invitation back: its link is good no more. Raises Refused: `not_found`, `above_you`."""
    with rows_of(principal.tenant_id) as rows:
        found = _found(rows, invitation_id)
        check_reach(principal, found.role, role_of(rows, Given(found.role, found.role_id)))
        before = {"email": found.email}
        rows.note(principal.user_id, "member.invitation_withdrawn", invitation_id, before=before, after={})
        rows.delete(found)


def look(token: str) -> Invited:
    """Return what an invitation says. Raises Refused (`invitation_gone`)."""
    with logins() as known:
        found = known.invitation(_digest(token))
    if found is None or found.expires_at < _now():
        raise _gone()
    return Invited(**found._mapping)


def accept(principal: Principal, token: str) -> Principal:
    """Make the caller a member; return them as one, with a session yet to begin.

    Raises:
        Refused: `invitation_gone`, `invitation_for_another`, `already_member`, `not_allowed`.
    """
    check_free(principal)
    found = look(token)
    with rows_of(principal.tenant_id) as rows:
        email = rows.accounts.email(principal.user_id)
    if email.lower() != found.email:
        origin().named = found.tenant_id
        with rows_of(found.tenant_id) as rows:
            if rows.audit.lately("member.invitation_refused", principal.user_id) < MOST_TOLD_EACH:
                rows.note(None, "member.invitation_refused", principal.user_id)
        words = f"This invitation is for another address than yours ({email}): log in with the account that it is for."
        raise Refused(codes.INVITATION_FOR_ANOTHER, words)
    try:
        with rows_of(found.tenant_id) as rows:
            role = _join(rows, found, _digest(token), principal.user_id)
    except Duplicate:
        raise Refused(codes.ALREADY_MEMBER, "You are a member of this workspace already.") from None
    return replace(principal, tenant_id=found.tenant_id, role=role, listed=None, session_id=None)


def register(token: str, name: str, password: str, leaked: Leaked | None) -> Principal:
    """Make the account of a new person who was invited, as a member.

    Raises:
        Refused: `invitation_gone`, `weak_password`; `email_taken` for who has an account: they log in and accept.
    """
    found = look(token)
    check(password, Person(found.email, name, found.tenant), "password", leaked)
    hashed, digest = hashing.hashed(password), _digest(token)
    try:
        with rows_of(found.tenant_id) as rows:
            user_id = rows.people.invited(digest, name, hashed)
            if user_id is None:
                raise _gone()
            role = _join(rows, found, digest, user_id)
    except Duplicate:
        raise Refused(codes.EMAIL_TAKEN, "There is an account with this address already; log in to accept.") from None
    return Principal(user_id, found.tenant_id, role)


def check_free(principal: Principal) -> None:
    """Raise Refused (`not_allowed`) for whom a provider of one workspace vouches: it says nothing of another."""
    if principal.by_provider:
        words = "You logged in through this workspace's own provider. Log in with your password to go to another one."
        raise Refused(codes.NOT_ALLOWED, words)


def harmless(name: str) -> str:
    """Return a name as a mail may have it: one line, short, and nothing that mail programs make a link of."""
    return re.sub(r"(?<=\S)[.:/@]+(?=\S)", " ", mailing.one_line(name, 60))


def _join(rows: Rows, found: Invited, digest: bytes, user_id: uuid.UUID) -> str:
    """Use an invitation up and make the user a member; return the role."""
    taken = rows.people.take_invitation(digest)
    if taken is None or not _holds(rows, taken):
        raise _gone()
    given = role_of(rows, Given(taken.role, taken.role_id))
    rows.people.join(found.tenant_id, user_id, taken.role, taken.role_id)
    rows.people.used(user_id, _now())
    after = {"email": taken.email, "role": given.name if given else taken.role}
    rows.note(user_id, "member.joined", user_id, before={}, after=after)
    return taken.role


def _holds(rows: Rows, invitation: Invitation) -> bool:
    """Whether who invited may still give the role."""
    inviter = rows.people.member(invitation.invited_by)
    if inviter is None:
        return False
    _, membership, own = inviter
    theirs = permissions_of(membership.role, own.permissions if own else None)
    given = role_of(rows, Given(invitation.role, invitation.role_id))
    wanted = permissions_of(invitation.role, given.permissions if given else None)
    return Permission.MEMBERS_WRITE in theirs and wanted <= theirs


def taken_by_address(rows: Rows, email: str) -> Invitation | None:
    """Use up the invitation of an address that a provider of the workspace vouched for; None where there is none."""
    asked = rows.people.invitation_to(email)
    if asked is None or asked.expires_at < _now() or not _holds(rows, asked):
        return None
    return rows.people.take_invitation(asked.token_hash)


def _found(rows: Rows, invitation_id: uuid.UUID) -> Invitation:
    found = rows.people.invitation(invitation_id)
    if found is None:
        raise codes.not_found("invitation")
    return found


def _asked(row: Invitation, inviter: str, role_name: str | None) -> Asked:
    return Asked(row.id, row.email, row.role, row.role_id, role_name, inviter, row.sent_at, row.expires_at)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _now() -> datetime:
    return datetime.now(UTC)


def _until() -> datetime:
    return _now() + timedelta(days=DAYS)


def _gone() -> Refused:
    words = "This invitation was used, withdrawn, or is older than seven days. Ask to be invited again."
    return Refused(codes.INVITATION_GONE, words)
