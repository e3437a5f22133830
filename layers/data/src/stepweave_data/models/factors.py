"""How people prove who they are, beside their password. All of it is a person's, not a tenant's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class AuthenticatorApp(Base):
    """The sealed secret that a person's app makes codes of (RFC 6238). It counts once `confirmed_at` is set."""

    __tablename__ = "user_totp"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    wrapped_key: Mapped[bytes]
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The step of the last code that was taken, in units of 30 s since the epoch."""
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RecoveryCode(Base):
    """A code for who has lost their second factor, by its SHA-256; good once."""

    __tablename__ = "recovery_codes"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A public key of an authenticator (WebAuthn). `suspect_at`: its counter went back, it may have been copied."""

    __tablename__ = "passkeys"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]]
    backed_up: Mapped[bool]
    suspect_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
