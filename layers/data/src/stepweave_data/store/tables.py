"""Tables of a tenant: their names and columns. Rows are `stepweave_data.store.rows`'."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from stepweave_data.link import Connection
from stepweave_data.store.errors import (
    ColumnMismatch,
    ColumnUnknown,
    StoreFull,
    StoreKeyInvalid,
    TableExists,
    TableNotFound,
)
from stepweave_data.store.values import TYPES, name_text

MOST_TABLES: Final = 100
MOST_COLUMNS: Final = 100
MOST_ROWS: Final = 100_000
"""Of one table."""
OWN: Final = {"id": "number", "createdAt": "date", "updatedAt": "date"}
"""Columns that every table has, which nobody writes."""

_ALL: Final = """
SELECT id, name, columns, rows, created_at, updated_at, project_id FROM store_tables
WHERE tenant_id = %s AND (%s::uuid IS NULL OR project_id = %s) ORDER BY lower(name), project_id
"""
_COUNT: Final = "SELECT count(*) FROM store_tables WHERE tenant_id = %s"
_GIVE: Final = "UPDATE store_tables SET project_id = %s, updated_at = now() WHERE id = %s"
_NAMED: Final = """
SELECT id, name, columns, rows, created_at, updated_at, project_id FROM store_tables
WHERE tenant_id = %s AND project_id = %s AND lower(name) = lower(%s)
"""
_BY_ID: Final = """
SELECT id, name, columns, rows, created_at, updated_at, project_id FROM store_tables WHERE tenant_id = %s AND id = %s
"""
_ADD: Final = """
INSERT INTO store_tables (tenant_id, name, project_id) VALUES (%s, %s, %s)
RETURNING id, name, columns, rows, created_at, updated_at, project_id
"""
_RENAME: Final = "UPDATE store_tables SET name = %s, updated_at = now() WHERE id = %s"
_DELETE: Final = "DELETE FROM store_tables WHERE id = %s"
_NUMBER: Final = "UPDATE store_tables SET last_column = last_column + 1 WHERE id = %s RETURNING last_column"
_SET_COLUMNS: Final = "UPDATE store_tables SET columns = %s, updated_at = now() WHERE id = %s"
_FORGET: Final = "UPDATE store_rows SET data = data - %s WHERE table_id = %s AND data ? %s"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `id` is what rows name it by."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table and how many rows it has."""

    id: UUID
    name: str
    columns: tuple[Column, ...]
    rows: int
    created_at: datetime
    updated_at: datetime
    project_id: UUID

    def has(self, name: Any) -> bool:
        """Return whether there is a column of this name, whatever its case."""
        return any(column.name.lower() == str(name).lower() for column in self.columns)

    def column(self, name: Any) -> Column:
        """Return a column by its name, exactly as it is written, else whatever its case. Raises ColumnUnknown."""
        found = [column for column in self.columns if column.name == name]
        found += [column for column in self.columns if column.name.lower() == str(name).lower()]
        if not found:
            there = ", ".join(column.name for column in self.columns) or "none"
            raise ColumnUnknown(
                f"The table “{self.name}” has no column “{str(name)[:80]}”.",
                f"Its columns are: {there[:300]}.",
                str(name)[:80],
            )
        return found[0]


