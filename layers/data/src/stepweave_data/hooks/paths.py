"""Paths of webhooks: `orders/new`, and those with parameters, `orders/:id`; which of them a request calls.

Of several that fit, the one that is literal earlier counts: `orders/new` before `orders/:id` before `:kind/new`. Two
whose paths differ by the names of parameters alone would be called by the same requests, so publishing refuses the
second (their `shape` is unique in a workspace, with the method).
"""

from collections.abc import Iterable, Sequence
from typing import Final

MARK: Final = ":"
"""With what a parameter begins. A segment is one as a whole, or not at all."""
TEST: Final = "~test"
"""The first segment of test URLs. No webhook's path has it: the trigger's pattern forbids it."""
MOST_SEGMENTS: Final = 100


def names(path: str) -> list[str]:
    """Return the names of a path's parameters, in order."""
    return [part[1:] for part in path.split("/") if part.startswith(MARK)]


def shape(path: str) -> str:
    """Return a path without the names of its parameters: `orders/:`. As the column `webhooks.shape` has it."""
    return "/".join(MARK if part.startswith(MARK) else part for part in path.split("/"))


def matched(path: str, segments: Sequence[str]) -> dict[str, str] | None:
    """Return the parameters with which a request calls a path, or None where it calls another.

    Args:
        path: of a webhook.
        segments: of the request's path, each decoded. An empty one is no parameter's value.
    """
    parts = path.split("/")
    if len(parts) != len(segments):
        return None
    found: dict[str, str] = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith(MARK):
            if not segment:
                return None
            found[part[1:]] = segment
        elif part != segment:
            return None
    return found


def nearest_first(paths: Iterable[str]) -> list[str]:
    """Return paths that one request calls in the order in which they count."""
    return sorted(paths, key=lambda path: ([part.startswith(MARK) for part in path.split("/")], path))
