"""The store as people see it: keys and tables of projects, which nodes read and write, too (ADR 62)."""

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
from stepweave_data.store.entries import Entries, stores_of
from stepweave_data.store.errors import StoreError, StoreExists, StoreFull, TableExists, TableNotFound
from stepweave_data.store.rows import Row, TableRows
from stepweave_data.store.tables import Table, Tables

_LARGEST: Final = 2**53
"""From here on browsers lose digits of whole numbers."""


@dataclass(frozen=True)
class Named:
    """A store by its name in a project; without one the default project, or the only one where the caller may."""

    name: str
    project_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Query:
    """Which rows of a table are wanted; as `api.schemas.store.RowsRequest`."""

    conditions: list[dict[str, Any]]
    match: str
    sort: list[dict[str, Any]]
    limit: int
    skip: int


def stores(principal: Principal) -> list[tuple[str, int, uuid.UUID]]:
    """Return the stores that have keys, with how many, and whose they are."""
    with transaction(principal) as rows:
        return stores_of(rows.connection, principal.tenant_id)


def entries(
    principal: Principal, store: Named, prefix: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of a store's keys, and the `after` of the next."""
    with transaction(principal) as rows:
        found, next = _entries(rows, principal, store, Permission.STORE_READ).page(store.name, prefix, after, limit)
        return found, next or None


def set_entry(principal: Principal, store: Named, key: str, value: Any, seconds: float | None) -> dict[str, Any]:
    """Store a value. Raises Refused (`invalid_request`, `too_many`)."""
    with transaction(principal) as rows:
        done: dict[str, Any] = _entries(rows, principal, store).set(store.name, key, value, seconds)
        return done


def delete_entry(principal: Principal, store: Named, key: str) -> None:
    """Delete a key. Raises Refused (`not_found`)."""
    with transaction(principal) as rows:
        if not _entries(rows, principal, store).delete(store.name, key)["deleted"]:
            raise codes.not_found("key")


def empty_store(principal: Principal, store: Named) -> int:
    """Delete all keys of a store and return how many there were."""
    with transaction(principal) as rows:
        gone = _entries(rows, principal, store).empty(store.name)
        rows.note(principal.user_id, "store.emptied", principal.tenant_id, store=store.name, keys=gone)
        return gone


def move_store(principal: Principal, store: Named, project_id: uuid.UUID) -> None:
    """Give a store with its keys to another project. Raises Refused (`not_found`, `not_allowed`, `name_taken`)."""
    with transaction(principal) as rows:
        mine = _entries(rows, principal, store)
        to = projects.place(rows, principal, project_id, Permission.STORE_WRITE)
        if not mine.page(store.name, limit=1)[0]:
            raise codes.not_found("store")
        mine.give(store.name, to)
        before, after = {"projectId": str(mine.project_id)}, {"projectId": str(to)}
        rows.note(principal.user_id, "store.moved", to, before=before, after=after, store=store.name)


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
        made = Tables(rows.connection, principal.tenant_id, place).create(name, columns)
        rows.note(principal.user_id, "table.created", made.id)
        return made


def rename_table(principal: Principal, table_id: uuid.UUID, name: str) -> Table:
    """Rename a table. Raises Refused (`not_found`, `name_taken`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        known.rename(known.find(table_id, hold=True), name)
        rows.note(principal.user_id, "table.changed", table_id)
        return known.find(table_id)


def move_table(principal: Principal, table_id: uuid.UUID, project_id: uuid.UUID) -> None:
    """Give a table with its rows to another project. Raises Refused (`not_found`, `not_allowed`, `name_taken`)."""
    with transaction(principal) as rows:
        known = tables_of(rows, principal)
        found = known.find(table_id, hold=True)
        to = projects.place(rows, principal, project_id, Permission.STORE_WRITE)
        if to != found.project_id:
            known.give(found, to)
            rows.note(principal.user_id, "table.moved", table_id)


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
    except (TableExists, StoreExists) as error:
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


def _entries(
    rows: Rows, principal: Principal, store: Named, permission: Permission = Permission.STORE_WRITE
) -> Entries:
    """Return the keys of a store's project. Raises Refused (`not_found`, `not_allowed`, `project_needed`)."""
    project_id = store.project_id
    if project_id is None or permission != Permission.STORE_READ:
        project_id = projects.place(rows, principal, project_id, permission)
    elif permission not in projects.permissions_in(principal, project_id):
        raise codes.not_found("project")
    return Entries(rows.connection, principal.tenant_id, project_id)


def tables_of(rows: Rows, principal: Principal) -> Tables:
    """Return the tables that the caller sees."""
    return Tables(rows.connection, principal.tenant_id)


def table_rows(rows: Rows, principal: Principal, table_id: uuid.UUID, *, hold: bool = False) -> TableRows:
    """Return a table's rows. Raises TableNotFound."""
    found = tables_of(rows, principal).find(table_id, hold=hold)
    return TableRows(rows.connection, principal.tenant_id, found)
