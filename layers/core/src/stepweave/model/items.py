"""Items: what travels along edges. A list of `{"json": {...}, "binary": {name: BinaryRef}}`, inline or by reference.

These are plain dictionaries at run time (a step may handle thousands); the types here name their shapes.
"""

from typing import Any, Final, NotRequired

from typing_extensions import TypedDict  # pydantic takes the standard one from Python 3.12 on only

Json = Any
"""Any JSON value."""

INLINE_LIMIT: Final = 32 * 1024
"""Bytes of JSON above which a node's result goes to S3 (the claim check of DESIGN section 8)."""


class BinaryRef(TypedDict):
    """Binary data, always by reference."""

    bucket: str
    key: str
    size: int
    sha256: str
    mimeType: str
    fileName: NotRequired[str]


Origin = dict[str, list[Any] | None]
"""Where an item comes from: node id -> its place in that node's output (`stepweave.model.lineage`)."""


class Item(TypedDict):
    """One item: its JSON object and, where it has any, its binary data by name.

    `origin` is its lineage, which only steps read: neither people nor expressions see it.
    """

    json: dict[str, Json]
    binary: NotRequired[dict[str, BinaryRef]]
    origin: NotRequired[Origin]


class StoredItems(TypedDict):
    """Where the items of a large batch lie: an S3 object holding the JSON list of items, UTF-8.

    With `range` ([offset, length] in bytes) the list is that part of the object; `size` and `sha256` are the whole's.
    """

    bucket: str
    key: str
    size: int
    sha256: str
    range: NotRequired[list[int]]


class Batch(TypedDict):
    """The items of one port. Never empty: a port without items has no batch, and its edges are dead.

    Exactly one of `items` (inline) and `ref` (claim check) is there; `count` always is. `preview` holds the first items
    of a stored batch, for people to look at. `of` ([node id, port]) is there in a step's input only: whose output it
    is, where the items' places in it are part of their lineage.
    """

    count: int
    items: NotRequired[list[Item]]
    ref: NotRequired[StoredItems]
    preview: NotRequired[list[Item]]
    of: NotRequired[list[str]]


NodeOutput = dict[str, Batch]
"""What a node run leaves: its live ports, each with its batch. A missing port is dead."""


def item(json: dict[str, Json], binary: dict[str, BinaryRef] | None = None) -> Item:
    """Return an item of `json` and, where given, `binary`."""
    return {"json": json, "binary": binary} if binary else {"json": json}


def batch(items: list[Item]) -> Batch | None:
    """Return the inline batch of `items`, or None where there are none (the port is dead)."""
    return {"count": len(items), "items": items} if items else None
