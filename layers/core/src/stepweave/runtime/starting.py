"""Starting executions: whoever starts one (webhook, schedule, person) goes through here.

The events come first and the start second, so that an execution that runs is always known; when the start then fails,
its failure is told too.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from stepweave.aws import AwsError
from stepweave.aws.statemachines import StateMachines
from stepweave.model.events import ErrorInfo, Event, EventType, ExecutionContext
from stepweave.model.items import INLINE_LIMIT, Item, NodeOutput
from stepweave.model.step import ExecutionInput, ExecutionOutput
from stepweave.runtime.claims import Claims, encode, key_of
from stepweave.runtime.events import Outbox, Send, event, now

MachineType = Literal["STANDARD", "EXPRESS"]
TRIGGER_PORT: Final = "main"
CAUSE_LIMIT: Final = 2000
"""Characters kept of an error's cause: enough for people, far below a message's size."""


@dataclass(frozen=True)
class Target:
    """What is started: a machine's alias or version, of a type, at one of its trigger nodes."""

    machine_arn: str
    machine_type: MachineType
    node_id: str


@dataclass(frozen=True)
class Ended:
    """How a synchronous execution ended."""

    output: ExecutionOutput | None
    error: ErrorInfo | None
    timed_out: bool = False


def new_context(
    *,
    tenant_id: str,
    execution_id: str,
    workflow_id: str,
    workflow_name: str,
    version: int | None,
    trigger: Literal["manual", "webhook", "schedule", "error", "workflow"],
    mode: Literal["draft", "live"],
    time_zone: str,
) -> ExecutionContext:
    """Return the context of an execution that starts now."""
    return {
        "tenantId": tenant_id,
        "executionId": execution_id,
        "workflowId": workflow_id,
        "workflowName": workflow_name,
        "workflowVersion": version,
        "trigger": trigger,
        "mode": mode,
        "startedAt": now(),
        "timeZone": time_zone,
    }


class Starter:
    """Starts executions.

    Args:
        machines: gives the Step Functions client, when first needed.
        send: sends an event message (`queue_sender()`).
        claims: stores trigger items that are too large for a state.
    """

    def __init__(self, machines: Callable[[], StateMachines], send: Send, claims: Claims) -> None:
        self._machines = machines
        self._send = send
        self._claims = claims

    def announce(self, context: ExecutionContext, target: Target, items: list[Item]) -> ExecutionInput:
        """Tell that an execution starts, with its trigger's items, and return what to start it with.

        Raises:
            EventDeliveryError: the event queue did not take it; nothing has started.
            StorageUnavailable, DataTooLarge: the items could not be stored.
        """
        output = self._output(context, target.node_id, items)
        outbox = Outbox(context, self._send)
        trigger: dict[str, Any] = {"nodeId": target.node_id, "machineType": target.machine_type}
        if target.machine_type == "STANDARD":
            trigger["executionArn"] = execution_arn(target.machine_arn, context["executionId"])
        outbox.add(
            event(EventType.EXECUTION_STARTED, id=f"{context['executionId']}-started", trigger=trigger),
            event(EventType.NODE_STARTED, nodeId=target.node_id, attempt=1),
            event(
                EventType.NODE_SUCCEEDED,
                nodeId=target.node_id,
                attempt=1,
                input={},
                output=dict(output),
                durationMs=0.0,
            ),
        )
        outbox.close()
        return {"context": context, "trigger": {"nodeId": target.node_id, "output": output}}

    def start(self, context: ExecutionContext, target: Target, items: list[Item]) -> str:
        """Start a Standard execution and return its ARN. A second start with the same execution id does nothing.

        Raises:
            NodeError: as `announce`.
            AwsError: Step Functions refused; the execution is told as failed.
        """
        given = self.announce(context, target, items)
        try:
            return self._machines().start(target.machine_arn, context["executionId"], json.dumps(given))
        except AwsError as error:
            if error.code == "ExecutionAlreadyExists":
                return execution_arn(target.machine_arn, context["executionId"])
            self.finish(context, Ended(None, {"type": "StartFailed", "message": str(error)}))
            raise

    def run(self, context: ExecutionContext, target: Target, items: list[Item], seconds: float) -> Ended:
        """Run an Express execution and tell how it ended.

        When it takes longer than `seconds` the result says `timed_out` and its end is left to the sweeper.

        Raises:
            NodeError: as `announce`.
            AwsError: Step Functions refused; the execution is told as failed.
        """
        given = self.announce(context, target, items)
        try:
            answer = self._machines().start_sync(
                target.machine_arn, context["executionId"], json.dumps(given), timeout=seconds
            )
        except AwsError as error:
            if error.code == "RequestTimeout":
                return Ended(None, None, timed_out=True)
            self.finish(context, Ended(None, {"type": "StartFailed", "message": str(error)}))
            raise
        ended = read_end(answer)
        self.finish(context, ended)
        return ended

    def finish(self, context: ExecutionContext, ended: Ended) -> None:
        """Tell how an execution ended.

        Raises:
            EventDeliveryError: the event queue did not take it; the sweeper will find out.
        """
        outbox = Outbox(context, self._send)
        outbox.add(end_event(context["executionId"], ended))
        outbox.close()

    def _output(self, context: ExecutionContext, node_id: str, items: list[Item]) -> NodeOutput:
        encoded = encode(items)
        if len(encoded) <= INLINE_LIMIT:
            return {TRIGGER_PORT: {"count": len(items), "items": items}}
        key = key_of(context, node_id, 1, f"{TRIGGER_PORT}.json")
        return {TRIGGER_PORT: self._claims.store(key, items, encoded)}


def end_event(execution_id: str, ended: Ended) -> Event:
    """Return the event of an execution's end. Its id follows from the execution's: a second one is dropped."""
    id = f"{execution_id}-ended"
    if ended.error is not None:
        return event(EventType.EXECUTION_FAILED, id=id, error=ended.error)
    response = ended.output["response"] if ended.output else None
    return event(EventType.EXECUTION_SUCCEEDED, id=id, **({"response": response} if response else {}))


def read_end(answer: dict[str, Any]) -> Ended:
    """Return how an execution ended, from what StartSyncExecution or DescribeExecution says."""
    if answer["status"] == "SUCCEEDED":
        text = answer.get("output")
        return Ended(json.loads(text) if text else None, None)
    return Ended(None, read_error(answer.get("error") or answer["status"], answer.get("cause") or ""))


def read_error(error: str, cause: str) -> ErrorInfo:
    """Return Step Functions' error and cause for people; a Lambda failure's cause is JSON."""
    message = cause
    try:
        details = json.loads(cause)
    except ValueError:
        details = None
    if isinstance(details, dict) and "errorMessage" in details:
        message = str(details["errorMessage"])
    if error == "TIMED_OUT" and not message:
        message = "The execution took longer than it may."
    return {"type": error, "message": message[:CAUSE_LIMIT] or "Step Functions gave no cause."}


def execution_arn(machine_arn: str, execution_id: str) -> str:
    """Return the ARN an execution has, from the ARN of its machine, or of a version or alias of it."""
    parts = machine_arn.split(":")
    return ":".join([*parts[:5], "execution", parts[6], execution_id])
