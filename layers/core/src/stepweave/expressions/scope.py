"""What an expression can see: the items of its step, other nodes' outputs, and who and what the execution is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from stepweave.model.items import Item, Origin

Output = Mapping[str, list[Item]]
"""A node's items by port."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


def _no_tool() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Scope:
    """The data of one step.

    `items` are those of the main input, `inputs` those of the other input ports (for `$input.all('port')`).
    `output_of(name)` gives a referenced node's items by port, or None where it did not run; it is called at most once
    per name and raises KeyError for a name the step does not refer to. `names` are the names it knows. `workflow` and
    `execution` are small JSON objects (`id`, `name`; `id`, `mode`, ...). `now` is the step's one `$now`; `time_zone`
    the IANA name that `$now`, `$today` and `DateTime` are in, by default the `timeZone` of `workflow`, else UTC.
    `origins` is the lineage of each of `items`, which carry none themselves, in terms of the node ids that `ids` has by
    name; `iteration` is the round it is for (`stepweave.expressions.pairing`). `round` is that of the step's own
    rounds, for a loop that looks at what came back. `tool` gives what a model gave for `$fromAI`, or None for a node
    of no tool.
    """

    items: list[Item]
    output_of: Callable[[str], Output | None]
    names: frozenset[str] = frozenset()
    workflow: Mapping[str, Any] = field(default_factory=dict)
    execution: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, list[Item]] = field(default_factory=dict)
    now: datetime = field(default_factory=_now)
    time_zone: str = ""
    origins: Sequence[Origin] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    iteration: str = ""
    round: int | None = None
    tool: Callable[[], Mapping[str, Any] | None] = _no_tool

    @classmethod
    def of_outputs(cls, items: list[Item], outputs: Mapping[str, Output | None], **more: Any) -> "Scope":
        """Return a scope whose referenced outputs are all at hand."""
        return cls(items, lambda name: outputs[name], frozenset(outputs), **more)

    @property
    def run_index(self) -> int:
        """The round, from 0, of the innermost loop around the step; 0 outside loops."""
        return int(self.iteration.rpartition(".")[2] or 0) if self.round is None else self.round

    @property
    def zone(self) -> str:
        """The name of the time zone that dates are in."""
        return self.time_zone or str(self.workflow.get("timeZone") or "UTC")


def now_of(scope: Scope) -> dict[str, Any]:
    """Return the step's moment and time zone as the engine takes them."""
    return {"milliseconds": milliseconds(scope.now), "zone": scope.zone}


def milliseconds(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970, the resolution of JavaScript's dates."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(milliseconds=1)
