"""Serves webhook calls: which workflow, who may, start, answer."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

import redis

from functions.system.webhook import answering, cors, trying
from functions.system.webhook.addresses import is_address
from functions.system.webhook.callers import Proof, check_caller
from functions.system.webhook.idempotency import Claim, digest_of, key_of
from functions.system.webhook.launching import Launcher
from functions.system.webhook.quotas import refusal
from functions.system.webhook.rates import check_rate, guesses_counted
from functions.system.webhook.receiving import Receiver
from functions.system.webhook.replays import once
from functions.system.webhook.targets import HookTarget, Methods, Targets, Unavailable
from functions.system.webhook.waiting import wait_for_answer
from stepweave.aws import AwsError
from stepweave.aws.secrets import secret
from stepweave.model.events import ErrorInfo
from stepweave.model.items import BinaryRef
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.credentials import Vault
from stepweave.runtime.ending import End, answer_of
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import new_id
from stepweave.runtime.starting import Start, StartFailed, Target
from stepweave_data.hooks import probing
from stepweave_data.hooks.paths import matched
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import ROOM, Received, Request, received
from stepweave_data.hooks.tries import Tries
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about

ANSWER_SECONDS: Final = 28.0
"""API Gateway gives an HTTP API's integration 30 s (quotas); two are kept for getting there and back."""
PAUSED_SECONDS: Final = 300
"""When a caller of a workflow that is switched off may ask again."""


class Room(Protocol):
    """Refuses (429) where a tenant's plan has no room for another execution, which is known without counting."""

    def __call__(self, tenant_id: str, /, *, awaited: bool) -> None:
        """As `quotas.Plans.check`."""


