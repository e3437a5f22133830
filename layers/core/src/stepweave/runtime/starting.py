"""Starting executions: what webhook, starter and api do alike (contracts.md, "Starting an execution").

The history begins before the execution does: events first, then the start. Ids of these events follow from the
execution's id, so that starting the same execution twice leaves one history and, for Standard machines, one execution.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, Protocol, TypedDict

from stepweave.aws import Aws, AwsError
from stepweave.aws.state_machines import SYNC_SECONDS
from stepweave.aws.storage import Storage
from stepweave.model.events import Event, EventType, ExecutionContext, ParentRun, StartedBy
from stepweave.model.items import INLINE_LIMIT, Batch, Item, NodeOutput
from stepweave.model.json_text import write
from stepweave.model.lineage import without
from stepweave.model.step import ExecutionInput
from stepweave.runtime.callbacks import ResumeUrl, resume_urls
from stepweave.runtime.claims import Claims, encode, key_of
from stepweave.runtime.ending import End, answer_of, end_events, read_end, read_error
from stepweave.runtime.events import Outbox, Send, event, new_id, now, queue_sender

__all__ = [
    "End",
    "Given",
    "Launch",
    "Seed",
    "StartFailed",
    "Started",
    "StillRunning",
    "Target",
    "answer_of",
    "end_events",
    "execution_id_of",
    "finish",
    "fitting",
    "given_event_id",
    "read_end",
    "read_error",
    "run",
    "start",
]

_NAMESPACE = "5d1f2a0e-8f53-4c1b-9f0e-6a7c1f5b2d90"
"""Of execution ids that follow from what they are for; made once at random."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to start. `machine_arn` is the alias `live` of a published workflow, or a version's ARN for a draft."""

    tenant_id: str
    workflow_id: str
    workflow_name: str
    workflow_version: int | None
    machine_arn: str
    machine_type: Literal["standard", "express"]
    time_zone: str = "UTC"
    concurrency: int | None = None
    """How many executions of the workflow run at once; more wait for their turn (`stepweave_data.turns`)."""


@dataclass(frozen=True, slots=True)
class Started:
    """An execution under way."""

    context: ExecutionContext
    execution_arn: str

    @property
    def execution_id(self) -> str:
        """The execution's id."""
        return self.context["executionId"]


class Given(TypedDict):
    """The output of a node that does not run in an execution, and where it is from (`Event.source`).

    `output` is None for a node that did not run there.
    """

    output: NodeOutput | None
    source: dict[str, str]


Seed = Mapping[str, Given]
"""Node id -> what it gives."""
MOST_SEED_BYTES: Final = 150 * 1024
"""Of the 256 KiB that an execution's input may have (Step Functions quotas); what is more goes to S3."""


class StartFailed(Exception):
    """Step Functions did not start the execution. Its history says so already.

    `code` and `message` are the service's; `retryable` whether a new start may work.
    """

    def __init__(self, execution_id: str, error: AwsError) -> None:
        super().__init__(f"execution {execution_id} did not start: {error}")
        self.execution_id = execution_id
        self.code = error.code
        self.message = error.message
        self.retryable = error.retryable


class StillRunning(Exception):
    """The execution has not ended in the time there was to wait. The sweeper finds out how it ends."""

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"execution {execution_id} is still running")
        self.execution_id = execution_id


class Machines(Protocol):
    """What is needed of Step Functions."""

    def start(self, machine_arn: str, name: str, input: str) -> str:
        """Start, and return the execution's ARN."""

    def start_sync(self, machine_arn: str, name: str, input: str, *, timeout: float) -> dict[str, Any]:
        """Run to the end, and return how it ended; give up waiting after `timeout` seconds."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What starting needs from outside."""

    send: Send
    claims: Claims
    machines: Machines
    resume_url: ResumeUrl | None = None
    """Gives the address that lets an execution go on, where callers are to have one."""

    @staticmethod
    @lru_cache(maxsize=1)
    def shared() -> "Launch":
        """Return this worker's, from its environment.

        Raises:
            KeyError: `STEPWEAVE_EVENTS_QUEUE_URL` or `STEPWEAVE_DATA_BUCKET` is not set.
            AwsError: no region or no credentials are set.
        """

        def storage() -> Storage:
            return Aws.shared().storage

        claims = Claims(storage, os.environ["STEPWEAVE_DATA_BUCKET"])
        return Launch(queue_sender(), claims, Aws.shared().machines, resume_urls())


