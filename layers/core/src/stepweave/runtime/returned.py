"""The items that people's code returned, with which input items they come from (`stepweave.model.lineage`).

An object with only `json` (and `binary`, `pairedItem`) is a whole item, any other object an item's json. The code may
say where an item comes from: `{json, pairedItem}` with the index of an input item, `{item, input}`, or a list of
them. Else an item that was taken over, changed, or made by spreading one (`{...item.json, more: 1}`) comes from that
one; the sandbox finds out (`Job.lineage`). What is made anew comes from the only input item, or from some, nobody
knows which.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from stepweave.model.events import LogLevel
from stepweave.model.items import Item, Origin
from stepweave.model.lineage import merged, one_of
from stepweave.runtime.errors import ResultInvalid
from stepweave.runtime.step import Step

_LEVELS: Final[dict[str, LogLevel]] = {"debug": "debug", "info": "info", "warning": "warning", "error": "error"}


def log_lines(step: Step[Any], lines: Iterable[tuple[str, str]], dropped: int) -> None:
    """Write what code logged, level and message, and how many lines were not kept."""
    for level, message in lines:
        step.log(_LEVELS.get(level, "info"), message)
    if dropped:
        step.log("warning", f"{dropped} more lines were not kept.")


def items_of(
    value: Any, sources: Sequence[Any], given: list[Item], who: str = "The code", own: int | None = None
) -> list[Item]:
    """Return the items that code returned, with where they come from.

    Args:
        value: what it returned.
        sources: per item, the indexes of the input items that it was made of, as far as is known.
        given: the input items.
        who: for messages.
        own: the index of the one it ran for, where it runs once for each.

    Raises:
        ResultInvalid: it is something else than objects, or `pairedItem` something else than indexes.
    """
    if value is None:
        return []
    made: list[Item] = []
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        one = _item(entry, who)
        found = sources[index] if index < len(sources) else []
        one["origin"] = origin_of(entry, _known(found, len(given)), given, who, own)
        made.append(one)
    return made


def items_of_each(value: Any, sources: Sequence[Any], given: list[Item]) -> list[Item]:
    """Return the items of all runs, one run per input item; a run that gave nothing drops its item."""
    items: list[Item] = []
    for index, each in enumerate(value if isinstance(value, list) else []):
        found = sources[index] if index < len(sources) and isinstance(sources[index], list) else []
        items.extend(items_of(each, found, given, f"The code for item {index}", index))
    return items


def _known(found: Any, count: int) -> list[int]:
    """Return those sources that are input items: a sandbox's word is not trusted."""
    return [each for each in found if type(each) is int and 0 <= each < count] if isinstance(found, list) else []


def _item(value: Any, who: str) -> Item:
    if not isinstance(value, dict):
        kind = "null" if value is None else {bool: "a boolean", str: "text"}.get(type(value), "a number or a list")
        raise ResultInvalid(
            f"{who} returned {kind} where an object was expected.", "Return an object, or a list of objects."
        )
    if value.keys() <= {"json", "binary", "pairedItem"} and isinstance(value.get("json"), dict):
        whole: Item = {"json": value["json"]}
        if isinstance(value.get("binary"), dict):
            whole["binary"] = value["binary"]
        return whole
    return {"json": value}


def origin_of(value: Any, found: Sequence[int], items: Sequence[Item], who: str, own: int | None = None) -> Origin:
    """Return the lineage of an item.

    Args:
        value: what the code returned for it.
        found: indexes of the input items that it was made of, as far as could be seen.
        items: the input items.
        who: whose result it is, for messages.
        own: the index of the item that the code ran for, where it runs once for each.

    Raises:
        ResultInvalid: `pairedItem` is something else than indexes of input items.
    """
    said = value.get("pairedItem") if isinstance(value, dict) else None
    if said is not None:
        return merged(items[index] for index in _indexes(said, len(items), who))
    if found:
        return merged(items[index] for index in found)
    return items[own].get("origin", {}) if own is not None else one_of(items)


def _indexes(said: Any, count: int, who: str) -> list[int]:
    found: list[int] = []
    for one in said if isinstance(said, list) else [said]:
        index = one.get("item") if isinstance(one, dict) else one
        port = one.get("input", 0) if isinstance(one, dict) else 0
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count or port not in (0, None):
            raise ResultInvalid(
                f"{who} returned an item whose pairedItem is {str(one)[:80]}; the node has {count} input items.",
                "Give the index of an input item, from 0, or a list of indexes.",
            )
        found.append(index)
    return found