@dataclass
class Webhook:
    """Serves requests. `receiver` serves those of triggers with code; `secret` gives what signs test calls."""

    targets: Targets
    receiver: Receiver
    launcher: Launcher
    vault: Vault
    redis: redis.Redis
    public_url: str
    answer_seconds: float = ANSWER_SECONDS
    secret: Callable[[], str] = lambda: secret(SECRET)
    room: Room = lambda _, *, awaited: None
    """Refuses (429) where a tenant's plan has no room for another execution."""

    def serve(self, request: Request) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            Refusal: nothing was started, and why.
        """
        if probing.is_probe(request, ROOM, self.secret):
            return self._probed(request)
        if is_address(request):
            return _shaped(request, self.receiver.serve(request))
        methods = trying.listening(request, self._tries) if trying.is_test(request) else self._methods(request)
        about(tenant_id=next(iter(methods.values()))["start"]["tenant_id"])
        if request.method == "OPTIONS":
            return cors.options(request, methods)
        target = _target(request, methods)
        with cors.readable_refusals(request, target):
            answer = self._serve(request, target)
        return _shaped(request, cors.with_headers(answer, cors.readable(request, target)))

    def _probed(self, request: Request) -> dict[str, Any]:
        """Return where a call would lead. Raises Refusal: nowhere."""
        if is_address(request):
            found = self.receiver.listener(request)
            return probing.answer(found["workflowId"], found["nodeId"], paused=found["paused"])
        target = _target(request, self._methods(request))
        return probing.answer(target["start"]["workflow_id"], target["nodeId"], paused=target.get("paused", False))

    @property
    def _tries(self) -> Tries:
        return Tries(self.redis)

    def _serve(self, request: Request, target: HookTarget) -> dict[str, Any]:
        """Check the call, start what it is for, and return the answer."""
        execution_id = new_id()
        about(tenant_id=target["start"]["tenant_id"], execution_id=execution_id)
        given, proof = self._received(request, target)
        if "listenId" in target:
            return trying.heard(target, given, request.slug, self.launcher.launch.claims, self._tries)
        until = time.monotonic() + self.answer_seconds
        named = key_of(request, given.json, target)
        key = once(self.redis, proof.message, target, named)
        claim = Claim(self.redis, key, target, digest_of(request, given, target) if named else "")
        if former := claim.take(execution_id, self.answer_seconds):
            return answering.replayed(former.execution_id, former.answer, self.public_url)
        answer = self._answered(target, given, execution_id, claim, until)
        claim.keep(execution_id, answer)
        return answer

    def _answered(
        self, target: HookTarget, given: Received, execution_id: str, claim: Claim, until: float
    ) -> dict[str, Any]:
        """Start what a call is for, and return its answer. Raises Refusal: nothing was started."""
        with _given_back(claim):
            it = self._start(target, given, execution_id)
            end = self.launcher(it)
        if not it.awaited:
            return answering.at_once(execution_id, self.public_url, target.get("answer", {}))
        end = end or self._awaited(execution_id, until)
        if end is None:
            return answering.accepted(execution_id, self.public_url)
        return self._answer(end, execution_id, target)

    def _methods(self, request: Request) -> Methods:
        try:
            methods = self.targets.of(request.slug, request.path, request.segments)
        except Unavailable as error:
            raise _not_started("The webhook cannot be looked up now.") from error
        if not methods:
            raise Refusal(404, "unknown_webhook", "Not found", "No published workflow listens at this URL.")
        return methods

    def _received(self, request: Request, target: HookTarget) -> tuple[Received, Proof]:
        """Return what a call gives the workflow, and what proves who calls.

        Raises:
            Refusal: it may not call, or sends what is not taken.
        """
        if networks := target.get("networks"):
            from functions.system.webhook.networks import check_network  # as are secrets: who asks for it pays for it

            check_network(request.caller, networks)
        with guesses_counted(self.redis, target, request.caller):
            proof = check_caller(request, target, self.vault)
        check_rate(self.redis, target, request.caller)
        self.room(target["start"]["tenant_id"], awaited=target["respond"] != "immediately")
        if target.get("paused"):
            words = "The workflow at this URL is switched off. Call again when it is switched on."
            raise Refusal(503, "workflow_paused", "Switched off", words, {"retry-after": str(PAUSED_SECONDS)})
        given = received(
            request,
            json_required=target["bodyType"] == "json",
            most_bytes=target["maxBodyKb"] * 1024,
            secret_header=proof.header,
            keep_raw=target.get("rawBody", False),
            more={"params": _params(request, target), **proof.item},
        )
        return given, proof

    def _start(self, target: HookTarget, given: Received, execution_id: str) -> Start:
        """Return what is to start; the files of the call are stored. Raises NodeError."""
        key = f"{target['start']['tenant_id']}/{execution_id}/{target['nodeId']}/1-"
        return Start(
            target=Target(**target["start"]),
            trigger="webhook",
            node_id=target["nodeId"],
            items=[given.item(key, self.launcher.launch.claims.store_file)],
            execution_id=execution_id,
            awaited=target["respond"] != "immediately",
        )

    def _awaited(self, execution_id: str, until: float) -> End | None:
        """Return how an execution that runs elsewhere ended, or what it answers before; None where it takes longer."""
        answer = wait_for_answer(self.redis, execution_id, until - time.monotonic())
        if answer is None:
            return None
        if answer.get("response"):
            return End("succeeded", {"response": answer["response"], "last": None})
        return End(answer["ended"], {"response": None, "last": answer.get("last")}, answer.get("error"))

    def _answer(self, end: End, execution_id: str, target: HookTarget) -> dict[str, Any]:
        if end.status != "succeeded":
            unsaid: ErrorInfo = {"type": end.status, "message": "The execution did not succeed.", "retryable": False}
            error = end.error or unsaid
            return answering.failed(error, execution_id)
        try:
            response = answer_of(end, target["respond"], self.launcher.launch.claims, target["start"]["tenant_id"])
        except NodeError as error:
            return answering.failed(error.to_json(), execution_id)
        if target["respond"] == "lastNode" and end.response is None:
            response = answering.of_last(response, target.get("answer", {}))
        return answering.answered(response or answering.NOTHING, execution_id, self._fetch(target))

    def _fetch(self, target: HookTarget) -> answering.Fetch:
        """Return what fetches a file that a workflow answers with."""

        def fetch(ref: BinaryRef) -> bytes:
            file = io.BytesIO()
            self.launcher.launch.claims.fetch_file(ref, target["start"]["tenant_id"], file)
            return file.getvalue()

        return fetch


def _params(request: Request, target: HookTarget) -> dict[str, str]:
    """Return the parameters of the path that a request called."""
    segments = request.segments[1:] if "listenId" in target else request.segments
    return matched(target.get("path", ""), segments) or {}


def _target(request: Request, methods: Methods) -> HookTarget:
    """Return the webhook of a request's method; a HEAD is a GET whose answer has no body (RFC 9110, 9.3.2)."""
    target = methods.get(request.method) or (methods.get("GET") if request.method == "HEAD" else None)
    if target is None:
        allowed = ", ".join(cors.taken(methods))
        words = f"This webhook takes {allowed}."
        raise Refusal(405, "wrong_method", "Method not allowed", words, {"allow": allowed})
    return target


@contextmanager
def _given_back(claim: Claim) -> Iterator[None]:
    """Where nothing was started, give the call's key back and refuse. Raises Refusal."""
    try:
        yield
    except Unavailable as error:
        claim.release()
        raise _not_started("Whether the workflow may run now cannot be known.") from error
    except NoRoom as error:
        claim.release()
        raise refusal(error) from error
    except NodeError as error:
        claim.release()
        raise _not_started(error.message) from error
    except (StartFailed, AwsError) as error:
        claim.release()
        raise _not_started(f"The workflow could not be started ({error.code}).") from error


def _shaped(request: Request, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as its method has it: to HEAD without a body."""
    return {**answer, "body": "", "isBase64Encoded": False} if request.method == "HEAD" else answer


def _not_started(detail: str) -> Refusal:
    return Refusal(503, "not_started", "Not started", f"{detail} Try again.", {"retry-after": "2"})
