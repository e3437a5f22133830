"""The store's operations, by name: each takes a transaction of the tenant's and gives JSON data."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from functions.system.store.asked import Asked, Do, Operation, within
from functions.system.store.filing import FILING
from functions.system.store.remembering import REMEMBERING
from functions.system.store.spending import SPENDING
from stepweave_data.link import Connection
from stepweave_data.store.entries import PAGE, Entries
from stepweave_data.store.errors import ColumnMismatch
from stepweave_data.store.rows import MOST_CHANGED, TableRows
from stepweave_data.store.seen import MOST, MOST_DAYS, Asker, Seen
from stepweave_data.store.tables import MOST_ROWS, OWN, Tables
from stepweave_data.store.values import type_of


def _get(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Entries(connection, asked.tenant_id, asked.project(it)).get(it["store"], it["key"])


def _set(connection: Connection, asked: Asked, it: Operation) -> Any:
    entries = Entries(connection, asked.tenant_id, asked.project(it))
    return entries.set(it["store"], it["key"], it.get("value"), it.get("ttl"), if_absent=it.get("ifAbsent") is True)


def _increment(connection: Connection, asked: Asked, it: Operation) -> Any:
    entries = Entries(connection, asked.tenant_id, asked.project(it))
    return entries.increment(it["store"], it["key"], it.get("by", 1), it.get("start", 0), it.get("ttl"))


def _delete(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Entries(connection, asked.tenant_id, asked.project(it)).delete(it["store"], it["key"])


def _list(connection: Connection, asked: Asked, it: Operation) -> Any:
    limit = within(it.get("limit"), PAGE)
    prefix, after = str(it.get("prefix") or ""), str(it.get("after") or "")
    found, next = Entries(connection, asked.tenant_id, asked.project(it)).page(it["store"], prefix, after, limit)
    return {"entries": found, "next": next}


def _stores(connection: Connection, asked: Asked, it: Operation) -> Any:
    return [
        {"name": name, "keys": keys} for name, keys in Entries(connection, asked.tenant_id, asked.project(it)).stores()
    ]


def _tables(connection: Connection, asked: Asked, it: Operation) -> Any:
    return [
        {"name": table.name, "rows": table.rows}
        for table in Tables(connection, asked.tenant_id, asked.project(it)).all()
    ]


def _columns(connection: Connection, asked: Asked, it: Operation) -> Any:
    table = Tables(connection, asked.tenant_id, asked.project(it)).find(it["table"])
    return [{"name": column.name, "type": column.type} for column in table.columns]


def _held(connection: Connection, asked: Asked, it: Operation) -> tuple[TableRows, Mapping[str, Any]]:
    """Return the rows of a table that is held, and the values for it.

    Values without a column are refused later; with `missing` of `ignore` they are left out, with `create` table and
    columns are made.
    """
    tables, values, missing = (
        Tables(connection, asked.tenant_id, asked.project(it)),
        it.get("values") or {},
        it.get("missing"),
    )
    table = tables.create_if_absent(it["table"]) if missing == "create" else tables.find(it["table"], hold=True)
    if missing in ("create", "ignore"):
        unknown = [name for name in values if name not in OWN and not table.has(name)]
        if missing == "create":
            table = tables.add_columns(table, [(name, type_of(values[name])) for name in unknown])
        else:
            values = {name: value for name, value in values.items() if name not in unknown}
    return TableRows(connection, asked.tenant_id, table, asked.zone), values


def _insert(connection: Connection, asked: Asked, it: Operation) -> Any:
    rows, values = _held(connection, asked, it)
    return rows.insert(values)


def _upsert(connection: Connection, asked: Asked, it: Operation) -> Any:
    rows, values = _held(connection, asked, it)
    inserted, row = rows.upsert(it["keys"], values)
    return {"inserted": inserted, "row": row}


def _update(connection: Connection, asked: Asked, it: Operation) -> Any:
    rows, values = _held(connection, asked, it)
    count, changed = rows.update(_conditions(it), it.get("match", "all"), values)
    kept, left = rows.at([row["id"] for row in changed])
    return {"count": count, "rows": kept, "left": left, "cut": count > MOST_CHANGED}


def _delete_rows(connection: Connection, asked: Asked, it: Operation) -> Any:
    rows, _ = _held(connection, asked, it)
    return {"count": rows.delete(_conditions(it), it.get("match", "all"))}


def _query(connection: Connection, asked: Asked, it: Operation) -> Any:
    rows = _read(connection, asked, it)
    limit, skip = within(it.get("limit"), MOST_ROWS), max(int(it.get("skip") or 0), 0)
    ids = rows.find(it.get("conditions") or [], it.get("match", "all"), it.get("sort") or [], limit, skip)
    found, left = rows.at(ids)
    return {"rows": found, "left": left}


def _rows_at(connection: Connection, asked: Asked, it: Operation) -> Any:
    found, left = _read(connection, asked, it).at(it["ids"])
    return {"rows": found, "left": left}


def _count(connection: Connection, asked: Asked, it: Operation) -> Any:
    return _read(connection, asked, it).count(it.get("conditions") or [], it.get("match", "all"))


def _read(connection: Connection, asked: Asked, it: Operation) -> TableRows:
    table = Tables(connection, asked.tenant_id, asked.project(it)).find(it["table"])
    return TableRows(connection, asked.tenant_id, table, asked.zone)


def _fresh(connection: Connection, asked: Asked, it: Operation) -> Any:
    return _seen(connection, asked, it).fresh(
        it["values"], within(it.get("days"), MOST_DAYS), within(it.get("most"), MOST)
    )


def _greater(connection: Connection, asked: Asked, it: Operation) -> Any:
    values = [Decimal(value) for value in it["values"]]
    return _seen(connection, asked, it).greater(values, within(it.get("days"), MOST_DAYS))


def _forget(connection: Connection, asked: Asked, it: Operation) -> Any:
    return {"count": _seen(connection, asked, it).clear()}


def _seen(connection: Connection, asked: Asked, it: Operation) -> Seen:
    by, scope = it["asker"], str(it["scope"])
    workflow_id = asked.workflow_id or by["workflowId"]
    if not scope.startswith(f"{workflow_id}:"):
        raise ValueError("what was seen is a workflow's own")
    asker = Asker(asked.tenant_id, workflow_id, by["executionId"], by["origin"], by["run"])
    return Seen(connection, asker, scope)


def _conditions(it: Operation) -> Any:
    """Return the conditions of what changes rows; none only where all rows are meant. Raises ColumnMismatch."""
    conditions = it.get("conditions") or []
    if not conditions and not it.get("all"):
        raise ColumnMismatch("There is no condition.", "Give one, or say that all rows are meant.", "conditions")
    return conditions


OPERATIONS: Final[Mapping[str, Do]] = {
    "get": _get,
    "set": _set,
    "increment": _increment,
    "delete": _delete,
    "list": _list,
    "stores": _stores,
    "tables": _tables,
    "columns": _columns,
    "insert": _insert,
    "upsert": _upsert,
    "update": _update,
    "deleteRows": _delete_rows,
    "query": _query,
    "rows": _rows_at,
    "count": _count,
    "fresh": _fresh,
    "greater": _greater,
    "forget": _forget,
    **FILING,
    **REMEMBERING,
    **SPENDING,
}
