"""What a node's driver gives to `stepweave.runtime.sql`: a connection that sends statements, and how SQL is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its values: the first is `$1`, or whatever the database calls it.

    Attributes:
        table: the quoted table, and
        names: the values' columns, in statements that are made here; empty for SQL that the workflow's author wrote.
    """

    text: str
    values: tuple[Any, ...]
    names: tuple[str, ...] = ()
    table: str = ""

    def place(self, index: int) -> str:
        """Return what errors call a value."""
        return f'column "{self.names[index]}"' if self.names else f"${index + 1}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a statement.

    Attributes:
        rows: by column, read from the server as they are asked for; None where there are none by its nature.
        affected: how many rows it changed.
        insert_id: the number that the server gave a new row, where it says so.
    """

    rows: Iterator[dict[str, Any]] | None
    affected: int = 0
    insert_id: int | str = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement writes, as SQL.

    Attributes:
        table: quoted.
        columns: quoted.
        rows: the marks of each row's values.
        keys: quoted, of an upsert: the columns that tell rows apart.
        updates: quoted, of an upsert: the columns that are changed.
        kind: what to do with rows that are there already.
    """

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    kind: str = "fail"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes what the others write otherwise.

    Attributes:
        quote: quotes a name.
        quote_table: quotes a table's name, of several parts perhaps.
        mark: the place of a value, by its number from 1.
        same: compares a column with a mark, NULL with NULL, too.
        insert: the text of an insert, or an upsert.
        update: the text of an update: table, assignments, condition.
        delete: the text of a delete: table, condition.
        most_values: bound values of a statement.
        most_rows: rows of an insert.
        savepoint: sets a savepoint, and the
        back: goes back to it; and the
        release: forgets it ("" where nothing does).
        needs_keys: whether an upsert names the columns that tell rows apart.
    """

    quote: Callable[[str], str]
    quote_table: Callable[[str], str]
    mark: Callable[[int], str]
    same: Callable[[str, str], str]
    insert: Callable[[Written], str]
    update: Callable[[str, str, str], str]
    delete: Callable[[str, str], str]
    most_values: int
    most_rows: int = 10_000
    savepoint: str = "SAVEPOINT stepweave"
    back: str = "ROLLBACK TO SAVEPOINT stepweave"
    release: str = "RELEASE SAVEPOINT stepweave"
    needs_keys: bool = True


class Session(Protocol):
    """A connection to somebody's database. Every method raises the errors of `stepweave.runtime.database_errors`."""

    dialect: Dialect

    def send(self, statement: Statement) -> Answer:
        """Send one statement. Raises ParameterInvalid, too, for a value that cannot be where it stands."""

    def command(self, text: str) -> None:
        """Send a statement without values or rows: of transactions."""

    def begin(self, *, read_only: bool = False) -> None:
        """Begin a transaction."""

    def commit(self) -> None:
        """Keep what the transaction did."""

    def rollback(self) -> None:
        """Undo what the transaction did. Raises nothing."""

    def close(self) -> None:
        """End the connection, which undoes what was not kept. Raises nothing."""
