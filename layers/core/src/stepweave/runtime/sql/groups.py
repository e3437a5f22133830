"""Which items' rows go to the database with one statement: neighbours with the same columns, within its limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.sql.session import Dialect
from stepweave.runtime.sql.statements import written_columns
from stepweave.runtime.step import Entry
from stepweave.spec.sql import SqlParams

_MOST_BYTES: Final = 4 * 1024 * 1024
"""Of values in a statement, about: servers take 16 MB at least (MariaDB, max_allowed_packet)."""

Rows = Sequence[Entry[SqlParams]]


@dataclass(slots=True)
class Group:
    """Items, and the row that each writes; of one item whose row cannot be said, the error."""

    entries: list[Entry[SqlParams]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    bytes: int = 0
    error: NodeError | None = None


def groups(entries: Rows, dialect: Dialect) -> Iterator[Group]:
    """Yield the groups that items make, in their order."""
    group = Group()
    for entry in entries:
        try:
            row = written_columns(entry.params, entry.json)
        except NodeError as error:
            if group.entries:
                yield group
                group = Group()
            yield Group([entry], error=error)
            continue
        size = sum(map(_size, row.values()))
        if group.entries and not _fits(group, row, size, dialect):
            yield group
            group = Group()
        group.entries.append(entry)
        group.rows.append(row)
        group.bytes += size
    if group.entries:
        yield group


def _fits(group: Group, row: dict[str, Any], size: int, dialect: Dialect) -> bool:
    count = len(group.rows) + 1
    return (
        tuple(row) == tuple(group.rows[0])
        and count <= dialect.most_rows
        and count * len(row) <= dialect.most_values
        and group.bytes + size <= _MOST_BYTES
    )


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str) else len(str(value)) if isinstance(value, list | dict) else 16
