"""The store: keys and tables of projects."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import ColumnId, OfProject, RowId, StoreKey, StoreName, StorePrefix, TableId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.projects import MoveRequest
from api.schemas.store import (
    ColumnNameRequest,
    ColumnRequest,
    ColumnResponse,
    CsvHeader,
    CsvRequest,
    CsvResponse,
    DeletedResponse,
    DeleteRowsRequest,
    EntriesResponse,
    EntryRequest,
    EntryResponse,
    ImportedResponse,
    InsertedResponse,
    InsertRequest,
    RowRequest,
    RowResponse,
    RowsRequest,
    RowsResponse,
    StoreResponse,
    StoresResponse,
    TableNameRequest,
    TableRequest,
    TableResponse,
    TablesResponse,
)
from api.services import store, table_csv
from api.services.tokens import Principal
from stepweave_data.store.rows import Row
from stepweave_data.store.tables import OWN, Table

_PLACE = (codes.NOT_FOUND, codes.PROJECT_NEEDED)
router = APIRouter(tags=["store"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.STORE_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.STORE_WRITE))]
After = Annotated[str, Query(max_length=512, description="`nextAfter` of the page before; empty for the first page.")]
Most = Annotated[int, Query(ge=1, le=500, description="How many keys a page has at most.")]


@router.get("/stores", operation_id="listStores")
def list_stores(principal: Reader) -> StoresResponse:
    """List the stores that have keys."""
    return StoresResponse(
        items=[
            StoreResponse(name=name, keys=keys, project_id=project_id)
            for name, keys, project_id in store.stores(principal)
        ]
    )


@router.get(
    "/stores/entries",
    operation_id="listEntries",
    openapi_extra=refuses(*_PLACE, codes.ANSWER_TOO_LARGE),
)
def list_entries(
    principal: Reader,
    store_name: StoreName,
    project_id: OfProject = None,
    prefix: StorePrefix = "",
    after: After = "",
    limit: Most = 50,
) -> EntriesResponse:
    """List the keys of a store that begin with a text."""
    found, next = store.entries(principal, store.Named(store_name, project_id), prefix, after, limit)
    return EntriesResponse(items=[EntryResponse(**_entry(one)) for one in found], next_after=next)


@router.put("/stores/entries", operation_id="setEntry", openapi_extra=refuses(*_PLACE, codes.TOO_MANY))
def set_entry(body: EntryRequest, principal: Writer) -> EntryResponse:
    """Set the value of a key, new or not."""
    named = store.Named(body.store, body.project_id)
    return EntryResponse(**_entry(store.set_entry(principal, named, body.key, body.value, body.ttl)))


@router.delete("/stores/entries", status_code=204, operation_id="deleteEntry", openapi_extra=refuses(*_PLACE))
def delete_entry(principal: Writer, store_name: StoreName, key: StoreKey, project_id: OfProject = None) -> Response:
    """Delete a key."""
    store.delete_entry(principal, store.Named(store_name, project_id), key)
    return Response(status_code=204)


@router.delete("/stores", operation_id="emptyStore", openapi_extra=refuses(*_PLACE))
def empty_store(principal: Writer, store_name: StoreName, project_id: OfProject = None) -> DeletedResponse:
    """Delete all keys of a store, and so the store."""
    return DeletedResponse(deleted=store.empty_store(principal, store.Named(store_name, project_id)))


@router.put(
    "/stores/project",
    status_code=204,
    operation_id="moveStore",
    openapi_extra=refuses(*_PLACE, codes.NAME_TAKEN),
)
def move_store(body: MoveRequest, principal: Writer, store_name: StoreName, project_id: OfProject = None) -> Response:
    """Give a store with its keys to another project. Workflows that stay behind find it no more."""
    store.move_store(principal, store.Named(store_name, project_id), body.project_id)
    return Response(status_code=204)


@router.get("/tables", operation_id="listTables")
def list_tables(principal: Reader) -> TablesResponse:
    """List all tables."""
    return TablesResponse(items=[_table(one) for one in store.tables(principal)])


@router.post(
    "/tables",
    status_code=201,
    operation_id="createTable",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PROJECT_NEEDED, codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_table(body: TableRequest, principal: Writer) -> TableResponse:
    """Make a table with its columns."""
    columns = [(column.name, column.type) for column in body.columns]
    return _table(store.create_table(principal, body.name, columns, body.project_id))


@router.get("/tables/{table_id}", operation_id="getTable", openapi_extra=refuses(codes.NOT_FOUND))
def get_table(table_id: TableId, principal: Reader) -> TableResponse:
    """Return a table, without its rows."""
    return _table(store.table(principal, table_id))


@router.put("/tables/{table_id}", operation_id="renameTable", openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN))
def rename_table(table_id: TableId, body: TableNameRequest, principal: Writer) -> TableResponse:
    """Rename a table."""
    return _table(store.rename_table(principal, table_id, body.name))


@router.put(
    "/tables/{table_id}/project",
    status_code=204,
    operation_id="moveTable",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN),
)
def move_table(table_id: TableId, body: MoveRequest, principal: Writer) -> Response:
    """Give a table with its rows to another project. Workflows that stay behind find it no more."""
    store.move_table(principal, table_id, body.project_id)
    return Response(status_code=204)


@router.delete(
    "/tables/{table_id}", status_code=204, operation_id="deleteTable", openapi_extra=refuses(codes.NOT_FOUND)
)
def delete_table(table_id: TableId, principal: Writer) -> Response:
    """Delete a table with its rows."""
    store.delete_table(principal, table_id)
    return Response(status_code=204)


@router.post(
    "/tables/{table_id}/columns",
    status_code=201,
    operation_id="addColumn",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY),
)
def add_column(table_id: TableId, body: ColumnRequest, principal: Writer) -> TableResponse:
    """Add a column behind the others; answers with the table."""
    return _table(store.add_column(principal, table_id, body.name, body.type))


@router.put(
    "/tables/{table_id}/columns/{column_id}", operation_id="renameColumn", openapi_extra=refuses(codes.NOT_FOUND)
)
def rename_column(table_id: TableId, column_id: ColumnId, body: ColumnNameRequest, principal: Writer) -> TableResponse:
    """Rename a column; answers with the table."""
    return _table(store.rename_column(principal, table_id, column_id, body.name))


@router.delete(
    "/tables/{table_id}/columns/{column_id}", operation_id="removeColumn", openapi_extra=refuses(codes.NOT_FOUND)
)
def remove_column(table_id: TableId, column_id: ColumnId, principal: Writer) -> TableResponse:
    """Take a column away with its values; answers with the table."""
    return _table(store.remove_column(principal, table_id, column_id))


@router.post(
    "/tables/{table_id}/rows/query",
    operation_id="queryRows",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ANSWER_TOO_LARGE),
)
def query_rows(table_id: TableId, body: RowsRequest, principal: Reader) -> RowsResponse:
    """Find rows: those that meet conditions, in an order, page by page."""
    conditions = [one.model_dump(by_alias=True) for one in body.conditions]
    sort = [one.model_dump(by_alias=True) for one in body.sort]
    wanted = store.Query(conditions, body.match, sort, body.limit, body.skip)
    found, total = store.query(principal, table_id, wanted)
    return RowsResponse(items=[_row(one) for one in found], total=total)


@router.post(
    "/tables/{table_id}/rows",
    status_code=201,
    operation_id="insertRows",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY, codes.ANSWER_TOO_LARGE),
)
def insert_rows(table_id: TableId, body: InsertRequest, principal: Writer) -> InsertedResponse:
    """Insert rows, all of them or none."""
    return InsertedResponse(items=[_row(one) for one in store.insert(principal, table_id, body.rows)])


@router.get("/tables/{table_id}/csv", operation_id="exportRows", openapi_extra=refuses(codes.NOT_FOUND))
def export_rows(
    table_id: TableId,
    principal: Reader,
    after: Annotated[int, Query(ge=0, description="`nextAfter` of the page before; 0 for the first page.")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000, description="How many rows a page has at most.")] = 2000,
    escape: Annotated[
        bool, Query(description="Whether texts that a spreadsheet would run get an apostrophe before them.")
    ] = True,
    bom: Annotated[bool, Query(description="Whether the first page begins with a byte order mark.")] = False,
) -> CsvResponse:
    """Return a table as CSV, page by page, by the rows' ids."""
    text, next = table_csv.exported(principal, table_id, after, limit, escape=escape, bom=bom)
    return CsvResponse(csv=text, next_after=next)


