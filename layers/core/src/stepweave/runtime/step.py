"""`Step`: what a node's behaviour is given, and the one way it gives back.

A behaviour is `run(step: Step[Params]) -> Mapping[str, Iterable[Item]]`: output port -> items. It knows nothing of
Lambda, Step Functions, SQS or S3. This is the authors' face; loops, waits and calls have another beside it
(`Step.control`), and the runner a third (`Step.kept`). Longer than other files: all that an author has stands here.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import IO, TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from stepweave.aws.passes import Who
from stepweave.expressions import Scope
from stepweave.model.events import EventType, ExecutionContext, LogLevel
from stepweave.model.items import BinaryRef, Item
from stepweave.model.json_text import mended
from stepweave.model.sizes import size_text
from stepweave.model.step import StepResponse
from stepweave.runtime.authentication import Authentication, Types
from stepweave.runtime.budgets import Budget
from stepweave.runtime.control import Control
from stepweave.runtime.each import Items, by_port
from stepweave.runtime.errors import DataTooLarge, NodeError
from stepweave.runtime.files import StoredFile, stored_file
from stepweave.runtime.idempotency import idempotency_key
from stepweave.runtime.kept import Kept
from stepweave.runtime.memory import Memory
from stepweave.runtime.metering import Meter
from stepweave.runtime.parts import StepParts
from stepweave.runtime.results import ERROR_PORT
from stepweave.runtime.storing import Store
from stepweave.runtime.streaming import Streamed, each_item
from stepweave.runtime.telling import Telling
from stepweave.runtime.together import Together
from stepweave.runtime.uploads import Upload

P = TypeVar("P")

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

    if not TYPE_CHECKING:

        def __class_getitem__(cls, params):  # as of `Step`
            return cls

    @property
    def json(self) -> dict[str, Any]:
        """The item's JSON object."""
        return self.item["json"]