def execution_id_of(*parts: str) -> str:
    """Return the execution id that belongs to something that must start once: a schedule and its due time."""
    from uuid import UUID, uuid5

    return str(uuid5(UUID(_NAMESPACE), "\n".join(parts)))


def start(
    target: Target,
    *,
    trigger: StartedBy,
    node_id: str,
    items: Sequence[Item] | Batch,
    mode: Literal["draft", "live"] = "live",
    execution_id: str = "",
    seed: Seed | None = None,
    parent: ParentRun | None = None,
    origin: str = "",
    launch: Launch | None = None,
) -> Started:
    """Start an execution and do not wait for it.

    Args:
        target: what to start.
        trigger: what started it.
        node_id: the trigger node that fired.
        items: what it starts with, at least one; or a batch that is stored already.
        mode: `draft` for a test run.
        execution_id: a UUID where the caller needs to know it before, or must not start twice; else a new one.
        seed: the outputs of nodes that do not run in it.
        parent: the node run that calls it, where one does.
        origin: the id of the execution that the work began with, where that is another (`ExecutionContext`).
        launch: the outside, for tests.

    Raises:
        StartFailed: Step Functions refused. The history has the failure.
        EventDeliveryError: the history could not be begun; nothing was started.
        StorageUnavailable: large items could not be stored; nothing was started.
        DataTooLarge: the items are more than a port carries.
    """
    outside = launch or Launch.shared()
    context, text = _begin(target, trigger, node_id, items, mode, execution_id, seed or {}, parent, origin, outside)
    name = context["executionId"]
    try:
        arn = outside.machines.start(target.machine_arn, name, text)
    except AwsError as error:
        if error.code == "ExecutionAlreadyExists":
            return Started(context, execution_arn_of(target.machine_arn, name))
        raise _failed(context, error, outside) from error
    return Started(context, arn)


def run(
    target: Target,
    *,
    trigger: StartedBy,
    node_id: str,
    items: Sequence[Item] | Batch,
    mode: Literal["draft", "live"] = "live",
    execution_id: str = "",
    seed: Seed | None = None,
    parent: ParentRun | None = None,
    origin: str = "",
    seconds: float = SYNC_SECONDS,
    launch: Launch | None = None,
) -> tuple[Started, End]:
    """Run an Express execution to its end. Who calls this tells the end with `finish`, after answering where it can.

    Args and errors are those of `start`; an Express execution runs again when started twice with one id.

    Raises:
        StillRunning: it took longer than `seconds`; it goes on.
    """
    outside = launch or Launch.shared()
    context, text = _begin(target, trigger, node_id, items, mode, execution_id, seed or {}, parent, origin, outside)
    try:
        answer = outside.machines.start_sync(target.machine_arn, context["executionId"], text, timeout=seconds)
    except AwsError as error:
        if error.code == "RequestTimeout":
            raise StillRunning(context["executionId"]) from error
        raise _failed(context, error, outside) from error
    return Started(context, str(answer.get("executionArn", ""))), read_end(answer)


def finish(context: ExecutionContext, end: End, *, launch: Launch | None = None) -> None:
    """Tell how an execution ended.

    Raises:
        EventDeliveryError: it could not be told; the sweeper finds it out later.
    """
    outbox = Outbox(context, (launch or Launch.shared()).send)
    outbox.add(*end_events(context["executionId"], end))
    outbox.close()


def execution_arn_of(machine_arn: str, name: str) -> str:
    """Return the ARN of a Standard machine's execution by the ARN of the machine, a version or an alias."""
    parts = machine_arn.split(":")
    return ":".join((*parts[:5], "execution", parts[6], name))


