"""What an expression reads, as a value: the names of nodes. `references` finds it."""

from typing import Final, NamedTuple

_NO_NAMES: Final = frozenset[str]()
ROUNDABOUT: Final = frozenset(("globalThis", "eval", "Function"))
"""Through these, names can be reached that do not stand in the source."""


class References(NamedTuple):
    """The names of the nodes that are read; `dynamic` where one is reckoned at run time, so any may be.

    `paired` are those of which the item that belongs to the current one may be read (`.item`); with `dynamic`, any.
    """

    names: frozenset[str] = _NO_NAMES
    dynamic: bool = False
    paired: frozenset[str] = _NO_NAMES

    def __or__(self, other: "References") -> "References":
        return References(self.names | other.names, self.dynamic or other.dynamic, self.paired | other.paired)


NOTHING_READ: Final = References()


def may_read(source: str) -> bool:
    """Return whether a piece of JavaScript can read a node's output at all, by a look at its characters."""
    return "$" in source or "\\" in source or any(name in source for name in ROUNDABOUT)
