"""Previews of large batches: the first items, cut down to a few kilobytes, for people to look at."""

import json
from typing import Any, Final

from stepweave.model.items import Item

PREVIEW_BYTES: Final = 2048
_LONGEST_TEXT: Final = 200
_MOST_ENTRIES: Final = 10
_MOST_DEPTH: Final = 4


def preview(items: list[Item], limit: int = PREVIEW_BYTES) -> list[Item]:
    """Return the first items whose JSON fits in `limit` bytes; the first of them cut down where it alone is larger.

    Args:
        items: those of a batch.
        limit: bytes of JSON for all of the preview.
    """
    kept: list[Item] = []
    used = 2
    for entry in items:
        size = _size(entry)
        if used + size > limit:
            break
        kept.append(entry)
        used += size + 2
    if kept or not items:
        return kept
    short: Item = {"json": _shortened(items[0]["json"], _MOST_DEPTH)}
    if "origin" in items[0]:
        short["origin"] = items[0]["origin"]
    return [short] if _size(short) <= limit else []


def _size(value: Any) -> int:
    return len(json.dumps(value))


def _shortened(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + "…"
    if isinstance(value, dict):
        if depth == 0:
            return {}
        return {key: _shortened(entry, depth - 1) for key, entry in list(value.items())[:_MOST_ENTRIES]}
    if isinstance(value, list):
        return [_shortened(entry, depth - 1) for entry in value[:_MOST_ENTRIES]] if depth else []
    return value
