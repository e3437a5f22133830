"""`Step`: what a node's behaviour is given, and the one way it gives back.

A behaviour is `run(step: Step[Params]) -> Mapping[str, Iterable[Item]]`: output port -> items. It knows nothing of
Lambda, Step Functions, SQS or S3.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import IO, Any, Final, Generic, Protocol, TypeVar, cast

from stepweave.expressions import Scope
from stepweave.model.events import ErrorInfo, EventType, ExecutionContext, LogLevel
from stepweave.model.items import INLINE_LIMIT, Batch, BinaryRef, Item, Origin
from stepweave.model.json_text import mended
from stepweave.model.lineage import carried, descended, merged
from stepweave.model.step import StepNode, StepResponse, StepSettings
from stepweave.runtime.attempts import Outputs, Progress, bounded
from stepweave.runtime.claims import Claims, key_of
from stepweave.runtime.credentials import Authentication, Vault
from stepweave.runtime.each import Items, by_port
from stepweave.runtime.errors import DataTooLarge, NodeError
from stepweave.runtime.events import Outbox, event
from stepweave.runtime.idempotency import idempotency_key
from stepweave.runtime.results import ERROR_PORT

P = TypeVar("P")

MOST_LOG_LINES: Final = 1000
_MOST_PLACES: Final = 5
_LONGEST_LINE: Final = 8 * 1024
_PROGRESS_EVERY: Final = 0.5
_MOST_RESPONSE_BYTES: Final = 192 * 1024
"""An answer travels in the state, whose limit is 256 KiB (Step Functions quotas), beside what else is there."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[P]):
    """One input item with the parameters evaluated for it."""

    index: int
    item: Item
    params: P
    idempotency_key: str = ""
    """What the item is known by to others: the same in every attempt and resume (`stepweave.runtime.idempotency`)."""

    @property
    def json(self) -> dict[str, Any]:
        """The item's JSON object."""
        return self.item["json"]


class ItemParameters(Protocol):
    """A node's parameters."""

    def constant(self, name: str) -> Any:
        """Return a parameter that holds no expression."""

    def at(self, index: int) -> Any:
        """Return the validated parameters for the item at `index`."""


@dataclass(slots=True)
class StepParts:
    """What a step is made of; the adapter puts it together."""

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
    first_port: str = "main"
    lines: int = field(default=0)
    iteration: str = ""
    phase: str = ""
    task_token: str = ""
    loop: Mapping[str, Any] = field(default_factory=dict)
    inline_limit: int = INLINE_LIMIT
    batches: Mapping[str, list[Batch]] = field(default_factory=dict)
    """The input as it came, for telling of it."""
    progress: Progress = field(default_factory=Progress)
    input_ports: tuple[str, ...] = ()
    """The node's input ports in order."""
    longest_wait: float = 0.0
    """Seconds that the next attempt may wait before it goes on."""


