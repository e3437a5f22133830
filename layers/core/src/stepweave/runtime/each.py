"""Applying a node's behaviour to its input items, one by one or several at once, over all attempts of the run.

An item that is done stays done: a retry goes on with the others. An attempt goes on after an item that a retry may
help, so that each item gets all attempts, unless the remote asked to wait or several in a row have failed.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, Generic, Protocol, TypeVar

from stepweave.model.items import Item
from stepweave.runtime.attempts import MOST_FAILED, Outputs
from stepweave.runtime.errors import NodeError

P = TypeVar("P")
Apply = Callable[[int], Any]
"""What an item gives, by its place: items for the first port, port -> items, or the error it failed with."""


class Run(Protocol):
    """What is needed of the step."""

    done: dict[int, Outputs]

    def take(self, index: int, result: Any) -> NodeError | None:
        """Keep what an item gave; return its error where a retry is to help. Raises NodeError where that ends it."""

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is."""


class Items(Generic[P]):
    """One attempt at some items."""

    def __init__(self, run: Run, left: Sequence[int], total: int) -> None:
        self._run = run
        self._left = left
        self._total = total
        self._failed: dict[int, NodeError] = {}
        self._in_a_row = 0
        self._stopped = False

    def work(self, evaluate: Apply, apply: Callable[[int, Any], Any], concurrency: int) -> None:
        """Work through the items.

        Args:
            evaluate: the parameters of an item, or the error they failed with.
            apply: what an item gives, by its place and parameters; never raises NodeError.
            concurrency: how many at a time; above 1, `apply` runs in threads.

        Raises:
            NodeError: the first item's that ends the step, or, with a retry left, that the retry is for.
        """
        results = self._in_turn(evaluate, apply) if concurrency <= 1 else self._at_once(evaluate, apply, concurrency)
        for index, result in results:
            error = self._run.take(index, result)
            if error is None:
                self._in_a_row = 0
            else:
                self._failed[index] = error
                self._in_a_row += 1
                self._stopped = self._stopped or error.retry_after is not None or self._in_a_row >= MOST_FAILED
            self._run.progress(len(self._run.done), self._total)
        if self._failed:
            first = self._failed[min(self._failed)]
            waits = [error.retry_after for error in self._failed.values() if error.retry_after is not None]
            first.retry_after = max(waits, default=None)
            raise first

    def _in_turn(self, evaluate: Apply, apply: Callable[[int, Any], Any]) -> Iterator[tuple[int, Any]]:
        for index in self._left:
            if self._stopped:
                return
            yield index, apply(index, evaluate(index))

    def _at_once(
        self, evaluate: Apply, apply: Callable[[int, Any], Any], concurrency: int
    ) -> Iterator[tuple[int, Any]]:
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(concurrency)
        waiting: deque[tuple[int, Future[Any]]] = deque()
        whole = False
        try:
            for index in self._left:
                if self._stopped:
                    break
                # Parameters are evaluated here: the JavaScript engine belongs to one thread.
                # What they use is counted with the step (`stepweave.runtime.metering`).
                waiting.append((index, pool.submit(copy_context().run, apply, index, evaluate(index))))
                if len(waiting) >= 2 * concurrency:
                    yield from self._given(waiting)
            while waiting:
                yield from self._given(waiting)
            whole = True
        finally:
            # Requests under way end by their own time-outs; nothing waits for them once the step has failed for good.
            pool.shutdown(wait=whole, cancel_futures=True)

    def _given(self, waiting: deque[tuple[int, Future[Any]]]) -> Iterator[tuple[int, Any]]:
        """Yield what the oldest item gave; nothing where it had not begun when the attempt left it to the next."""
        index, future = waiting.popleft()
        if not (self._stopped and future.cancel()):
            yield index, future.result()


def by_port(given: Iterable[Item] | Mapping[str, Iterable[Item]], first_port: str) -> Outputs:
    """Return what an item gave as port -> items."""
    if isinstance(given, Mapping):
        return {port: list(items) for port, items in given.items()}
    return {first_port: list(given)}
