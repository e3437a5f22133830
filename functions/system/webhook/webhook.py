"""Serves webhook calls: who is called, may they, start, answer."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Final, cast

import redis

from functions.system.webhook import answering
from functions.system.webhook.answering import Refusal
from functions.system.webhook.requests import Request, item_of
from functions.system.webhook.targets import HookTarget, Targets
from stepweave.model.items import Item
from stepweave.model.step import StepResponse
from stepweave.runtime.credentials import Vault
from stepweave.runtime.ending import End, answer_of
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import new_id
from stepweave.runtime.starting import Launch, StartFailed, StillRunning, Target, finish, run, start
from stepweave_data import redis_keys as keys

ANSWER_SECONDS: Final = 28.0
"""API Gateway gives an HTTP API's integration 30 s (quotas); two are kept for getting there and back."""
NOTHING: Final[StepResponse] = {"statusCode": 204, "headers": {}, "body": None}
"""The answer of a workflow that ran and had none to give."""
WAIT_SLICE: Final = 1.0
"""One blocking read of the answer key; below the client's socket time-out."""


@dataclass
class Webhook:
    """Serves requests."""

    targets: Targets
    launch: Launch
    vault: Vault
    redis: redis.Redis
    public_url: str

    def serve(self, request: Request) -> dict[str, Any]:
        """Return the answer to a request. Raises Refusal."""
        target = self._target(request)
        self._check(request, target)
        item = item_of(request, target["bodyType"])
        execution_id = new_id()
        known = self._claim_key(request, target, execution_id)
        if known is not None:
            return answering.accepted(known, self.public_url)
        try:
            return self._start(target, item, execution_id)
        except NodeError as error:
            raise _not_started(error.message) from error
        except StartFailed as error:
            raise _not_started(f"The workflow could not be started ({error.code}).") from error

    def _target(self, request: Request) -> HookTarget:
        methods = self.targets.of(request.slug, request.path)
        if not methods:
            raise Refusal(404, "unknown_webhook", "Not found", "No published workflow listens at this URL.")
        target = methods.get(request.method)
        if target is None:
            allowed = ", ".join(sorted(methods))
            raise Refusal(
                405, "wrong_method", "Method not allowed", f"This webhook takes {allowed}.", {"allow": allowed}
            )
        return target

    def _check(self, request: Request, target: HookTarget) -> None:
        if target["authentication"] != "none" and not self._may_call(request, target):
            challenge = "Basic" if target["authentication"] == "basic" else "Header"
            raise Refusal(
                401, "not_allowed", "Unauthorized", "The secret is missing or wrong.", {"www-authenticate": challenge}
            )
        limit = target["maxBodyKb"] * 1024
        if len(request.body) > limit:
            raise Refusal(413, "too_large", "Too large", f"The body may have at most {target['maxBodyKb']} KB.")

    def _may_call(self, request: Request, target: HookTarget) -> bool:
        basic = target["authentication"] == "basic"
        kind = "http_basic" if basic else "http_header"
        try:
            secret = self.vault.get(target["start"]["tenant_id"], target.get("credentialId", ""), kind)
        except NodeError as error:
            raise Refusal(503, "no_credential", "Not available", "The webhook's credential cannot be read.") from error
        if basic:
            pair = base64.b64encode(f"{secret['user']}:{secret['password']}".encode()).decode()
            return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Basic {pair}".encode())
        given = request.headers.get(secret["name"].lower(), "")
        return hmac.compare_digest(given.encode(), secret["value"].encode())

    def _claim_key(self, request: Request, target: HookTarget, execution_id: str) -> str | None:
        """Return the execution that a call with the same Idempotency-Key started before, or None."""
        given = request.headers.get("idempotency-key")
        if not given:
            return None
        digest = hashlib.sha256(given.encode()).hexdigest()
        key = keys.idempotency(str(target["start"]["tenant_id"]), str(target["start"]["workflow_id"]), digest)
        try:
            if self.redis.set(key, execution_id, nx=True, ex=keys.IDEMPOTENCY_SECONDS):
                return None
            return str(self.redis.get(key))
        except redis.RedisError as error:
            raise Refusal(
                503, "not_started", "Not started", "Repeated calls cannot be told apart now; try again."
            ) from error

    def _start(self, target: HookTarget, item: Item, execution_id: str) -> dict[str, Any]:
        machine = Target(**target["start"])
        about: dict[str, Any] = {
            "trigger": "webhook",
            "node_id": target["nodeId"],
            "items": [item],
            "execution_id": execution_id,
            "launch": self.launch,
        }
        if machine.machine_type == "express":
            try:
                started, end = run(machine, seconds=ANSWER_SECONDS, **about)
            except StillRunning:
                return answering.accepted(execution_id, self.public_url)
            finish(started.context, end, launch=self.launch)
            return self._answer(end, execution_id, target)
        start(machine, **about)
        if target["respond"] == "immediately":
            return answering.accepted(execution_id, self.public_url)
        return self._wait(execution_id, target)

    def _answer(self, end: End, execution_id: str, target: HookTarget) -> dict[str, Any]:
        if end.status != "succeeded":
            error = end.error or {"type": end.status, "message": "The execution did not succeed."}
            return answering.failed(error, execution_id)
        tenant_id = target["start"]["tenant_id"]
        response = answer_of(end, target["respond"], self.launch.claims, tenant_id)
        return answering.answered(response or NOTHING, execution_id)

    def _wait(self, execution_id: str, target: HookTarget) -> dict[str, Any]:
        """Wait for the answer that the recorder puts into Redis."""
        limit = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < limit:
            try:
                found = self.redis.blpop([keys.answer(execution_id)], timeout=WAIT_SLICE)
            except redis.RedisError:
                break
            if found:
                answer = json.loads(cast("list[str]", found)[1])
                if answer.get("response"):
                    return answering.answered(answer["response"], execution_id)
                return self._answer(_end(answer), execution_id, target)
        return answering.accepted(execution_id, self.public_url)


def _end(answer: dict[str, Any]) -> End:
    return End(answer["ended"], {"response": None, "last": answer.get("last")}, answer.get("error"))


def _not_started(detail: str) -> Refusal:
    return Refusal(503, "not_started", "Not started", f"{detail} Try again.", {"retry-after": "2"})
