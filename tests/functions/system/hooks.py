"""Webhook calls as API Gateway hands them over, and a webhook whose outside is in memory but for Redis."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import redis

from functions.system.webhook.addresses import Addresses, Listener
from functions.system.webhook.deliveries import Deliveries
from functions.system.webhook.launching import Launcher
from functions.system.webhook.quotas import Plans
from functions.system.webhook.receiving import Kept, Receiver
from functions.system.webhook.targets import HookTarget, Methods, Patterns, Targets
from functions.system.webhook.webhook import Webhook
from stepweave.aws import AwsError
from stepweave.runtime.credentials import Vault
from stepweave.runtime.starting import Launch
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import read_request
from stepweave_data.no_room import NoRoom
from tests.fakes.aws import FakeNodeFunctions
from tests.fakes.steps import Outside

TENANT_ID = "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001"
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:stepweave-test-w-express:live"
URL = "https://stepweave.example"


def call(
    path: str = "/hooks/acme/orders/new",
    body: bytes | str | dict[str, Any] | list[Any] = b"",
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    query: str = "",
    plain: bool = False,
) -> dict[str, Any]:
    """Return the event of a call; a dict or list becomes JSON; bodies come in base64 unless `plain`."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "requestContext": {"http": {"method": method, "path": path}},
        "isBase64Encoded": not plain,
    }
    if content:
        event["body"] = content.decode() if plain else base64.b64encode(content).decode()
    return event


def target(**changes: Any) -> HookTarget:
    """Return a published webhook."""
    start = {
        "tenant_id": TENANT_ID,
        "workflow_id": "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003",
        "workflow_name": "Orders",
        "workflow_version": 3,
        "machine_arn": MACHINE,
        "machine_type": changes.pop("machine", "express"),
        "time_zone": "UTC",
    }
    made: dict[str, Any] = {
        "start": start,
        "nodeId": "hook",
        "respond": "respondNode",
        "bodyType": "json",
        "maxBodyKb": 1024,
        "authentication": "none",
        **changes,
    }
    return made  # type: ignore[return-value]


def succeeded(response: dict[str, Any] | None = None, last: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what StartSyncExecution says of an execution that succeeded."""
    return {"status": "SUCCEEDED", "output": json.dumps({"response": response, "last": last})}


@dataclass
class Machines:
    """Step Functions in memory: what was started, and how it ends."""

    ends: Callable[[dict[str, Any]], dict[str, Any]] = field(default=lambda _: succeeded())
    error: AwsError | None = None
    started: list[dict[str, Any]] = field(default_factory=list)
    on_start: Callable[[str], object] = field(default=lambda _: None)

    def start(self, machine_arn: str, name: str, input: str) -> str:
        self._begin(machine_arn, name, input)
        self.on_start(name)
        return f"{machine_arn}:{name}"

    def start_sync(self, machine_arn: str, name: str, input: str, *, timeout: float) -> dict[str, Any]:
        return self.ends(self._begin(machine_arn, name, input))

    def _begin(self, machine_arn: str, name: str, input: str) -> dict[str, Any]:
        if self.error is not None:
            raise self.error
        given: dict[str, Any] = json.loads(input)
        self.started.append({"arn": machine_arn, "name": name, "input": given})
        return given


SECRET = "what signs test calls"


@dataclass
class Bench:
    """A webhook, and all it talks to. `bench(event)` serves a call; `methods` is what is published at any path."""

    redis: redis.Redis
    methods: Methods = field(default_factory=lambda: {"POST": target()})
    patterns: Patterns = field(default_factory=lambda: Patterns(paths={}, literals=[]))
    machines: Machines = field(default_factory=Machines)
    outside: Outside = field(default_factory=Outside)
    handed_over: list[dict[str, Any]] = field(default_factory=list)
    answer_seconds: float = 5.0
    full: bool = False
    no_room: NoRoom | None = None
    queued: list[dict[str, Any]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    functions: FakeNodeFunctions = field(default_factory=FakeNodeFunctions)
    listeners: dict[str, Listener] = field(default_factory=dict)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)
    heard: list[tuple[str, Any]] = field(default_factory=list)
    room: Any = lambda _, *, awaited: None
    plans: Plans | None = None

    def admit(self, request: dict[str, Any]) -> bool:
        if self.no_room is not None:
            raise self.no_room
        self.queued += [request] if self.full else []
        return not self.full

    def release(self, request: dict[str, Any]) -> None:
        self.released.append(request["executionId"])

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        vault = Vault(self.outside.vault)
        launch = Launch(self.outside.send, self.outside.claims, self.machines)
        launcher = Launcher(launch, self.handed_over.append, self, self.answer_seconds)
        if self.plans is not None:
            self.room = self.plans.check
            launcher = replace(launcher, counted=self.plans.counted, refused=self.plans.refused)
        receiver = Receiver(
            addresses=Addresses(self.redis, lambda slug, address: self.listeners.get(address)),
            kept=Kept(lambda tenant_id, id: self.kept[id]),
            deliveries=Deliveries(self.redis),
            functions=self.functions,
            launcher=launcher,
            claims=launch.claims,
            public_url=URL,
            content_url=URL,
            tell=lambda listener, error: self.told.append((listener["id"], error)),
            hear=lambda listener, items: self.heard.append((listener["id"], items)),
        )
        webhook = Webhook(
            targets=Targets(self.redis, lambda slug, path: self.methods, lambda slug, count: self.patterns),
            receiver=receiver,
            launcher=launcher,
            vault=vault,
            redis=self.redis,
            public_url=URL,
            answer_seconds=self.answer_seconds,
            secret=lambda: SECRET,
            room=self.room,
        )
        try:
            return webhook.serve(read_request(event))
        except Refusal as refusal:
            return refusal.answer

    @property
    def item(self) -> dict[str, Any]:
        """What the only execution started with."""
        (started,) = self.machines.started
        (item,) = started["input"]["trigger"]["output"]["main"]["items"]
        result: dict[str, Any] = item["json"]
        return result


def content(answer: dict[str, Any]) -> Any:
    """Return an answer's body: JSON where it is JSON, else text."""
    text = base64.b64decode(answer["body"]).decode() if answer.get("isBase64Encoded") else answer["body"]
    return json.loads(text) if "json" in answer["headers"].get("content-type", "") else text
