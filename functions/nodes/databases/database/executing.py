"""Sends statements over one connection and returns their rows.

The server says which types it expects of values that nothing is said about (so it is with n8n's driver, and in psql): a
value goes wherever its text is understood, whatever JSON calls it. Where the server cannot tell (`to_jsonb($1)`), the
values' own types help; a number that is only shown (`SELECT $1`) stays a number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import generators
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from functions.nodes.databases.database.errors import DatabaseError
from functions.nodes.databases.database.failures import typed
from functions.nodes.databases.database.sending import JSONB, Bound, BoundDumper, number_of, text_for
from functions.nodes.databases.database.server_types import JSON, TEXT, ServerTypes
from functions.nodes.databases.database.statements import Statement
from stepweave.model.items import Item, item
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid

_MOST_ROWS: Final = 100_000
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


class Executor:
    """Statements on one connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._types = ServerTypes(connection)
        self._shapes: dict[tuple[str, tuple[int, ...]], _Shape] = {}
        connection.adapters.register_dumper(Bound, BoundDumper)

    def execute(self, statement: Statement) -> list[Item]:
        """Send one statement and return its rows as items, or `{"affected": n}` where it returns none by its nature.

        Raises:
            ParameterInvalid: not as many values as the statement has places for, or a list where one value belongs.
            DatabaseError: the server refuses it, or a value cannot be sent.
            DatabaseUnavailable: the server gave the work up.
            DatabaseTimeout: it took too long.
            DataTooLarge: more rows than a step carries.
        """
        try:
            bound = self._bound(statement)
            with psycopg.RawCursor(self._connection) as cursor:
                # The text is the workflow author's own statement; values go beside it, never into it.
                cursor.execute(statement.text.encode(), bound)
                if cursor.description is None:
                    return [item({"affected": max(cursor.rowcount, 0)})]
                if cursor.rowcount > _MOST_ROWS:
                    raise DataTooLarge(
                        f"The statement returned {cursor.rowcount} rows; a step carries {_MOST_ROWS}.", "Add a LIMIT."
                    )
                names = [column.name for column in cursor.description]
                return [item(dict(zip(names, row, strict=True))) for row in cursor]
        except RecursionError:
            raise DatabaseError("A JSON value is nested too deeply to be read.", "Select a part of it.") from None
        except (psycopg.Error, ValueError) as error:
            raise typed(error) from None

    def _bound(self, statement: Statement) -> list[Bound]:
        shape = self._shape(statement)
        _check_count(statement, len(shape.values))
        return [
            Bound(None if value is None else text_for(value, self._types[number], statement.place(index)), number)
            for index, (value, number) in enumerate(zip(statement.values, shape.values, strict=True))
        ]

    def _shape(self, statement: Statement) -> _Shape:
        own = tuple(0 if value is None else number_of(value) for value in statement.values)
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


def _check_count(statement: Statement, wanted: int) -> None:
    given = len(statement.values)
    if given != wanted:
        raise ParameterInvalid(
            f"The SQL has places for {wanted} values ($1, $2, ...), but {given} are given.",
            "Give one value for each place, in order.",
            details={"field": "params.values"},
        )
