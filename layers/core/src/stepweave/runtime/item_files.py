"""Files of an item as parameters name them: by their names in `binary`, or by the references themselves."""

from collections.abc import Callable, Mapping
from typing import Any

from stepweave.model.items import Item
from stepweave.runtime.errors import DataMissing, ParameterInvalid
from stepweave.runtime.files import StoredFile

OpenFile = Callable[[Any], StoredFile]
"""`Step.open_file`."""


def no_file(ref: Any) -> StoredFile:
    """Open nothing, where there are no files. Raises DataMissing."""
    raise DataMissing("There are no files here.", "Send another body.")


def file_of(value: Any, item: Item, open_file: OpenFile, where: str, field: str) -> StoredFile:
    """Return the file that a value names.

    Args:
        value: the name of one of the item's files, or a reference.
        item: the input item.
        open_file: opens a reference.
        where: what the value stands in, for errors.
        field: its path in the parameters, for errors.

    Raises:
        ParameterInvalid: the item has no such file, or the value is neither.
        DataMissing: the reference is none, or not this workspace's.
    """
    if isinstance(value, Mapping):
        return open_file(value)
    there = item.get("binary", {})
    if isinstance(value, str) and value in there:
        return open_file(there[value])
    named = f"no file “{value[:80]}”" if isinstance(value, str) and value else "no file named here"
    known = ", ".join(f"“{name[:80]}”" for name in list(there)[:10])
    has = f"it has {known}" if known else "it has none"
    raise ParameterInvalid(
        f"{where}: the item has {named}; {has}.",
        "Write the name of a file that the item has, or an expression that gives one: {{ $binary.data }}.",
        details={"field": field},
    )


def files_named(value: Any, item: Item) -> list[Any]:
    """Return what a value of several files names, each for `file_of`.

    Args:
        value: names of the item's files between commas, `*` for all of them; a file as expressions give it; or a list.
        item: the input item.
    """
    if value is None or value == "":
        return []
    if isinstance(value, str):
        there = item.get("binary", {})
        if value.strip() == "*":
            return list(there)
        return [value] if value in there else [name for part in value.split(",") if (name := part.strip())]
    if isinstance(value, Mapping) and not isinstance(value.get("sha256"), str) and value:
        return list(value.values())  # all of them, as `$binary` gives them
    if isinstance(value, list):
        return [one for part in value if part not in (None, "") for one in files_named(part, item)]
    return [value]