class Step(Generic[P]):
    """One run of a node: its input, parameters, credentials, log, usage and time."""

    if not TYPE_CHECKING:

        def __class_getitem__(cls, params):  # nobody reads typing's alias, and each node's first start made one
            return cls

    def __init__(self, parts: StepParts) -> None:
        self._parts = parts
        self._files = count(1)
        self.telling = Telling(parts)
        self.control = Control(parts)
        """What loops, waits and calls need besides."""
        self.kept = Kept(parts, self.telling)
        """What items gave that are done; for the runner."""
        self.response: StepResponse | None = None

    @property
    def context(self) -> ExecutionContext:
        """Who and what the execution is."""
        return self._parts.context

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._parts.attempt

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

    def items(self, port: str = "main") -> list[Item]:
        """Return the input items of a port, in edge order; empty where nothing came."""
        return self._parts.inputs.get(port, [])

    def stream(self, port: str = "main") -> Iterator[Item]:
        """Yield the input items of a port one after another; the node's spec says `streams_when`.

        Of many, `items` has the first two only, which parameters can be evaluated for.

        Raises:
            DataMissing: they are gone.
            StorageUnavailable: they could not be fetched.
        """
        if self._parts.settings.get("executeOnce"):
            return iter(self.items(port))
        return each_item(self._parts.batches.get(port, ()), self.context["tenantId"], self._parts.claims)

    def all_items(self) -> list[Item]:
        """Return the input items of all ports, in the order of the ports."""
        return self._parts.all_items()

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

    def param(self, name: str, index: int = 0) -> Any:
        """Return a parameter (its JSON name) for the item at `index`, where the others are not to be evaluated yet.

        Raises:
            ExpressionFailed: its expression failed.
            ParameterInvalid: its value does not fit the node.
        """
        return self._parts.parameters.one(name, index)

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of a credential (contracts.md, "Credential types").

        Args:
            id: of the credential.
            type: of the credential, or those that it may be of.
            refused: the data whose token a server would not take, to have it renewed (`Vault.get`).

        Raises:
            CredentialMissing: it is not there.
            CredentialTypeMismatch: it is of another type.
            CredentialUnavailable: the vault could not be asked.
        """
        return self._parts.vault.get(self._who, id, type, refused)

    def credential_of(self, id: str, types: Types) -> tuple[str, dict[str, Any]]:
        """Return the type and the data of a credential that may be of several types. Raises as `credential` does."""
        return self._parts.vault.opened(self._who, id, types)

    def authentication(self, id: str, type: Types, refused: str = "") -> Authentication:
        """Return how a credential goes with an HTTP request. Raises as `credential` does.

        Args:
            id: of the credential.
            type: of the credential, or those that it may be of.
            refused: the token that a server answered with 401, to have it renewed (`Vault.authentication`).
        """
        return self._parts.vault.authentication(self._who, id, type, refused)

    @property
    def _who(self) -> Who:
        return {**self.context, "nodeId": self._parts.node["id"]}

    @property
    def store(self) -> Store:
        """The tenant's store, of keys and tables; the node's spec says `uses_store`."""
        return Store(self._parts.store, self.context, self.context["timeZone"])

    @property
    def memory(self) -> Memory:
        """What models remember of talks, the workflow's; the node's spec says `uses_store`."""
        return Memory(self.store, self.context["workflowId"])

    def budget(self, *, own: bool) -> Budget:
        """Return the budgets that this run counts to; `own`: whether the node has limits of its own, too."""
        return Budget(self.store, self.context, self.idempotency_key() if own else "")

    def idempotency_key(self, index: int | None = None) -> str:
        """Return what this run, or its input item at `index`, is known by to others: the same over attempts."""
        return idempotency_key(self.context, self._parts.node["id"], self._parts.iteration, index)

    def made_of(self, item: Item, made: Iterable[Item]) -> Iterable[Item]:
        """Return what an input item gives, coming from it, for behaviours that do without `each`."""
        return self.kept.made_of(item, made)

    def log(self, level: LogLevel, message: str, data: Any = None) -> None:
        """Write a line to the execution's log. After `MOST_LOG_LINES` lines further ones are dropped, which is said."""
        self.telling.log(level, message, data)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is. May be called often: it is told on at most twice a second."""
        self.telling.progress(done, total)

    @property
    def usage(self) -> Meter:
        """What counts what the step uses: tokens, money, units of the node's own. HTTP requests count themselves."""
        return self.telling.meter

    def partial(self, part: Any, index: int = 0) -> None:
        """Show what has come so far, as a language model's tokens; for people who watch, never the result.

        May be called often: it is told on at once when it is the first, then twice a second, up to 64 Ki characters of
        an attempt.

        Args:
            part: text, which is put behind what came before; other JSON data makes a line.
            index: the input item that it belongs to (`Entry.index`).
        """
        self.telling.partial(part, index)

    def respond(
        self, status_code: int, headers: Mapping[str, str], body: Any, *, file: BinaryRef | None = None
    ) -> None:
        """Answer the webhook's caller.

        Args:
            status_code: of HTTP.
            headers: with `content-type`.
            body: text, which is sent as it is; None for none; other data is sent as JSON.
            file: whose bytes are the body, which is None then.

        Raises:
            DataTooLarge: the body is larger than an answer may be.
        """
        body, places = mended(body)
        self.telling.mended([f"the answer {place}".rstrip() for place in places])
        size = len(json.dumps(body))
        if size > _MOST_RESPONSE_BYTES:
            raise DataTooLarge(
                f"The answer has {size_text(size)}; an answer may have {size_text(_MOST_RESPONSE_BYTES)}.",
                "Answer with fewer items or fields.",
            )
        self.response = {"statusCode": status_code, "headers": dict(headers), "body": body}
        if file is not None:
            self.response["file"] = file
        self._parts.tell(EventType.EXECUTION_RESPONSE, response=self.response)

    def store_file(self, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = "") -> BinaryRef:
        """Store a file and return the reference that an item's `binary` carries.

        Raises:
            StorageUnavailable: it could not be stored.
        """
        key = self.control.key(f"file-{next(self._files)}")
        return self._parts.claims.store_file(
            key, file, size=size, sha256=sha256, mime_type=mime_type, file_name=file_name
        )

    def new_file(self, mime_type: str) -> Upload:
        """Return a file to write to, of any length: `with` it, and `file(name)` in the end for its reference."""
        return self._parts.claims.upload(self.control.key(f"file-{next(self._files)}"), mime_type)

    def fetch_file(self, ref: BinaryRef, file: IO[bytes]) -> None:
        """Write the file that an item's `binary` refers to, to an empty `file`.

        Raises:
            DataMissing: it is gone, or not this workspace's.
            StorageUnavailable: it could not be fetched.
        """
        self._parts.claims.fetch_file(ref, self.context["tenantId"], file)

    def open_file(self, ref: Any) -> StoredFile:
        """Return the file that an item's `binary` refers to, to be read piece by piece (`StoredFile.chunks`).

        Raises:
            DataMissing: it is no reference to a file of this workspace.
        """
        return stored_file(ref, self.context["tenantId"], self._parts.claims)

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
        kept, items, left = self.kept, self.items(port), self._left(port)

        def attempted(index: int, params: P | NodeError) -> Any:
            if isinstance(params, NodeError):
                return params
            try:
                given = apply(Entry(index, items[index], params, self.idempotency_key(index)))
                return by_port(given, self._parts.first_port)
            except NodeError as error:
                return error

        Items[P](kept, left, len(items)).work(self._evaluated, attempted, concurrency)
        return kept.given(len(items))

    def each_streamed(self, apply: Callable[[Entry[P]], Iterable[Item]]) -> dict[str, Iterable[Item]]:
        """As `each`, for what gives many items: they are stored while `apply` yields them.

        An attempt begins with the first item again. Where the node goes on after errors, an item that fails keeps what
        it gave before.
        """
        failed: list[Item] = []
        items, kept = self.items(), self.kept

        def given() -> Iterator[Item]:
            for index, source in enumerate(items):
                try:
                    entry = Entry(index, source, self.params(index), self.idempotency_key(index))
                    for one in apply(entry):
                        yield from kept.made_of(source, [one])
                except NodeError as error:
                    error.item = index
                    failure = kept.bounded(error)
                    if not kept.goes_on_after(failure):
                        raise failure from None
                    self.log("error", f"Item {index}: {failure.message}", failure.to_json())
                    port, one = kept.error_item(failure, source)
                    if port == self._parts.first_port:
                        yield one
                    else:
                        failed.append(one)
                self.progress(index + 1, len(items))

        return {self._parts.first_port: Streamed(given()), ERROR_PORT: failed}

    def each_together(
        self,
        apply: Callable[[list[Entry[P]]], Iterable[Iterable[Item] | Mapping[str, Iterable[Item]] | NodeError]],
        *,
        most: int,
        port: str = "main",
    ) -> dict[str, list[Item]]:
        """As `each`, for what is asked for several items at once (`stepweave.runtime.together`).

        Args:
            apply: yields what each of some items gives, or the error it failed with, in their order; it may end early.
            most: how many items it is given at most.
            port: the input port.
        """
        items, left = self.items(port), self._left(port)

        def entry(index: int) -> Entry[P] | NodeError:
            params = self._evaluated(index)
            if isinstance(params, NodeError):
                return params
            return Entry(index, items[index], params, self.idempotency_key(index))

        together = Together(left, entry, apply, most)

        def attempted(index: int, _: Any) -> Any:
            result = together.result(index)
            return result if isinstance(result, NodeError) else by_port(result, self._parts.first_port)

        Items[P](self.kept, left, len(items)).work(lambda _: None, attempted, 1)
        return self.kept.given(len(items))

    def _left(self, port: str) -> list[int]:
        """Return the places of a port's items that are not done."""
        self.kept.port, total = port, len(self.items(port))
        left = [index for index in range(total) if index not in self.kept.done]
        if len(left) < total:
            self.log("info", f"Goes on with {len(left)} of {total} items; the others are done.")
        return left

    def _evaluated(self, index: int) -> P | NodeError:
        try:
            return self.params(index)
        except NodeError as error:
            return error
