"""Asks: what the control plane wants of a node's function beside running steps (ADR 20).

`options` gives the choices of a field; triggers with code have `activate`, `deactivate`, `receive` and `poll`. An ask
is an `AskPayload`, its answer `{"answer": ...}` or `{"error": ...}`: the function never raises. Who may invoke the
function says whose tenant it is, as with steps.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Annotated, Any, Final, NotRequired, TypedDict

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from stepweave.aws.passes import Who
from stepweave.model.items import BinaryRef
from stepweave.model.json_text import mended
from stepweave.model.sizes import size_text
from stepweave.model.step import StepNode
from stepweave.runtime.authentication import Authentication, Types
from stepweave.runtime.claims import Claims
from stepweave.runtime.crashing import MISREADING, crashed, misread
from stepweave.runtime.credentials import Vault
from stepweave.runtime.deadline import DeadlineReached, ends_at
from stepweave.runtime.errors import DataTooLarge, NodeError, NodeTimeout, ResultInvalid, StorageUnavailable, in_words
from stepweave.runtime.metering import Meter, metered
from stepweave.runtime.storing import Invoke, Store, store_function
from stepweave.spec.fields import NodeParams, shown

MOST_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Lambda's answers end at 6 MB (Lambda quotas)."""

_EARLY: Final = 1.0
"""Seconds, or a tenth of an ask's time, that are left to say who did not answer."""
_REPORT: Final = "This is a mistake in the node: report it with the node's type and what was asked for."


AskPayload = TypedDict(
    "AskPayload",
    {
        "ask": str,
        "tenantId": str,
        "workflowId": str,
        "node": StepNode,
        "params": dict[str, Any],
        "given": dict[str, Any],
        "seconds": NotRequired[float],
        "pass": NotRequired[dict[str, Any]],
    },
)
"""What a node function is invoked with for an ask.

`params` are the node's parameters as saved, expressions still as text; `given` is what the ask is about.
`workflowId` is "" where none is. `seconds` is how long the caller waits; without it, as long as the function may.
`pass` is what whoever asks has signed (`stepweave.aws.passes`).
"""


class AskResult(TypedDict):
    """What a node function returns for an ask: one of the two.

    `error` is as `NodeError.to_json` says, with `retryAfter` (seconds) where the remote said so.
    """

    answer: NotRequired[Any]
    error: NotRequired[dict[str, Any]]


