"""From the node's parameters to statements with bound values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from functions.nodes.databases.database.spec import Column, Params
from stepweave.runtime.errors import ParameterInvalid


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its values: the first is `$1`.

    Attributes:
        names: the values' columns, in statements that are made here; empty for SQL that the workflow's author wrote.
    """

    text: str
    values: tuple[Any, ...]
    names: tuple[str, ...] = ()

    def place(self, index: int) -> str:
        """Return what errors call a value."""
        return f'column "{self.names[index]}"' if self.names else f"${index + 1}"


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
    text = f"INSERT INTO {quoted_table(params.table)} ({names}) VALUES ({marks}){conflict} RETURNING *"  # noqa: S608 - quoted
    return Statement(text, tuple(columns.values()), tuple(columns))


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
    text = f"UPDATE {quoted_table(params.table)} SET {assignments} WHERE {condition} RETURNING *"  # noqa: S608 - quoted
    return Statement(text, (*changed.values(), *match.values()), (*changed, *match))


def _columns(rows: Sequence[Column]) -> dict[str, Any]:
    return {row.name: row.value for row in rows}


def quoted_table(text: str) -> str:
    """Return the name of a table as SQL: `sales.orders` is `"sales"."orders"`."""
    return sql.Identifier(*(part.strip().strip('"') for part in text.split("."))).as_string(None)


def _name(text: str) -> str:
    return sql.Identifier(text).as_string(None)


def _missing(title: str, field: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(f"{title}: nothing is given.", remedy, details={"field": f"params.{field}"})
