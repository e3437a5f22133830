"""The engine at work for one step: gives it what its expressions ask for, when they first ask."""

import time
from typing import TYPE_CHECKING, Any, Final

from stepweave.expressions.engine import Engine, EngineError, EngineTimeout, Wanted, json_of
from stepweave.expressions.libraries import random_hex, table
from stepweave.expressions.pairing import pairs_of
from stepweave.expressions.scope import Scope, now_of
from stepweave.expressions.zones import zone_table

if TYPE_CHECKING:
    from stepweave.expressions.killable import KillableEngine

MOST_WANTED: Final = 200
"""Things one expression may ask for one after another; each costs another run."""
MOST_TIMES: Final = 10
"""Times its limit of time, by the clock, that all runs of one expression may take together."""


class Session:
    """One engine and the data of one step. Not thread-safe."""

    def __init__(self, scope: Scope, seconds: float, memory_bytes: int, apart: "KillableEngine | None" = None) -> None:
        self._scope = scope
        self._engine = apart or Engine(seconds, memory_bytes)
        self._most_seconds = MOST_TIMES * seconds
        self._compiled: dict[str, Any] = {}
        self._reads_item = False
        self._current: tuple[int, bool] | None = None

    def run(self, source: str, index: int, *, as_text: bool) -> Any:
        """Return an expression's value, or its text, for the item at `index`. Raises EngineError."""
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = self._engine.compile(source)
        late = time.monotonic() + self._most_seconds
        for _ in range(MOST_WANTED):
            if time.monotonic() > late:
                raise EngineTimeout("It takes too long, asking for one thing after another.")
            self._move(index)
            answer = self._engine.run(compiled, as_text=as_text)
            if not isinstance(answer, Wanted):
                return answer
            for what in dict.fromkeys(answer.names):
                self._give(what)
        raise EngineError(f"Error: it asks for more than {MOST_WANTED} nodes and time zones")

    def _move(self, index: int) -> None:
        if self._current == (index, self._reads_item):
            return
        self._current = (index, self._reads_item)
        items = self._scope.items
        is_there = self._reads_item and 0 <= index < len(items)
        self._engine.at(index, json_of(items[index]) if is_there else None)

    def _give(self, what: str) -> None:
        kind, _, name = what.partition(":")
        scope, engine = self._scope, self._engine
        match kind:
            case "item":
                self._reads_item = True
                engine.give("item", None)
            case "node":
                is_known = name in scope.names
                engine.give(what, {"known": is_known, "ports": scope.output_of(name) if is_known else None})
            case "pairs":
                engine.give(what, pairs_of(scope, name)._asdict())
            case "zone":
                engine.give(what, zone_table(name))
            case "random":
                engine.give(what, random_hex(int(name)))
            case "table":
                engine.give(what, table(name))
            case "library":
                if name == "collation":
                    self._give("table:collation")
                if name == "luxon":
                    for needed in ("now", "library:intl", f"zone:{scope.zone}"):
                        self._give(needed)
                engine.bring(name)
            case _:
                engine.give(what, self._data(kind))

    def _data(self, name: str) -> Any:
        scope = self._scope
        match name:
            case "items":
                return scope.items
            case "inputs":
                return dict(scope.inputs)
            case "count":
                return len(scope.items)
            case "now":
                return now_of(scope)
            case "workflow":
                return dict(scope.workflow)
            case "execution":
                return dict(scope.execution)
            case "variables":
                return dict(scope.variables)
            case "round":
                return scope.run_index
            case "tool":
                return scope.tool()
        raise KeyError(name)