@router.post(
    "/tables/{table_id}/csv", operation_id="importRows", openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY)
)
def import_rows(table_id: TableId, body: CsvRequest, principal: Writer) -> ImportedResponse:
    """Import a CSV text, all of its rows or none. Errors name the lines of the text."""
    wanted = table_csv.Import(
        body.csv, body.delimiter, body.columns, body.key, body.unescape, body.time_zone, body.dry_run
    )
    done = table_csv.imported(principal, table_id, wanted)
    return ImportedResponse(
        delimiter=done.delimiter,
        headers=[CsvHeader(header=header, column=column) for header, column in done.headers],
        rows=done.rows,
        inserted=done.inserted,
        updated=done.updated,
        sample=done.sample,
    )


@router.put("/tables/{table_id}/rows/{row_id}", operation_id="changeRow", openapi_extra=refuses(codes.NOT_FOUND))
def change_row(table_id: TableId, row_id: RowId, body: RowRequest, principal: Writer) -> RowResponse:
    """Change values of a row."""
    return _row(store.change(principal, table_id, row_id, body.values))


@router.post("/tables/{table_id}/rows/delete", operation_id="deleteRows", openapi_extra=refuses(codes.NOT_FOUND))
def delete_rows(table_id: TableId, body: DeleteRowsRequest, principal: Writer) -> DeletedResponse:
    """Delete rows."""
    return DeletedResponse(deleted=store.delete(principal, table_id, body.ids))


def _entry(told: dict[str, object]) -> dict[str, object]:
    return {name: told.get(name) for name in ("key", "value", "expiresAt", "updatedAt")}


def _table(table: Table) -> TableResponse:
    columns = [ColumnResponse.model_validate(column) for column in table.columns]
    told = {"id": table.id, "name": table.name, "rows": table.rows, "updated_at": table.updated_at}
    return TableResponse(**told, columns=columns, project_id=table.project_id)


def _row(row: Row) -> RowResponse:
    values = {name: value for name, value in row.items() if name not in OWN}
    return RowResponse(id=int(row["id"]), values=values, created_at=row["createdAt"], updated_at=row["updatedAt"])
