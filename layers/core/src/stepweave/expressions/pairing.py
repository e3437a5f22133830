"""Which item of another node belongs to an item here: what `$('Name').item` and `$node["Name"]` read.

An item's lineage says so (`stepweave.model.lineage`). Where a node gave one item in all, it is that one; where neither
says which one it is, the expression fails, and says what to do.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from stepweave.expressions.scope import Output, Scope
from stepweave.model.items import Item

UNKNOWN: Final = -1
"""The item here comes from none of that node's items."""
AMBIGUOUS: Final = -2
"""The item here comes from several of that node's items, or from one nobody knows which."""
_HELP: Final = "use .first(), .last() or .all()[i]"


class Pairs(NamedTuple):
    """Per item here its place among all items of a node, or `UNKNOWN` or `AMBIGUOUS`; and the words for these."""

    places: list[int]
    words: dict[str, str]


def pairs_of(scope: Scope, name: str) -> Pairs:
    """Return which items of a node the items of a step come from."""
    output = scope.output_of(name) or {}
    starts, node_id = _starts(output), scope.ids.get(name, "")
    places = [
        _place(scope, _origin(scope.origins, index), node_id, output, starts) for index in range(len(scope.items))
    ]
    return Pairs(places, {str(code): why_not(name, output, code) for code in (UNKNOWN, AMBIGUOUS)})


def place_of(scope: Scope, name: str, output: Output, index: int) -> int:
    """Return the place of one item's pair, as `pairs_of` does for all."""
    return _place(scope, _origin(scope.origins, index), scope.ids.get(name, ""), output, _starts(output))


def _starts(output: Output) -> dict[str, int]:
    """Return where among all items of a node those of each port begin."""
    starts, count = {}, 0
    for port, items in output.items():
        starts[port] = count
        count += len(items)
    return starts


def _origin(origins: Sequence[Any], index: int) -> dict[str, Any]:
    return origins[index] if 0 <= index < len(origins) else {}


def _place(scope: Scope, origin: dict[str, Any], node_id: str, output: Output, starts: dict[str, int]) -> int:
    if node_id not in origin:
        return UNKNOWN
    place = origin[node_id]
    if place is None:
        return AMBIGUOUS
    port, index, *iteration = place
    items: list[Item] = output.get(port, [])
    # What came by in another round of a loop is not what the node gave in this one.
    if iteration and not f"{scope.iteration}.".startswith(f"{iteration[0]}."):
        return UNKNOWN
    return starts[port] + index if 0 <= index < len(items) else UNKNOWN


def why_not(name: str, output: Output, code: int, index: int | str = "#") -> str:
    """Return the words for an item whose pair is not known."""
    shown, count = name.replace("'", "\\'"), sum(map(len, output.values()))
    if code == AMBIGUOUS:
        return (
            f"$('{shown}').item is not clear: item {index} here comes from several of the {count} items of that node; "
            f"{_HELP}, or return pairedItem from the Code node that made it"
        )
    return (
        f"$('{shown}').item is not known: item {index} here comes from none of the {count} items of that node, or from "
        f"data that was given or made before it was read so; {_HELP}, or run the workflow again from the start"
    )
