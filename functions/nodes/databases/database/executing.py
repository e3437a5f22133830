"""Sends statements over one connection and returns their rows.

The server says which types it expects of values that nothing is said about (so it is with n8n's driver, and in psql): a
value goes wherever its text is understood, whatever JSON calls it. Where the server cannot tell (`to_jsonb($1)`), the
values' own types help; a number that is only shown (`SELECT $1`) stays a number.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import generators, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from functions.nodes.databases.database.failures import typed
from functions.nodes.databases.database.sending import JSONB, Bound, BoundDumper, number_of, text_for
from functions.nodes.databases.database.server_types import JSON, TEXT, ServerTypes
from stepweave.runtime.database_errors import DatabaseError
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.sql.session import Answer, Dialect, Statement
from stepweave.runtime.sql.statements import on_conflict, standard_insert

_ROWS: Final = 5_000
"""Rows that are held at a time."""
_UNDECIDED: Final = frozenset({"42P18", "42P08", "42725", "42804"})
"""SQLSTATEs of a statement whose values' types the server cannot tell: indeterminate_datatype, ambiguous_parameter,
ambiguous_function, datatype_mismatch (of a polymorphic argument)."""

_WRITES: Final = re.compile(r"\s*(insert|update|merge)\b", re.IGNORECASE)
"""Statements that show none of their values, but keep them: as text where a column is text."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A statement as the server understands it: the types of its values and of its columns."""

    values: tuple[int, ...]
    columns: tuple[int, ...]


def quoted(text: str) -> str:
    """Return a name as SQL."""
    return sql.Identifier(text).as_string(None)


def quoted_table(text: str) -> str:
    """Return the name of a table as SQL: `sales.orders` is `"sales"."orders"`."""
    return sql.Identifier(*(part.strip().strip('"') for part in text.split("."))).as_string(None)


DIALECT: Final = Dialect(
    quote=quoted,
    quote_table=quoted_table,
    mark=lambda number: f"${number}",
    same=lambda name, mark: f"{name} IS NOT DISTINCT FROM {mark}",
    insert=lambda written: standard_insert(on_conflict(written), " RETURNING *", written),
    update=lambda table, changes, where: f"UPDATE {table} SET {changes} WHERE {where} RETURNING *",  # noqa: S608
    delete=lambda table, where: f"DELETE FROM {table} WHERE {where} RETURNING *",  # noqa: S608 - quoted
    most_values=65_535,
)