def _begin(
    target: Target,
    trigger: StartedBy,
    node_id: str,
    items: Sequence[Item] | Batch,
    mode: Literal["draft", "live"],
    execution_id: str,
    seed: Seed,
    parent: ParentRun | None,
    origin: str,
    outside: Launch,
) -> tuple[ExecutionContext, str]:
    """Begin the history; return the execution's context and its input as JSON text."""
    context: ExecutionContext = {
        "tenantId": target.tenant_id,
        "executionId": execution_id or new_id(),
        "workflowId": target.workflow_id,
        "workflowName": target.workflow_name,
        "workflowVersion": target.workflow_version,
        "trigger": trigger,
        "mode": mode,
        "startedAt": now(),
        "timeZone": target.time_zone,
    }
    if outside.resume_url is not None and target.machine_type == "standard":  # Express executions wait for nobody
        context["resumeUrl"] = outside.resume_url(context["executionId"])
    if parent is not None:
        context["parent"] = parent
    if origin:
        context["origin"] = origin
    output = {"main": _batch(context, node_id, items, outside.claims)}
    name = context["executionId"]
    told: dict[str, Any] = {"nodeId": node_id, "machineType": target.machine_type}
    if origin:
        told["origin"] = origin
    if target.machine_type == "standard":
        told["executionArn"] = execution_arn_of(target.machine_arn, name)
    node: dict[str, Any] = {"nodeId": node_id, "attempt": 1}
    outbox = Outbox(context, outside.send)
    outbox.add(
        event(EventType.EXECUTION_STARTED, id=f"{name}-started", trigger=told),
        event(EventType.NODE_STARTED, id=f"{name}-trigger-started", **node),
        event(EventType.NODE_SUCCEEDED, id=f"{name}-trigger-done", **node, input={}, output=output, durationMs=0.0),
        *(_told(name, given_id, given) for given_id, given in seed.items() if given["output"] is not None),
    )
    outbox.close()
    execution_input: ExecutionInput = {"context": context, "trigger": {"nodeId": node_id, "output": output}}
    if seed:
        execution_input["seed"] = {given_id: given["output"] for given_id, given in seed.items()}
    return context, write(execution_input)


def given_event_id(execution_id: str, node_id: str) -> str:
    """Return the id of the event that tells of a node's output that an execution is given at its start."""
    return f"{execution_id}-{node_id}-given"


def _told(execution_id: str, node_id: str, given: Given) -> Event:
    return event(
        EventType.NODE_SUCCEEDED,
        id=given_event_id(execution_id, node_id),
        nodeId=node_id,
        attempt=1,
        input={},
        output=given["output"],
        source=given["source"],
        durationMs=0.0,
    )


def fitting(seed: Seed, tenant_id: str, execution_id: str, claims: Claims) -> dict[str, Given]:
    """Return a seed that fits an execution's input: the largest batches stored where all together are too many.

    Args:
        seed: the outputs of nodes that do not run.
        tenant_id: whose execution it is.
        execution_id: the execution that is to start.
        claims: where large batches go.

    Raises:
        StorageUnavailable: they could not be stored.
        DataTooLarge: a batch is larger than can be stored.
    """
    sizes = {
        (node_id, port): len(encode(batch["items"]))
        for node_id, given in seed.items()
        for port, batch in (given["output"] or {}).items()
        if "items" in batch
    }
    left = sum(sizes.values())
    made: dict[str, Given] = {node_id: {**given} for node_id, given in seed.items()}
    for (node_id, port), size in sorted(sizes.items(), key=lambda entry: -entry[1]):
        if left <= MOST_SEED_BYTES:
            break
        output = dict(made[node_id]["output"] or {})
        key = f"{tenant_id}/{execution_id}/{node_id}/given-{port}.json"
        output[port] = claims.store(key, output[port]["items"], preview_bytes=256)
        made[node_id]["output"] = output
        left -= size
    return made


def _batch(context: ExecutionContext, node_id: str, given: Sequence[Item] | Batch, claims: Claims) -> Batch:
    if isinstance(given, dict) and "ref" in given:
        return given
    items = without(list(given["items"] if isinstance(given, dict) else given))
    if not items:
        raise ValueError("an execution starts with at least one item")
    encoded = encode(items)
    if len(encoded) <= INLINE_LIMIT:
        return {"count": len(items), "items": items}
    return claims.store(key_of(context, node_id, 1, "main.json"), items, encoded)


def _failed(context: ExecutionContext, error: AwsError, outside: Launch) -> StartFailed:
    reason = read_error("StartFailed", f"Step Functions did not start the execution: {error.message} ({error.code}).")
    finish(context, End("failed", error=reason), launch=outside)
    return StartFailed(context["executionId"], error)
