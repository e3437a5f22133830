"""Statements on a connection to SQL Server."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from OpenSSL import SSL
from pytds import tds_base, tds_types
from pytds.tds_socket import _TdsSocket

from functions.nodes.databases.sql_server.connection import closed
from functions.nodes.databases.sql_server.failures import typed
from functions.nodes.databases.sql_server.values import Column, bound, read
from stepweave.runtime.errors import NodeError
from stepweave.runtime.sql.choices import distinct, table_parts
from stepweave.runtime.sql.session import Answer, Dialect, Statement, Written

ROW: Final = "stepweave row"
"""The column in which a MERGE says which of the rows that it was given it wrote: OUTPUT keeps no order."""
_MOST_VALUES: Final = 2_090
"""A call takes 2,100 values, the statement and their types among them (Maximum capacity specifications)."""
_COLUMNS: Final = """\
SELECT c.name AS name, t.name AS type, c.precision AS digits, c.scale AS scale
FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.system_type_id WHERE c.object_id = OBJECT_ID(@p1)"""
_FAILURES: Final = (tds_base.Error, SSL.Error, OSError, ValueError, OverflowError)


def quoted(text: str) -> str:
    """Return a name as SQL."""
    return "[" + text.replace("]", "]]") + "]"


def _merge(written: Written) -> str:
    rows = ", ".join(f"({number}, {', '.join(marks)})" for number, marks in enumerate(written.rows))
    columns = ", ".join(written.columns)
    given = ", ".join(f"source.{name}" for name in written.columns)
    same = " AND ".join(f"target.{name} = source.{name}" for name in written.keys) or "1 = 0"
    changes = ", ".join(f"{name} = source.{name}" for name in written.updates)
    matched = f" WHEN MATCHED THEN UPDATE SET {changes}" if changes else ""
    into = f"MERGE INTO {written.table} WITH (HOLDLOCK) AS target"
    using = f"USING (VALUES {rows}) AS source ({quoted(ROW)}, {columns}) ON {same}{matched}"
    insert = f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({given})"  # noqa: S608 - quoted
    return f"{into} {using} {insert} OUTPUT source.{quoted(ROW)}, inserted.*;"


DIALECT: Final = Dialect(
    quote=quoted,
    quote_table=lambda text: ".".join(map(quoted, table_parts(text, '[]"'))),
    mark=lambda number: f"@p{number}",
    same=lambda name, mark: f"EXISTS (SELECT {name} INTERSECT SELECT {mark})",
    insert=_merge,
    update=lambda table, changes, where: f"UPDATE {table} SET {changes} OUTPUT inserted.* WHERE {where}",  # noqa: S608
    delete=lambda table, where: f"DELETE FROM {table} OUTPUT deleted.* WHERE {where}",  # noqa: S608 - quoted
    most_values=_MOST_VALUES,
    savepoint="SAVE TRANSACTION stepweave",
    back="ROLLBACK TRANSACTION stepweave",
    release="",
)


class SqlServerSession:
    """Statements on one connection, which commits each on its own unless a transaction was begun."""

    dialect = DIALECT

    def __init__(self, connection: _TdsSocket) -> None:
        self._connection = connection
        self._columns: dict[str, dict[str, Column]] = {}

    def send(self, statement: Statement) -> Answer:
        """Send one statement. Its rows are read from the server as they are asked for."""
        columns = self._columns_of(statement.table) if statement.table else {}
        names = statement.names or ("",) * len(statement.values)
        try:
            values = [
                bound(value, columns.get(name.lower())) for name, value in zip(names, statement.values, strict=True)
            ]
            return self._answer(statement.text, values)
        except _FAILURES as error:
            raise self._typed(error) from None

    def _answer(self, text: str, values: list[tuple[str, Any, Any]]) -> Answer:
        session = self._connection.main_session
        session.submit_rpc(tds_base.SP_EXECUTESQL, _call(text, values), 0)
        session.begin_response()
        affected = 0
        while session.find_result_or_done():
            if session.more_rows:
                rows = self._rows()
                return Answer(_in_order(rows) if text.startswith("MERGE ") and ROW in text else rows, affected)
            affected += max(session.rows_affected, 0)
        return Answer(None, affected)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of a result, and of those that follow it."""
        session, whole = self._connection.main_session, False
        try:
            more = True
            while more:
                info = session.res_info
                names = distinct([column.column_name for column in info.columns])
                single = [_is_real(column.serializer) for column in info.columns]
                while (row := session.fetchone()) is not None:
                    yield {name: read(value, single=real) for name, value, real in zip(names, row, single, strict=True)}
                more = False
                while session.find_result_or_done() if session.state != tds_base.TDS_IDLE else False:
                    if session.more_rows:
                        more = True
                        break
            whole = True
        except _FAILURES as error:
            raise self._typed(error) from None
        finally:
            if not whole:
                closed(self._connection)  # rows that nobody wants are not read to their end

    def _columns_of(self, table: str) -> dict[str, Column]:
        """Return the columns of a table by name; none where nobody may look."""
        if table not in self._columns:
            rows = self.send(Statement(_COLUMNS, (table,))).rows or ()
            self._columns[table] = {
                row["name"].lower(): Column(row["type"], row["digits"], row["scale"]) for row in rows
            }
        return self._columns[table]

    def _typed(self, error: Exception) -> NodeError:
        if isinstance(error, OSError | SSL.Error | tds_base.InterfaceError):
            closed(self._connection)
        return typed(error)

    def command(self, text: str) -> None:
        """Send a statement without values or rows."""
        session = self._connection.main_session
        try:
            session.submit_plain_query(text)
            session.process_simple_request()
        except _FAILURES as error:
            raise self._typed(error) from None

    def begin(self, *, read_only: bool = False) -> None:
        """Begin a transaction. There are none that only read here."""
        self.command("BEGIN TRANSACTION")

    def commit(self) -> None:
        """Keep what the transaction did."""
        self.command("COMMIT TRANSACTION")

    def rollback(self) -> None:
        """Undo what the transaction did."""
        with contextlib.suppress(NodeError):
            self.command("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION")

    def close(self) -> None:
        """End the connection, which undoes what was not kept."""
        closed(self._connection)


def _call(text: str, values: list[tuple[str, Any, Any]]) -> list[tds_base.Param]:
    """Return the arguments of sp_executesql: the statement, what its values are, and these."""
    long = tds_types.NVarCharMaxType()
    call = [tds_base.Param(type=long, value=text)]
    if values:
        declared = ", ".join(f"@p{number} {kind}" for number, (kind, _, _) in enumerate(values, 1))
        call.append(tds_base.Param(type=long, value=declared))
    call += [tds_base.Param(f"@p{number}", kind, value) for number, (_, kind, value) in enumerate(values, 1)]
    return call


def _in_order(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    found = sorted(rows, key=lambda row: int(row[ROW]))
    return ({name: value for name, value in row.items() if name != ROW} for row in found)


def _is_real(serializer: Any) -> bool:
    return isinstance(serializer, tds_types.RealSerializer) or (
        isinstance(serializer, tds_types.FloatNSerializer) and serializer.size == 4
    )
