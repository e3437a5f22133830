"""`Control`: what loops, waits, approvals and calls need of their step besides what every node's author has.

They run in phases, wait for task tokens, hand out batches by reference, and say what the state machine does next.
"""

from collections.abc import Mapping
from typing import Any

from stepweave.model.events import EventType
from stepweave.model.items import Batch, Origin
from stepweave.model.lineage import merged
from stepweave.model.step import StepFailure, StepNode
from stepweave.runtime.claims import Claims, key_of
from stepweave.runtime.idempotency import origin_of
from stepweave.runtime.parts import StepParts
from stepweave.runtime.results import ERROR_PORT


class Control:
    """A step as the node types see it that are kinds of control (`NodeSpec.control`)."""

    def __init__(self, parts: StepParts) -> None:
        self._parts = parts
        self.extra: dict[str, Any] = {}
        """What the step's result has besides `output`: a loop's `batches` or `round`, a wait's `wait`."""
        self.suspended = False
        """Whether the node goes on in another phase, or when its task token is answered."""

    @property
    def phase(self) -> str:
        """Which of a node's phases this is (`StepPayload.phase`); empty for nodes that run in one go."""
        return self._parts.phase

    @property
    def iteration(self) -> str:
        """Which round of which loops this is in (`StepPayload.iteration`); empty outside loops."""
        return self._parts.iteration

    @property
    def task_token(self) -> str:
        """What the state waits for; empty where it does not."""
        return self._parts.task_token

    @property
    def loop(self) -> Mapping[str, Any]:
        """What a loop's later phases are given (`StepPayload.loop`)."""
        return self._parts.loop

    @property
    def failure(self) -> StepFailure | None:
        """What failed in the round that a loop's `turn` is about; None where nothing did."""
        return self._parts.failure

    @property
    def inline_limit(self) -> int:
        """The bytes of JSON that the result may have inline."""
        return self._parts.inline_limit

    @property
    def claims(self) -> Claims:
        """Where large data lies, for behaviours that work with batches themselves."""
        return self._parts.claims

    @property
    def goes_on(self) -> bool:
        """Whether the execution goes on after this node's errors."""
        return self.failure_port is not None

    @property
    def failure_port(self) -> str | None:
        """The output port that error items take; None where an error ends the execution."""
        on_error = self._parts.settings["onError"]
        return None if on_error == "stop" else ERROR_PORT if on_error == "branch" else self._parts.first_port

    @property
    def always_output(self) -> bool:
        """Whether the node gives an empty item where it would give nothing."""
        return self._parts.settings.get("alwaysOutput", False)

    @property
    def node(self) -> StepNode:
        """The node that runs."""
        return self._parts.node

    @property
    def origin(self) -> Origin:
        """The lineage of an item that is made of all input items; empty where they carry none."""
        return merged(self._parts.all_items())

    def batches(self, port: str = "main") -> list[Batch]:
        """Return a port's input batches as they came, large ones by reference; `Step.items` has what is in them."""
        return list(self._parts.batches.get(port, ()))

    def key(self, name: str) -> str:
        """Return the storage key of something this run leaves; after each round of a loop another one."""
        parts = self._parts
        if "round" in parts.loop:  # what the round was given is under that of the one before
            name = f"round-{int(parts.loop['round']) + 1}-{name}"
        return key_of(parts.context, parts.node["id"], parts.attempt, name, parts.iteration)

    def lasting_key(self, name: str) -> str:
        """Return the storage key of something that later attempts find, and executions that go on from this one."""
        context = self._parts.context
        return f"{context['tenantId']}/{origin_of(context)}/{self._parts.node['id']}/{self.iteration or 'once'}/{name}"

    def suspend(self, waiting: Mapping[str, Any] | None = None, *, of: str = "") -> None:
        """Say that this run is not the node's end, so that no success is told of.

        Args:
            waiting: what the node waits for (`Event.waiting`), where it does.
            of: the id of the node that may not begin before that, where it is another: the wait is its attempt 0.
        """
        self.suspended = True
        if waiting is not None:
            told = dict(waiting)
            if of:
                self._parts.tell(EventType.NODE_WAITING, waiting=told, nodeId=of, attempt=0)
                return
            if origin := self.origin:  # what answers the wait descends from the input
                told["resume"] = {"origin": origin, **told.get("resume", {})}
            self._parts.tell(EventType.NODE_WAITING, waiting=told, input=dict(self._parts.batches))
