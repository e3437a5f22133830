"""Serves calls of triggers with code: their node's function reads a call, and what it says is done.

A call that cannot be read now is 503 with `Retry-After`, so that the provider delivers it again; one that is read twice
starts once, for the execution's id follows from what the provider calls the delivery.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from functions.system.webhook import answering
from functions.system.webhook.addresses import Addresses, Hear, Listener, Tell, address_of
from functions.system.webhook.deliveries import Deliveries
from functions.system.webhook.launching import Launcher
from functions.system.webhook.quotas import refusal
from functions.system.webhook.targets import Unavailable
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.model.sizes import size_text
from stepweave.model.step import StepResponse
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import NodeError
from stepweave.runtime.starting import Start, StartFailed, Target
from stepweave_data.hooks import forms
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import HIDDEN_PREFIXES, Request
from stepweave_data.listening.registered import Functions, Registered, error_of
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about, logger

SECONDS: Final = 12.0
"""For the node's function to read a call. Most providers wait 10 s or more."""
MOST_BODY: Final = 35 * 1024 * 1024 // 10
"""Bytes of a call: in base64, with its headers, this fits the 6 MB that Lambda takes (quotas)."""
KEPT_SECONDS: Final = 60.0
MOST_KEPT: Final = 500
PAUSED_SECONDS: Final = 300
REFUSED: Final = "CallRefused"
"""`stepweave.runtime.receiving.CallRefused`: the call is not as the provider's are."""
_PLUMBING: Final = frozenset(("cookie", "via", "forwarded", "x-amzn-trace-id", "x-amz-cf-id", "x-forwarded-host"))

Open = Callable[[str, str], dict[str, Any]]
"""Gives what `activate` gave for a registration of a tenant. Raises CredentialUnavailable, CredentialMissing."""


@dataclass
class Kept:
    """Remembers for a short while what was opened: a provider that calls often has the vault asked once a minute."""

    open: Open
    _known: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def of(self, listener: Listener) -> dict[str, Any] | None:
        """Return what is kept of a registration; None of one that is joining. Raises NodeError."""
        if listener["joining"]:
            return None
        known = self._known.get(listener["id"])
        if known and known[0] > time.monotonic():
            return known[1]
        opened = self.open(listener["tenantId"], listener["id"])
        while len(self._known) >= MOST_KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[listener["id"]] = (time.monotonic() + KEPT_SECONDS, opened)
        return opened


