"""Batches and items as JSONata: where a node's items come from, whether they are here, and what a result looks like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NamedTuple

from stepweave.compiler.literals import quoted

MOST_ITEMS: Final = 200
"""Items that an expression may look at one by one: engines give an expression one second."""
_ALONG: Final = 40
"""Characters of an item's lineage besides node and port."""
_BYTES_PER_CHARACTER: Final = 4
"""At most, in UTF-8; JSONata counts characters."""


class Source(NamedTuple):
    """Where items come from.

    Attributes:
        batch: JSONata of the batch; nothing where the port is dead.
        room: the most bytes of items that it has inline.
        of: JSONata of an object that says where the item at `$i` is from, which items take along; empty where they do
            not (`stepweave.compiler.analyse.lineage`).
    """

    batch: str
    room: int
    of: str = ""

    @property
    def items(self) -> str:
        """JSONata of the items, with what they take along."""
        if not self.of:
            return f"{self.batch}.items"
        origin = f'{{"origin":$merge([$v.origin,{self.of}])}}'
        return f"$map({self.batch}.items,function($v,$i){{$merge([$v,{origin}])}})"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a node is given.

    Attributes:
        ports: input port -> its batches in edge order; one of them all has items.
        room: the most bytes that the result may have inline.
        lineage: whether items may carry where they come from.
    """

    ports: Mapping[str, Sequence[Source]]
    room: int
    lineage: bool = False

    @property
    def main(self) -> Sequence[Source]:
        """The batches of the port `main`."""
        return self.ports.get("main", ())


def items_of(sources: Sequence[Source]) -> str:
    """Return JSONata for the items of inline batches, one after another."""
    return reduce(lambda before, path: f"$append({before},{path})", [source.items for source in sources])


def list_of(sources: Sequence[Source]) -> str:
    """Return JSONata for the items of inline batches as an array, even where there are none."""
    return f"[{','.join(source.items for source in sources)}]"


def note_of(source: str, port: str, iteration: str) -> str:
    """Return JSONata that says where the item at `$i` of an output port is from (`Source.of`).

    Args:
        source: the id of the node.
        port: the name of the port.
        iteration: JSONata of the round; empty outside loops.
    """
    place = ",".join((quoted(port), "$i", iteration) if iteration else (quoted(port), "$i"))
    return f"{{{quoted(source)}:[{place}]}}"


def bare(sources: Iterable[Source]) -> list[Source]:
    """Return the sources for guards, which look at items only as they came."""
    return [source._replace(of="") for source in sources]


def noted(sources: Iterable[Source]) -> bool:
    """Return whether items of any source take along where they are from, so that no batch stays as it is."""
    return any(source.of for source in sources)


def taken_along(sources: Iterable[Source]) -> int:
    """Return the most characters that each item grows by for where it is from."""
    return max((len(source.of) + _ALONG for source in sources if source.of), default=0)


def count_of(sources: Sequence[Source]) -> str:
    """Return JSONata for how many items there are, inline or not."""
    counts = [f"{source.batch}.count" for source in sources]
    return counts[0] if len(counts) == 1 else f"$sum([{','.join(counts)}])"


def inline(sources: Sequence[Source]) -> list[str]:
    """Return the conditions that all batches that have items have them inline."""
    return [f"$not($exists({source.batch}.ref))" for source in sources]


def few(sources: Sequence[Source], conditions: Iterable[str]) -> str:
    """Return a guard: there are few items, and then the conditions hold."""
    return f"{count_of(sources)}<={MOST_ITEMS}?{every(conditions)}:false"


def every(conditions: Iterable[str]) -> str:
    """Return that all conditions hold."""
    return " and ".join(conditions)


def right(items: str, wrong: Iterable[str]) -> list[str]:
    """Return the condition that nothing is wrong with any item; none where nothing can be."""
    cases = list(dict.fromkeys(wrong))
    return [f"$not($exists({items}[{' or '.join(cases)}]))"] if cases else []


def fits(sources: Sequence[Source], room: int) -> list[str]:
    """Return the condition that all items together fit the room; none where they do anyway."""
    more = taken_along(sources)
    if not more:
        enough = sum(source.room for source in sources) <= room
        return [] if enough else [f"$length($string({list_of(sources)}))<={room // _BYTES_PER_CHARACTER}"]
    size = f"$length($string({list_of(bare(sources))}))+{more}*{count_of(sources)}"
    return [f"{count_of(sources)}<={MOST_ITEMS}", f"{size}<={room // _BYTES_PER_CHARACTER}"]


def fits_with(items: str, room: int, values: Sequence[str], characters: int) -> str:
    """Return the condition that items fit the room after they have grown.

    Args:
        items: JSONata of them.
        room: the most bytes they may have.
        values: JSONata relative to an item of values that are added to it.
        characters: that are added to each item besides.
    """
    text = f"$length($string([{items},{items}.[{','.join(values)}]]))" if values else f"$length($string({items}))"
    return f"{text}+{characters}*$count({items})<={room // _BYTES_PER_CHARACTER}"


def batch_of(variable: str) -> str:
    """Return JSONata for the batch of a variable that holds a list of items, at least one."""
    return f'{{"count":$count({variable}),"items":{variable}}}'


def live_batch(items: str) -> str:
    """Return JSONata for the batch of a list of items, an array for sure; nothing where it is empty."""
    return f"($t:={items};$count($t)>0?{batch_of('$t')})"


def result(ports: Mapping[str, str]) -> str:
    """Return JSONata of a `StepResult`: port -> batch, or nothing. `native` tells that no function told of it."""
    output = ",".join(f'"{port}":{batch}' for port, batch in ports.items())
    return f'{{"output":{{{output}}},"native":true}}'


def as_it_is(source: Source, room: int) -> list[str]:
    """Return the condition that a batch can be passed on as it is, by reference or not; none where it always can."""
    return [f"($exists({source.batch}.ref) or {size})" for size in fits([source], room)]
