"""The store as people see it: keys and tables of the workspace, which nodes read and write, too."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused, refused_field
from api.repositories.rows import Rows, rows_of
from api.services import projects
from api.services.tokens import Principal
from stepweave_data.store.bulk import RowsInvalid
from stepweave_data.store.entries import Entries
from stepweave_data.store.errors import StoreError, StoreFull, TableExists, TableNotFound
from stepweave_data.store.rows import Row, TableRows
from stepweave_data.store.tables import Table, Tables

_LARGEST: Final = 2**53
"""From here on browsers lose digits of whole numbers."""


@dataclass(frozen=True)
class Query:
    """Which rows of a table are wanted; as `api.schemas.store.RowsRequest`."""

    conditions: list[dict[str, Any]]
    match: str
    sort: list[dict[str, Any]]
    limit: int
    skip: int


def stores(principal: Principal) -> list[tuple[str, int]]:
    """Return the stores that have keys, with how many."""
    with transaction(principal) as rows:
        return _entries(rows, principal).stores()


def entries(
    principal: Principal, store: str, prefix: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of a store's keys, and the `after` of the next."""
    with transaction(principal) as rows:
        found, next = _entries(rows, principal).page(store, prefix, after, limit)
        return found, next or None


def set_entry(principal: Principal, store: str, key: str, value: Any, seconds: float | None) -> dict[str, Any]:
    """Store a value. Raises Refused (`invalid_request`, `too_many`)."""
    with transaction(principal) as rows:
        done: dict[str, Any] = _entries(rows, principal).set(store, key, value, seconds)
        return done


def delete_entry(principal: Principal, store: str, key: str) -> None:
    """Delete a key. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        if not _entries(rows, principal).delete(store, key)["deleted"]:
            raise codes.not_found("key")


def empty_store(principal: Principal, store: str) -> int:
    """Delete all keys of a store and return how many there were."""
    with transaction(principal) as rows:
        gone = _entries(rows, principal).empty(store)
        rows.note(principal.user_id, "store.emptied", principal.tenant_id, store=store, keys=gone)
        return gone


def tables(principal: Principal) -> list[Table]:
    """Return all tables, by name."""
    with transaction(principal) as rows:
        return tables_of(rows, principal).all()


def table(principal: Principal, table_id: uuid.UUID) -> Table:
    """Return a table. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        return tables_of(rows, principal).find(table_id)


def create_table(
    principal: Principal, name: str, columns: Sequence[tuple[str, str]], project_id: uuid.UUID | None = None
) -> Table:
    """Make a table.

    Raises Refused (`name_taken`, `too_many`, `invalid_request`, `not_found`, `not_allowed`, `project_needed`).
    """
    with transaction(principal) as rows:
        place = projects.place(rows, principal, project_id, Permission.STORE_WRITE)
        made = tables_of(rows, principal).create(name, columns, str(place))
        rows.note(principal.user_id, "table.created", made.id)
        return made


def rename_table(principal: Principal, table_id: uuid.UUID, name: str) -> Table:
    """Rename a table. Raises Refused (`not_found`, `name_taken`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        known.rename(known.find(table_id, hold=True), name)
        rows.note(principal.user_id, "table.changed", table_id)
        return known.find(table_id)


def delete_table(principal: Principal, table_id: uuid.UUID) -> None:
    """Delete a table with its rows. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        known.delete(known.find(table_id, hold=True))
        rows.note(principal.user_id, "table.deleted", table_id)


