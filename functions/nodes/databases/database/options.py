"""Tables and columns of the user's database, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.databases.database.opening import session
from stepweave.runtime import Asked
from stepweave.runtime.database_errors import DatabaseError
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.runtime.sql.testing import tries

PAGE: Final = 200

_TABLES: Final = """\
SELECT n.nspname, c.relname, c.relkind, pg_catalog.pg_table_is_visible(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE')
  AND pg_catalog.strpos(pg_catalog.lower(n.nspname || '.' || c.relname), pg_catalog.lower(%(search)s)) > 0
ORDER BY 4 DESC, 1, 2
LIMIT %(most)s OFFSET %(skip)s"""

_COLUMNS: Final = """\
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
  a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
  a.attgenerated <> '' OR a.attidentity = 'a'
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = %(table)s::oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
LIMIT 1600"""

_KINDS: Final = {"v": "view", "m": "materialized view", "f": "foreign table", "p": "partitioned table"}


def tables(asked: Asked, wanted: Wanted) -> Options:
    """Return the tables and views that the log-in may read or write, those of its search path first.

    Names that the field cannot hold (with a dot or a quote in them) are left out.
    """
    skip = int(wanted.page or 0)
    given = {"search": wanted.search.replace("\0", ""), "most": PAGE + 1, "skip": skip}
    rows = _rows(asked, _TABLES, given)
    found = [_table(*row) for row in rows[:PAGE] if not {".", '"'} & set(row[0] + row[1])]
    return Options(found, str(skip + PAGE) if len(rows) > PAGE else "")


def columns(asked: Asked, wanted: Wanted) -> Options:
    """Return all columns of the table, with their types."""
    return Options([Option(name, detail=type) for name, type, *_ in _columns(asked)])


def writable(asked: Asked, wanted: Wanted) -> Options:
    """Return the columns of the table that a statement may write, with their types and whether they must be given."""
    return Options(
        [
            Option(name, detail=f"{type}, required" if needed else type, required=needed)
            for name, type, needed, made in _columns(asked)
            if not made
        ]
    )


LOADERS: Final[Mapping[str, LoadOptions]] = {"tables": tables, "columns": columns, "writable": writable}

try_out = tries("postgres", session, "SELECT pg_catalog.version()")


def _table(schema: str, name: str, kind: str, visible: bool) -> Option:
    detail = ", ".join(filter(None, (schema if visible else "", _KINDS.get(kind, ""))))
    return Option(name if visible else f"{schema}.{name}", detail=detail)


def _columns(asked: Asked) -> list[Any]:
    from functions.nodes.databases.database.executing import quoted_table

    table = str(asked.param("table") or "").strip()
    if not table:
        raise ParameterInvalid("Table: nothing is given.", "Choose a table.", details={"field": "params.table"})
    [[found]] = _rows(asked, "SELECT pg_catalog.to_regclass(%(table)s)::oid", {"table": quoted_table(table)})
    if found is None:
        raise DatabaseError(f"There is no table {table}.", "Choose one, or look at the credential's database.")
    return _rows(asked, _COLUMNS, {"table": found})


def _rows(asked: Asked, query: str, values: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a query that reads only, within the ask's time."""
    # Imported here: the driver costs 0.1 s, which belongs to the first statement and not to the function's start.
    import psycopg

    from functions.nodes.databases.database.connection import connect
    from functions.nodes.databases.database.failures import typed

    account = asked.credential(str(asked.param("credential") or ""), "postgres")
    connection = connect(account, seconds=asked.remaining())
    try:
        connection.execute("BEGIN READ ONLY")
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(asked.remaining() * 900)}ms"])
        return connection.execute(query.encode(), values).fetchall()
    except psycopg.Error as error:
        raise typed(error) from None
    finally:
        connection.close()
