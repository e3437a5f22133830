"""How one person proves who they are, beside their password: rows that are theirs in every tenant."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from stepweave_data.models import AuthenticatorApp, Passkey, RecoveryCode
from stepweave_data.vaulting import Sealed


class Factors:
    """A person's authenticator app, passkeys and recovery codes."""

    def __init__(self, session: Session, user_id: uuid.UUID) -> None:
        self._session = session
        self._user_id = user_id

    def app(self) -> AuthenticatorApp | None:
        """Return the authenticator app, confirmed or not."""
        return self._session.get(AuthenticatorApp, self._user_id)

    def begin_app(self, sealed: Sealed) -> bool:
        """Keep a secret that is still to be confirmed. False where an app is confirmed already."""
        former = self._session.get(AuthenticatorApp, self._user_id, with_for_update=True)
        if former is not None and former.confirmed_at is not None:
            return False
        parts = {"wrapped_key": sealed.wrapped_key, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext}
        self._session.merge(AuthenticatorApp(user_id=self._user_id, last_step=0, confirmed_at=None, **parts))
        return True

    def take_step(self, step: int, *, nonce: bytes, confirms: bool = False) -> bool:
        """Note that the code of a step was taken. False where it or a later one was: one statement decides.

        Args:
            step: of the code, in units of 30 s since the epoch.
            nonce: of the sealed secret that the code was checked with, so that another secret is not confirmed by it.
            confirms: the app counts from now on.
        """
        mine = (AuthenticatorApp.user_id == self._user_id, AuthenticatorApp.nonce == nonce)
        newer = update(AuthenticatorApp).where(*mine, AuthenticatorApp.last_step < step).values(last_step=step)
        if confirms:
            newer = newer.where(AuthenticatorApp.confirmed_at.is_(None)).values(confirmed_at=datetime.now(UTC))
        else:
            newer = newer.where(AuthenticatorApp.confirmed_at.is_not(None))
        return self._session.execute(newer.returning(AuthenticatorApp.user_id)).one_or_none() is not None

    def drop_app(self) -> bool:
        """Remove the authenticator app. False where there was none."""
        gone = delete(AuthenticatorApp).where(AuthenticatorApp.user_id == self._user_id)
        return self._session.execute(gone.returning(AuthenticatorApp.user_id)).one_or_none() is not None

    def passkeys(self) -> Sequence[Passkey]:
        """Return the passkeys, the oldest first."""
        mine = select(Passkey).where(Passkey.user_id == self._user_id).order_by(Passkey.created_at, Passkey.id)
        return self._session.scalars(mine).all()

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey of an authenticator's credential, locked until the end."""
        mine = (Passkey.user_id == self._user_id, Passkey.credential_id == credential_id)
        return self._session.scalars(select(Passkey).where(*mine).with_for_update()).one_or_none()

    def add_passkey(self, passkey: Passkey) -> Passkey:
        """Keep a passkey. Raises Duplicate, at the end."""
        self._session.add(passkey)
        self._session.flush()
        self._session.refresh(passkey)
        return passkey

    def rename_passkey(self, passkey_id: uuid.UUID, name: str) -> bool:
        """Give a passkey another name. False where it is not there."""
        mine = (Passkey.user_id == self._user_id, Passkey.id == passkey_id)
        named = update(Passkey).where(*mine).values(name=name).returning(Passkey.id)
        return self._session.execute(named).one_or_none() is not None

    def drop_passkey(self, passkey_id: uuid.UUID) -> bool:
        """Remove a passkey. False where it is not there."""
        mine = (Passkey.user_id == self._user_id, Passkey.id == passkey_id)
        return self._session.execute(delete(Passkey).where(*mine).returning(Passkey.id)).one_or_none() is not None

    def put_codes(self, hashes: Iterable[bytes]) -> None:
        """Put new recovery codes, by their hashes, in the place of all there are."""
        self.drop_codes()
        self._session.add_all([RecoveryCode(user_id=self._user_id, code_hash=it) for it in hashes])

    def drop_codes(self) -> None:
        """Remove all recovery codes."""
        self._session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == self._user_id))

    def take_code(self, hash: bytes) -> bool:
        """Use a recovery code up. False where there is none such that is unused: one statement decides."""
        unused = (
            RecoveryCode.user_id == self._user_id,
            RecoveryCode.code_hash == hash,
            RecoveryCode.used_at.is_(None),
        )
        taken = update(RecoveryCode).where(*unused).values(used_at=datetime.now(UTC)).returning(RecoveryCode.user_id)
        return self._session.execute(taken).one_or_none() is not None

    def codes_left(self) -> int:
        """Return how many recovery codes are unused."""
        mine = (RecoveryCode.user_id == self._user_id, RecoveryCode.used_at.is_(None))
        return self._session.scalar(select(func.count()).where(*mine)) or 0

    def must_have_one(self) -> bool:
        """Return whether a workspace of theirs asks its members for a second factor."""
        return bool(self._session.scalar(select(func.factor_required(self._user_id))))
