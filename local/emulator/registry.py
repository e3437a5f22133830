"""The corrections, by name.

A correction is a function without arguments that puts a replacement of ours in place of one of MiniStack's. Its
docstring says in one paragraph each what AWS does, what it replaces, and when to delete it. `--without NAME` starts the
emulator with one left out, which is how a test shows that it needs it.
"""

from collections.abc import Callable, Collection

CORRECTIONS: dict[str, Callable[[], None]] = {}


def correction(apply: Callable[[], None]) -> Callable[[], None]:
    """Register a correction under the name of its function."""
    CORRECTIONS[apply.__name__] = apply
    return apply


def apply_all(without: Collection[str] = ()) -> None:
    """Apply every correction except those named.

    Raises:
        ValueError: a name is not that of a correction.
    """
    unknown = set(without) - set(CORRECTIONS)
    if unknown:
        raise ValueError(f"no such correction: {', '.join(sorted(unknown))}")
    for name, apply in CORRECTIONS.items():
        if name not in without:
            apply()
