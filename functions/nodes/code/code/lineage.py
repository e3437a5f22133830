"""Which input items an item that code returned comes from (`stepweave.model.lineage`).

The code may say so: `{json, pairedItem}` with the index of an input item, `{item, input}`, or a list of them. Else an
item that was taken over, changed, or made by spreading one (`{...item.json, more: 1}`) comes from that one; the sandbox
finds out (`Job.lineage`). What is made anew comes from the only input item, or from some, nobody knows which.
"""

from collections.abc import Sequence
from typing import Any

from stepweave.model.items import Item, Origin
from stepweave.model.lineage import merged, one_of
from stepweave.runtime.errors import ResultInvalid


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
