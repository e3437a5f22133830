"""Reads or changes the database files of the items."""

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from functions.nodes.databases.sqlite.files import fetch, file_key, opened, store
from functions.nodes.databases.sqlite.session import SqliteSession
from functions.nodes.databases.sqlite.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.sql.running import Runner, entry_of

_READS: Final = ("query", "read")
OUTPUT: Final = "data"
"""What the changed file is called in the items that come out."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements; where they change a database, with the changed file."""
    with tempfile.TemporaryDirectory() as folder:
        databases = _Databases(step, Path(folder))
        try:
            if not databases.changes:
                return step.each(lambda entry: databases.of(entry).runner.one(entry))
            return {"main": list(databases.changed())}
        finally:
            databases.close()


class _Database:
    """A file, and what works in it. No dataclass: making one takes as long as the node's other modules."""

    def __init__(self, runner: Runner, path: Path, name: str) -> None:
        self.runner, self.path, self.name = runner, path, name


class _Databases:
    """The files of a step, each fetched once; to be read, one at a time, as /tmp is small."""

    def __init__(self, step: Step[Params], folder: Path) -> None:
        self._step, self._folder = step, folder
        self.changes = step.constant("operation") not in _READS
        self._open: dict[str, _Database] = {}

    def close(self) -> None:
        """End the work with all files, and forget them."""
        for one in self._open.values():
            one.runner.close()
            one.path.unlink(missing_ok=True)
        self._open.clear()

    def of(self, entry: Entry[Any]) -> _Database:
        """Return an item's database. Raises what `opened`, `fetch` and SqliteSession raise."""
        key = file_key(entry)
        if key not in self._open:
            if not self.changes:
                self.close()
            file = opened(entry, self._step.open_file)
            path = self._folder / f"{len(self._open)}.sqlite"
            if file is not None:
                fetch(file, path)
            elif not self.changes:
                SqliteSession(path, changes=True, seconds=1).close()  # an empty one
            seconds = min(float(self._step.constant("timeoutSeconds")), self._step.remaining())
            runner = Runner(self._step, partial(SqliteSession, path, changes=self.changes, seconds=seconds))
            self._open[key] = _Database(runner, path, file.name if file else "")
            if self.changes:
                runner.session.begin()
        return self._open[key]

    def changed(self) -> Iterator[Item]:
        """Yield what all items give, with the changed files. Where one item fails, no file is changed."""
        made: list[tuple[str, list[Item]]] = []
        step = self._step
        entries = [entry_of(step, index) for index in range(len(step.items()))]
        for key, some in groupby(entries, key=file_key):
            for entry, given in self._worked(list(some)):
                made.append((key, list(step.made_of(entry.item, given or [item({"affected": 0})]))))
        files = {key: self._kept(one) for key, one in self._open.items()}
        for key, given in made:
            for one in given:
                yield {**one, "binary": {OUTPUT: files[key]}}

    def _worked(self, entries: list[Entry[Any]]) -> Iterator[tuple[Entry[Any], list[Item]]]:
        try:
            runner = self.of(entries[0]).runner
        except NodeError as error:
            error.item = entries[0].index
            raise
        yield from zip(entries, runner.worked(entries), strict=True)

    def _kept(self, one: _Database) -> BinaryRef:
        one.runner.session.commit()
        one.runner.close()
        return store(self._step, one.path, one.name or "database.sqlite")
