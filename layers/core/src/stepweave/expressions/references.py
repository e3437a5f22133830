"""Whose output an expression or a code node reads: `$('Name')`, `$node["Name"]`, `$node.Name`, `$items("Name")`."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from stepweave.expressions.errors import ExpressionSyntax
from stepweave.expressions.templates import parse_template, texts

NOTHING: Final = frozenset[str]()
ROUNDABOUT: Final = frozenset(("globalThis", "eval", "Function"))
"""Through these, names can be reached that do not stand in the source."""


class References(NamedTuple):
    """The names of the nodes that are read; `dynamic` where one is reckoned at run time, so any may be.

    `paired` are those of which the item that belongs to the current one may be read (`.item`); with `dynamic`, any.
    """

    names: frozenset[str] = NOTHING
    dynamic: bool = False
    paired: frozenset[str] = NOTHING

    def __or__(self, other: "References") -> "References":
        return References(self.names | other.names, self.dynamic or other.dynamic, self.paired | other.paired)


def references(params: Any) -> References:
    """Return what all expressions in a JSON value read. What cannot be parsed reads nothing; `check` reports it."""
    found = References()
    for _, text in texts(params):
        try:
            for expression in parse_template(text).expressions:
                found |= references_in_code(expression.source)
        except ExpressionSyntax:
            continue
    return found


@lru_cache(maxsize=4096)
def references_in_code(source: str) -> References:
    """Return what a piece of JavaScript reads."""
    if "$" not in source and "\\" not in source and not any(name in source for name in ROUNDABOUT):
        return References()
    from stepweave.expressions.scan import scan

    return scan(source)