def _no_files() -> Claims:
    raise StorageUnavailable("There is no place for files here.", _REPORT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an ask's function is given.

    Attributes:
        tenant_id: who asks.
        workflow_id: for which workflow; "" where none is.
        node: for which node.
        params: the constant parameters by JSON name: as saved or by default, validated each on its own. Those that hold
            expressions, do not fit, are hidden, or are missing without a default, are left out.
        given: what the ask is about.
        vault: who has the credentials.
        deadline: when what it calls must have answered, on the clock of `time.monotonic`: a little before the ask ends
            itself, so that who does not answer is named.
        stored: asks the tenant's store.
        claims: gives where files lie.
        passed: the ask's pass, for vault and store.
    """

    tenant_id: str
    workflow_id: str
    node: StepNode
    params: Mapping[str, Any]
    given: Mapping[str, Any]
    vault: Vault = field(repr=False)
    deadline: float
    stored: Invoke = field(default_factory=store_function, repr=False)
    claims: Callable[[], Claims] = field(default=_no_files, repr=False)
    passed: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def who(self) -> Who:
        """Whose ask it is, for those who check it."""
        return self.passed or {"tenantId": self.tenant_id, "workflowId": self.workflow_id}

    @property
    def store(self) -> Store:
        """The tenant's store."""
        return Store(self.stored, self.who)

    def param(self, name: str) -> Any:
        """Return a constant parameter by its JSON name; None where it is left out."""
        return self.params.get(name)

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of a credential of the tenant. Arguments and errors as of `Step.credential`."""
        return self.vault.get(self.who, id, type, refused)

    def credential_of(self, id: str, types: Types) -> tuple[str, dict[str, Any]]:
        """Return the type and the data of a credential that may be of several types. Raises as `credential` does."""
        return self.vault.opened(self.who, id, types)

    def authentication(self, id: str, type: Types, refused: str = "") -> Authentication:
        """Return how a credential goes with an HTTP request. Arguments and errors as of `Step.authentication`."""
        return self.vault.authentication(self.who, id, type, refused)

    def store_file(
        self, key: str, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = ""
    ) -> BinaryRef:
        """Store a file of what a poll found, and return the reference to it (`files` of the answer).

        Args:
            key: its place among those of the tenant: the same each time the same thing is asked for.
            file: stands at its beginning.
            size: in bytes.
            sha256: of its bytes.
            mime_type: what it is.
            file_name: as its sender called it; "" where it has none.

        Raises:
            StorageUnavailable: it could not be stored.
        """
        place = f"{self.tenant_id}/{key}"
        return self.claims().store_file(place, file, size=size, sha256=sha256, mime_type=mime_type, file_name=file_name)

    def remaining(self) -> float:
        """Return the seconds left, at least a tenth: what a call's time-out may be at most."""
        return max(self.deadline - time.monotonic(), 0.1)


Ask = Callable[[Asked], Any]
"""What a node does for one kind of ask: returns JSON data. Raises NodeError."""


def answer_ask(
    params: type[NodeParams],
    asks: Mapping[str, Ask],
    payload: AskPayload,
    vault: Vault,
    *,
    seconds: float,
    claims: Callable[[], Claims] = _no_files,
) -> AskResult:
    """Answer an ask. Raises nothing.

    Args:
        params: the model of the node's parameters.
        asks: what the node's function can be asked, by name.
        payload: the ask.
        vault: who has the credentials.
        seconds: how long it may take.
        claims: gives where files lie.
    """
    deadline, meter = time.monotonic() + seconds, Meter()
    try:
        with ends_at(deadline), metered(meter):
            ask = asks.get(payload["ask"])
            if ask is None:
                words = f"The node's function cannot be asked for {payload['ask']}."
                raise ResultInvalid(words, _REPORT, details={"unknownAsk": payload["ask"]})
            return {
                "answer": _checked(ask(_asked(params, payload, vault, deadline - min(_EARLY, seconds / 10), claims)))
            }
    except NodeError as error:
        failure = error
    except DeadlineReached:
        failure = NodeTimeout(f"No answer came within {seconds:.3g} seconds.", "Try again, or ask for less.")
    except Exception as error:
        is_misread = meter.requests and isinstance(error, MISREADING)
        failure = misread(error) if is_misread else crashed(error, _REPORT)
    return {"error": told_error(failure)}


def told_error(failure: NodeError) -> dict[str, Any]:
    """Return an error as `AskResult` has it."""
    told: dict[str, Any] = json.loads(in_words(failure))
    if failure.retry_after is not None:
        told["retryAfter"] = failure.retry_after
    return told


def constant_params(model: type[NodeParams], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that count as `Asked.params` says, as JSON data.

    Args:
        model: of the node's parameters.
        params: as saved, some of them perhaps missing or wrong.
    """
    fields = {found.alias or name: found for name, found in model.model_fields.items()}

    def value_of(name: str) -> Any:
        return params[name] if name in params else fields[name].get_default(call_default_factory=True)

    kept: dict[str, Any] = {}
    for name, found in fields.items():
        form = _form(found)
        if name not in params and found.is_required():
            continue
        if shown(form, value_of) and not (form.get("expression", True) and _holds_expression(value_of(name))):
            try:
                kept[name] = _fitting(found, value_of(name))
            except ValidationError:
                continue
    return kept


def _asked(
    params: type[NodeParams], payload: AskPayload, vault: Vault, deadline: float, claims: Callable[[], Claims]
) -> Asked:
    return Asked(
        tenant_id=payload["tenantId"],
        workflow_id=payload["workflowId"],
        node=payload["node"],
        params=constant_params(params, payload["params"]),
        given=payload["given"],
        vault=vault,
        deadline=deadline,
        claims=claims,
        passed=payload.get("pass") or {},
    )


def _fitting(found: FieldInfo, value: Any) -> Any:
    annotation: Any = found.annotation
    if found.metadata:
        annotation = Annotated[(annotation, *found.metadata)]
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    return adapter.dump_python(adapter.validate_python(value), mode="json", by_alias=True)


def _form(found: FieldInfo) -> Mapping[str, Any]:
    extra = found.json_schema_extra
    form = extra.get("x-ui") if isinstance(extra, dict) else None
    return form if isinstance(form, dict) else {}


def _holds_expression(value: Any) -> bool:
    if isinstance(value, str):
        return "{{" in value
    if isinstance(value, dict):
        return any(map(_holds_expression, value.values()))
    return isinstance(value, list) and any(map(_holds_expression, value))


def _checked(answer: Any) -> Any:
    """Return an answer that can be sent. Raises ResultInvalid, DataTooLarge."""
    try:
        whole, _ = mended(answer)
        size = len(json.dumps(whole, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ResultInvalid(f"The node's answer is not JSON ({type(error).__name__}).", _REPORT) from None
    if size > MOST_ANSWER_BYTES:
        words = f"The answer has {size_text(size)}; {size_text(MOST_ANSWER_BYTES)} are allowed."
        raise DataTooLarge(words, "Ask for less.")
    return whole