@dataclass(frozen=True)
class Receiver:
    """Serves calls.

    `tell` writes down that one came, or the error of one that could not be read; `hear` keeps the event of a test.
    """

    addresses: Addresses
    kept: Kept
    deliveries: Deliveries
    functions: Functions
    launcher: Launcher
    claims: Claims
    public_url: str
    content_url: str
    tell: Tell = lambda _, __: None
    hear: Hear = lambda _, __: None

    def serve(self, request: Request) -> dict[str, Any]:
        """Return the answer to a call.

        Raises:
            Refusal: nothing was started, and why.
        """
        listener = self.listener(request)
        about(tenant_id=listener["tenantId"])
        if len(request.body) > MOST_BODY:
            words = f"The body has {size_text(len(request.body))}; it may have {size_text(MOST_BODY)}."
            raise Refusal(413, "too_large", "Too large", words)
        said = self._asked(request, listener)
        answer = said.get("answer")
        id = self._started(listener, said) if said.get("items") else ""
        if answer is not None:
            return answering.answered(_response(answer), id)
        return answering.accepted(id, self.public_url) if id else answering.answered(answering.NOTHING, "")

    def listener(self, request: Request) -> Listener:
        """Return who listens at the address of a request. Raises Refusal."""
        try:
            found = self.addresses.of(request.slug, address_of(request))
        except Unavailable as error:
            raise _again("The address cannot be looked up now.") from error
        if found is None:
            raise Refusal(404, "unknown_webhook", "Not found", "Nothing listens at this address.")
        return found

    def _asked(self, request: Request, listener: Listener) -> dict[str, Any]:
        """Have the node's function read a call. Raises Refusal."""
        given = {
            "address": f"{self.content_url.rstrip('/')}/hooks/{request.slug}/{request.path}",
            "method": request.method,
            "headers": {name: value for name, value in request.headers.items() if _is_told(name)},
            "query": _query(request.raw_query),
            "rawBody": base64.b64encode(request.body).decode(),
        }
        it = _registered(listener, address_of(request))
        try:
            payload = it.payload("receive", {**given, "kept": self.kept.of(listener)})
            said = self.functions.ask(it.type, it.version, payload, SECONDS, repeatable=True)
            return _checked(said)
        except AskFailed as error:
            if error.type == REFUSED:
                raise _refused(error.message, error.details.get("status")) from None
            self.tell(listener, error_of(error))
            raise _again(f"The trigger could not read the call ({error.type}).") from error
        except AwsError as error:
            self.tell(listener, error_of(error))
            raise _again(f"The trigger's function does not answer ({error.code}).") from error
        except NodeError as error:
            self.tell(listener, dict(error.to_json()))
            raise _again(error.message) from error

    def _started(self, listener: Listener, said: dict[str, Any]) -> str:
        """Start the workflow. Return the execution's id, which a delivery that comes again has, too. Raises Refusal."""
        if listener["testUntil"] is not None:
            self._heard(listener, said["items"])
            return ""
        if listener["paused"]:
            words = "The workflow is switched off. Deliver again when it is switched on."
            raise Refusal(503, "workflow_paused", "Switched off", words, {"retry-after": str(PAUSED_SECONDS)})
        if listener["start"] is None:
            raise _again("The trigger is not live yet.")
        delivery = str(said.get("deliveryId") or "")
        id = self.deliveries.execution_id(listener["id"], delivery)
        about(execution_id=id)
        try:
            batch = self._stored(said["items"], f"{listener['tenantId']}/{id}/{listener['nodeId']}/1-main.json")
            target = Target(**listener["start"])
            self.launcher(Start(target=target, trigger="app", node_id=listener["nodeId"], items=batch, execution_id=id))
        except NoRoom as error:
            self.deliveries.failed(listener["id"], delivery)
            raise refusal(error) from error
        except Unavailable as error:
            raise _again("Whether the workflow may run now cannot be known.") from error
        except NodeError as error:
            raise _again(error.message) from error
        except StartFailed as error:
            self.deliveries.failed(listener["id"], delivery)
            raise _again(f"The workflow could not be started ({error.code}).") from error
        except AwsError as error:
            raise _again(f"The workflow could not be started ({error.code}).") from error
        self.tell(listener, None)
        return id

    def _heard(self, listener: Listener, items: list[Item]) -> None:
        """Keep an event for a person who tests; nothing starts. Raises Refusal."""
        try:
            self.hear(listener, self._stored(items, f"{listener['tenantId']}/{listener['id']}/heard.json"))
        except Unavailable as error:
            raise _again("The event cannot be kept now.") from error
        except NodeError as error:
            raise _again(error.message) from error

    def _stored(self, items: list[Item], key: str) -> list[Item] | Batch:
        """Return items as they are, or the batch that refers to many: who starts the workflow hands them on."""
        encoded = encode(items)
        return items if len(encoded) <= INLINE_LIMIT else self.claims.store(key, items, encoded)


def _registered(listener: Listener, address: str) -> Registered:
    return Registered(
        listener["id"],
        listener["tenantId"],
        listener["workflowId"],
        listener["nodeId"],
        listener["type"],
        listener["version"],
        listener["params"],
        address,
    )


def _checked(said: Any) -> dict[str, Any]:
    """Return what a function says of a call. Raises Refusal where it refuses it, or says what means nothing."""
    if not isinstance(said, dict) or not {"items", "answer", "refuse"} & set(said):
        raise _meaningless()
    refuse, answer, items = said.get("refuse"), said.get("answer"), said.get("items", [])
    if refuse is not None:
        if not isinstance(refuse, dict):
            raise _meaningless()
        raise _refused(str(refuse.get("message", "")), refuse.get("status"))
    fine = isinstance(items, list) and all(isinstance(one, dict) and isinstance(one.get("json"), dict) for one in items)
    if not fine or not (answer is None or _is_response(answer)):
        raise _meaningless()
    return said


def _is_response(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    status, headers = answer.get("statusCode", 200), answer.get("headers", {})
    return isinstance(status, int) and 200 <= status <= 599 and isinstance(headers, dict)


def _response(answer: dict[str, Any]) -> StepResponse:
    return {
        "statusCode": answer.get("statusCode", 200),
        "headers": answer.get("headers", {}),
        "body": answer.get("body"),
    }


def _meaningless() -> Refusal:
    logger().error("a trigger's receive gave neither items nor an answer nor a refusal")
    return _again("The trigger could not read the call.")


def _refused(message: str, status: Any) -> Refusal:
    fits = isinstance(status, int) and 400 <= status <= 499
    return Refusal(status if fits else 401, "refused", "Refused", message or "The call is not the provider's.")


def _again(detail: str) -> Refusal:
    return Refusal(503, "not_started", "Not started", f"{detail} Deliver it again.", {"retry-after": "5"})


def _is_told(name: str) -> bool:
    return name not in _PLUMBING and not name.startswith(HIDDEN_PREFIXES)


def _query(raw: str) -> dict[str, str]:
    """Return the query's values by name, of a name that comes twice the last. Raises Refusal for one without end."""
    found = forms.pairs(raw, "The query")
    return {name: value[-1] if isinstance(value, list) else value for name, value in found.items()}
