"""A Step Functions engine behind an endpoint: deploys the node functions once, and runs golden cases' machines."""

import contextlib
import io
import json
import sys
import time
import uuid
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local import aws
from local.cli.catalogue import load_catalogue
from local.offline.running import batches_of
from local.settings import ROOT
from stepweave.compiler import Compiled
from stepweave.model.lineage import without
from tests.golden.cases import PREFIX, Case
from tests.golden.running import Ran, execution_input

ROLE: Final = "arn:aws:iam::000000000000:role/golden"
PAST: Final = "2020-01-01T00:00:00Z"
ENDS: Final = ("Failed", "TimedOut", "Aborted", "Succeeded", "FailStateEntered", "StateExited")
"""What the types of events end with that are the last of a branch, a round or an execution which was not cut off."""
LONGEST_SECONDS: Final = 90
"""After which an execution is taken to hang."""


class Hanging(Exception):
    """An execution did not end."""


@dataclass
class Engine:
    """An engine under test.

    Attributes:
        endpoint: of its AWS APIs.
        folder: what functions and test share.
        without: fields of Map states that it cannot read; they are left out where it refuses a machine for them.
    """

    endpoint: str
    folder: Path
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.lambdas = self._client("lambda")
        self.states = self._client("stepfunctions")

    def deploy(self, only: Collection[str] | None = None) -> None:
        """Create the functions of all node types, or of those named."""
        code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.conformance.handler import handler\n"
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", code)
        for entry in load_catalogue():
            if entry.trigger is not None or (only is not None and entry.type not in only):
                continue
            name = f"{PREFIX}-{entry.function_name}"
            self.lambdas.create_function(
                FunctionName=name,
                Runtime=f"python3.{sys.version_info.minor}",
                Role=ROLE,
                Handler="index.handler",
                Code={"ZipFile": archive.getvalue()},
                Timeout=60,
                Environment={"Variables": {"GOLDEN_FOLDER": str(self.folder)}},
            )
            while self._state(name) == "Pending":
                time.sleep(0.05)

    def _state(self, function: str) -> str:
        state: str = self.lambdas.get_function_configuration(FunctionName=function).get("State", "Active")
        return state

    def run(self, case: Case, compiled: Compiled) -> Ran:
        """Run a case's machine to its end. Raises Hanging, or what the engine's API refuses."""
        execution = str(uuid.uuid4())
        shared = self.folder / execution
        shared.mkdir(parents=True)
        pinned = {node.id: batches_of(node.pinned) for node in case.workflow.nodes if node.pinned is not None}
        (shared / "pinned.json").write_text(json.dumps(pinned), encoding="utf-8")
        (shared / "agents.json").write_text(json.dumps(case.agents), encoding="utf-8")
        given = execution_input(case)
        given["context"] = {**given["context"], "executionId": execution}
        arn = self._published(compiled)
        started = self.states.start_execution(stateMachineArn=arn, name=execution, input=json.dumps(given))
        ended = self._ended(started["executionArn"], shared)
        ran = Ran(error=ended.get("error") if ended["status"] != "SUCCEEDED" else None)
        if "output" in ended and ended["output"] is not None:
            ran.output = json.loads(ended["output"])
        for file in sorted(shared.glob("run-*.json")):
            told = json.loads(file.read_text(encoding="utf-8"))
            items = {port: without(items) for port, items in told["items"].items()}
            ran.outputs[told["node"], told["iteration"]] = items
        for native in (ran.output or {}).get("native", ()):
            ran.outputs[native["id"], ""] = {port: without(batch["items"]) for port, batch in native["output"].items()}
        ran.events = len(events := self._history(started["executionArn"]))
        ran.transitions = sum(event["type"].endswith("StateEntered") for event in events)
        ran.cut_off = _cut_off(events)
        return ran

    def _published(self, compiled: Compiled) -> str:
        arns: dict[str, str] = {}
        for part in compiled.machines:
            arns[part.placeholder] = self._create(part.definition, arns)
        return self._create(compiled.definition, arns)

    def _create(self, definition: Mapping[str, Any], arns: Mapping[str, str]) -> str:
        text = json.dumps(self._readable(_over_at_once(definition)))
        for placeholder, nested in arns.items():
            text = text.replace(placeholder, nested)
        # Express executions have no history, so all run as Standard.
        made = self.states.create_state_machine(name=f"golden-{uuid.uuid4()}", definition=text, roleArn=ROLE)
        arn: str = made["stateMachineArn"]
        return arn

    def _readable(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._readable(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        left_out = self.without if value.get("Type") == "Map" else frozenset[str]()
        return {key: self._readable(entry) for key, entry in value.items() if key not in left_out}

    def _ended(self, arn: str, shared: Path) -> dict[str, Any]:
        limit = time.monotonic() + LONGEST_SECONDS
        while True:
            for file in shared.glob("token-*.json"):
                told = json.loads(file.read_text(encoding="utf-8"))
                file.unlink()
                # A failure beside a wait may have cut it off since.
                with contextlib.suppress(self.states.exceptions.TaskTimedOut):
                    self.states.send_task_success(taskToken=told["token"], output=json.dumps(told["result"]))
            found: dict[str, Any] = self.states.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                return found
            if time.monotonic() > limit:
                raise Hanging(f"{arn} still runs after {LONGEST_SECONDS} s")
            time.sleep(0.02)

    def _history(self, arn: str) -> list[dict[str, Any]]:
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def _client(self, service: str) -> Any:
        return aws.client(service, self.endpoint, retries={"total_max_attempts": 1}, read_timeout=120)


def _cut_off(events: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a failure beside a state ended it: it was entered, and neither left nor did it fail."""
    after = {event["previousEventId"] for event in events}
    last = (event for event in events if event["id"] not in after)
    return any(not event["type"].endswith(ENDS) for event in last)


def _over_at_once(value: Any) -> Any:
    """Return a definition whose Wait states are over at once: nobody tests whether engines can wait."""
    if isinstance(value, list):
        return [_over_at_once(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    changed = {key: _over_at_once(entry) for key, entry in value.items()}
    return changed | {"Timestamp": PAST} if changed.get("Type") == "Wait" else changed