class Step(Generic[P]):
    """One run of a node: its input, parameters, credentials, log and time."""

    def __init__(self, parts: StepParts) -> None:
        self._parts = parts
        self._progress_at = time.monotonic()
        self._files = count(1)
        self._port = "main"
        self.done: dict[int, Outputs] = parts.progress.items
        """What input items gave that are done, error items included, by their place."""
        self.response: StepResponse | None = None
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
        return self._parts.settings["onError"] != "stop"

    @property
    def node(self) -> StepNode:
        """The node that runs."""
        return self._parts.node

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._parts.attempt

    def key(self, name: str) -> str:
        """Return the storage key of something this run leaves."""
        parts = self._parts
        return key_of(self.context, parts.node["id"], parts.attempt, name, parts.iteration)

    def idempotency_key(self, index: int | None = None) -> str:
        """Return what this run, or its input item at `index`, is known by to others: the same over attempts."""
        return idempotency_key(self.context, self._parts.node["id"], self._parts.iteration, index)

    def suspend(self, waiting: Mapping[str, Any] | None = None) -> None:
        """Say that this run is not the node's end, so that no success is told of.

        Args:
            waiting: what the node waits for (`Event.waiting`), where it does.
        """
        self.suspended = True
        if waiting is not None:
            told = dict(waiting)
            if origin := self.origin:  # what answers the wait descends from the input
                told["resume"] = {"origin": origin, **told.get("resume", {})}
            self._add(EventType.NODE_WAITING, waiting=told, input=dict(self._parts.batches))

    @property
    def context(self) -> ExecutionContext:
        """Who and what the execution is."""
        return self._parts.context

    @property
    def deadline(self) -> float:
        """When the step ends itself, on the clock of `time.monotonic`."""
        return self._parts.deadline

    @property
    def scope(self) -> Scope:
        """What expressions see, for behaviours that run code themselves."""
        return self._parts.scope

    def remaining(self) -> float:
        """Return the seconds left, at least a tenth: what a call's time-out may be at most."""
        return max(self._parts.deadline - time.monotonic(), 0.1)

    def batches(self, port: str = "main") -> list[Batch]:
        """Return the input batches of a port as they came, large ones by reference; `items` has what is in them."""
        return list(self._parts.batches.get(port, ()))

    def items(self, port: str = "main") -> list[Item]:
        """Return the input items of a port, in edge order; empty where nothing came."""
        return self._parts.inputs.get(port, [])

    @property
    def origin(self) -> Origin:
        """The lineage of an item that is made of all input items; empty where they carry none."""
        return merged(self.all_items())

    @cached_property
    def traced(self) -> bool:
        """Whether input items carry their lineage."""
        return carried(self.all_items())

    def made_of(self, item: Item, made: Iterable[Item]) -> Iterable[Item]:
        """Return what an input item gives, coming from it."""
        if not self.traced:
            return made
        origin = item.get("origin", {})
        return [one if one is item else descended([one], origin)[0] for one in made]

    def params(self, index: int = 0) -> P:
        """Return the parameters, evaluated and validated for the item at `index`.

        Raises:
            ExpressionFailed: an expression in them failed.
            ParameterInvalid: their values do not fit the node.
        """
        return cast("P", self._parts.parameters.at(index))

    def constant(self, name: str) -> Any:
        """Return a parameter (its JSON name) that may not hold an expression, so is the same for every item."""
        return self._parts.parameters.constant(name)

    def credential(self, id: str, type: str) -> dict[str, Any]:
        """Return the data of a credential (contracts.md, "Credential types").

        Raises:
            CredentialMissing: it is not there, or of another type.
            CredentialUnavailable: the vault could not be asked.
        """
        return self._parts.vault.get(self.context["tenantId"], id, type)

    def authentication(self, id: str, type: str) -> Authentication:
        """Return how a credential goes with an HTTP request. Raises as `credential` does."""
        return self._parts.vault.authentication(self.context["tenantId"], id, type)

    def log(self, level: LogLevel, message: str, data: Any = None) -> None:
        """Write a line to the execution's log. After `MOST_LOG_LINES` lines further ones are dropped, which is said."""
        parts = self._parts
        parts.lines += 1
        if parts.lines > MOST_LOG_LINES:
            return
        if parts.lines == MOST_LOG_LINES:
            level, message, data = "warning", f"The log ends here: a step may write {MOST_LOG_LINES} lines.", None
        fields: dict[str, Any] = {"level": level, "message": _cut(message)}
        if data is not None:
            fields["data"] = data if len(str(data)) <= _LONGEST_LINE else _cut(str(data))
        self._add(EventType.NODE_LOG, **fields)

    def tell_mended(self, places: list[str]) -> None:
        """Warn of places where half of a surrogate pair became U+FFFD (`json_text`), where there are any."""
        if places:
            more = f" and {len(places) - _MOST_PLACES} more places" if len(places) > _MOST_PLACES else ""
            shown = ", ".join(places[:_MOST_PLACES])
            self.log("warning", f"Half of a character (of a surrogate pair) became U+FFFD in {shown}{more}.")

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is. May be called often: it is told on at most twice a second."""
        at = time.monotonic()
        if at - self._progress_at >= _PROGRESS_EVERY:
            self._progress_at = at
            self._add(EventType.NODE_PROGRESS, done=done, total=total)

    def respond(self, status_code: int, headers: Mapping[str, str], body: Any) -> None:
        """Answer the webhook's caller.

        Args:
            status_code: of HTTP.
            headers: with `content-type`.
            body: text, which is sent as it is; None for none; other data is sent as JSON.

        Raises:
            DataTooLarge: the body is larger than an answer may be.
        """
        body, places = mended(body)
        self.tell_mended([f"the answer {place}".rstrip() for place in places])
        size = len(json.dumps(body))
        if size > _MOST_RESPONSE_BYTES:
            raise DataTooLarge(
                f"The answer has {size / 1024:.0f} KB; an answer may have {_MOST_RESPONSE_BYTES // 1024} KB.",
                "Answer with fewer items or fields.",
            )
        self.response = {"statusCode": status_code, "headers": dict(headers), "body": body}
        self._add(EventType.EXECUTION_RESPONSE, response=self.response)

    def store_file(self, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = "") -> BinaryRef:
        """Store a file and return the reference that an item's `binary` carries.

        Raises:
            StorageUnavailable: it could not be stored.
        """
        key = self.key(f"file-{next(self._files)}")
        return self._parts.claims.store_file(
            key, file, size=size, sha256=sha256, mime_type=mime_type, file_name=file_name
        )

    def fetch_file(self, ref: BinaryRef, file: IO[bytes]) -> None:
        """Write the file that an item's `binary` refers to, to an empty `file`.

        Raises:
            DataMissing: it is gone, or not this workspace's.
            StorageUnavailable: it could not be fetched.
        """
        self._parts.claims.fetch_file(ref, self.context["tenantId"], file)

    def each(
        self,
        apply: Callable[[Entry[P]], Iterable[Item] | Mapping[str, Iterable[Item]]],
        *,
        concurrency: int = 1,
        port: str = "main",
    ) -> dict[str, list[Item]]:
        """Apply a function to every input item and return what it gave, in the order of the items.

        What an item gives comes from it (`stepweave.model.lineage`). An item's error ends the step, unless the node
        goes on after errors (`onError`) and no retry is left that could help: then an error item takes the item's
        place, on the first port or on the error port. What is done is not done again in the next attempt
        (`stepweave.runtime.each`).

        Args:
            apply: returns items for the first output port, or port -> items.
            concurrency: how many items at a time; above 1, `apply` runs in threads.
            port: the input port.

        Raises:
            NodeError: the first item's, in order, that ends the step.
        """
        self._port = port
        items = self.items(port)
        left = [index for index in range(len(items)) if index not in self.done]
        if len(left) < len(items):
            self.log("info", f"Goes on with {len(left)} of {len(items)} items; the others are done.")

        def attempted(index: int, params: P | NodeError) -> Any:
            if isinstance(params, NodeError):
                return params
            try:
                given = apply(Entry(index, items[index], params, self.idempotency_key(index)))
                return by_port(given, self._parts.first_port)
            except NodeError as error:
                return error

        Items[P](self, left, len(items)).work(self._evaluated, attempted, concurrency)
        return self.given(len(items))

    def given(self, count: int) -> dict[str, list[Item]]:
        """Return what those of the first `count` items gave that are done, by port."""
        outputs: dict[str, list[Item]] = {}
        for index in range(count):
            for port, items in self.done.get(index, {}).items():
                outputs.setdefault(port, []).extend(items)
        return outputs

    def take(self, index: int, result: Any) -> NodeError | None:
        """Keep what an item gave, an error item where it failed and the node goes on; see `each.Run`."""
        if not isinstance(result, NodeError):
            item = self.items(self._port)[index]
            self.done[index] = {port: list(self.made_of(item, given)) for port, given in result.items()}
            return None
        result.item = index
        error = self.kept_to(result)
        if self._is_retried(error):
            return error
        if self._parts.settings["onError"] == "stop":
            raise error
        self.log("error", f"Item {index}: {error.message}", error.to_json())
        port, failed = self.error_item(error, self.items(self._port)[index])
        self.done[index] = {port: [failed]}
        return None

    def kept_to(self, error: NodeError) -> NodeError:
        """Return an error, or what says that the retry it asks for would come too late."""
        return bounded(error, self._parts.longest_wait) if self._is_retried(error) else error

    def _is_retried(self, error: NodeError) -> bool:
        return error.retryable and self._parts.attempt < self._parts.settings["maxAttempts"]

    def goes_on_after(self, error: NodeError) -> bool:
        """Return whether the node's settings turn `error` into an error item now, rather than end or retry the step."""
        return self._parts.settings["onError"] != "stop" and not self._is_retried(error)

    def error_item(self, error: NodeError, item: Item) -> tuple[str, Item]:
        """Return the port and the item that stand for an item whose step failed."""
        branch = self._parts.settings["onError"] == "branch"
        return (ERROR_PORT if branch else self._parts.first_port), error_item(error.to_json(), item)

    def all_items(self) -> list[Item]:
        """Return the input items of all ports, in the order of the ports."""
        inputs = self._parts.inputs
        return [item for port in self._parts.input_ports for item in inputs.get(port, ())]

    def _evaluated(self, index: int) -> P | NodeError:
        try:
            return self.params(index)
        except NodeError as error:
            return error

    def _add(self, type: EventType, **fields: Any) -> None:
        parts = self._parts
        fields |= node_fields(parts.node["id"], parts.attempt, parts.iteration)
        parts.outbox.add(event(type, **fields))


def error_item(error: ErrorInfo, item: Item) -> Item:
    """Return an item with the error of the step that it failed in."""
    return {**item, "json": {**item["json"], "error": error}}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "…"


def node_fields(node_id: str, attempt: int, iteration: str) -> dict[str, Any]:
    """Return what every event of a node run carries."""
    fields: dict[str, Any] = {"nodeId": node_id, "attempt": attempt}
    return fields | {"iteration": iteration} if iteration else fields
