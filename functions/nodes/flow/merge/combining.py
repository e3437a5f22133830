"""One item of two: whose fields win, and what both are called."""

from dataclasses import dataclass
from typing import Any

from stepweave.model.items import Item
from stepweave.model.lineage import made_of


@dataclass(frozen=True, slots=True)
class Combining:
    """How two items become one.

    Attributes:
        clash: whose field wins that both have (`first`, `second`), or `suffix` for both under new names.
        deep: whether objects that both have are merged, too.
        fill_empty: whether a winning value that is null or empty text gives way to the other's.
    """

    clash: str
    deep: bool = False
    fill_empty: bool = False

    def item(self, first: Item, second: Item) -> Item:
        """Return an item that comes from both, with the fields and the files of both."""
        json = self._fields(first["json"], second["json"])
        files = self._fields(first.get("binary", {}), second.get("binary", {}), whole=True)
        return made_of((first, second), json, files)

    def _fields(self, first: Any, second: Any, *, whole: bool = False) -> dict[str, Any]:
        """Return the fields of two objects; `whole` where objects in them are never merged."""
        if not first or not second:
            return {**first, **second}
        if self.clash == "suffix":
            return _both(first, second)
        winner, other = (first, second) if self.clash == "first" else (second, first)
        made = {**other, **winner} if self.clash == "first" else {**first, **second}
        if whole or not (self.deep or self.fill_empty):
            return made
        for name in first.keys() & second.keys():
            made[name] = self._value(winner[name], other[name])
        return made

    def _value(self, winner: Any, other: Any) -> Any:
        if self.deep and isinstance(winner, dict) and isinstance(other, dict):
            return self._fields(*((winner, other) if self.clash == "first" else (other, winner)))
        if self.fill_empty and (winner is None or winner == ""):
            return other
        return winner


def _both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    both = first.keys() & second.keys()
    taken = {*first, *second}
    made: dict[str, Any] = {}
    for number, fields in ((1, first), (2, second)):
        for name, value in fields.items():
            made[_suffixed(name, number, taken) if name in both else name] = value
    return made


def _suffixed(name: str, number: int, taken: set[str]) -> str:
    """Return the new name of a field that both have, and take it; `id_1_1` where a field is called `id_1` already."""
    found = f"{name}_{number}"
    while found in taken:
        found = f"{found}_{number}"
    taken.add(found)
    return found
