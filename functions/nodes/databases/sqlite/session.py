"""Statements in a SQLite file, which nobody trusts: neither the file nor the SQL reaches anything beside it."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from functions.nodes.databases.sqlite.failures import typed
from stepweave.runtime.database_errors import DatabaseError
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.sql.choices import distinct
from stepweave.runtime.sql.session import Answer, Dialect, Statement
from stepweave.runtime.sql.statements import on_conflict, standard_insert
from stepweave.runtime.sql.values import bytes_of, double_of, hexadecimal, integer, plain_text

MOST_BYTES: Final = 200 * 1024 * 1024
"""Of a file: a function's /tmp has room for it and for what it becomes (Lambda quotas: 512 MB)."""
_MOST_VALUE: Final = 64 * 1024 * 1024
_STEPS: Final = 20_000
"""Instructions of SQLite's machine between looks at the clock: some tenths of a millisecond."""
_ARGUED: Final = frozenset(
    {
        *("foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check"),
        *("quick_check", "table_info", "table_list", "table_xinfo"),
    }
)
"""Pragmas whose argument names what they describe."""
_DESCRIBING: Final = _ARGUED | {
    *("application_id", "collation_list", "encoding", "foreign_keys", "freelist_count", "function_list"),
    *("page_count", "page_size", "schema_version", "user_version"),
}
"""Pragmas that describe the database."""
_SET: Final = frozenset({"application_id", "foreign_keys", "user_version"})
_MODULES: Final = frozenset({"fts3", "fts4", "fts5", "rtree", "rtree_i32", "geopoly"})
_FUNCTIONS: Final = frozenset({"load_extension", "fts3_tokenizer", "edit", "readfile", "writefile"})


def quoted(text: str) -> str:
    """Return a name as SQL."""
    return '"' + text.replace('"', '""') + '"'


DIALECT: Final = Dialect(
    quote=quoted,
    quote_table=lambda text: quoted(text.strip().strip('"')),
    mark=lambda number: "?",
    same=lambda name, mark: f"{name} IS {mark}",
    insert=lambda written: standard_insert(on_conflict(written), " RETURNING *", written),
    update=lambda table, changes, where: f"UPDATE {table} SET {changes} WHERE {where} RETURNING *",  # noqa: S608
    delete=lambda table, where: f"DELETE FROM {table} WHERE {where} RETURNING *",  # noqa: S608 - quoted
    most_values=32_766,
)


class SqliteSession:
    """Statements in one file.

    Args:
        path: of the file; one that is not there yet is a new database.
        changes: whether the file may change.
        seconds: for one statement.

    Raises:
        DatabaseError: it is no database.
    """

    dialect = DIALECT

    def __init__(self, path: Path, *, changes: bool, seconds: float) -> None:
        self._seconds, self._changes = seconds, changes
        self._until, self._ours, self._refused = 0.0, False, ""
        self._blobs: dict[str, frozenset[str]] = {}
        mode = "mode=rwc" if changes else "mode=ro&immutable=1"
        self._connection = sqlite3.connect(
            f"{path.as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            self._protect()
        except sqlite3.Error as error:
            self.close()
            raise typed(error) from None

    def _protect(self) -> None:
        connection = self._connection
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_VALUE)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if self._changes:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            connection.execute(f"PRAGMA max_page_count = {MOST_BYTES // size}")
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("PRAGMA synchronous = OFF")  # a copy, which nobody else has
        else:
            connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # is it a database?
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._is_late, _STEPS)

    def _is_late(self) -> bool:
        return time.monotonic() > self._until

    def _authorize(
        self, action: int, first: str | None, second: str | None, database: str | None, source: str | None
    ) -> int:
        refused = ""
        match action:
            case sqlite3.SQLITE_ATTACH | sqlite3.SQLITE_DETACH:
                refused = "ATTACH, DETACH and VACUUM"
            case sqlite3.SQLITE_PRAGMA if not _describes(first or "", second, self._changes):
                refused = f"PRAGMA {first}"
            case sqlite3.SQLITE_FUNCTION if (second or "").lower() in _FUNCTIONS:
                refused = f"the function {second}"
            case sqlite3.SQLITE_CREATE_VTABLE if (second or "").lower() not in _MODULES:
                refused = f"tables of the module {second}"
            case sqlite3.SQLITE_TRANSACTION | sqlite3.SQLITE_SAVEPOINT if not self._ours:
                refused = "transactions: the node has its own"
        if refused:
            self._refused = refused
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    def send(self, statement: Statement) -> Answer:
        """Send one statement. Its rows are read as they are asked for."""
        self._until, self._refused = time.monotonic() + self._seconds, ""
        try:
            values = self._values(statement)
            cursor = self._connection.execute(statement.text, values)
            if cursor.description is None:
                return Answer(None, max(cursor.rowcount, 0))
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise self._typed(error) from None
        return Answer(self._rows(cursor))

    def _rows(self, cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
        names = distinct([column[0] for column in cursor.description])
        try:
            for row in cursor:
                yield {name: _read(value) for name, value in zip(names, row, strict=True)}
        except (sqlite3.Error, ValueError) as error:
            raise self._typed(error) from None
        finally:
            cursor.close()

    def _values(self, statement: Statement) -> list[Any]:
        blobs = self._blobs_of(statement.table) if statement.table else frozenset()
        names = statement.names or ("",) * len(statement.values)
        return [_sent(value, blob=name.lower() in blobs) for name, value in zip(names, statement.values, strict=True)]

    def _blobs_of(self, table: str) -> frozenset[str]:
        if table not in self._blobs:
            name = table[1:-1].replace('""', '"')
            rows = self._connection.execute("SELECT name, type FROM pragma_table_xinfo(?)", (name,))
            self._blobs[table] = frozenset(name.lower() for name, type in rows if "BLOB" in (type or "").upper())
        return self._blobs[table]

    def _typed(self, error: Exception) -> Exception:
        if "bindings supplied" in str(error):
            return ParameterInvalid(
                f"Values: {error}", "Give one value for each place (?), in order.", details={"field": "params.values"}
            )
        if self._refused:
            return DatabaseError(
                f"SQLITE_AUTH: A workflow may not have {self._refused}.",
                "Write statements that read or change this one database.",
                details={"code": "SQLITE_AUTH"},
            )
        return typed(error)

    def command(self, text: str) -> None:
        """Send a statement of transactions."""
        self._until, self._ours = time.monotonic() + self._seconds, True
        try:
            self._connection.execute(text)
        except sqlite3.Error as error:
            raise self._typed(error) from None
        finally:
            self._ours = False

    def begin(self, *, read_only: bool = False) -> None:
        """Begin a transaction."""
        self.command("BEGIN")

    def commit(self) -> None:
        """Keep what the transaction did."""
        self.command("COMMIT")

    def rollback(self) -> None:
        """Undo what the transaction did."""
        self._connection.rollback()

    def close(self) -> None:
        """End the work with the file."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()


def _describes(name: str, argument: str | None, changes: bool) -> bool:
    if argument is None or name in _ARGUED:
        return name in _DESCRIBING
    return changes and name in _SET


def _read(value: Any) -> Any:
    match value:
        case int():
            return integer(value)
        case float():
            return double_of(value)
        case bytes():
            return hexadecimal(value)
    return value


def _sent(value: Any, *, blob: bool) -> Any:
    match value:
        case None | bool() | float() | int():
            return value
        case str():
            return bytes_of(value) if blob and value.startswith("\\x") else value
        case dict() if (data := bytes_of(value)) is not None:
            return data
    return plain_text(value)