class Tables:
    """The tables of a project, within a transaction that is bound to the tenant.

    Without a project: all that are seen, which have no names but ids.
    """

    def __init__(self, connection: Connection, tenant_id: UUID | str, project_id: UUID | str | None = None) -> None:
        self._connection, self._tenant_id = connection, str(tenant_id)
        self._project_id = None if project_id is None else str(project_id)

    def all(self) -> list[Table]:
        """Return all, by name."""
        values = (self._tenant_id, self._project_id, self._project_id)
        return [_table(row) for row in self._connection.execute(_ALL.encode(), values).fetchall()]

    def count(self) -> int:
        """Return how many the tenant has."""
        [(count,)] = self._connection.execute(_COUNT, (self._tenant_id,)).fetchall()
        return int(count)

    def find(self, wanted: Any, *, hold: bool = False) -> Table:
        """Return a table by its name, whatever the case, or its id.

        Args:
            wanted: which one.
            hold: lock its row, which whoever changes the table or its rows does.

        Raises:
            TableNotFound: there is none.
            StoreKeyInvalid: it is no name.
        """
        lock = " FOR UPDATE" if hold else ""
        by_id = isinstance(wanted, UUID)
        value = wanted if by_id else name_text(wanted, "table")
        query = (_BY_ID if by_id else _NAMED) + lock
        values = (self._tenant_id, value) if by_id else (self._tenant_id, self._project_id, value)
        row = self._connection.execute(query.encode(), values, prepare=True).fetchone()
        if row is None:
            raise TableNotFound(
                "There is no such table." if by_id else f"There is no table “{value}”.",
                "Choose another one, make it under Data, or move it into the workflow's project.",
                "table",
            )
        return _table(row)

    def create(self, name: Any, columns: Sequence[tuple[str, str]] = ()) -> Table:
        """Make a table with columns of `(name, type)`.

        Raises:
            TableExists: there is one of this name, whatever the case.
            StoreFull, StoreKeyInvalid, ColumnMismatch: as `add_columns`.
        """
        text = name_text(name, "table")
        if self.count() >= MOST_TABLES:
            raise StoreFull(f"There are {MOST_TABLES} tables already.", "Delete one.", "name")
        try:
            with self._connection.transaction():
                [row] = self._connection.execute(_ADD.encode(), (self._tenant_id, text, self._project_id)).fetchall()
        except psycopg.errors.UniqueViolation:
            raise _taken(text) from None
        return self.add_columns(_table(row), columns)

    def create_if_absent(self, name: Any) -> Table:
        """Return a table whose row is locked, made where there is none. Raises as `create`."""
        try:
            return self.find(name, hold=True)
        except TableNotFound:
            pass
        try:
            return self.create(name)
        except TableExists:  # somebody else's, this moment
            return self.find(name, hold=True)

    def rename(self, table: Table, name: Any) -> None:
        """Rename a table. Raises TableExists, StoreKeyInvalid."""
        text = name_text(name, "table")
        try:
            with self._connection.transaction():
                self._connection.execute(_RENAME.encode(), (text, table.id))
        except psycopg.errors.UniqueViolation:
            raise _taken(text) from None

    def give(self, table: Table, project_id: UUID | str) -> None:
        """Give a table to another project. Raises TableExists."""
        try:
            with self._connection.transaction():
                self._connection.execute(_GIVE, (str(project_id), table.id))
        except psycopg.errors.UniqueViolation:
            raise _taken(table.name) from None

    def delete(self, table: Table) -> None:
        """Delete a table with its rows."""
        self._connection.execute(_DELETE.encode(), (table.id,))

    def add_columns(self, table: Table, columns: Sequence[tuple[str, str]]) -> Table:
        """Return a table that is held with columns of `(name, type)` behind its own.

        Raises:
            StoreKeyInvalid: a name cannot be one, or is there already.
            ColumnMismatch: there is no such type.
            StoreFull: there are `MOST_COLUMNS`.
        """
        kept = list(table.columns)
        for name, type in columns:
            text = _checked(name, kept)
            if type not in TYPES:
                raise ColumnMismatch(f"There is no type {type!r:.60}.", f"Types are: {', '.join(TYPES)}.", text)
            if len(kept) >= MOST_COLUMNS:
                raise StoreFull(f"The table has {MOST_COLUMNS} columns already.", "Take one away.", "columns")
            [[number]] = self._connection.execute(_NUMBER.encode(), (table.id,)).fetchall()
            kept.append(Column(f"c{number}", text, type))
        return self._with(table, kept) if len(kept) > len(table.columns) else table

    def rename_column(self, table: Table, id: str, name: Any) -> Table:
        """Return a table that is held with a column renamed. Raises ColumnUnknown, StoreKeyInvalid."""
        self._known(table, id)
        text = _checked(name, [column for column in table.columns if column.id != id])
        return self._with(table, [Column(c.id, text, c.type) if c.id == id else c for c in table.columns])

    def remove_column(self, table: Table, id: str) -> Table:
        """Return a table that is held without a column; its values are gone. Raises ColumnUnknown."""
        self._known(table, id)
        self._connection.execute(_FORGET.encode(), (id, table.id, id))
        return self._with(table, [column for column in table.columns if column.id != id])

    def _known(self, table: Table, id: str) -> None:
        if all(column.id != id for column in table.columns):
            raise ColumnUnknown(f"The table “{table.name}” has no such column.", "Load the table again.", "column")

    def _with(self, table: Table, columns: list[Column]) -> Table:
        told = json.dumps([{"id": one.id, "name": one.name, "type": one.type} for one in columns])
        self._connection.execute(_SET_COLUMNS.encode(), (told, table.id))
        return replace(table, columns=tuple(columns))


def _checked(name: Any, others: Sequence[Column]) -> str:
    text = name_text(name, "column")
    if text.lower() in {own.lower() for own in OWN}:
        raise StoreKeyInvalid(f"Every table has a column “{text}” of its own.", "Choose another name.", "column")
    if any(other.name.lower() == text.lower() for other in others):
        raise StoreKeyInvalid(f"There is a column “{text}” already.", "Choose another name.", "column")
    return text


def _taken(name: str) -> TableExists:
    return TableExists(f"There is a table “{name}” already.", "Choose another name.", "name")


def _table(row: tuple[Any, ...]) -> Table:
    id, name, columns, rows, created_at, updated_at, project_id = row
    known: list[Mapping[str, str]] = columns
    kept = tuple(Column(c["id"], c["name"], c["type"]) for c in known)
    return Table(id, name, kept, rows, created_at, updated_at, project_id)
