"""Where a file is written to, and what values become in tables."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from functions.nodes.files.convert_to_file.errors import ValueUnwritable
from functions.nodes.files.convert_to_file.spec import Params
from stepweave.model.numbers import scalar_text
from stepweave.runtime.charsets import codec_of
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.placing import invalid
from stepweave.spec.fieldpaths import MISSING, PathError, getter

MOST_COLUMNS: Final = 16_384
Given = Callable[[], Iterator[tuple[dict[str, Any], Any]]]
"""Gives items' JSON, each with its content, from the first one on: tables are read twice, for the names of columns."""


class Target:
    """A file to write to, and how. No dataclass: making one takes a third as long as importing the node."""

    def __init__(self, params: Params, write: Callable[[bytes], int]) -> None:
        self.params, self.write = params, write

    def text(self, text: str, codec: str = "utf-8") -> None:
        """Write text. Raises ValueUnwritable."""
        try:
            self.write(text.encode(codec))
        except UnicodeEncodeError as error:
            letter = error.object[error.start]
            raise ValueUnwritable(
                f"The encoding {self.params.encoding[:40]} has no letter “{letter}” (U+{ord(letter):04X}).",
                "Choose utf-8.",
                details={"field": "params.encoding"},
            ) from None

    def codec(self) -> str:
        """Return the codec of the encoding that is asked for. Raises ValueUnwritable."""
        label = self.params.encoding.strip().lower()
        known = codec_of(label)
        if known is None:
            raise ValueUnwritable(
                f"Nothing is known of the encoding {label[:40]}.",
                "Write one such as utf-8, utf-16le or windows-1252.",
                details={"field": "params.encoding"},
            )
        return known


class Table:
    """Items as rows."""

    def __init__(self, params: Params, given: Given) -> None:
        self._given = given
        self._paths = [_getter(name) for name in params.columns]
        self.names = list(params.columns) if params.columns else list(_names(given))
        if len(self.names) > MOST_COLUMNS:
            raise DataTooLarge(f"There are {len(self.names):,} columns; {MOST_COLUMNS:,} are written.", "Choose some.")

    def rows(self) -> Iterator[list[Any]]:
        """Yield the values of each item."""
        names = self.names
        for fields, _ in self._given():
            if self._paths:
                yield [path(fields) for path in self._paths]
            else:
                yield [fields.get(name) for name in names]


def _getter(path: str) -> Callable[[dict[str, Any]], Any]:
    try:
        read = getter(path)
    except PathError as error:
        raise invalid("columns", f"Columns: {error}.", "Write names of fields, with dots into objects.") from None

    def value(fields: dict[str, Any]) -> Any:
        found = read(fields)
        return None if found is MISSING else found

    return value


def _names(given: Given) -> dict[str, None]:
    """Return the names of all items' fields, in the order in which they come."""
    names: dict[str, None] = {}
    known = names.keys()
    for fields, _ in given():
        if not fields.keys() <= known:
            names |= dict.fromkeys(fields)
    return names


def cell_text(value: Any) -> str:
    """Return a value as the text of a cell: objects and lists as JSON, null as nothing."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool | float):
        return scalar_text(value)
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class WrittenOn:
    """A file that can only be written on: what `zipfile` needs of one."""

    def __init__(self, target: Target) -> None:
        self._write = target.write

    def write(self, data: bytes) -> int:
        """Write bytes, and return how many."""
        return self._write(data)

    def flush(self) -> None:
        """Do nothing."""
