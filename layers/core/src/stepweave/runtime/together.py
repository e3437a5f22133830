"""Working on several input items with one request, while each item still succeeds, fails and is retried on its own.

`Step.each_together` asks for one item's result after the other; the first of a batch brings those of the batch.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from stepweave.runtime.errors import NodeError

E = TypeVar("E")
Result = Any
"""What an item gives: items for the first port, port -> items, or the error it failed with."""


class Together(Generic[E]):
    """Results by the items' places.

    Args:
        left: the places of the items that are to be worked on, in their order.
        entry: an item's entry, by its place, or the error that its parameters failed with.
        apply: gives the entries' results in their order; it may end early, and is then asked again for the others.
        most: how many entries `apply` is given at most.
    """

    def __init__(
        self,
        left: Sequence[int],
        entry: Callable[[int], E | NodeError],
        apply: Callable[[list[E]], Iterable[Result]],
        most: int,
    ) -> None:
        self._left, self._entry, self._apply, self._most = left, entry, apply, most
        self._given: dict[int, Result] = {}
        self._position = {place: number for number, place in enumerate(left)}

    def result(self, place: int) -> Result:
        """Return an item's result; those of items before it have been asked for."""
        if place not in self._given:
            self._given = dict(self._batch(self._position[place]))
        return self._given.pop(place)

    def _batch(self, first: int) -> Iterator[tuple[int, Result]]:
        """Yield the results of a batch that begins with an item, of that one at least."""
        places, entries, failed = list[int](), list[E](), dict[int, NodeError]()
        for place in self._left[first : first + self._most]:
            made = self._entry(place)
            if isinstance(made, NodeError):
                failed[place] = made
                break  # it may end the step, so nothing behind it is done yet
            places.append(place)
            entries.append(made)
        results = iter(self._apply(entries) if entries else ())
        for place in places:
            try:
                result = next(results)
            except StopIteration:
                return
            except NodeError as error:
                yield place, error
                return
            yield place, result
        yield from failed.items()
