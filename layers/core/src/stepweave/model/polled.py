"""What a trigger that polls answers with, as items: its things, and the files that belong to them."""

from collections.abc import Mapping
from typing import Any

from stepweave.model.items import Item


def polled_items(answer: Any) -> list[Item] | None:
    """Return the items of an answer; None where it has none that can be read.

    Args:
        answer: `items` (JSON objects), and perhaps `files`: for each of them its `binary`.
    """
    things = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(things, list) or not all(isinstance(one, dict) for one in things):
        return None
    files = answer.get("files") or [{}] * len(things)
    if not isinstance(files, list) or len(files) != len(things) or not all(isinstance(one, dict) for one in files):
        return None
    return [
        {"json": json, "binary": binary} if binary else {"json": json}
        for json, binary in zip(things, files, strict=True)
    ]
