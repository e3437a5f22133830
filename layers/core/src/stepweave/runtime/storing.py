"""The tenant's store, for a step: asked of the function `store`, which alone reaches its tables (ADR 29).

What an operation needs and gives is said by `functions.system.store.operations`, in contracts.md ("The store").
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import Who, request_by
from stepweave.runtime.errors import ContextRefused, NodeError

Operation = Mapping[str, Any]
Invoke = Callable[[dict[str, Any]], Any]
"""Asks the store: request to answer. Raises AwsError."""

SECONDS: Final = 30.0
"""For the store's answer."""
_MOST: Final = 200
"""Operations in a request."""
_MOST_BYTES: Final = 2 * 1024 * 1024
"""Of JSON in a request, about: Lambda takes 6 MB (Lambda quotas)."""


class StoreKeyInvalid(NodeError):
    """A key, or the name of a store, table or column, cannot be one."""


class StoreValueInvalid(NodeError):
    """A value cannot be stored: it is too large, nested too deeply, or a time to live is none."""


class StoreFull(NodeError):
    """There are as many keys, tables, columns, rows or turns as there may be."""


class StoreNotNumber(NodeError):
    """What is to be incremented is no number, or the sum is none that keeps all its digits."""


class TableNotFound(NodeError):
    """There is no such table."""


class TableExists(NodeError):
    """There is a table of this name already."""


class ColumnUnknown(NodeError):
    """The table has no such column. `details.field` names it."""


class ColumnMismatch(NodeError):
    """A value does not fit its column's type, or a condition's operator does not. `details.field` names the column."""


class MemorySessionInvalid(NodeError):
    """There is no session key for the memory, or one that cannot be one."""


class MemoryFull(NodeError):
    """There are as many talks in the memory as there may be."""


class StoreUnavailable(NodeError):
    """The store could not be asked."""

    retryable = True


REFUSALS: Final[Mapping[str, type[NodeError]]] = {
    cls.__name__: cls
    for cls in (
        StoreKeyInvalid,
        StoreValueInvalid,
        StoreFull,
        StoreNotNumber,
        TableNotFound,
        TableExists,
        ColumnUnknown,
        ColumnMismatch,
        MemorySessionInvalid,
        MemoryFull,
        ContextRefused,
    )
}
"""What the store answers in place of a value."""


def store_function() -> Invoke:
    """Return the call of the store's function that the environment names.

    Raises:
        StoreUnavailable: when called, where the variable is not set.
    """

    def invoke(request: dict[str, Any]) -> Any:
        name = os.environ.get("STEPWEAVE_STORE_FUNCTION")
        if not name:
            raise StoreUnavailable("STEPWEAVE_STORE_FUNCTION is not set.", "Deploy the node with the store.")
        return Aws.shared().functions.invoke(name, request, timeout=SECONDS)

    return invoke


class Store:
    """The store of one tenant.

    Args:
        invoke: asks the store's function.
        who: whose store it is, with the pass for it.
        zone: the IANA name of the time zone of dates without one.
    """

    def __init__(self, invoke: Invoke, who: Who, zone: str = "UTC") -> None:
        self._invoke, self._who, self._zone = invoke, who, zone

    def do(self, operation: Operation) -> Any:
        """Do one operation and return what it gives.

        Raises:
            NodeError: one of `REFUSALS`, or StoreUnavailable.
        """
        [result] = self.each([operation], stop=True)
        if isinstance(result, NodeError):
            raise result
        return result

    def each(self, operations: Sequence[Operation], *, stop: bool) -> Iterator[Any]:
        """Do operations in their order, and yield what each gives, or the error (one of `REFUSALS`) it is refused with.

        Args:
            operations: with `once` (an idempotency key) where they must not be done twice.
            stop: do none behind one that is refused; what yields ends there, too.

        Raises:
            StoreUnavailable: the store could not be asked; what was yielded is done.
        """
        place = 0
        while place < len(operations):
            part = _part(operations[place:])
            results = self._asked(part, stop)
            for result in results:
                refused = result.get("error")
                yield _error(refused) if refused is not None else result.get("value")
                if refused is not None and stop:
                    return
            place += len(results)

    def _asked(self, operations: Sequence[Operation], stop: bool) -> list[dict[str, Any]]:
        request = request_by(self._who, zone=self._zone, operations=list(operations), stop=stop)
        try:
            results: list[dict[str, Any]] = self._invoke(request)["results"]
        except AwsError as error:
            # The function's words may quote data, so only the code goes on.
            raise StoreUnavailable(
                f"The store could not be asked ({error.code}).",
                "Try again; if it stays so, the platform's operator must look at the store's function.",
            ) from error
        if not results:
            raise StoreUnavailable("The store did not answer.", "Try again.")
        return results


def _part(operations: Sequence[Operation]) -> Sequence[Operation]:
    """Return as many operations as a request takes, one at least."""
    room = _MOST_BYTES
    for count, operation in enumerate(operations[:_MOST]):
        room -= len(json.dumps(operation))
        if room < 0 and count:
            return operations[:count]
    return operations[:_MOST]


def _error(told: Mapping[str, Any]) -> NodeError:
    details = {"field": told["field"]} if told.get("field") else {}
    kind = REFUSALS.get(str(told.get("code")), StoreUnavailable)
    return kind(str(told.get("message")), str(told.get("remedy") or ""), details=details)


def once(idempotency_key: str, *place: str) -> str:
    """Return the name under which an item's operation is done once.

    Args:
        idempotency_key: of the item, or of the run.
        place: what the operation is and where it is done: another one of the same item, as after a mistake in the
            node was mended, is done. What is written does not count, as it may hold the time.
    """
    digest = hashlib.sha256("\n".join(place).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{idempotency_key}:{digest[:32]}"
