"""How deeply JSON data is nested: readers and writers on the way (Python's, pydantic's, browsers') give up somewhere.

What comes in may have `stepweave.model.json_text.MOST_DEPTH`, what nodes give `stepweave.runtime.results.MOST_DEPTH`.
Depth counts lists and objects within each other: `5` has 0, `[5]` has 1, `{"a": [5]}` has 2.
"""

from typing import Any, Final

CUT: Final = "…"
"""Stands in history and answers for what lies deeper than can be shown."""
_NESTED: Final = (dict, list)


def deeper_than(value: Any, most: int) -> bool:
    """Whether lists and objects lie more than `most` deep. Level by level, so that no depth is too much for it."""
    level: list[Any] = [value] if isinstance(value, _NESTED) else []
    for _ in range(most):
        if not level:
            return False
        level = [
            entry
            for holder in level
            for entry in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(entry, _NESTED)
        ]
    return bool(level)


def cut_to(value: Any, most: int) -> Any:
    """Return data with `CUT` in place of the lists and objects that lie more than `most` deep."""
    return _cut(value, most) if deeper_than(value, most) else value


def _cut(value: Any, most: int) -> Any:
    if not isinstance(value, dict | list):
        return value
    if most == 0:
        return CUT
    if isinstance(value, dict):
        return {key: _cut(entry, most - 1) for key, entry in value.items()}
    return [_cut(entry, most - 1) for entry in value]
