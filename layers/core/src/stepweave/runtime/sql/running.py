"""Runs statements for items over one connection: each item alone, a batch at a time, or all items or none."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from stepweave.model.items import Item, item
from stepweave.runtime.database_errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from stepweave.runtime.errors import DataTooLarge, NodeError, ParameterInvalid
from stepweave.runtime.sql.groups import Group, groups
from stepweave.runtime.sql.results import counted, file_of_rows, items_of
from stepweave.runtime.sql.session import Session, Statement
from stepweave.runtime.sql.statements import insert_of, statement_of
from stepweave.runtime.step import Entry, Step
from stepweave.spec.sql import MOST_ROWS, SqlParams

T = TypeVar("T")
_TIMES: Final = 4
"""How often a transaction is tried that the server undid for the sake of another (a deadlock)."""
_WAIT: Final = 0.05


class _Unlike(Exception):
    """The server answered several rows at once with another number of rows, so nobody can say whose they are."""


def run_sql(step: Step[Any], connect: Callable[[], Session]) -> dict[str, list[Item]]:
    """Do what the form says for each item, and return what came of it.

    Args:
        step: its parameters extend `SqlParams`.
        connect: gives a connection; another one, where one broke.
    """
    runner = Runner(step, connect)
    try:
        match step.constant("transaction"):
            case "item":
                return step.each_together(runner.alone, most=runner.batch if runner.writes_rows else 1)
            case "batch":
                return step.each_together(runner.in_batch, most=runner.batch)
        return {"main": runner.again(runner.all_items)}
    finally:
        runner.close()


def entry_of(step: Step[Any], index: int) -> Entry[Any]:
    """Return an item with its parameters. An error says whose it is."""
    try:
        return Entry(index, step.items()[index], step.params(index))
    except NodeError as error:
        error.item = index
        raise


class Runner:
    """Does what the form says, in one database."""

    def __init__(self, step: Step[Any], connect: Callable[[], Session]) -> None:
        self._step = step
        self._connect = connect
        self._session: Session | None = connect()
        self._operation = str(step.constant("operation"))
        self.batch = int(step.constant("batchSize"))
        self.writes_rows = self._operation in ("insert", "upsert")

    @property
    def session(self) -> Session:
        """The connection: a new one, where the last one broke."""
        if self._session is None:
            self._session = self._connect()
        return self._session

    def close(self) -> None:
        """End the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def alone(self, entries: list[Entry[SqlParams]]) -> Iterator[list[Item] | NodeError]:
        """Yield what each item gives, or its error: no item undoes another's work."""
        if not self.writes_rows:
            for entry in entries:
                yield self._tried(entry)
            return
        for group in groups(entries, self.session.dialect):
            given = self._at_once(group) if len(group.entries) > 1 else None
            if given is not None:
                yield from given
                continue
            for entry in group.entries:
                yield self._tried(entry)

    def in_batch(self, entries: list[Entry[SqlParams]]) -> Iterator[list[Item] | NodeError]:
        """Yield what each item gives; where one of them fails, the work of all is undone."""
        try:
            given = self.again(lambda: self._transaction(lambda: list(self.worked(entries))))
        except NodeError as error:
            yield from _failed(entries, error)
            return
        yield from given

    def all_items(self) -> list[Item]:
        """Return what all items give, or undo the work of all."""
        return self._transaction(lambda: [one for some in self._in_turn() for one in some])

    def again(self, work: Callable[[], T]) -> T:
        """Return what work gives that leaves nothing behind where it fails; begin anew after a deadlock."""
        for left in range(_TIMES - 1, -1, -1):
            try:
                return work()
            except DatabaseUnavailable as error:
                if not (error.undone and left):
                    raise
                self._step.log("warning", f"The database undid the transaction, which is tried again: {error.message}")
                time.sleep(random.uniform(_WAIT, _WAIT * 2 ** (_TIMES - left)))  # noqa: S311 - no secret
        raise AssertionError  # the last time raises or returns

    def _in_turn(self) -> Iterator[Sequence[Item]]:
        step, total = self._step, len(self._step.items())
        for first in range(0, total, self.batch):
            entries = [entry_of(step, index) for index in range(first, min(first + self.batch, total))]
            for entry, given in zip(entries, self.worked(entries), strict=True):
                yield list(step.made_of(entry.item, given))
            step.progress(first + len(entries), total)

    def _transaction(self, work: Callable[[], T]) -> T:
        session = self.session
        session.begin(read_only=self._operation == "read")
        try:
            given = work()
            session.commit()
        except (NodeError, _Unlike) as error:
            session.rollback()
            self._after(error)
            raise
        return given

    def _after(self, error: Exception) -> None:
        gone = isinstance(error, DatabaseUnavailable) and not error.undone
        if gone or isinstance(error, DataTooLarge | DatabaseTimeout):  # or has rows that nobody wants
            self.close()  # the next statement gets another

    def worked(self, entries: list[Entry[SqlParams]]) -> Iterator[list[Item]]:
        """Yield what each item gives, within a transaction. An error says whose it is."""
        if not self.writes_rows:
            for entry in entries:
                yield self._named(entry)
            return
        for group in groups(entries, self.session.dialect):
            given = self._below_savepoint(group) if len(group.entries) > 1 else None
            yield from given if given is not None else map(self._named, group.entries)

    def _named(self, entry: Entry[SqlParams]) -> list[Item]:
        try:
            return self.one(entry)
        except NodeError as error:
            error.item = entry.index
            raise

    def _tried(self, entry: Entry[SqlParams]) -> list[Item] | NodeError:
        """Return what an item gives on its own, or its error."""
        try:
            if self.writes_rows or self._operation in ("read", "update", "delete"):
                return self.again(lambda: self._transaction(lambda: self.one(entry)))
            return self.one(entry)
        except NodeError as error:
            self._after(error)
            return error

    def _at_once(self, group: Group) -> list[list[Item]] | None:
        """Return what items give whose rows go together, in a transaction of their own; None: not together."""
        try:
            return self.again(lambda: self._transaction(lambda: self._inserted(group)))
        except (DatabaseError, ParameterInvalid, _Unlike):
            return None

    def _below_savepoint(self, group: Group) -> list[list[Item]] | None:
        """As `_at_once`, within a transaction that goes on."""
        session = self.session
        session.command(session.dialect.savepoint)
        try:
            given = self._inserted(group)
        except (DatabaseError, ParameterInvalid, _Unlike) as error:
            try:
                session.command(session.dialect.back)
            except NodeError:
                raise error from None
            return None
        if session.dialect.release:
            session.command(session.dialect.release)
        return given

    def one(self, entry: Entry[Any]) -> list[Item]:
        """Return what an item gives, within a transaction or without."""
        params, session = entry.params, self.session
        if self.writes_rows:
            (group,) = groups([entry], session.dialect)
            if group.error is not None:
                raise group.error
            answer = session.send(insert_of(params, group.rows, session.dialect))
            if answer.rows is None:
                told = {"insertId": answer.insert_id} if answer.insert_id else {}
                return [item({**group.rows[0], **told})]
            return items_of(answer, MOST_ROWS)
        answer = session.send(statement_of(params, entry.json, session.dialect))
        if self._operation == "execute":
            return counted(answer)
        if self._operation in ("query", "read"):
            if params.result == "file":
                return file_of_rows(answer, self._step.store_file)
            return items_of(answer, params.most_rows)
        return items_of(answer, MOST_ROWS)

    def _inserted(self, group: Group) -> list[list[Item]]:
        statement: Statement = insert_of(group.entries[0].params, group.rows, self.session.dialect)
        answer = self.session.send(statement)
        if answer.rows is None:  # the database does not return rows: these are the values as they were sent
            return [[item(row)] for row in group.rows]
        rows = list(answer.rows)
        if len(rows) != len(group.rows):
            raise _Unlike
        return [[item(row)] for row in rows]


def _failed(entries: list[Entry[SqlParams]], error: NodeError) -> Iterator[NodeError]:
    """Yield the errors of a batch's items: of the one that failed, and of those that were undone with it."""
    for entry in entries:
        if error.item in (None, entry.index):
            yield type(error)(error.message, error.remedy, details=error.details)
        else:
            words = f"The batch was undone, for its item {error.item} failed: {error.message}"
            yield type(error)(words, error.remedy, details=error.details)
