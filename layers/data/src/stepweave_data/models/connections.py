"""What workflows reach out with: credentials, and APIs by their documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Uuid, func, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Credential(Base):
    """A secret, encrypted with a data key that KMS wraps; names are unique.

    `connection`: `unneeded`; for one that a person connects (OAuth2) `missing`, `connected`, or `lost`: to be connected
    again. `bound`: while it names no hosts it is sent nowhere; one that was there before 0033, anywhere.
    `expires_at` is what a person says, `ends_at` what its provider or its certificate says. `rotated_at`: when a secret
    of it was filled in last; None where nobody knows. `stores`: the credentials that its fields refer to.
    """

    __tablename__ = "credentials"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    name: Mapped[str]
    type: Mapped[str]
    hint: Mapped[str]
    wrapped_key: Mapped[bytes]
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    connection: Mapped[str] = mapped_column(server_default="unneeded")
    bound: Mapped[bool] = mapped_column(server_default=true())
    expires_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    rotated_at: Mapped[datetime | None]
    stores: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CredentialShare(Base):
    """A credential that the workflows of another project use, too."""

    __tablename__ = "credential_shares"
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Api(Base):
    """An API that the tenant knows by its OpenAPI document: the text, and the operations that were read out of it."""

    __tablename__ = "apis"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    name: Mapped[str]
    version: Mapped[str]
    words: Mapped[str]
    base_url: Mapped[str]
    servers: Mapped[list[str]] = mapped_column(JSONB)
    schemes: Mapped[list[str]] = mapped_column(JSONB)
    operations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    problems: Mapped[list[str]] = mapped_column(JSONB)
    document: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def operation_count(self) -> int:
        """How many operations it has."""
        return len(self.operations)
