"""Tables as CSV: a page of a table as text, and a text's rows into a table, all of them or none."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from api import codes
from api.refusals import Refused
from api.services.store import table_rows, tables_of, transaction
from api.services.tokens import Principal
from stepweave.model.csv_cells import BOM, DELIMITERS, Delimiter
from stepweave.model.zones import UnknownTimeZone, time_zone
from stepweave_data.store.bulk import Bulk, RowsInvalid
from stepweave_data.store.csv_text import Read, parsed, value_of, written
from stepweave_data.store.errors import ColumnMismatch, ColumnUnknown, StoreError
from stepweave_data.store.tables import OWN, Column, Table

MOST_ROWS: Final = 20_000
"""Of one import: it is one transaction, which must end within the API's time."""
_SHOWN: Final = 5


@dataclass(frozen=True)
class Import:
    """What is to be imported, and how; fields as `api.schemas.store.CsvRequest`."""

    csv: str
    delimiter: Delimiter | Literal["auto"] = "auto"
    columns: Mapping[str, str | None] | None = None
    key: str = ""
    unescape: bool = True
    zone: str = "UTC"
    dry: bool = False


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    delimiter: Delimiter
    headers: list[tuple[str, str | None]]
    rows: int
    inserted: int
    updated: int
    sample: list[list[str]]


def exported(
    principal: Principal, table_id: uuid.UUID, after: int, limit: int, *, escape: bool, bom: bool
) -> tuple[str, int | None]:
    """Return rows behind one as CSV, and the `after` of the next page; the first page begins with the headers.

    Raises Refused (`not_found`).
    """
    with transaction(principal) as rows:
        held = table_rows(rows, principal, table_id)
        table = tables_of(rows, principal).find(table_id)
        condition = [{"column": "id", "operator": "greater", "value": after}]
        ids = held.find(condition, "all", [], limit + 1)
        more = len(ids) > limit
        page, left = held.at(ids[:limit])
    names = ["id", *(column.name for column in table.columns), "createdAt", "updatedAt"]
    types = ["number", *(column.type for column in table.columns), "date", "date"]
    head = written([names], ["text"] * len(names), escape=escape) if after == 0 else ""
    text = written(([row[name] for name in names] for row in page), types, escape=escape)
    next = int(page[-1]["id"]) if page and (more or left) else None
    return (BOM if bom and after == 0 else "") + head + text, next


def imported(principal: Principal, table_id: uuid.UUID, wanted: Import) -> Imported:
    """Write a text's rows into a table, all of them or none; where it is a dry run, only say what would be done.

    Raises Refused (`not_found`, `too_many`, `invalid_request` with the lines that are wrong).
    """
    _zone(wanted.zone)
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        table = known.find(table_id, hold=True)
        read = parsed(wanted.csv, wanted.delimiter)
        if len(read.rows) > MOST_ROWS:
            words = f"There are {len(read.rows):,} rows; {MOST_ROWS:,} are the most of one import."
            raise StoreError(words, "Import it in parts.", "csv")
        columns = _columns(table, read.headers, wanted.columns)
        key = _key(table, wanted.key, columns)
        values = _values(read, columns, unescape=wanted.unescape)
        mapped = [column for column in columns if column is not None]
        bulk = Bulk(rows.connection, principal.tenant_id, table, wanted.zone)
        with rows.connection.transaction(force_rollback=wanted.dry):
            inserted, updated = bulk.write(values, mapped, key)
        if not wanted.dry:
            rows.note(principal.user_id, "table.imported", table_id, inserted=inserted, updated=updated)
    delimiter = next(name for name, letter in DELIMITERS.items() if letter == read.delimiter)
    headers = [(header, column.name if column else None) for header, column in zip(read.headers, columns, strict=True)]
    sample = [[cell[:200] for cell in cells] for _, cells in read.rows[:_SHOWN]]
    return Imported(delimiter, headers, len(read.rows), inserted, updated, sample)


def _columns(table: Table, headers: Sequence[str], mapping: Mapping[str, str | None] | None) -> list[Column | None]:
    """Return the column of each header; None where it is left out. Raises StoreError."""
    if mapping is not None and (unknown := next((name for name in mapping if name not in headers), None)) is not None:
        there = ", ".join(headers)[:300]
        raise ColumnUnknown(f"The text has no header “{unknown[:80]}”.", f"Its headers are: {there}.", "columns")
    found: list[Column | None] = []
    for header in headers:
        name = mapping.get(header) if mapping is not None else header
        if name is None or (mapping is None and (name in OWN or not table.has(name))):
            found.append(None)
            continue
        column = table.column(name)
        if column in found:
            words = f"Two headers are for the column “{column.name}”."
            raise ColumnMismatch(words, "Leave one of them out.", "columns")
        found.append(column)
    if not any(found):
        there = ", ".join(column.name for column in table.columns) or "none"
        raise ColumnMismatch(
            "No header is a column's name, so nothing would be imported.",
            f"Say which column each header is for. The table's columns are: {there[:300]}.",
            "columns",
        )
    return found


def _key(table: Table, name: str, columns: Sequence[Column | None]) -> Column | None:
    if not name:
        return None
    column = table.column(name)
    if column not in columns:
        words = f"No header is for the key column “{column.name}”."
        raise ColumnMismatch(words, "Choose a column that is imported.", "key")
    return column


def _values(read: Read, columns: Sequence[Column | None], *, unescape: bool) -> list[tuple[str, dict[str, Any]]]:
    """Return each row with its line, for errors, and its values. Raises RowsInvalid."""
    found: list[tuple[str, dict[str, Any]]] = []
    wrong: list[tuple[str, str]] = []
    for line, cells in read.rows:
        values: dict[str, Any] = {}
        for cell, column in zip(cells, columns, strict=True):
            if column is None:
                continue
            try:
                values[column.name] = value_of(cell, column, unescape=unescape)
            except StoreError as error:
                wrong.append((f"line {line}", f"{error.message} {error.remedy}"))
        found.append((f"line {line}", values))
    if wrong:
        raise RowsInvalid(wrong[:100], len({place for place, _ in wrong}))
    return found


def _zone(name: str) -> None:
    try:
        time_zone(name)
    except UnknownTimeZone:
        errors = [{"field": "timeZone", "message": "There is no such time zone. Write one such as Europe/Berlin."}]
        raise Refused(codes.INVALID_REQUEST, errors[0]["message"], errors) from None
