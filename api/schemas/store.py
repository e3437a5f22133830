"""The store: keys with values, and tables with rows."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import Schema

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=63, pattern=r"^[^\x00-\x1f]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]*$")]
ColumnType = Literal["text", "number", "boolean", "date", "json"]
MOST_AT_ONCE = 500


class StoreResponse(Schema):
    """A store, which is there while it has keys."""

    name: str
    """What nodes call it by."""
    keys: int
    """How many keys it has."""
    project_id: uuid.UUID
    """The project whose workflows use it. The same name in another project is another store."""


class StoresResponse(Schema):
    """All stores."""

    items: list[StoreResponse]
    """The stores, by name."""


class EntryRequest(Schema):
    """A value for a key."""

    store: Name
    """In which store; it is there as soon as it has a key."""
    project_id: uuid.UUID | None = None
    """The project of the store; without it the one of all members, or the only one where you may."""
    key: Key
    """At which key."""
    value: Any = None
    """The value: any JSON data of up to 256 KB."""
    ttl: float | None = Field(default=None, gt=0, le=10 * 366 * 86_400)
    """After how many seconds the key is gone; null keeps it."""


class EntryResponse(Schema):
    """A key and its value."""

    key: str
    """The key."""
    value: Any
    """Its value. Whole numbers beyond 2^53 keep their digits."""
    expires_at: str | None
    """When it is gone; null where it stays."""
    updated_at: str | None = None
    """When it was last written."""


class EntriesResponse(Schema):
    """A page of keys, in the order of code points."""

    items: list[EntryResponse]
    """The keys of this page, fewer where values are large."""
    next_after: str | None
    """What `after` takes for the next page; null on the last one."""


class ColumnRequest(Schema):
    """A column that is to be there."""

    name: Name
    """What it is called; unique in its table, whatever the case."""
    type: ColumnType
    """What its values are."""


class ColumnNameRequest(Schema):
    """What a column is to be called."""

    name: Name
    """The name; unique in its table, whatever the case."""


class ColumnResponse(Schema):
    """A column."""

    id: str
    """Names the column in paths; it stays when it is renamed."""
    name: str
    """What rows call it."""
    type: ColumnType
    """What its values are."""


class TableRequest(Schema):
    """A table that is to be there."""

    name: Name
    """What it is called; unique in its project, whatever the case."""
    columns: list[ColumnRequest] = Field(default_factory=list, max_length=100)
    """Its columns, in their order."""
    project_id: uuid.UUID | None = None
    """The project to make it in; without it the one of all members, or the only one where you may."""


class TableNameRequest(Schema):
    """What a table is to be called."""

    name: Name
    """The name; unique in its project, whatever the case. Nodes that name the table must follow."""


class TableResponse(Schema):
    """A table."""

    id: uuid.UUID
    """Names the table in paths."""
    project_id: uuid.UUID
    """The project whose workflows use it."""
    name: str
    """What nodes call it by."""
    columns: list[ColumnResponse]
    """Its columns, in their order."""
    rows: int
    """How many rows it has."""
    updated_at: datetime
    """When the table itself was last changed."""


class TablesResponse(Schema):
    """All tables."""

    items: list[TableResponse]
    """The tables, by name."""


class RowCondition(Schema):
    """What a row must meet."""

    column: str = Field(max_length=63)
    """The column's name, or `id`, `createdAt`, `updatedAt`."""
    operator: str = Field(default="equals", max_length=20)
    """Such as `equals`, `contains`, `greater`, `isEmpty`; which there are depends on the column's type."""
    value: Any = None
    """What is compared with."""
    ignore_case: bool = False
    """Whether upper and lower case are the same."""


class RowOrder(Schema):
    """One step of an order."""

    column: str = Field(max_length=63)
    """The column's name, or `id`, `createdAt`, `updatedAt`."""
    direction: Literal["ascending", "descending"] = "ascending"
    """Which way; empty values come last."""


class RowsRequest(Schema):
    """Which rows are wanted."""

    conditions: list[RowCondition] = Field(default_factory=list, max_length=50)
    """What they must meet."""
    match: Literal["all", "any"] = "all"
    """Whether all conditions must hold, or any."""
    sort: list[RowOrder] = Field(default_factory=list, max_length=10)
    """Their order; without one that of their ids."""
    limit: int = Field(default=50, ge=1, le=500)
    """How many a page has at most."""
    skip: int = Field(default=0, ge=0, le=100_000)
    """How many come before the page."""


class RowResponse(Schema):
    """A row."""

    id: int
    """Its number in the table, from 1."""
    values: dict[str, Any]
    """Its values by column, null where there is none; dates in UTC. Whole numbers beyond 2^53 are text."""
    created_at: str
    """When it was inserted."""
    updated_at: str
    """When it was last changed."""


class RowsResponse(Schema):
    """A page of rows."""

    items: list[RowResponse]
    """The rows, fewer than asked for where they are large."""
    total: int
    """How many rows meet the conditions."""


class InsertRequest(Schema):
    """Rows to insert: all of them or none."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_AT_ONCE)
    """Values by column each; what is left out is empty."""


class InsertedResponse(Schema):
    """Rows that were inserted."""

    items: list[RowResponse]
    """The rows, in their order."""


class RowRequest(Schema):
    """What is changed in a row."""

    values: dict[str, Any] = Field(max_length=100)
    """Values by column; null empties one, and what is left out stays."""


class DeleteRowsRequest(Schema):
    """Which rows are deleted."""

    ids: list[int] = Field(min_length=1, max_length=MOST_AT_ONCE)
    """Their ids; those that are gone already are no mistake."""


class DeletedResponse(Schema):
    """What was deleted."""

    deleted: int
    """How many there were."""


class CsvResponse(Schema):
    """A page of a table as CSV: the pages, one behind the other, are the table."""

    csv: str
    """The rows, with commas and CRLF; the first page begins with the headers."""
    next_after: int | None
    """What `after` takes for the next page; null on the last one."""


class CsvRequest(Schema):
    """A CSV text whose rows go into a table, all of them or none."""

    csv: str = Field(min_length=1, max_length=4 * 1024**2)
    """The text, with a line of headers, which may begin with a byte order mark."""
    delimiter: Literal["auto", "comma", "semicolon", "tab", "pipe"] = "auto"
    """What stands between cells; `auto` takes what the line of headers has most of."""
    columns: dict[str, str | None] | None = Field(default=None, max_length=500)
    """The column that each header is for; null leaves one out. Without it, headers are for the columns of their names,
    whatever the case, and others are left out."""
    key: str = Field(default="", max_length=63)
    """A column: rows that have the value of a row in it change that row. Empty inserts all."""
    unescape: bool = True
    """Whether an apostrophe before what a spreadsheet would run (`'=1`) is taken away, as the export puts it there."""
    time_zone: str = Field(default="UTC", max_length=64)
    """Of dates without an offset."""
    dry_run: bool = False
    """Whether it is only looked at what would be done."""


class CsvHeader(Schema):
    """A header of a CSV text."""

    header: str
    """As it stands there."""
    column: str | None
    """The column that it is for; null where it is left out."""


class ImportedResponse(Schema):
    """What an import did, or would do."""

    delimiter: Literal["comma", "semicolon", "tab", "pipe"]
    """What stood between cells."""
    headers: list[CsvHeader]
    """The headers, in their order."""
    rows: int
    """How many rows the text has."""
    inserted: int
    """How many of them are new."""
    updated: int
    """How many changed rows that were there."""
    sample: list[list[str]]
    """The first rows as they stand there, their cells cut."""
