"""Many rows of a table at once: inserted, or matched by a key column and changed. All of them or none.

The table must be held (`Tables.find`), as for `TableRows`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from stepweave_data.link import Connection
from stepweave_data.store.errors import ColumnMismatch, StoreError, StoreFull
from stepweave_data.store.rows import row_json, too_large
from stepweave_data.store.tables import MOST_ROWS, Column, Table
from stepweave_data.store.values import MOST_BYTES, fitting

MOST_ERRORS: Final = 100
"""Of those that are told."""
_CHUNK: Final = 1_000

_NUMBER: Final = """
UPDATE store_tables SET rows = rows + %s, last_row = last_row + %s WHERE id = %s AND rows + %s <= %s RETURNING last_row
"""
_INSERT: Final = """
INSERT INTO store_rows (table_id, id, tenant_id, data)
SELECT %s, one.id, %s, one.data::jsonb FROM unnest(%s::bigint[], %s::text[]) AS one (id, data)
"""
_KEYS: Final = "SELECT id, data -> %s FROM store_rows WHERE table_id = %s"
_CHANGE: Final = """
UPDATE store_rows r SET data = (r.data - %s::text[]) || one.data::jsonb, updated_at = now()
FROM unnest(%s::bigint[], %s::text[]) AS one (id, data)
WHERE r.table_id = %s AND r.id = one.id RETURNING octet_length(r.data::text)
"""


class RowsInvalid(StoreError):
    """Rows cannot be stored. `errors` says of which places what is wrong, the first `MOST_ERRORS`."""

    def __init__(self, errors: Sequence[tuple[str, str]], count: int) -> None:
        rows = "One row" if count == 1 else f"{count:,} rows"
        super().__init__(f"{rows} cannot be stored, so none was.", "Correct them, and try again.", "rows")
        self.errors = list(errors)


@dataclass
class _Found:
    """What is wrong, place by place."""

    errors: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, place: str, error: StoreError) -> None:
        self.count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append((place, f"{error.message} {error.remedy}".strip()))

    def stop(self) -> None:
        """Raise RowsInvalid where anything is wrong."""
        if self.count:
            raise RowsInvalid(self.errors, self.count)


@dataclass(frozen=True)
class Bulk:
    """Writes many rows of one table.

    Attributes:
        connection: within a transaction that is bound to the tenant.
        tenant_id: whose the table is.
        table: which one, held.
        zone: the IANA name of the time zone of dates without one.
    """

    connection: Connection
    tenant_id: UUID | str
    table: Table
    zone: str = "UTC"

    def write(
        self, rows: Sequence[tuple[str, Mapping[str, Any]]], columns: Sequence[Column], key: Column | None
    ) -> tuple[int, int]:
        """Write rows; return how many were inserted, and how many changed.

        Args:
            rows: each with what it is called in errors, and values by column name.
            columns: what they give values for; a value that is missing or None empties the column.
            key: rows that have the value of a row in this column are changed, where there are several all of them; None
                inserts all. An empty value is a value like others.

        Raises:
            RowsInvalid: values do not fit their columns, or two rows have one key.
            StoreFull: the table has no room for so many.
        """
        found = _Found()
        fit: list[tuple[str, dict[str, Any]]] = []
        for place, values in rows:
            fit.append((place, self._fitting(place, values, columns, found)))
        found.stop()
        if key is None:
            self._insert([data for _, data in fit])
            return len(fit), 0
        first: dict[Any, str] = {}
        for place, data in fit:
            value = _comparable(data.get(key.id))
            if value in first:
                words = f"It has the same “{key.name}” as {first[value]}."
                found.add(place, ColumnMismatch(words, "Keep one of them.", key.name))
            first.setdefault(value, place)
        found.stop()
        known: dict[Any, list[int]] = {}
        for id, value in self.connection.execute(_KEYS.encode(), (key.id, self.table.id)).fetchall():
            known.setdefault(_comparable(value), []).append(id)
        new = [data for _, data in fit if _comparable(data.get(key.id)) not in known]
        old = [(known[value], data) for _, data in fit if (value := _comparable(data.get(key.id))) in known]
        self._change([column.id for column in columns], [(id, data) for ids, data in old for id in ids])
        self._insert(new)
        return len(new), len(old)

    def _fitting(
        self, place: str, values: Mapping[str, Any], columns: Sequence[Column], found: _Found
    ) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for column in columns:
            try:
                value = fitting(values.get(column.name), column.type, column.name, self.zone)
            except StoreError as error:
                found.add(place, error)
                continue
            if value is not None:
                data[column.id] = value
        try:
            row_json(data)
        except StoreError as error:
            found.add(place, error)
        return data

    def _insert(self, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        count = len(rows)
        given = (count, count, self.table.id, count, MOST_ROWS)
        last = self.connection.execute(_NUMBER.encode(), given).fetchone()
        if last is None:
            raise StoreFull(
                f"The table “{self.table.name}” has {self.table.rows:,} rows; with {count:,} more it would have over "
                f"{MOST_ROWS:,}.",
                "Delete rows, or import fewer.",
            )
        begin = last[0] - count + 1
        for start in range(0, count, _CHUNK):
            part = rows[start : start + _CHUNK]
            ids = list(range(begin + start, begin + start + len(part)))
            texts = [row_json(data) for data in part]
            self.connection.execute(_INSERT.encode(), (self.table.id, str(self.tenant_id), ids, texts))

    def _change(self, columns: list[str], rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            ids, texts = [id for id, _ in part], [row_json(data) for _, data in part]
            sizes = self.connection.execute(_CHANGE.encode(), (columns, ids, texts, self.table.id)).fetchall()
            if any(size > MOST_BYTES for (size,) in sizes):
                raise too_large()


def _comparable(value: Any) -> Any:
    """Return a stored value as one that tells whether two are the same: 1 and 1.0 are, 1 and true are not."""
    return (isinstance(value, bool), value)
