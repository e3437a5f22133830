"""Stand-ins for what the API needs of AWS, remembering what they were asked for."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode

from stepweave.aws import AwsError
from stepweave.aws.control.state_machines import Published
from stepweave.runtime.starting import Seed, Target


@dataclass
class FakeStateMachines:
    """Versions by machine, and where each `live` points."""

    versions: dict[str, list[str]] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Versions, aliases and whole machines that were deleted."""
    broken: bool = False

    def publish(self, name: str, kind: str, definition: str, note: str) -> Published:
        arn = f"arn:aws:states:us-east-1:1:stateMachine:{name}"
        self.versions.setdefault(arn, []).append(definition)
        return Published(arn, f"{arn}:{len(self.versions[arn])}")

    def point(self, state_machine_arn: str, version_arn: str) -> str:
        if self.broken:
            raise ConnectionError("Step Functions is down")
        self.live[state_machine_arn] = version_arn
        return f"{state_machine_arn}:live"

    def delete_version(self, arn: str) -> None:
        if arn in self.live.values():
            raise AwsError("ConflictException", "an alias leads to it", status=400)
        self.gone.append(arn)

    def delete_alias(self, arn: str) -> None:
        self.live.pop(arn.removesuffix(":live"), None)
        self.gone.append(arn)

    def delete_machine(self, arn: str) -> None:
        self.live.pop(arn, None)
        self.gone.append(arn)

    def stop(self, execution_arn: str) -> None:
        self.stopped.append(execution_arn)

    def check(self) -> None:
        if self.broken:
            raise ConnectionError("Step Functions is down")


@dataclass
class FakeSchedules:
    """Schedules by name."""

    there: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)

    starts: dict[str, datetime | None] = field(default_factory=dict)

    def put(
        self,
        name: str,
        expression: str,
        time_zone: str,
        payload: dict[str, Any],
        *,
        enabled: bool = True,
        start: datetime | None = None,
    ) -> None:
        self.there[name] = (expression, time_zone, payload)
        self.starts[name] = start
        (self.paused.discard if enabled else self.paused.add)(name)

    def delete(self, name: str) -> None:
        self.there.pop(name, None)


@dataclass
class FakeStarts:
    """What was started."""

    started: list[dict[str, Any]] = field(default_factory=list)

    def start(
        self,
        target: Target,
        *,
        node_id: str,
        items: list[Any],
        mode: str,
        execution_id: str,
        seed: Seed,
        origin: str = "",
    ) -> None:
        told = {"target": target, "nodeId": node_id, "items": items, "mode": mode, "id": execution_id}
        told |= {"origin": origin} if origin else {}
        self.started.append({**told, "seed": dict(seed)} if seed else told)


@dataclass
class FakeNodeFunctions:
    """What node functions were asked for. `answer` gives JSON, or raises AskFailed or AwsError."""

    answer: Callable[[Mapping[str, Any]], Any] = lambda payload: None
    asked: list[tuple[str, int, dict[str, Any], float]] = field(default_factory=list)

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        self.asked.append((type, version, dict(payload), seconds))
        return self.answer(payload)


@dataclass
class FakeStorage:
    """Objects by key."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        self.objects[key] = body
        return hashlib.sha256(body).hexdigest()

    def put_file(self, bucket: str, key: str, file: IO[bytes], *, size: int, sha256: str, content_type: str) -> None:
        self.objects[key] = file.read(size)

    def get(self, bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        if key not in self.objects:
            raise AwsError("NoSuchKey", "there is no such key")
        return self.objects[key] if part is None else self.objects[key][part[0] : part[0] + part[1]]

    def link(self, bucket: str, key: str, *, name: str, content_type: str, seconds: int) -> str:
        told = urlencode({"name": name, "type": content_type, "seconds": seconds})
        return f"https://{bucket}.example/{key}?{told}"


class FakeMails:
    """Mail that nobody gets: `sent` has address, subject and text of each."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails = False

    def send(self, to: str, subject: str, text: str) -> None:
        if self.fails:
            raise OSError("no mail server")
        self.sent.append((to, subject, text))


class FakeKeys:
    """A key service that wraps by remembering."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[bytes, dict[str, str]]] = {}

    def generate_data_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        plain, wrapped = os.urandom(32), os.urandom(16)
        self._kept[wrapped] = (plain, context)
        return plain, wrapped

    def decrypt(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        plain, bound = self._kept[wrapped]
        if bound != context:
            raise AwsError("InvalidCiphertextException", "another context")
        return plain
