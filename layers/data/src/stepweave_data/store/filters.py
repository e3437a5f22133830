"""Conditions and orders of a table's rows, as SQL. Values are bound, columns are named by their ids."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from stepweave_data.store.errors import ColumnMismatch
from stepweave_data.store.tables import OWN, Column, Table
from stepweave_data.store.values import fitting

Sql = tuple[str, list[Any]]
"""A piece of SQL, and the values for its placeholders."""

MOST_CONDITIONS: Final = 50
_COMPARED: Final = {"greater": ">", "greaterOrEqual": ">=", "less": "<", "lessOrEqual": "<="}
_ORDERED: Final = ("equals", "notEquals", *_COMPARED, "oneOf", "isEmpty", "isNotEmpty")
OPERATORS: Final[Mapping[str, Sequence[str]]] = {
    "text": (*_ORDERED, "contains", "notContains", "startsWith", "endsWith"),
    "number": _ORDERED,
    "date": _ORDERED,
    "boolean": ("equals", "notEquals", "isTrue", "isFalse", "isEmpty", "isNotEmpty"),
    "json": ("contains", "notContains", "isEmpty", "isNotEmpty"),
}
"""Which operators there are for a column of which type."""
_OWN_SQL: Final = {
    "id": "id",
    "createdAt": """(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C")""",
    "updatedAt": """(to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C")""",
}


def where(table: Table, conditions: Any, match: str, zone: str) -> Sql:
    """Return what rows must meet.

    Args:
        table: whose rows.
        conditions: `{column, operator, value}` each; none lets all rows through.
        match: `all` or `any` of them.
        zone: of dates without one.

    Raises:
        ColumnUnknown: a condition's column is not there.
        ColumnMismatch: its value or operator does not fit the column's type.
    """
    if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
        raise ColumnMismatch(f"Conditions are a list of at most {MOST_CONDITIONS}.", "Give fewer.", "conditions")
    pieces = [_condition(table, condition, zone) for condition in conditions]
    if not pieces:
        return "true", []
    joint = " OR " if match == "any" else " AND "
    return "(" + joint.join(sql for sql, _ in pieces) + ")", [value for _, values in pieces for value in values]


def same(columns: Iterable[tuple[Column, Any]]) -> Sql:
    """Return what rows must meet that have these values, as they are stored; an empty one is a value like others."""
    sql, values = ["true"], list[Any]()
    for column, value in columns:
        left, named = _value_of(column)
        sql.append(f"{left} IS NOT DISTINCT FROM {_cast(column.type)}")
        values += [*named, value]
    return " AND ".join(sql), values


def order(table: Table, sort: Any) -> Sql:
    """Return the order of rows by `{column, direction}` each, empty values last; then by id. Raises ColumnUnknown."""
    pieces, values = [], list[Any]()
    for one in sort:
        left, named = _value_of(column_of(table, one.get("column")))
        pieces.append(f"{left} {'DESC' if one.get('direction') == 'descending' else 'ASC'} NULLS LAST")
        values += named
    return ", ".join([*pieces, "id"]), values


def column_of(table: Table, name: Any) -> Column:
    """Return a column, also one that every table has. Raises ColumnUnknown."""
    return Column("", name, OWN[name]) if isinstance(name, str) and name in OWN else table.column(name)


def _condition(table: Table, condition: Any, zone: str) -> Sql:
    if not isinstance(condition, Mapping):
        raise ColumnMismatch("A condition is an object.", "Give its column, operator and value.", "conditions")
    column, operator = column_of(table, condition.get("column")), condition.get("operator", "equals")
    left, named = _value_of(column)
    if operator not in OPERATORS[column.type]:
        raise ColumnMismatch(
            f"The column “{column.name}” has the type {column.type}, which “{operator}” is not for.",
            f"Choose one of: {', '.join(OPERATORS[column.type])}.",
            column.name,
        )
    match operator:
        case "isEmpty":
            return (f"coalesce({left}, '') = ''" if column.type == "text" else f"{left} IS NULL"), named
        case "isNotEmpty":
            return (f"coalesce({left}, '') <> ''" if column.type == "text" else f"{left} IS NOT NULL"), named
        case "isTrue" | "isFalse":
            return f"{left} IS {operator[2:].upper()}", named
        case "oneOf":
            listed = condition.get("value")
            several = listed if isinstance(listed, list) else str(listed if listed is not None else "").split(",")
            fits = [_fitting(one, column, zone) for one in several]
            kind = {"number": "numeric[]"}.get(column.type, "text[]")
            return f"{left} = ANY (%s::{kind})", [*named, fits]
    value = _text(condition.get("value"), column) if column.type == "json" else None
    value = value if value is not None else _fitting(condition.get("value"), column, zone)
    return _compared(left, operator, column, condition.get("ignoreCase") is True), [*named, value]


def _compared(left: str, operator: str, column: Column, ignore_case: bool) -> str:
    right = _cast(column.type)
    if ignore_case and column.type in ("text", "json"):
        left, right = f'(lower({left}) COLLATE "C")', f"lower({right})"
    match operator:
        case "equals":
            return f"{left} = {right}"
        case "notEquals":
            return f"{left} IS DISTINCT FROM {right}"
        case "contains":
            return f"strpos({left}, {right}) > 0"
        case "notContains":
            return f"strpos(coalesce({left}, ''), {right}) = 0"
        case "startsWith":
            return f"starts_with({left}, {right})"
        case "endsWith":
            return f"starts_with(reverse({left}), reverse({right}))"
    return f"{left} {_COMPARED[operator]} {right}"


def _fitting(value: Any, column: Column, zone: str) -> Any:
    fit = fitting(
        value.strip() if isinstance(value, str) and column.type != "text" else value, column.type, column.name, zone
    )
    if fit is None:
        raise ColumnMismatch(
            f"The condition on “{column.name}” has no value.",
            "Give one, or use “is empty”: so a value that is missing by mistake matches nothing.",
            column.name,
        )
    return fit


def _text(value: Any, column: Column) -> str:
    text = fitting(value, "text", column.name, "UTC")
    if not isinstance(text, str):
        raise ColumnMismatch(f"The condition on “{column.name}” has no value.", "Give one.", column.name)
    return text


def _value_of(column: Column) -> Sql:
    """Return a row's value. Of another table's rows, which Postgres may look at first, it must not fail."""
    if not column.id:
        return _OWN_SQL[column.name], []
    match column.type:
        case "number":
            return "CASE WHEN jsonb_typeof(data -> %s) = 'number' THEN (data ->> %s)::numeric END", [column.id] * 2
        case "boolean":
            return "((data ->> %s) = 'true')", [column.id]
    return '((data ->> %s) COLLATE "C")', [column.id]


def _cast(type: str) -> str:
    return {"number": "%s::numeric", "boolean": "%s::boolean"}.get(type, "%s::text")
