"""What Task states ask for: functions, nested executions, callbacks, activities, and whatever MiniStack can call."""

import asyncio
import contextlib
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any, Protocol

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import get_region
from ministack.services import lambda_svc, stepfunctions

from local.emulator import invocation
from local.emulator.states.errors import StateError
from local.emulator.states.paths import by_stack
from local.emulator.states.scopes import Json, Run, Scope, TaskLimits
from local.emulator.wire import dumps

CALLBACK = ".waitForTaskToken"
CLOSED_KEPT = 10_000


class Executions(Protocol):
    """What tasks need of the engine: to start executions and wait for them."""

    def start_nested(self, request: Json) -> Json:
        """Start an execution; its record."""

    async def ended(self, arn: str) -> Json:
        """The record of an execution once it has ended."""

    def stop(self, arn: str, error: str, cause: str) -> None:
        """Stop an execution that is still running."""


class Pending:
    """A task that waits for its token."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.beaten = time.monotonic()


class Tokens:
    """The task tokens that somebody holds."""

    def __init__(self) -> None:
        self._pending: dict[str, Pending] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()

    @contextlib.contextmanager
    def open(self, token: str) -> Any:
        """Wait for a token as long as the context lasts."""
        pending = self._pending[token] = Pending()
        try:
            yield pending
        finally:
            self._pending.pop(token, None)
            self._closed[token] = None
            if len(self._closed) > CLOSED_KEPT:
                self._closed.popitem(last=False)

    def find(self, token: str) -> Pending | str:
        """The pending task, or the name of the error AWS answers."""
        pending = self._pending.get(token)
        if pending is not None and not pending.answer.done():
            return pending
        return "TaskTimedOut" if pending is not None or token in self._closed else "TaskDoesNotExist"


class Tasks:
    """Performs Task states."""

    def __init__(self, executions: Executions) -> None:
        self.tokens = Tokens()
        self._executions = executions

    async def perform(self, run: Run, state: Json, arguments: Any, scope: Scope, limits: TaskLimits) -> Any:
        """Perform a task once, with the events AWS writes about it."""
        resource = state.get("Resource", "")
        events = Events.of(resource)
        scope.event = run.history.add(events.scheduled, scope.event, events.schedule(arguments, limits))
        if events.started:
            scope.event = run.history.add(events.started, scope.event, events.task() or None)
        if events.submitted:
            scope.event = run.history.add(events.submitted, scope.event, events.task())
        try:
            result = await self._within(self._call(run, resource, arguments, scope, limits), limits.timeout)
        except StateError as error:
            details = {**events.task(), "error": error.error, "cause": error.cause}
            timed_out = error.error in ("States.Timeout", "States.HeartbeatTimeout")
            scope.event = run.history.add(events.timed_out if timed_out else events.failed, scope.event, details)
            raise
        if run.keeps_history:
            output = {"output": dumps(result), "outputDetails": {"truncated": False}}
            scope.event = run.history.add(events.succeeded, scope.event, {**events.task(), **output})
        return result

    async def _within(self, work: Awaitable[Any], seconds: float | None) -> Any:
        if seconds is None:
            return await work
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            raise StateError("States.Timeout", "") from None

    async def _call(self, run: Run, resource: str, arguments: Any, scope: Scope, limits: TaskLimits) -> Any:
        if resource.endswith(CALLBACK):
            token = scope.context["Task"]["Token"]
            return await self._callback(resource.removesuffix(CALLBACK), arguments, token, limits)
        if ":activity:" in resource:
            return await self._activity(resource, arguments, limits)
        return await self._integration(resource, arguments)

    async def _integration(self, resource: str, arguments: Any) -> Any:
        if "states:::lambda:invoke" in resource:
            return await invoke_function(arguments)
        if reference := by_stack(stepfunctions._extract_lambda_ref, resource):
            return await call_function(reference, arguments)
        if "states:::states:startExecution" in resource:
            return await self._nested(resource, arguments)
        if resource == "arn:aws:states:::sqs:sendMessage":
            return by_stack(stepfunctions._invoke_resource, resource, arguments)
        try:
            # The other integrations block on service handlers, so they may not run on the loop.
            return await run_reentrant(stepfunctions._invoke_resource, resource, arguments)
        except stepfunctions._ExecutionError as error:
            raise StateError(error.error, error.cause) from error

    async def _nested(self, resource: str, arguments: Any) -> Any:
        record = self._executions.start_nested(by_stack(stepfunctions._nested_start_execution_request, arguments))
        arn = record["executionArn"]
        if not resource.endswith((".sync", ".sync:2")):
            return {"ExecutionArn": arn, "StartDate": record["startDate"]}
        try:
            record = await self._executions.ended(arn)
        except asyncio.CancelledError:
            self._executions.stop(arn, "States.TaskFailed", "The execution that waited for this one was stopped")
            raise
        described = describe(record, parsed=resource.endswith(":2"))
        if record["status"] != "SUCCEEDED":
            raise StateError("States.TaskFailed", dumps(described))
        return described

    async def _callback(self, resource: str, arguments: Any, token: str, limits: TaskLimits) -> Any:
        with self.tokens.open(token) as pending:
            call = asyncio.ensure_future(self._integration(resource, arguments))
            try:
                return await self._answer(pending, limits.heartbeat, call)
            finally:
                call.cancel()

    async def _activity(self, arn: str, arguments: Any, limits: TaskLimits) -> Any:
        queue = stepfunctions._activity_tasks.get(arn)
        if queue is None:
            raise StateError("States.Runtime", f"Activity {arn} not found")
        token = stepfunctions.new_uuid()
        with self.tokens.open(token) as pending:
            queue.append({"taskToken": token, "input": dumps(arguments)})
            return await self._answer(pending, limits.heartbeat, None)

    async def _answer(self, pending: Pending, heartbeat: float | None, call: asyncio.Future[Any] | None) -> Any:
        waiting: set[asyncio.Future[Any]] = {pending.answer} | ({call} if call is not None else set())
        while not pending.answer.done():
            left = None if heartbeat is None else pending.beaten + heartbeat - time.monotonic()
            if left is not None and left <= 0:
                raise StateError("States.HeartbeatTimeout", "")
            done, _ = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if call is not None and call in done:
                call.result()
                waiting.discard(call)
        return pending.answer.result()


async def invoke_function(arguments: Any) -> Json:
    """The optimised Lambda integration."""
    arguments = arguments if isinstance(arguments, dict) else {}
    name = arguments.get("FunctionName", "")
    if (arguments.get("Qualifier") and ":function:" in name and name.count(":") == 6) or (
        arguments.get("Qualifier") and ":" not in name
    ):
        name = f"{name}:{arguments['Qualifier']}"
    reference = by_stack(stepfunctions._resolve_lambda_function_ref, name, True)
    payload = arguments.get("Payload", {})
    if arguments.get("InvocationType") == "Event":
        lambda_svc.invoke_async_with_retry(function_record(reference), payload)
        return {"StatusCode": 202, "Payload": ""}
    token = invocation.tenant_id.set(arguments.get("TenantId"))
    try:
        result = await call_function(reference, payload)
    finally:
        invocation.tenant_id.reset(token)
    return {"ExecutedVersion": "$LATEST", "Payload": result, "StatusCode": 200}


def function_record(reference: str) -> Json:
    """The function version behind a name or ARN."""
    record, config, name = lambda_svc._get_func_record_for_ref(reference)
    if not record or not config:
        raise StateError("Lambda.ResourceNotFoundException", f"Function not found: {name}")
    found: Json = lambda_svc._execution_record_for_config(record, config)
    return found


async def call_function(reference: str, event: Any) -> Any:
    """Invoke a function; its exception is the task's error under its class name, with the payload as the cause."""
    result = await invocation.execute(function_record(reference), event)
    body = result.get("body")
    if result.get("throttle"):
        raise StateError("Lambda.TooManyRequestsException", dumps(body))
    if result.get("error"):
        error = body.get("errorType", "Lambda.Unknown") if isinstance(body, dict) else "Lambda.Unknown"
        raise StateError(error, dumps(body))
    return body


