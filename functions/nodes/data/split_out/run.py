"""Makes an item of each entry of a list."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.data.split_out.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge, ValueMismatch
from stepweave.runtime.fields import Read, but, needed, only, reader
from stepweave.spec.fieldpaths import MISSING

MOST_ENTRIES: Final = 1_000_000
_FILES: Final = "$binary"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the entries of all items, in their order."""
    empty: list[int] = []
    count = 0

    def split(entry: Entry[Params]) -> list[Item]:
        nonlocal count
        made = _Splitting(entry.params, entry.item).items()
        count += len(made)
        if count > MOST_ENTRIES:
            raise DataTooLarge(
                f"The lists have more than {MOST_ENTRIES:,} entries.", "Filter or limit the items before."
            )
        if made:
            return made
        names = ", ".join(entry.params.fields)
        match entry.params.nothing:
            case "keep":
                return [entry.item]
            case "fail":
                raise ValueMismatch(
                    f"Item {entry.index} has no entries in {names}.",
                    "Change the field's name, or have such items give nothing.",
                    details={"field": "params.fields"},
                )
        empty.append(entry.index)
        return []

    result = step.each(split)
    if empty:
        names = ", ".join(step.params(empty[0]).fields)
        step.log("warning", f"{len(empty)} items have nothing to split out in {names}; the first is item {empty[0]}.")
    return result


class _Splitting:
    """One item that is split. No dataclass: making one takes half as long as importing the node."""

    def __init__(self, params: Params, item: Item) -> None:
        self.params, self.item = params, item

    def items(self) -> list[Item]:
        """Return an item for each entry."""
        params, dots = self.params, self.params.dots
        fields = needed(params.fields, "params.fields", "Fields to split out")
        columns = [self._entries(name, _reader(name, dots)) for name in fields]
        others = self._others([name for name in fields if name != _FILES])
        made: list[Item] = []
        for at in range(max(map(len, columns))):
            json, files = dict(others), dict(self.item.get("binary", {})) if params.include_files else {}
            for number, (name, column) in enumerate(zip(fields, columns, strict=True)):
                if at >= len(column):
                    continue
                called = params.output[number] if number < len(params.output) else ""
                if name == _FILES:
                    of, ref = column[at]
                    files[called or of] = ref
                elif isinstance(column[at], dict) and params.include == "none" and not called and len(fields) == 1:
                    json |= column[at]
                else:
                    json[called or name] = column[at]
            made.append({"json": json, "binary": files} if files else {"json": json})
        return made

    def _entries(self, name: str, read: Read | None) -> list[Any]:
        if read is None:
            return list(self.item.get("binary", {}).items())
        value = read(self.item["json"])
        if value is MISSING or value is None:
            return []
        if isinstance(value, dict):
            value = list(value.values())
        entries = value if isinstance(value, list) else [value]
        return list(_flat(entries)) if self.params.flatten else entries

    def _others(self, split: list[str]) -> dict[str, Any]:
        params, json = self.params, self.item["json"]
        match params.include:
            case "all":
                return but(json, split, "params.fields", dots=params.dots)
            case "only":
                names = needed(params.include_fields, "params.includeFields", "Fields to keep")
                return only(json, names, "params.includeFields", dots=params.dots)
        return {}


def _reader(name: str, dots: bool) -> Read | None:
    """Return what reads a field; None for the item's files."""
    return None if name == _FILES else reader(name, "params.fields", dots=dots)


def _flat(entries: list[Any]) -> Iterator[Any]:
    """Yield the entries of lists in lists, without recursion: no depth is too much."""
    waiting = [iter(entries)]
    while waiting:
        for entry in waiting[-1]:
            if isinstance(entry, list):
                waiting.append(iter(entry))
                break
            yield entry
        else:
            waiting.pop()
