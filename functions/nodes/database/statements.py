"""Statements with bound values: what the node sends, and how values travel both ways."""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from functions.nodes.database.failures import typed
from functions.nodes.database.spec import Column, Params
from stepweave.model.items import Item, item
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid

_JSON_TYPES: Final = frozenset({114, 3802})
"""Object ids of json and jsonb (pg_type.dat)."""
_MOST_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its values: the first is `$1`."""

    text: str
    values: tuple[Any, ...]


def statement_of(params: Params, fields: dict[str, Any]) -> Statement:
    """Return the statement that parameters describe.

    Args:
        params: of the node.
        fields: the input item's JSON, which gives the columns where none are named.

    Raises:
        ParameterInvalid: no SQL, table, column or condition is given where one must be.
    """
    if params.operation == "query":
        if not params.query.strip():
            raise _missing("SQL", "query", "Write a statement.")
        return Statement(params.query, tuple(row.value for row in params.values))
    if not params.table.strip():
        raise _missing("Table", "table", "Name a table.")
    columns = _columns(params.columns) or fields
    if not columns:
        raise _missing("Columns", "columns", "Name columns, or give the node items with fields.")
    return _insert(params, columns) if params.operation == "insert" else _update(params, columns)


def _insert(params: Params, columns: dict[str, Any]) -> Statement:
    names = ", ".join(map(_name, columns))
    marks = ", ".join(f"${index}" for index in range(1, len(columns) + 1))
    conflict = " ON CONFLICT DO NOTHING" if params.on_conflict == "skip" else ""
    text = f"INSERT INTO {_table(params.table)} ({names}) VALUES ({marks}){conflict} RETURNING *"  # noqa: S608 - quoted
    return Statement(text, tuple(columns.values()))


def _update(params: Params, columns: dict[str, Any]) -> Statement:
    match = _columns(params.match)
    if not match:
        raise _missing("Where", "match", "Name at least one column, or every row would be changed.")
    changed = {name: value for name, value in columns.items() if params.columns or name not in match}
    if not changed:
        raise _missing("Columns", "columns", "Name a column to change.")
    marks = (f"${index}" for index in range(1, len(changed) + len(match) + 1))
    assignments = ", ".join(f"{_name(name)} = {next(marks)}" for name in changed)
    condition = " AND ".join(f"{_name(name)} IS NOT DISTINCT FROM {next(marks)}" for name in match)
    text = f"UPDATE {_table(params.table)} SET {assignments} WHERE {condition} RETURNING *"  # noqa: S608 - quoted
    return Statement(text, (*changed.values(), *match.values()))


def _columns(rows: list[Column]) -> dict[str, Any]:
    return {row.name: row.value for row in rows}


def _table(text: str) -> str:
    return sql.Identifier(*(part.strip().strip('"') for part in text.split("."))).as_string(None)


def _name(text: str) -> str:
    return sql.Identifier(text).as_string(None)


def _missing(title: str, field: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(f"{title}: nothing is given.", remedy, details={"field": f"params.{field}"})


def execute(connection: psycopg.Connection[Any], statement: Statement) -> list[Item]:
    """Send one statement and return its rows as items, or `{"affected": n}` where it returns none by its nature.

    Raises:
        DatabaseError: the server refuses it, or a value cannot be sent.
        DatabaseUnavailable: the server gave the work up.
        DatabaseTimeout: it took too long.
        DataTooLarge: more rows than a step carries.
    """
    try:
        values = _bound(connection, statement)
        with psycopg.RawCursor(connection) as cursor:
            # The text is the workflow author's own statement; values go beside it, never into it.
            cursor.execute(statement.text.encode(), values)
            if cursor.description is None:
                return [item({"affected": cursor.rowcount})]
            if cursor.rowcount > _MOST_ROWS:
                raise DataTooLarge(
                    f"The statement returned {cursor.rowcount} rows; a step carries {_MOST_ROWS}.", "Add a LIMIT."
                )
            names = [column.name for column in cursor.description]
            return [item(dict(zip(names, map(to_json, row), strict=True))) for row in cursor]
    except (psycopg.Error, UnicodeError) as error:
        raise typed(error) from None


def _bound(connection: psycopg.Connection[Any], statement: Statement) -> Sequence[Any]:
    """Return the values as the driver takes them. Lists are JSON or arrays: the server knows which it expects.

    A statement without values is only prepared: so the server sees that it is one statement, not several.
    """
    values = statement.values
    if values and not any(isinstance(value, dict | list) for value in values):
        return values
    types = _expected_types(connection, statement.text)
    return [
        json.dumps(value)
        if isinstance(value, dict) or (isinstance(value, list) and _wants_json(types, index))
        else value
        for index, value in enumerate(values)
    ]


def _wants_json(types: list[int], index: int) -> bool:
    return index < len(types) and types[index] in _JSON_TYPES


def _expected_types(connection: psycopg.Connection[Any], text: str) -> list[int]:
    server = connection.pgconn
    prepared = server.prepare(b"", text.encode())
    if prepared.status != ExecStatus.COMMAND_OK:
        raise error_from_result(prepared)
    described = server.describe_prepared(b"")
    return [described.param_type(index) for index in range(described.nparams)]


def to_json(value: Any) -> Any:
    """Return a column's value as JSON data: numbers where exact, dates as ISO 8601, bytes as base64, else text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return _number(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(value).decode()
        case UUID():
            return str(value)
        case dict():
            return {str(key): to_json(entry) for key, entry in value.items()}
        case list() | tuple():
            return [to_json(entry) for entry in value]
    return str(value)


def _number(value: Decimal) -> int | float | str:
    """Return a numeric as a number where no digit is lost, else as text."""
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
