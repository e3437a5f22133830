"""What workflows keep: values, files, tables, and what they saw."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base, Written


class StoreEntry(Base):
    """A value by key. Past `expires_at` it counts as absent."""

    __tablename__ = "store_entries"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    store: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    value: Mapped[Written]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeptFile(Base):
    """A file under a path, whose bytes are the data bucket's object `key`. Past `expires_at` it counts as absent."""

    __tablename__ = "files"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    path: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    key: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    mime_type: Mapped[str]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FileLink(Base):
    """A link by which anybody gets what a tenant keeps under a path, until it expires."""

    __tablename__ = "file_links"
    token_hash: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    path: Mapped[str] = mapped_column(Text(collation="C"))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreTable(Base):
    """A table. `columns` is `[{id, name, type}]`; names are unique in a project, whatever their case."""

    __tablename__ = "store_tables"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    name: Mapped[str]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    rows: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_row: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_column: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreRow(Base):
    """A row of such a table. `data` has its values by column id; ids count from 1 in each table."""

    __tablename__ = "store_rows"
    table_id: Mapped[UUID] = mapped_column(ForeignKey("store_tables.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tenant_id: Mapped[UUID]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoreDone(Base):
    """What an operation of the store gave, which is not done again when it is retried."""

    __tablename__ = "store_done"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    result: Mapped[Written | None]
    expires_at: Mapped[datetime]


class StoreSeen(Base):
    """A value that a node let through, by its digest within a scope; `greatest` of a node run that let greater ones."""

    __tablename__ = "store_seen"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    execution_id: Mapped[UUID]
    origin: Mapped[UUID]
    run: Mapped[str]
    greatest: Mapped[Decimal | None]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
