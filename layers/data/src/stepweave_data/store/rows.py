"""Rows of a table: inserting, finding, changing and deleting them, within a transaction of the tenant's.

Whoever writes holds the table's row, so that writers of one table go one after another: counts are exact, and an
upsert finds what another has just inserted. Readers wait for nobody.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from stepweave.model.sizes import size_text
from stepweave_data.link import Connection
from stepweave_data.store import filters
from stepweave_data.store.entries import moment
from stepweave_data.store.errors import ColumnMismatch, StoreFull, StoreValueInvalid
from stepweave_data.store.tables import MOST_ROWS, OWN, Column, Table
from stepweave_data.store.values import MOST_BYTES, fitting, given

MOST_CHANGED: Final = 1_000
"""Of the rows that an update gives back; all that meet its conditions are changed."""
_BYTES: Final = 3 * 1024 * 1024
"""Of JSON in one answer, about: Lambda's end at 6 MB (Lambda quotas)."""
_CHUNK: Final = 200

_NUMBER: Final = """
UPDATE store_tables SET rows = rows + 1, last_row = last_row + 1 WHERE id = %s AND rows < %s RETURNING last_row
"""
_INSERT: Final = """
INSERT INTO store_rows (table_id, id, tenant_id, data) VALUES (%s, %s, %s, %s)
RETURNING id, data, created_at, updated_at
"""
_UPDATE: Final = """
UPDATE store_rows SET data = (data || %s::jsonb) - %s::text[], updated_at = now()
WHERE table_id = %s AND {where} RETURNING id, data, created_at, updated_at
"""
_DELETE: Final = "DELETE FROM store_rows WHERE table_id = %s AND {where}"
_FEWER: Final = "UPDATE store_tables SET rows = rows - %s WHERE id = %s"
_IDS: Final = "SELECT id FROM store_rows WHERE table_id = %s AND {where} ORDER BY {order} LIMIT %s OFFSET %s"
_COUNT: Final = "SELECT count(*) FROM store_rows WHERE table_id = %s AND {where}"
_AT: Final = "SELECT id, data, created_at, updated_at FROM store_rows WHERE table_id = %s AND id = ANY (%s)"

Row = dict[str, Any]
"""`{id, <column>: value, ..., createdAt, updatedAt}`."""


