"""Runs the operations of an app: one for each item, with the credential, through all pages that are asked for.

Errors begin with the resource and the operation, and name both in their details.
"""

import hashlib
import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import ValidationError

from stepweave.model.base import to_camel
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime import network
from stepweave.runtime.authentication import Authentication, Types
from stepweave.runtime.crashing import MISREADING, misread
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import file_of, files_named
from stepweave.runtime.parameters import invalid
from stepweave.runtime.step import Entry, Step
from stepweave.spec.fields import NodeParams
from stepweave.spec.operation_files import SentFile, WithFiles
from stepweave.spec.operation_forms import node_name, values_of
from stepweave.spec.operations import App, Operation, Paging, RequestSpec

if TYPE_CHECKING:
    from stepweave.runtime.http.asking import Asking

BASE_URLS: Final[dict[str, str]] = {}
"""Another base URL for an app's own. Empty but in tests, whose servers are on this machine; no parameter reaches it."""


class Asker(Protocol):
    """On whose behalf a provider is asked: a step, or an ask of the control plane (`stepweave.runtime.asks`)."""

    def authentication(self, id: str, type: Types, refused: str = "") -> Authentication:
        """As in `Step`."""

    def remaining(self) -> float:
        """As in `Step`."""


def asking(app: App, by: Asker, credential: str, request: RequestSpec, values: Mapping[str, Any]) -> "Asking":
    """Return a request of an app that is ready to be sent, with a credential (its id).

    Raises:
        CredentialMissing: it is not there.
        CredentialTypeMismatch: it is of another type.
        CredentialUnavailable: the vault could not be asked.
    """
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request, not to the function's start.
    from stepweave.runtime.http.asking import Asking

    authenticate = partial(by.authentication, credential, app.credential)
    authenticate("")
    stand_in = network.stand_in_for(app.base_url)
    if stand_in:
        return Asking(app, stand_in, _anywhere(authenticate), request, values, time.monotonic() + by.remaining())
    base_url = BASE_URLS.get(app.base_url, app.base_url)
    return Asking(app, base_url, authenticate, request, values, time.monotonic() + by.remaining())


def _anywhere(authenticate: Callable[[str], Authentication]) -> Callable[[str], Authentication]:
    """Return the same credential for any host: the stand-in's is none of its own."""
    return lambda refused: replace(authenticate(refused), hosts=())


def run_operations(app: App) -> Callable[[Step[Any]], Mapping[str, Iterable[Item]]]:
    """Return the behaviour (`run`) of an app's node."""

    def run(step: Step[NodeParams]) -> dict[str, list[Item]]:
        """Return the items of all answers, in the order of the input items."""

        shared: dict[str, Any] = {}

        def do(entry: Entry[NodeParams]) -> list[Item]:
            operation = _chosen(app, entry.params)
            asked = step.usage.requests
            try:
                return [_item(one) for one in _done(_ready(app, operation, entry, step, shared))]
            except NodeError as error:
                raise _named(error, operation) from None
            except MISREADING as error:
                if step.usage.requests == asked:
                    raise
                raise _named(misread(error), operation) from error

        named = (step.constant("resource"), step.constant("operation"))
        operation = app.operation(*named) if step.items() else None
        if operation is not None and operation.together is not None:
            return step.each_together(partial(_together, app, operation, step, shared), most=operation.most)
        return step.each(do)

    return run


def _item(one: dict[str, Any] | WithFiles) -> Item:
    return item(one.json, dict(one.files)) if isinstance(one, WithFiles) else item(one)


def _chosen(app: App, params: Any) -> Operation:
    operation = app.operation(params.resource, params.operation)
    if operation is None:
        names = ", ".join(one.name for one in app.operations if one.resource == params.resource)
        raise ParameterInvalid(
            f"The resource {params.resource} has no operation {params.operation}.",
            f"Choose one of {names}.",
            details={"field": "params.operation"},
        )
    return operation


def _done(ready: "tuple[RunningCall, NodeParams]") -> Iterable[dict[str, Any] | WithFiles]:
    call, params = ready
    operation = call.operation
    if operation.run is not None:
        return operation.run(call, params)
    if operation.request is None:
        raise AssertionError(f"{operation.id} has neither a request nor a function")  # make check finds it
    return call.pages(operation.request, operation.paging, operation.items)


def _together(
    app: App, operation: Operation, step: Step[Any], shared: dict[str, Any], entries: Sequence[Entry[Any]]
) -> Iterator[list[Item] | NodeError]:
    """Yield what some items give, or their errors; ends before one whose parameters do not fit, which comes next."""
    if operation.together is None:
        raise AssertionError(f"{operation.id} does one item at a time")
    ready: list[tuple[RunningCall, NodeParams]] = []
    try:
        for entry in entries:
            try:
                ready.append(_ready(app, operation, entry, step, shared))
            except NodeError:
                if not ready:
                    raise
                break
        for given in operation.together(ready):
            yield _given(given, operation)
    except NodeError as error:
        yield _named(error, operation)


