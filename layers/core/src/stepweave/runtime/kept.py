"""What a run's input items gave, over all its attempts, and what their errors come to.

An item that is done stays done: a retry goes on with the others (`stepweave.runtime.each`).
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from stepweave.model.items import Item
from stepweave.model.lineage import carried, descended
from stepweave.runtime.attempts import Outputs, bounded
from stepweave.runtime.errors import NodeError
from stepweave.runtime.parts import StepParts
from stepweave.runtime.results import ERROR_PORT, error_item
from stepweave.runtime.telling import Telling


class Kept:
    """One run's results so far; `each.Items` works on it."""

    def __init__(self, parts: StepParts, telling: Telling) -> None:
        self._parts = parts
        self._telling = telling
        self.port = "main"
        """The input port whose items are worked on."""
        self.done: dict[int, Outputs] = parts.progress.items
        """What input items gave that are done, error items included, by their place."""

    @cached_property
    def traced(self) -> bool:
        """Whether input items carry their lineage."""
        return carried(self._parts.all_items())

    def made_of(self, item: Item, made: Iterable[Item]) -> Iterable[Item]:
        """Return what an input item gives, coming from it."""
        if not self.traced:
            return made
        origin = item.get("origin", {})
        return [one if one is item else descended([one], origin)[0] for one in made]

    def given(self, count: int) -> dict[str, list[Item]]:
        """Return what those of the first `count` items gave that are done, by port."""
        outputs: dict[str, list[Item]] = {}
        for index in range(count):
            for port, items in self.done.get(index, {}).items():
                outputs.setdefault(port, []).extend(items)
        return outputs

    def take(self, index: int, result: Any) -> NodeError | None:
        """Keep what an item gave, an error item where it failed and the node goes on; see `each.Run`."""
        item = self._parts.inputs[self.port][index]
        if not isinstance(result, NodeError):
            self.done[index] = {port: list(self.made_of(item, given)) for port, given in result.items()}
            return None
        result.item = index
        error = self.bounded(result)
        if self._is_retried(error):
            return error
        if self._parts.settings["onError"] == "stop":
            raise error
        self._telling.log("error", f"Item {index}: {error.message}", error.to_json())
        port, failed = self.error_item(error, item)
        self.done[index] = {port: [failed]}
        return None

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is."""
        self._telling.progress(done, total)

    def bounded(self, error: NodeError) -> NodeError:
        """Return an error, or what says that the retry it asks for would come too late."""
        return bounded(error, self._parts.longest_wait) if self._is_retried(error) else error

    def goes_on_after(self, error: NodeError) -> bool:
        """Return whether the node's settings turn `error` into an error item now, rather than end or retry the step."""
        return self._parts.settings["onError"] != "stop" and not self._is_retried(error)

    def error_item(self, error: NodeError, item: Item) -> tuple[str, Item]:
        """Return the port and the item that stand for an item whose step failed, and come from it alone."""
        branch = self._parts.settings["onError"] == "branch"
        (failed,) = self.made_of(item, [error_item(error.to_json(), item)])
        return (ERROR_PORT if branch else self._parts.first_port), failed

    def _is_retried(self, error: NodeError) -> bool:
        return error.retryable and self._parts.attempt < self._parts.settings["maxAttempts"]