class PostgresSession:
    """Statements on one connection, which commits each on its own unless a transaction was begun."""

    dialect = DIALECT

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._types = ServerTypes(connection)
        self._shapes: dict[tuple[str, tuple[int, ...]], _Shape] = {}
        connection.adapters.register_dumper(Bound, BoundDumper)

    def send(self, statement: Statement) -> Answer:
        """Send one statement. Its rows are read from the server as they are asked for.

        Raises:
            ParameterInvalid: not as many values as the statement has places for, or a list where one value belongs.
            DatabaseError: the server refuses it, or a value cannot be sent.
            DatabaseUnavailable: the server gave the work up.
            DatabaseTimeout: it took too long.
        """
        try:
            shape = self._shape(statement)
            bound = self._bound(statement, shape)
            # The text is the workflow author's own statement; values go beside it, never into it.
            if not shape.columns:
                with psycopg.RawCursor(self._connection) as cursor:
                    cursor.execute(statement.text.encode(), bound)
                    return Answer(None, max(cursor.rowcount, 0))
            rows = self._rows(statement.text.encode(), bound)
            first = next(rows, None)  # what fails, fails now
        except (psycopg.Error, ValueError) as error:
            raise typed(error) from None
        return Answer(iter(()) if first is None else _with(first, rows))

    def _rows(self, text: bytes, bound: list[Bound]) -> Iterator[dict[str, Any]]:
        try:
            with psycopg.RawCursor(self._connection) as cursor:
                names: list[str] = []
                for row in cursor.stream(text, bound, size=_ROWS):
                    if not names:
                        names = [column.name for column in cursor.description or ()]
                    yield dict(zip(names, row, strict=True))
        except RecursionError:
            raise DatabaseError("A JSON value is nested too deeply to be read.", "Select a part of it.") from None
        except (psycopg.Error, ValueError) as error:
            raise typed(error) from None

    def command(self, text: str) -> None:
        """Send a statement without values or rows."""
        try:
            self._connection.execute(text.encode())
        except psycopg.Error as error:
            raise typed(error) from None

    def begin(self, *, read_only: bool = False) -> None:
        """Begin a transaction."""
        self.command("BEGIN READ ONLY" if read_only else "BEGIN")

    def commit(self) -> None:
        """Keep what the transaction did. A deferred constraint may still refuse."""
        self.command("COMMIT")

    def rollback(self) -> None:
        """Undo what the transaction did."""
        with contextlib.suppress(NodeError):
            self.command("ROLLBACK")

    def close(self) -> None:
        """End the connection, which undoes what was not kept."""
        with contextlib.suppress(psycopg.Error):
            self._connection.close()

    def _bound(self, statement: Statement, shape: _Shape) -> list[Bound]:
        _check_count(statement, len(shape.values))
        return [
            Bound(None if value is None else text_for(value, self._types[number], statement.place(index)), number)
            for index, (value, number) in enumerate(zip(statement.values, shape.values, strict=True))
        ]

    def _shape(self, statement: Statement) -> _Shape:
        # What a row is written with does not change what its columns are.
        named = bool(statement.names)
        own = () if named else tuple(0 if value is None else number_of(value) for value in statement.values)
        known = self._shapes.get((statement.text, own))
        if known is None:
            known = self._shapes[statement.text, own] = self._asked(statement, own)
            self._types.learn((*known.values, *known.columns))
        return known

    def _asked(self, statement: Statement, own: tuple[int, ...]) -> _Shape:
        try:
            shape = self._tried(statement.text, ())
        except psycopg.Error as error:
            helped = self._helped(statement.text, own) if error.sqlstate in _UNDECIDED else None
            if helped is None:
                raise
            return helped
        if _WRITES.match(statement.text):
            return shape
        told = [
            JSON if given == JSONB else given if given and number == TEXT else number  # json keeps the keys' order
            for given, number in zip(own, shape.values, strict=False)
        ]
        if told == list(shape.values):
            return shape
        return self._attempt(statement.text, told) or shape

    def _helped(self, text: str, own: tuple[int, ...]) -> _Shape | None:
        """Return what the server makes of the statement when values have their own types; texts only if need be."""
        without_texts = [0 if number == TEXT else number for number in own]
        return self._attempt(text, without_texts) or self._attempt(text, [number or TEXT for number in own])

    def _attempt(self, text: str, told: Sequence[int]) -> _Shape | None:
        try:
            return self._tried(text, told)
        except psycopg.Error:
            return None

    def _tried(self, text: str, told: Sequence[int]) -> _Shape:
        """Ask the server what it makes of a statement. It is prepared only, so it must be one statement, not several.

        In a transaction of its own, or below a savepoint: what fails undoes nothing else, and a pooler between us and
        the server keeps to one connection.
        """
        with self._connection.transaction():
            server = self._connection.pgconn
            server.send_prepare(b"", text.encode(), told)
            self._answer()
            server.send_describe_prepared(b"")
            described = self._answer()
        return _Shape(
            tuple(described.param_type(index) for index in range(described.nparams)),
            tuple(described.ftype(index) for index in range(described.nfields)),
        )

    def _answer(self) -> PGresult:
        answer: PGresult
        [answer] = self._connection.wait(generators.execute(self._connection.pgconn))
        if answer.status != ExecStatus.COMMAND_OK:
            raise error_from_result(answer)
        return answer


def _with(first: dict[str, Any], rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the first row and the others, and end their reading where this ends."""
    try:
        yield first
        yield from rows
    finally:
        rows.close()  # type: ignore[attr-defined]  # a generator


def _check_count(statement: Statement, wanted: int) -> None:
    given = len(statement.values)
    if given != wanted:
        raise ParameterInvalid(
            f"The SQL has places for {wanted} values ($1, $2, ...), but {given} are given.",
            "Give one value for each place, in order.",
            details={"field": "params.values"},
        )