def _given(given: list[dict[str, Any]] | Exception, operation: Operation) -> list[Item] | NodeError:
    if isinstance(given, NodeError):
        return _named(copy(given), operation)  # one refusal may be that of several items
    if isinstance(given, Exception):
        raise given
    return [item(one) for one in given]


def _ready(
    app: App, operation: Operation, entry: Entry[Any], step: Step[Any], shared: dict[str, Any]
) -> "tuple[RunningCall, NodeParams]":
    try:
        params = operation.params.model_validate(values_of(operation, entry.params))
    except ValidationError as error:
        raise invalid(operation.params, error, lambda name: node_name(operation, name)) from None
    return RunningCall(app, operation, params.model_dump(mode="json", by_alias=True), entry, step, shared), params


def _named(error: NodeError, operation: Operation) -> NodeError:
    error.message = f"{operation.title}: {error.message}"
    error.args = (error.message,)
    error.details = {**error.details, "resource": operation.resource, "operation": operation.name}
    return error


@dataclass(frozen=True, slots=True)
class RunningCall:
    """An operation at work on one item (`stepweave.spec.operations.Call`)."""

    app: App
    operation: Operation
    values: Mapping[str, Any]
    entry: Entry[Any]
    step: Step[Any]
    shared: dict[str, Any]
    """As in `Call`."""

    @property
    def idempotency_key(self) -> str:
        """As in `Call`."""
        return self.entry.idempotency_key

    @property
    def attempt(self) -> int:
        """As in `Call`."""
        return self.step.attempt

    @property
    def json(self) -> Mapping[str, Any]:
        """As in `Call`."""
        return self.entry.json

    def log(self, message: str) -> None:
        """As in `Call`."""
        self.step.log("info", message)

    def ask(self, request: RequestSpec, **more: Any) -> Any:
        """As in `Call`."""
        return self._asking(request, more).answer().body

    def find(self, request: RequestSpec, **more: Any) -> Any:
        """As in `Call`."""
        from stepweave.runtime.http_errors import HttpClientError

        try:
            return self.ask(request, **more)
        except HttpClientError as error:
            if error.details.get("status") == 404:
                return None
            raise

    def file(self, name: str, value: Any = None) -> StoredFile:
        """As in `Call`."""
        label = self.operation.params.model_fields
        titles = {to_camel(one): info.title or one for one, info in label.items()}
        field = f"params.{node_name(self.operation, name)}"
        given = self.values.get(name) if value is None else value
        return file_of(given, self.entry.item, self.step.open_file, titles.get(name, name), field)

    def files(self, name: str) -> Sequence[SentFile]:
        """As in `Call`."""
        return [self.file(name, one) for one in files_named(self.values.get(name), self.entry.item)]

    def keep(self, content: bytes, file_name: str, mime_type: str) -> BinaryRef:
        """As in `Call`."""
        digest = hashlib.sha256(content).hexdigest()
        return self.step.store_file(
            io.BytesIO(content), size=len(content), sha256=digest, mime_type=mime_type, file_name=file_name
        )

    def at(self, base_url: str) -> "RunningCall":
        """As in `Call`."""
        return replace(self, app=replace(self.app, base_url=base_url))

    def located(self, request: RequestSpec, **more: Any) -> str:
        """As in `Call`."""
        return str(self._asking(request, more).answer().headers.get("location", ""))

    def transfer(self, url: str, name: str, method: str = "POST", file: SentFile | None = None) -> Any:
        """As in `Call`."""
        return self._asking(RequestSpec(method, "/"), {}).transfer(url, file or self.file(name))

    def download(self, request: RequestSpec, most_mb: int, file_name: str = "", **more: Any) -> BinaryRef:
        """As in `Call`."""
        return self._asking(request, more).file(most_mb, self.step.store_file, file_name)

    def pages(
        self, request: RequestSpec, paging: Paging | None, items: str = "", **more: Any
    ) -> Iterator[dict[str, Any]]:
        """As in `Call`; without `paging` there is one page."""
        most = self._most() if paging else None
        left = most
        for found in self._asking(request, more).pages(paging, items, most):
            for one in found:
                if left == 0:
                    return
                left = None if left is None else left - 1
                yield one if isinstance(one, dict) else {"data": one}
            if left == 0:
                return

    def _most(self) -> int | None:
        limited = "limit" in self.values and not self.values.get("returnAll")
        return int(self.values["limit"]) if limited else None

    def _asking(self, request: RequestSpec, more: Mapping[str, Any]) -> "Asking":
        made = asking(self.app, self.step, self.entry.params.credential, request, {**self.values, **more})
        return replace(made, open_file=self.file) if request.files else made