def describe(record: Json, parsed: bool) -> Json:
    """A nested execution as its parent receives it; `.sync:2` gives its payloads parsed."""

    def read(text: str | None) -> Any:
        return json.loads(text) if parsed and text else text

    described = {
        "ExecutionArn": record["executionArn"],
        "Input": read(record["input"]),
        "InputDetails": {"Included": True},
        "Name": record["name"],
        "StartDate": record["startDate"],
        "StateMachineArn": record["stateMachineArn"],
        "Status": record["status"],
        "StopDate": record["stopDate"],
    }
    if record["status"] == "SUCCEEDED":
        described |= {"Output": read(record["output"]), "OutputDetails": {"Included": True}}
    for name in ("error", "cause"):
        if record.get(name):
            described[name.capitalize()] = record[name]
    return described


class Events:
    """The names and details of the events about one kind of task."""

    def __init__(self, prefix: str, resource: str, parts: tuple[str, str] | None) -> None:
        self._resource = resource
        self._parts = parts
        self.scheduled = f"{prefix}Scheduled"
        self.started = f"{prefix}Started" if prefix != "Activity" else ""
        # AWS writes it when the call was answered and the task goes on; here it stands in its place, a little early.
        self.submitted = f"{prefix}Submitted" if resource.endswith((".sync", ".sync:2", CALLBACK)) else ""
        self.succeeded = f"{prefix}Succeeded"
        self.failed = f"{prefix}Failed"
        self.timed_out = f"{prefix}TimedOut"

    @classmethod
    def of(cls, resource: str) -> "Events":
        """The events of a resource: functions by ARN and activities have their own names."""
        if ":activity:" in resource:
            return cls("Activity", resource, None)
        if ":function:" in resource:
            return cls("LambdaFunction", resource, None)
        pieces = resource.split(":")
        kind = ":".join(pieces[5:-1]) or "states"
        return cls("Task", resource, (kind, pieces[-1]))

    def task(self) -> Json:
        """What every event of a service integration carries."""
        return {"resourceType": self._parts[0], "resource": self._parts[1]} if self._parts else {}

    def schedule(self, arguments: Any, limits: TaskLimits) -> Json:
        """What the first event carries."""
        seconds: Json = {}
        if limits.timeout is not None:
            seconds["timeoutInSeconds"] = int(limits.timeout)
        if limits.heartbeat is not None:
            seconds["heartbeatInSeconds"] = int(limits.heartbeat)
        if self._parts:
            return {**self.task(), "region": get_region(), "parameters": dumps(arguments), **seconds}
        return {"resource": self._resource, "input": dumps(arguments), "inputDetails": {"truncated": False}, **seconds}