class TableRows:
    """The rows of one table. For what writes, the table must be held (`Tables.find`).

    Args:
        connection: within a transaction that is bound to the tenant.
        tenant_id: whose the table is.
        table: which one.
        zone: the IANA name of the time zone of dates without one.
    """

    def __init__(self, connection: Connection, tenant_id: UUID | str, table: Table, zone: str = "UTC") -> None:
        self._connection, self._tenant_id, self._table, self._zone = connection, str(tenant_id), table, zone

    def insert(self, values: Mapping[str, Any]) -> Row:
        """Insert a row and return it; columns without a value are empty.

        Raises:
            ColumnUnknown, ColumnMismatch, StoreValueInvalid: a value cannot go where it is to.
            StoreFull: the table has `MOST_ROWS` rows.
        """
        data = {column.id: value for column, value in self._fitting(values) if value is not None}
        row = self._connection.execute(_NUMBER.encode(), (self._table.id, MOST_ROWS), prepare=True).fetchone()
        if row is None:
            raise StoreFull(
                f"The table “{self._table.name}” has {MOST_ROWS:,} rows already.", "Delete rows, or use another table."
            )
        made = (self._table.id, row[0], self._tenant_id, row_json(data))
        return self._given(self._connection.execute(_INSERT.encode(), made, prepare=True).fetchall())[0]

    def update(self, conditions: Any, match: str, values: Mapping[str, Any]) -> tuple[int, list[Row]]:
        """Change rows that meet conditions; return how many, and the first `MOST_CHANGED` of them.

        Raises:
            ColumnUnknown, ColumnMismatch, StoreValueInvalid: as `insert`, and of the conditions.
        """
        return self._update(filters.where(self._table, conditions, match, self._zone), values)

    def upsert(self, keys: Sequence[str], values: Mapping[str, Any]) -> tuple[bool, Row]:
        """Change the row that has the same values in the columns `keys`, or insert one; say whether it was inserted.

        Empty values, 0 and false are values like others. Where several rows have them, all are changed.

        Raises:
            ColumnMismatch: no keys are given, or a key has no value among `values`.
        """
        wanted = {self._table.column(key).id for key in keys}
        fits = self._fitting(values)
        found = [(column, value) for column, value in fits if column.id in wanted]
        if not wanted or len(found) < len(wanted):
            named = ", ".join(c.name for c in self._table.columns if c.id in wanted - {c.id for c, _ in found})
            raise ColumnMismatch(
                f"The row has no field for the key column {named}." if named else "No key columns are given.",
                "Give a value (it may be empty) for each column that tells whether a row is there.",
                "keys",
            )
        count, rows = self._update(filters.same(found), values)
        return (False, rows[0]) if count else (True, self.insert(values))

    def delete(self, conditions: Any, match: str) -> int:
        """Delete rows that meet conditions and return how many. Raises as `update`."""
        where, values = filters.where(self._table, conditions, match, self._zone)
        query = _DELETE.format(where=where).encode()
        gone = self._connection.execute(query, (self._table.id, *values)).rowcount
        self._connection.execute(_FEWER.encode(), (gone, self._table.id))
        return gone

    def find(self, conditions: Any, match: str, sort: Any = (), limit: int = MOST_ROWS, skip: int = 0) -> list[int]:
        """Return the ids of rows that meet conditions, in their order. Raises ColumnUnknown, ColumnMismatch."""
        where, values = filters.where(self._table, conditions, match, self._zone)
        order, ordered = filters.order(self._table, sort)
        query = _IDS.format(where=where, order=order).encode()
        rows = self._connection.execute(query, (self._table.id, *values, *ordered, limit, skip)).fetchall()
        return [row[0] for row in rows]

    def count(self, conditions: Any, match: str) -> int:
        """Return how many rows meet conditions. Raises ColumnUnknown, ColumnMismatch."""
        where, values = filters.where(self._table, conditions, match, self._zone)
        row = self._connection.execute(_COUNT.format(where=where).encode(), (self._table.id, *values)).fetchone()
        return row[0] if row else 0

    def at(self, ids: Sequence[int]) -> tuple[list[Row], list[int]]:
        """Return the rows of these ids, in their order, and the ids for which the answer has no room; gone ones are
        left out."""
        found: list[Row] = []
        size, place = 0, 0
        while place < len(ids) and size < _BYTES:
            chunk = list(ids[place : place + _CHUNK])
            rows = self._connection.execute(_AT.encode(), (self._table.id, chunk), prepare=True).fetchall()
            by_id = {row["id"]: row for row in self._given(rows)}
            for id in chunk:
                if id in by_id:
                    size += len(json.dumps(by_id[id], ensure_ascii=False).encode())
                    if size >= _BYTES and found:
                        return found, list(ids[place:])
                    found.append(by_id[id])
                place += 1
        return found, list(ids[place:])

    def _update(self, where: filters.Sql, values: Mapping[str, Any]) -> tuple[int, list[Row]]:
        fits = self._fitting(values)
        set_to = row_json({column.id: value for column, value in fits if value is not None})
        emptied = [column.id for column, value in fits if value is None]
        query = _UPDATE.format(where=where[0]).encode()
        rows = self._connection.execute(query, (set_to, emptied, self._table.id, *where[1])).fetchall()
        if any(len(json.dumps(row[1], ensure_ascii=False).encode()) > MOST_BYTES for row in rows):
            raise too_large()
        rows.sort(key=lambda row: row[0])
        return len(rows), self._given(rows[:MOST_CHANGED])

    def _fitting(self, values: Mapping[str, Any]) -> list[tuple[Column, Any]]:
        """Return columns and what they store. Fields that every row has (`id`, ...) are what was read, and left out."""
        named = [(self._table.column(name), value) for name, value in values.items() if name not in OWN]
        return [(column, fitting(value, column.type, column.name, self._zone)) for column, value in named]

    def _given(self, rows: Sequence[tuple[Any, ...]]) -> list[Row]:
        made = []
        for id, data, created_at, updated_at in rows:
            values = {column.name: given(data.get(column.id), column.type) for column in self._table.columns}
            times = {"createdAt": moment(created_at), "updatedAt": moment(updated_at)}
            made.append({"id": id, **values, **times})
        return made


def row_json(data: Mapping[str, Any]) -> str:
    """Return what is stored of a row, by column id, as JSON. Raises StoreValueInvalid where it is too large."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    if len(text.encode()) > MOST_BYTES:
        raise too_large()
    return text


def too_large() -> StoreValueInvalid:
    """Return the error of a row that is too large."""
    return StoreValueInvalid(
        f"The row would have more than {size_text(MOST_BYTES)}.", "Store less, or a file's reference in its place."
    )
