"""Statements on a connection to MySQL or MariaDB."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from pymysql import err
from pymysql.connections import Connection

from functions.nodes.databases.mysql import protocol
from functions.nodes.databases.mysql.connection import is_mariadb
from functions.nodes.databases.mysql.failures import typed
from functions.nodes.databases.mysql.protocol import Column, Outcome, Prepared
from functions.nodes.databases.mysql.sending import bound
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.sql.choices import distinct, table_parts
from stepweave.runtime.sql.session import Answer, Dialect, Statement, Written
from stepweave.runtime.sql.statements import standard_insert

_UNPREPARED: Final = 1295
"""ER_UNSUPPORTED_PS: a statement that cannot be prepared, such as LOCK TABLES."""
_MOST_PREPARED: Final = 20
_FAILURES: Final = (err.MySQLError, ValueError, RecursionError)


def quoted(text: str) -> str:
    """Return a name as SQL."""
    return "`" + text.replace("`", "``") + "`"


def _conflict(written: Written) -> str:
    if written.kind == "fail":
        return ""
    if written.kind == "skip":
        return f" ON DUPLICATE KEY UPDATE {written.columns[0]} = {written.table}.{written.columns[0]}"
    changes = ", ".join(f"{name} = VALUES({name})" for name in written.updates)
    return f" ON DUPLICATE KEY UPDATE {changes}"


def dialect(*, returning: bool) -> Dialect:
    """Return how SQL is written; `returning`: whether the server gives back the rows that it wrote."""
    rows = " RETURNING *" if returning else ""
    return Dialect(
        quote=quoted,
        quote_table=lambda text: ".".join(map(quoted, table_parts(text, "`"))),
        mark=lambda number: "?",
        same=lambda name, mark: f"{name} <=> {mark}",
        insert=lambda written: standard_insert(_conflict(written), rows, written),
        update=lambda table, changes, where: f"UPDATE {table} SET {changes} WHERE {where}",  # noqa: S608 - quoted
        delete=lambda table, where: f"DELETE FROM {table} WHERE {where}{rows}",  # noqa: S608 - quoted
        most_values=protocol.MOST_VALUES,
        needs_keys=False,
    )


class MySqlSession:
    """Statements on one connection, which commits each on its own unless a transaction was begun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prepared: dict[str, Prepared] = {}
        self._columns: dict[str, dict[str, Column]] = {}
        self.dialect = dialect(returning=is_mariadb(connection))

    def send(self, statement: Statement) -> Answer:
        """Send one statement. Its rows are read from the server as they are asked for."""
        try:
            outcome = self._sent(statement)
            if outcome.rows is None:
                return Answer(None, outcome.affected, outcome.insert_id)
            return Answer(self._rows(outcome))
        except _FAILURES as error:
            raise typed(error) from None

    def _sent(self, statement: Statement) -> Outcome:
        try:
            prepared = self._known(statement.text)
        except err.MySQLError as error:
            if error.args[0] != _UNPREPARED or statement.values:
                raise
            return Outcome(None, self._connection.query(statement.text))
        if prepared.places != len(statement.values):
            raise ParameterInvalid(
                f"The SQL has places for {prepared.places} values (?), but {len(statement.values)} are given.",
                "Give one value for each place, in order.",
                details={"field": "params.values"},
            )
        columns = self._columns_of(statement.table) if statement.table else {}
        names = statement.names or ("",) * len(statement.values)
        values = [bound(value, columns.get(name.lower())) for name, value in zip(names, statement.values, strict=True)]
        return protocol.execute(self._connection, prepared, values)

    def _known(self, text: str) -> Prepared:
        found = self._prepared.get(text)
        if found is None:
            if len(self._prepared) >= _MOST_PREPARED:
                oldest = next(iter(self._prepared))
                protocol.forget(self._connection, self._prepared.pop(oldest))
            found = self._prepared[text] = protocol.prepare(self._connection, text)
        return found

    def _columns_of(self, table: str) -> dict[str, Column]:
        """Return the columns of a table, as the server describes them; none where it may not be read."""
        if table not in self._columns:
            try:
                prepared = protocol.prepare(self._connection, f"SELECT * FROM {table}")  # noqa: S608 - quoted
                protocol.forget(self._connection, prepared)
                self._columns[table] = {one.name.lower(): one for one in prepared.columns}
            except err.ProgrammingError:
                self._columns[table] = {}
        return self._columns[table]

    def _rows(self, outcome: Outcome) -> Iterator[dict[str, Any]]:
        rows = outcome.rows
        assert rows is not None  # noqa: S101 - who calls has looked
        whole = False
        try:
            last: list[str] = []
            names: list[str] = []
            for given, row in rows:
                if given is not last:
                    last, names = given, distinct(given)
                yield dict(zip(names, row, strict=True))
            whole = True
        except _FAILURES as error:
            whole = isinstance(error, err.MySQLError)
            raise typed(error) from None
        finally:
            if not whole:
                self._connection._force_close()  # rows that nobody wants are not read to their end

    def command(self, text: str) -> None:
        """Send a statement without values or rows."""
        try:
            self._connection.query(text)
        except err.MySQLError as error:
            raise typed(error) from None

    def begin(self, *, read_only: bool = False) -> None:
        """Begin a transaction."""
        self.command("START TRANSACTION READ ONLY" if read_only else "START TRANSACTION")

    def commit(self) -> None:
        """Keep what the transaction did."""
        self.command("COMMIT")

    def rollback(self) -> None:
        """Undo what the transaction did."""
        with contextlib.suppress(NodeError):
            self.command("ROLLBACK")

    def close(self) -> None:
        """End the connection, which undoes what was not kept."""
        with contextlib.suppress(err.MySQLError, OSError):
            self._connection.close()
