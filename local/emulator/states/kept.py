"""How many ended executions are remembered, with their histories: AWS keeps them 90 days, one machine so many bytes."""

from collections import OrderedDict
from typing import Any

from ministack.services import stepfunctions

from local.emulator.states.scopes import Json

EXECUTIONS_KEPT = 5_000
BYTES_KEPT = 16 * 1024 * 1024
MAP_RUNS_KEPT = 200
UNKNOWN = 500
"""So many more may lie in the store, running or not noted yet, before it is looked through."""
EVENT_BYTES = 700
"""What the dictionaries of an event take besides its texts."""


class Kept:
    """The ended executions of MiniStack's store, the oldest first."""

    def __init__(self, most: int = EXECUTIONS_KEPT, most_bytes: int = BYTES_KEPT) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._sizes: OrderedDict[Any, int] | None = None
        self._bytes = 0

    def add(self, record: Json) -> None:
        """Remember an execution that has ended, and forget the oldest that are too many."""
        store = stepfunctions._executions
        if self._sizes is None:
            self._sizes = OrderedDict()
        if len(store._data) > len(self._sizes) + UNKNOWN:
            # What the last run of the emulator left, and the children of distributed Maps.
            for key, ended in list(store._data.items()):
                if key not in self._sizes:
                    self._note(key, ended)
        self._note(store._scoped(record["executionArn"]), record)
        while len(self._sizes) > self._most or (self._bytes > self._most_bytes and len(self._sizes) > 1):
            key, size = self._sizes.popitem(last=False)
            self._bytes -= size
            if store._data.get(key, {}).get("status") != "RUNNING":  # it may have been redriven
                store._data.pop(key, None)
        runs = stepfunctions._map_runs._data
        for key in list(runs)[: max(0, len(runs) - MAP_RUNS_KEPT)]:
            if runs[key]["status"] != "RUNNING":
                del runs[key]

    def _note(self, key: Any, record: Json) -> None:
        assert self._sizes is not None  # noqa: S101 - narrows a type
        if record["status"] == "RUNNING":
            return
        self._bytes -= self._sizes.pop(key, 0)
        self._sizes[key] = weight(record)
        self._bytes += self._sizes[key]


def weight(record: Json) -> int:
    """About how many bytes an execution takes."""
    total = len(record.get("input") or "") + len(record.get("output") or "") + len(record.get("definition") or "")
    for event in record.get("events", ()):
        total += EVENT_BYTES
        for details in event.values():
            if isinstance(details, dict):
                total += sum(len(value) for value in details.values() if isinstance(value, str))
    return total
