"""A step's outside in memory: a queue that remembers, a bucket that is a dictionary, a vault with given credentials."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from functions.system.vault.applying import bound_hosts, hosts_of, rate_of, request_of
from functions.system.vault.types import CredentialType, types
from stepweave.aws import AwsError
from stepweave.model.events import Event, ExecutionContext
from stepweave.model.items import Batch, Item
from stepweave.model.step import STEP_DEFAULTS, StepPayload, StepResult
from stepweave.runtime.budgets import unlimited
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault
from stepweave.runtime.running import Run, Services, run_step
from stepweave.spec.credential_parts import ANY
from stepweave.spec.node import NodeSpec

TENANT = "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001"
BUCKET = "data"


def context() -> ExecutionContext:
    return {
        "tenantId": TENANT,
        "executionId": "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002",
        "workflowId": "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003",
        "workflowName": "Order triage",
        "workflowVersion": 3,
        "trigger": "manual",
        "mode": "live",
        "startedAt": "2026-11-23T09:00:00.000Z",
        "timeZone": "UTC",
    }


@dataclass
class MemoryStorage:
    """S3 as a dictionary."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    uploads: dict[str, list[bytes]] = field(default_factory=dict)
    down: bool = False

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        self._check()
        self.objects[bucket, key] = body
        return hashlib.sha256(body).hexdigest()

    def put_file(self, bucket: str, key: str, file: IO[bytes], *, size: int, sha256: str, content_type: str) -> None:
        self._check()
        self.objects[bucket, key] = file.read(size)

    def begin_upload(self, bucket: str, key: str, content_type: str) -> str:
        self._check()
        self.uploads[key] = []
        return key

    def put_part(self, bucket: str, key: str, upload_id: str, number: int, part: bytes) -> str:
        self._check()
        self.uploads[upload_id].append(part)
        return str(number)

    def end_upload(self, bucket: str, key: str, upload_id: str, etags: Sequence[str]) -> None:
        assert list(etags) == [str(number) for number in range(1, len(etags) + 1)]
        self.objects[bucket, key] = b"".join(self.uploads.pop(upload_id))

    def drop_upload(self, bucket: str, key: str, upload_id: str) -> None:
        self.uploads.pop(upload_id)

    def get(self, bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        self._check()
        if (bucket, key) not in self.objects:
            raise AwsError("NoSuchKey", "gone", status=404)
        content = self.objects[bucket, key]
        return content if part is None else content[part[0] : part[0] + part[1]]

    def get_file(self, bucket: str, key: str, file: IO[bytes], part: tuple[int, int] | None = None) -> None:
        file.write(self.get(bucket, key, part))

    def _check(self) -> None:
        if self.down:
            raise AwsError("ConnectionFailed", "down", retryable=True)


@dataclass
class Outside:
    """What a step talks to, and what it said."""

    storage: MemoryStorage = field(default_factory=MemoryStorage)
    credentials: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    turns: list[dict[str, Any]] = field(default_factory=list)
    """What the vault answers when it is asked for the turns of requests, one each; then it is away."""
    renewals: list[str] = field(default_factory=list)
    """The tokens that were said to be refused."""
    renewed: dict[str, Any] = field(default_factory=dict)
    """What a credential's data is after a token was refused."""
    bodies: list[str] = field(default_factory=list)
    deduplications: list[str] = field(default_factory=list)
    failures: list[AwsError] = field(default_factory=list)
    """Raised by the next sends, one each."""

    @property
    def services(self) -> Services:
        return Services(self.send, self.claims, Vault(self.vault), self.store)

    @property
    def claims(self) -> Claims:
        return Claims(lambda: self.storage, BUCKET)  # type: ignore[arg-type, return-value]

    def store(self, request: dict[str, Any]) -> Any:
        """Answer as the store where there are no budgets; there is nothing else."""
        answer = unlimited(request)
        if answer is None:
            raise AwsError("ResourceNotFoundException", "there is no store", status=404)
        return answer

    def send(self, body: str, group: str, deduplication: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.bodies.append(body)
        self.deduplications.append(deduplication)

    def vault(self, request: dict[str, Any]) -> Any:
        if "turn" in request:
            return self.turns.pop(0) if self.turns else {"error": {"code": "CredentialUnavailable"}}
        wanted = request.get("types") or [request["type"]]
        known = [kind for id, kind in self.credentials if id == request["credentialId"]]
        kind = next((one for one in known if one in wanted or ANY in wanted), "")
        data = self.credentials.get((request["credentialId"], kind))
        if data is None:
            return {"error": {"code": "not_found", "message": "There is no such credential."}}
        if request.get("refused"):
            self.renewals.append(request["refused"])
            data = self.credentials[request["credentialId"], kind] = self.renewed
        type = types().get(kind, CredentialType())
        hosts = bound_hosts(type, data) if ANY in wanted else hosts_of(type, data)
        how = {"request": request_of(type, data), "hosts": hosts, "rate": rate_of(type, data)}
        return {"type": kind, "data": data, "token": data.get("accessToken", "") if type.oauth2 else "", **how}

    @property
    def events(self) -> list[Event]:
        return [event for body in self.bodies for event in json.loads(body)["events"]]

    def of(self, type: str) -> list[Event]:
        return [event for event in self.events if event["type"] == type]


def items(*values: dict[str, Any]) -> list[Item]:
    return [{"json": value} for value in values]


def payload(
    spec: NodeSpec, params: dict[str, Any], inputs: list[Item] | dict[str, list[Batch]], **more: Any
) -> StepPayload:
    batches: dict[str, list[Batch]] = (
        inputs if isinstance(inputs, dict) else {"main": [{"count": len(inputs), "items": inputs}] if inputs else []}
    )
    settings = {"onError": "stop", "maxAttempts": 1, **more.pop("settings", {})}
    made: dict[str, Any] = {
        **STEP_DEFAULTS,
        "context": context(),
        "node": {"id": "n1", "name": "Node", "type": spec.type, "version": spec.version},
        "params": params,
        "settings": settings,
        "inputs": batches,
        "attempt": 1,
        **more,
    }
    return made  # type: ignore[return-value]


@dataclass
class Bench:
    """One node with its outside: `bench(params, items)` runs a step."""

    spec: NodeSpec
    run: Run
    outside: Outside = field(default_factory=Outside)

    def __call__(
        self,
        params: dict[str, Any],
        inputs: list[Item] | dict[str, list[Batch]],
        *,
        seconds: float = 30.0,
        **more: Any,
    ) -> StepResult:
        made = payload(self.spec, params, inputs, **more)
        return run_step(self.spec, self.run, made, self.outside.services, seconds=seconds)

    def json(self, params: dict[str, Any], inputs: list[Item], port: str = "main", **more: Any) -> list[dict[str, Any]]:
        """Return the `json` of the items on a port."""
        output = self(params, inputs, **more)["output"]
        return [entry["json"] for entry in self.outside.claims.fetch(output[port], TENANT)] if port in output else []
