"""Items one after another, both ways: results that are stored while they are made, input that is read piece by piece.

A result is `Streamed`; the runner settles it: small ones become lists as all others, large ones a stored batch. Input
is streamed for nodes that say so (`NodeSpec.streams_when`); other nodes hold all of it, and are refused what is more
than `MOST_BATCH_BYTES`.
"""

import codecs
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.depth import deeper_than
from stepweave.model.items import Batch, Item
from stepweave.model.sizes import size_text
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import DataMissing, DataTooLarge, ResultInvalid
from stepweave.runtime.previews import PREVIEW_BYTES, preview
from stepweave.runtime.results import MOST_DEPTH, item_problem
from stepweave.runtime.uploads import PART_BYTES

MOST_STREAMED_BYTES: Final = 2 * 1024**3
"""Of JSON on a port, stored while it is made."""
LISTED_BYTES: Final = 4 * 1024 * 1024
"""Of JSON that a streamed result may have to become a list: all that is done with lists can be done with it."""
PEEKED: Final = 2
"""Items of streamed input that a step has as a list: what parameters are evaluated for, and whether there are more."""
_SHOWN: Final = 20


class Streamed:
    """A port's items, made while they are stored."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)


@dataclass(frozen=True, slots=True)
class Stored:
    """A port's items that are stored already."""

    batch: Batch


def settled(items: Iterable[Item], claims: Claims, key: str, port: str) -> list[Item] | Stored:
    """Return a streamed result as a list where it is small, else stored.

    Args:
        items: one after another.
        claims: where it goes.
        key: under which key.
        port: for errors.

    Raises:
        ResultInvalid: one of them is no item, no JSON data, or nested too deeply.
        DataTooLarge: more than `MOST_STREAMED_BYTES`.
        StorageUnavailable: it could not be stored.
        NodeError: what making them raises.
    """
    held: list[Item] = []
    size = 0
    pieces = _encoded(items, port)
    for one, text in pieces:
        held.append(one)
        size += len(text)
        if size > LISTED_BYTES:
            return _stored(held, pieces, claims, key, port)
    return held


def _stored(held: list[Item], rest: Iterator[tuple[Item, bytes]], claims: Claims, key: str, port: str) -> Stored:
    shown = preview(held[:_SHOWN], PREVIEW_BYTES)
    with claims.upload(key, "application/json") as file:
        count = len(held)
        file.write(encode(held)[:-1])
        held.clear()
        for _, text in rest:
            count += 1
            file.write(b"," + text)
            if file.size > MOST_STREAMED_BYTES:
                raise DataTooLarge(
                    f"{count:,} items are more than {size_text(MOST_STREAMED_BYTES)} of JSON on port {port}.",
                    "Keep fewer fields, or read the source in parts.",
                )
        file.write(b"]")
        ref = file.close()
    return Stored({"count": count, "ref": ref, "preview": shown})


def _encoded(items: Iterable[Item], port: str) -> Iterator[tuple[Item, bytes]]:
    for index, one in enumerate(items):
        if problem := item_problem(one):
            raise ResultInvalid(f"Item {index} on port {port} is not an item: {problem}.")
        text = encode([one])[1:-1]
        if text.count(b"{") + text.count(b"[") > MOST_DEPTH and deeper_than(one, MOST_DEPTH + 1):
            raise ResultInvalid(
                f"Item {index} on port {port} has lists and objects nested more than {MOST_DEPTH} deep.",
                "Give back flatter data, or deep data as text (JSON.stringify).",
            )
        yield one, text


def each_item(batches: Iterable[Batch], tenant_id: str, claims: Claims) -> Iterator[Item]:
    """Yield the items of batches, of those that are stored no more than some parts in memory.

    Raises:
        DataMissing: they are gone, changed, or another tenant's; those before were yielded.
        StorageUnavailable: S3 could not be reached.
    """
    for batch in batches:
        if "items" in batch or "range" in batch["ref"] or batch["ref"]["size"] <= PART_BYTES:
            yield from claims.fetch(batch, tenant_id)
        else:
            yield from _read(batch, tenant_id, claims)


def _read(batch: Batch, tenant_id: str, claims: Claims) -> Iterator[Item]:
    ref: Any = batch["ref"]
    digest, offset, read = hashlib.sha256(), 0, Reading()
    while offset < ref["size"]:
        part = claims.fetch_part(ref, tenant_id, offset, min(PART_BYTES, ref["size"] - offset))
        digest.update(part)
        offset += len(part)
        yield from read.more(part)
    if digest.hexdigest() != ref["sha256"] or read.left:
        raise DataMissing("Stored items were changed after they were written.", "Run the workflow again.")


class Reading:
    """A JSON list of objects as it comes, in pieces of bytes."""

    def __init__(self) -> None:
        self._decoder: Callable[[bytes], str] = codecs.getincrementaldecoder("utf-8")().decode
        self._scan = json.JSONDecoder().raw_decode
        self._text = ""

    @property
    def left(self) -> bool:
        """Whether something is there that belongs to no item."""
        return self._text.strip() not in ("", "]", "[]")

    def more(self, part: bytes) -> Iterator[Any]:
        """Yield the objects that are whole with this piece."""
        self._text += self._decoder(part)
        place, end = 0, len(self._text)
        while place < end:
            while place < end and self._text[place] in "[, \t\r\n":
                place += 1
            if place == end or self._text[place] == "]":
                break
            try:
                found, place = self._scan(self._text, place)
            except ValueError:  # the end of it is yet to come
                break
            yield found
        self._text = self._text[place:]
