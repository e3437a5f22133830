"""From the form's parameters to statements with bound values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.sql.session import Dialect, Statement, Written
from stepweave.spec.sql import Column, SqlParams


def written_columns(params: SqlParams, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that an item writes, with their values.

    Args:
        params: of the node.
        fields: the item's JSON, which gives the columns where none are named.

    Raises:
        ParameterInvalid: there are none, or no table.
    """
    table_of(params)
    columns = {row.name: row.value for row in params.columns} or dict(fields)
    if not columns:
        raise missing("Columns", "columns", "Name columns, or give the node items with fields.")
    return columns


def table_of(params: SqlParams) -> str:
    """Return the table's name. Raises ParameterInvalid where there is none."""
    if not params.table.strip():
        raise missing("Table", "table", "Name a table.")
    return params.table


def statement_of(params: SqlParams, fields: Mapping[str, Any], dialect: Dialect) -> Statement:
    """Return the statement of an item that is no insert or upsert.

    Raises:
        ParameterInvalid: no SQL, table, column or condition is given where one must be.
    """
    match params.operation:
        case "update":
            return _update(params, written_columns(params, fields), dialect)
        case "delete":
            return _delete(params, dialect)
    field = "statement" if params.operation == "read" else "query"
    text: str = getattr(params, field)
    if not text.strip():
        raise missing("SQL", field, "Write a statement.")
    return Statement(text, tuple(row.value for row in params.values))


def insert_of(params: SqlParams, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Statement:
    """Return the statement that inserts rows, which have the same columns, or updates those that are there.

    Raises:
        ParameterInvalid: an upsert without columns that tell rows apart, or these are not written.
    """
    names = tuple(rows[0])
    kind = "update" if params.operation == "upsert" else getattr(params, "on_conflict", "fail")
    keys, updates = _upserted(params, names, dialect) if kind == "update" else ((), ())
    number = iter(range(1, len(names) * len(rows) + 1))
    marks = tuple(tuple(dialect.mark(next(number)) for _ in names) for _ in rows)
    table = dialect.quote_table(table_of(params))

    def quoted(some: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(dialect.quote, some))

    text = dialect.insert(Written(table, quoted(names), marks, quoted(keys), quoted(updates), kind))
    return Statement(text, tuple(value for row in rows for value in row.values()), names * len(rows), table)


def _upserted(params: SqlParams, names: Sequence[str], dialect: Dialect) -> tuple[Sequence[str], Sequence[str]]:
    keys, updates = _names(params, "keys"), _names(params, "updates")
    if dialect.needs_keys:
        if not keys:
            raise missing("Columns that tell rows apart", "keys", "Name the columns of a unique index.")
        _check_written(keys, names, "Columns that tell rows apart", "keys")
    _check_written(updates, names, "Columns to change", "updates")
    return keys, updates or [name for name in names if name not in keys] or keys


def _names(params: SqlParams, field: str) -> list[str]:
    return list(dict.fromkeys(getattr(params, field, ())))


def _check_written(some: Sequence[str], names: Sequence[str], title: str, field: str) -> None:
    if strange := [name for name in some if name not in names]:
        raise ParameterInvalid(
            f"{title}: {strange[0]} is none of the columns that are written.",
            "Give it a value in Columns, or name another.",
            details={"field": f"params.{field}"},
        )


def _update(params: SqlParams, columns: Mapping[str, Any], dialect: Dialect) -> Statement:
    match = _conditions(params.match)
    changed = {name: value for name, value in columns.items() if params.columns or name not in match}
    if not changed:
        raise missing("Columns", "columns", "Name a column to change.")
    marks = (dialect.mark(index) for index in range(1, len(changed) + len(match) + 1))
    assignments = ", ".join(f"{dialect.quote(name)} = {next(marks)}" for name in changed)
    table = dialect.quote_table(params.table)
    text = dialect.update(table, assignments, _where(match, marks, dialect))
    return Statement(text, (*changed.values(), *match.values()), (*changed, *match), table)


def _delete(params: SqlParams, dialect: Dialect) -> Statement:
    table = dialect.quote_table(table_of(params))
    match = _conditions(params.match)
    marks = (dialect.mark(index) for index in range(1, len(match) + 1))
    text = dialect.delete(table, _where(match, marks, dialect))
    return Statement(text, tuple(match.values()), tuple(match), table)


def _conditions(rows: Sequence[Column]) -> dict[str, Any]:
    match = {row.name: row.value for row in rows}
    if not match:
        raise missing("Where", "match", "Name at least one column, or every row would be concerned.")
    return match


def _where(match: Mapping[str, Any], marks: Iterator[str], dialect: Dialect) -> str:
    return " AND ".join(dialect.same(dialect.quote(name), next(marks)) for name in match)


def missing(title: str, field: str, remedy: str) -> ParameterInvalid:
    """Return the error for a field with nothing in it."""
    return ParameterInvalid(f"{title}: nothing is given.", remedy, details={"field": f"params.{field}"})


def standard_insert(conflict: str, returning: str, written: Written) -> str:
    """Return `INSERT INTO ... VALUES ...` with what stands behind it."""
    rows = ", ".join(f"({', '.join(marks)})" for marks in written.rows)
    columns = ", ".join(written.columns)
    return f"INSERT INTO {written.table} ({columns}) VALUES {rows}{conflict}{returning}"  # noqa: S608 - quoted


def on_conflict(written: Written) -> str:
    """Return what Postgres and SQLite do with rows that are there already."""
    if written.kind == "skip":
        return " ON CONFLICT DO NOTHING"
    if written.kind != "update":
        return ""
    changes = ", ".join(f"{name} = excluded.{name}" for name in written.updates)
    return f" ON CONFLICT ({', '.join(written.keys)}) DO UPDATE SET {changes}"
