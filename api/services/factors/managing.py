"""Changing how one signs in: only after having shown, in the last ten minutes, who one is.

A session that an identity provider vouched for changes none of it: its workspace's provider could otherwise add a
passkey of its own to somebody's account, and reach the other workspaces of that person.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import redis

from api import codes
from api.refusals import Kind, Refused, refused_field
from api.repositories.rows import factors_of, rows_of
from api.services import accounts
from api.services.factors import apps, recovery
from api.services.factors.challenges import Challenges
from api.services.factors.stepping import Proof, SecondFactors, ways_of
from api.services.tokens import Principal
from stepweave_data.models import Passkey, Tenant
from stepweave_data.redis_keys import CONFIRMED_SECONDS
from stepweave_data.vaulting import KeyService


@dataclass(frozen=True)
class Overview:
    """How somebody signs in."""

    has_app: bool
    passkeys: Sequence[Passkey]
    codes_left: int
    required: bool
    """A workspace of theirs asks for a second factor."""


@dataclass(frozen=True)
class Managing:
    """Changes how somebody signs in."""

    redis: redis.Redis
    keys: Callable[[], KeyService]
    factors: SecondFactors

    def overview(self, principal: Principal) -> Overview:
        """Return how the caller signs in."""
        with factors_of(principal.user_id) as mine:
            app = mine.app()
            has_app = app is not None and app.confirmed_at is not None
            return Overview(has_app, mine.passkeys(), mine.codes_left(), mine.must_have_one())

    def confirm(self, principal: Principal, password: str | None, proof: Proof) -> str:
        """Return a word that changes count with for ten minutes.

        Who has a second factor shows it: a password alone may be somebody else's by now.

        Raises:
            Refused: `wrong_password`, `wrong_code`, `confirmation_needed` where a second factor is asked for.
        """
        if ways_of(principal.user_id):
            if password is not None:
                raise Refused(codes.CONFIRMATION_NEEDED, "Show your second factor; the password is not enough.")
            try:
                self.factors.check(principal.user_id, principal.tenant_id, proof, bound="confirm")
            except Refused as refused:
                if refused.code.kind is not Kind.UNKNOWN_CALLER:
                    raise
                raise refused_field(codes.WRONG_CODE, "proof", refused.detail) from None  # the session itself holds
        else:
            _must_know_password(principal, password or "")
        return self._confirmed.make({"userId": str(principal.user_id)})

    def must_be_confirmed(self, principal: Principal, word: str | None) -> None:
        """Raise Refused where the caller did not show who they are: `confirmation_needed`, `signed_in_by_provider`."""
        must_be_in_person(principal)
        try:
            facts = self._confirmed.look(word or "")
        except Refused:
            facts = {}
        if facts.get("userId") != str(principal.user_id):
            raise Refused(codes.CONFIRMATION_NEEDED, "Show once more who you are.")

    def begin_app(self, principal: Principal) -> apps.Begun:
        """Make a secret for an authenticator app. Raises Refused (`factor_exists`)."""
        return apps.begin(principal.user_id, accounts.account_of(principal).user.email, "Stepweave", self.keys())

    def confirm_app(self, principal: Principal, code: str) -> list[str]:
        """Have the app count; return recovery codes where there were none. Raises Refused, as `apps.confirm`."""
        made = apps.confirm(principal.user_id, code, self.keys())
        _note(principal, "factor.added", kind="app")
        return made

    def drop_app(self, principal: Principal) -> None:
        """Remove the authenticator app. Raises Refused: `last_factor`, `not_found`."""
        with factors_of(principal.user_id) as mine:
            if not mine.passkeys() and mine.must_have_one():
                raise _last()
            if not mine.drop_app():
                raise codes.not_found("authenticator app")
            if not mine.passkeys():
                mine.drop_codes()
        _note(principal, "factor.removed", kind="app")

    def renew_codes(self, principal: Principal) -> list[str]:
        """Return new recovery codes in the place of all there are. Raises Refused (`not_found`) without a factor."""
        if not ways_of(principal.user_id):
            raise codes.not_found("second factor")
        with factors_of(principal.user_id) as mine:
            made = recovery.renew(mine)
        _note(principal, "factor.codes_renewed")
        return made

    def add_passkey(self, principal: Principal, name: str, answer: dict[str, object]) -> tuple[Passkey, list[str]]:
        """Keep a passkey; return recovery codes where there were none. Raises Refused, as `Passkeys.add`."""
        made, fresh = self.factors.passkeys.add(principal.user_id, name, answer)
        _note(principal, "factor.added", kind="passkey", name=name)
        return made, fresh

    def rename_passkey(self, principal: Principal, passkey_id: uuid.UUID, name: str) -> None:
        """Give a passkey another name. Raises Refused (`not_found`)."""
        with factors_of(principal.user_id) as mine:
            if not mine.rename_passkey(passkey_id, name):
                raise codes.not_found("passkey")

    def drop_passkey(self, principal: Principal, passkey_id: uuid.UUID) -> None:
        """Remove a passkey. Raises Refused: `last_factor`, `not_found`."""
        with factors_of(principal.user_id) as mine:
            app = mine.app()
            has_app = app is not None and app.confirmed_at is not None
            if not mine.drop_passkey(passkey_id):
                raise codes.not_found("passkey")
            if not has_app and not mine.passkeys():
                if mine.must_have_one():
                    raise _last()  # which takes the removal back
                mine.drop_codes()
        _note(principal, "factor.removed", kind="passkey", id=str(passkey_id))

    @property
    def _confirmed(self) -> Challenges:
        return Challenges(self.redis, "confirmed", CONFIRMED_SECONDS)


def must_be_in_person(principal: Principal) -> None:
    """Raise Refused (`signed_in_by_provider`) for a session that an identity provider vouched for, and for API keys."""
    if principal.key_id is not None:
        raise Refused(codes.SIGNED_IN_BY_PROVIDER, "How people log in is theirs to change: log in to do this.")
    if principal.by_provider:
        words = "Your workspace's provider signed you in. Sign in with your own password or passkey to do this."
        raise Refused(codes.SIGNED_IN_BY_PROVIDER, words)


def held_for(principal: Principal) -> str:
    """Return what the caller must do before anything else: `factor`, `provider`, or "" for nothing.

    Whom a provider vouched for is the provider's to ask. An owner gets in without the provider, should that fail.
    """
    if principal.by_provider:
        return ""
    with rows_of(principal.tenant_id) as rows:
        connection = rows.sign_in.connection()
        if connection is not None and connection.only_way and principal.role != "owner":
            return "provider"
        tenant = rows.get(Tenant, principal.tenant_id)
        required = tenant is not None and tenant.requires_factor
        return "factor" if required and principal.user_id not in rows.accounts.with_factor() else ""


def policy(principal: Principal) -> tuple[bool, int, int]:
    """Return whether all members must have a second factor, how many have one, and how many members there are."""
    with rows_of(principal.tenant_id) as rows:
        tenant = rows.get(Tenant, principal.tenant_id)
        having, members = len(rows.accounts.with_factor()), len(rows.accounts.members())
    return tenant is not None and tenant.requires_factor, having, members


def require_factor(principal: Principal, required: bool) -> None:
    """Say whether all members must have a second factor. Raises Refused (`no_factor_yet`) for who has none."""
    with rows_of(principal.tenant_id) as rows:
        if required and principal.user_id not in rows.accounts.with_factor():
            raise refused_field(codes.NO_FACTOR_YET, "requiresFactor", "Set up a second factor for yourself first.")
        rows.accounts.require_factor(principal.tenant_id, required)
        rows.note(principal.user_id, "tenant.factor_required", principal.tenant_id, required=required)


def _must_know_password(principal: Principal, password: str) -> None:
    try:
        accounts.log_in(accounts.account_of(principal).user.email, password)
    except Refused:
        raise refused_field(codes.WRONG_PASSWORD, "password", "This is not your password.") from None


def _note(principal: Principal, action: str, **details: Any) -> None:
    with rows_of(principal.tenant_id) as rows:
        rows.note(principal.user_id, action, principal.user_id, **details)
        rows.read.add(principal.user_id)  # a workspace may ask for what has come or gone


def _last() -> Refused:
    return Refused(codes.LAST_FACTOR, "Your workspace asks for a second factor. Add another one first.")
