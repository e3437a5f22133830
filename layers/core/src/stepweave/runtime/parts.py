"""What a step is made of: put together by the adapter, looked at by its faces (`step`, `control`, `kept`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from stepweave.expressions import Scope
from stepweave.model.events import Event, EventType, ExecutionContext
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.model.step import StepFailure, StepNode, StepSettings
from stepweave.runtime.attempts import Progress
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault
from stepweave.runtime.events import Outbox, event
from stepweave.runtime.metering import Meter
from stepweave.runtime.storing import Invoke, store_function


class ItemParameters(Protocol):
    """A node's parameters."""

    def constant(self, name: str) -> Any:
        """Return a parameter that holds no expression."""

    def at(self, index: int) -> Any:
        """Return the validated parameters for the item at `index`."""

    def one(self, name: str, index: int) -> Any:
        """Return one validated parameter for the item at `index`, and evaluate no other."""


@dataclass(slots=True)
class StepParts:
    """One run of a node: who and what, its input, and the outside."""

    context: ExecutionContext
    node: StepNode
    settings: StepSettings
    attempt: int
    inputs: dict[str, list[Item]]
    parameters: ItemParameters
    scope: Scope
    outbox: Outbox
    claims: Claims
    vault: Vault
    deadline: float
    """When the step ends itself, on the clock of `time.monotonic`."""
    meter: Meter = field(default_factory=Meter)
    """Counts what the step uses."""
    first_port: str = "main"
    iteration: str = ""
    phase: str = ""
    task_token: str = ""
    loop: Mapping[str, Any] = field(default_factory=dict)
    failure: StepFailure | None = None
    inline_limit: int = INLINE_LIMIT
    batches: Mapping[str, list[Batch]] = field(default_factory=dict)
    """The input as it came, for telling of it."""
    progress: Progress = field(default_factory=Progress)
    input_ports: tuple[str, ...] = ()
    """The node's input ports in order."""
    store: Invoke = field(default_factory=store_function)
    """Asks the tenant's store."""
    longest_wait: float = 0.0
    """Seconds that the next attempt may wait before it goes on."""

    def all_items(self) -> list[Item]:
        """Return the input items of all ports, in the order of the ports."""
        return [item for port in self.input_ports for item in self.inputs.get(port, ())]

    def tell(self, type: EventType, **fields: Any) -> None:
        """Add an event of this node run to what is told."""
        self.outbox.add(self.made(type, **fields))

    def made(self, type: EventType, **fields: Any) -> Event:
        """Return an event of this node run."""
        return event(type, **{**node_fields(self.node["id"], self.attempt, self.iteration), **fields})


def node_fields(node_id: str, attempt: int, iteration: str) -> dict[str, Any]:
    """Return what every event of a node run carries."""
    fields: dict[str, Any] = {"nodeId": node_id, "attempt": attempt}
    return fields | {"iteration": iteration} if iteration else fields