def add_column(principal: Principal, table_id: uuid.UUID, name: str, type: str) -> Table:
    """Add a column at the end. Raises Refused (`not_found`, `invalid_request`, `too_many`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        return known.add_columns(known.find(table_id, hold=True), [(name, type)])


def rename_column(principal: Principal, table_id: uuid.UUID, column_id: str, name: str) -> Table:
    """Rename a column. Raises Refused (`not_found`, `invalid_request`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        return known.rename_column(_with_column(known, table_id, column_id), column_id, name)


def remove_column(principal: Principal, table_id: uuid.UUID, column_id: str) -> Table:
    """Take a column away, with its values. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        changed = known.remove_column(_with_column(known, table_id, column_id), column_id)
        rows.note(principal.user_id, "table.column_removed", table_id, column=column_id)
        return changed


def query(principal: Principal, table_id: uuid.UUID, wanted: Query) -> tuple[list[Row], int]:
    """Return a page of rows, and how many there are. Raises Refused (`not_found`, `invalid_request`)."""
    with transaction(principal) as rows:
        found = table_rows(rows, principal, table_id)
        ids = found.find(wanted.conditions, wanted.match, wanted.sort, wanted.limit, wanted.skip)
        page, _ = found.at(ids)
        return [readable(row) for row in page], found.count(wanted.conditions, wanted.match)


def insert(principal: Principal, table_id: uuid.UUID, values: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Insert rows, all or none. Raises Refused (`not_found`, `invalid_request`, `too_many`)."""
    with transaction(principal) as rows:
        held = table_rows(rows, principal, table_id, hold=True)
        made = []
        for number, one in enumerate(values):
            try:
                made.append(readable(held.insert(one)))
            except StoreError as error:
                error.field = f"rows[{number}].{error.field}".rstrip(".")
                raise
        return made


def change(principal: Principal, table_id: uuid.UUID, row_id: int, values: Mapping[str, Any]) -> Row:
    """Change a row. Raises Refused (`not_found`, `invalid_request`)."""
    with transaction(principal) as rows:
        held = table_rows(rows, principal, table_id, hold=True)
        _, changed = held.update([{"column": "id", "operator": "equals", "value": row_id}], "all", values)
        if not changed:
            raise codes.not_found("row")
        return readable(changed[0])


def delete(principal: Principal, table_id: uuid.UUID, ids: Sequence[int]) -> int:
    """Delete rows and return how many there were. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        held = table_rows(rows, principal, table_id, hold=True)
        return held.delete([{"column": "id", "operator": "oneOf", "value": list(ids)}], "all")


def readable(row: Row) -> Row:
    """Return a row whose whole numbers browsers can read: those that lost digits are text, as which they go in."""
    return {
        name: str(value) if isinstance(value, int) and abs(value) > _LARGEST else value for name, value in row.items()
    }


@contextmanager
def transaction(principal: Principal) -> Iterator[Rows]:
    """Open the tenant's transaction; what the store refuses is refused. Raises Refused."""
    try:
        with rows_of(principal.tenant_id) as rows:
            yield rows
    except TableNotFound:
        raise codes.not_found("table") from None
    except RowsInvalid as error:
        errors = [{"field": place, "message": message} for place, message in error.errors]
        raise Refused(codes.INVALID_REQUEST, f"{error.message} {error.remedy}", errors) from None
    except TableExists as error:
        raise refused_field(codes.NAME_TAKEN, "name", f"{error.message} {error.remedy}") from None
    except StoreFull as error:
        raise Refused(codes.TOO_MANY, f"{error.message} {error.remedy}") from None
    except StoreError as error:
        raise refused_field(codes.INVALID_REQUEST, error.field or "values", f"{error.message} {error.remedy}") from None


def _with_column(known: Tables, table_id: uuid.UUID, column_id: str) -> Table:
    found = known.find(table_id, hold=True)
    if all(column.id != column_id for column in found.columns):
        raise codes.not_found("column")
    return found


def _entries(rows: Rows, principal: Principal) -> Entries:
    return Entries(rows.connection, principal.tenant_id)


def tables_of(rows: Rows, principal: Principal) -> Tables:
    """Return the tenant's tables."""
    return Tables(rows.connection, principal.tenant_id)


def table_rows(rows: Rows, principal: Principal, table_id: uuid.UUID, *, hold: bool = False) -> TableRows:
    """Return a table's rows. Raises TableNotFound."""
    found = tables_of(rows, principal).find(table_id, hold=hold)
    return TableRows(rows.connection, principal.tenant_id, found)
