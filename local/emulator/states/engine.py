"""Executions: starting, stopping, describing and redriving them.

Records lie in MiniStack's store in MiniStack's shape, so that whatever of it reads executions goes on working. Express
executions are in no store, as on AWS, so they leave nothing behind.
"""

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response, new_uuid
from ministack.services import eventbridge, stepfunctions

from local.emulator.running import running
from local.emulator.states import maps as maps
from local.emulator.states.errors import StateError
from local.emulator.states.history import History, NoHistory
from local.emulator.states.machine import PAYLOAD_LIMIT, Json, Run, Scope, definition, dumps, now_iso, size, walk
from local.emulator.states.tasks import Pending, Tasks

EXPRESS_SECONDS = 300
EXECUTIONS_KEPT = 5_000
"""Ended Standard executions that are kept; AWS keeps them 90 days, we keep memory."""
NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")
STATUS_PAYLOAD_LIMIT = 248 * 1024

Response = tuple[int, dict[str, str], bytes]


def accepted(payload: Json) -> Response:
    """An answer with a payload."""
    response: Response = json_response(payload)
    return response


def refusal(code: str, message: str, status: int = 400) -> Response:
    """An answer that names an error."""
    response: Response = error_response_json(code, message, status)
    return response


class Refused(Exception):
    """A request that AWS refuses."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Stopped(Exception):
    """StopExecution was called."""


class Engine:
    """Every execution of this emulator."""

    def __init__(self) -> None:
        self.tasks = Tasks(self)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping: set[str] = set()
        self._ended: dict[str, list[asyncio.Future[Json]]] = {}
        self._watched: dict[str, Json] = {}
        self._kept = 0

    # Starting

    def start(self, data: Json) -> Response:
        """StartExecution, from the loop or from any thread."""
        try:
            record = self._open(data, sync=False)
        except Refused as refused:
            return refusal(refused.code, str(refused), 400)
        if record.pop("_new", False):
            running.spawn(lambda: self._run(record))
        return accepted({"executionArn": record["executionArn"], "startDate": epoch(record["startDate"])})

    async def start_sync(self, data: Json) -> Response:
        """StartSyncExecution."""
        started = time.monotonic()
        try:
            record = self._open(data, sync=True)
        except Refused as refused:
            return refusal(refused.code, str(refused), 400)
        await self._run(record)
        billed = max(100, -(-int((time.monotonic() - started) * 1000) // 100) * 100)
        answer = {
            "executionArn": record["executionArn"],
            "stateMachineArn": record["stateMachineArn"],
            "name": record["name"],
            "startDate": epoch(record["startDate"]),
            "stopDate": epoch(record["stopDate"]),
            "status": record["status"],
            "input": record["input"],
            "inputDetails": {"included": True},
            "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed},
        }
        if record["output"] is not None:
            answer |= {"output": record["output"], "outputDetails": {"included": True}}
        for name in ("error", "cause"):
            if record.get(name) is not None:
                answer[name] = record[name]
        return accepted(answer)

    def start_nested(self, request: Json) -> Json:
        """Start an execution that a Task state asks for."""
        try:
            record = self._open(request, sync=False)
        except Refused as refused:
            raise StateError(f"StepFunctions.{refused.code}Exception", str(refused)) from refused
        if record.pop("_new", False):
            self._watched[record["executionArn"]] = record
            running.spawn(lambda: self._run(record))
        return record

    async def ended(self, arn: str) -> Json:
        """The record of a nested execution, once it has ended."""
        record = self._watched.get(arn) or stepfunctions._executions.get(arn)
        if record is None:
            raise StateError("States.Runtime", f"Execution {arn} not found")
        if record["status"] == "RUNNING":
            future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
            self._ended.setdefault(arn, []).append(future)
            record = await future
        self._watched.pop(arn, None)
        return record

    def _open(self, data: Json, sync: bool) -> Json:
        machine, version, alias, source = resolve(data.get("stateMachineArn", ""))
        express = machine.get("type") == "EXPRESS"
        if sync and not express:
            raise Refused(
                "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"
            )
        name = data.get("name") or new_uuid()
        if not NAME.fullmatch(name):
            raise Refused("InvalidName", f"Invalid Name: '{name}'")
        text = data.get("input") or "{}"
        check_input(text)
        place = f"arn:aws:states:{get_region()}:{get_account_id()}"
        arn = (
            f"{place}:express:{machine['name']}:{name}:{new_uuid()}"
            if express
            else f"{place}:execution:{machine['name']}:{name}"
        )
        known = None if express else stepfunctions._executions.get(arn)
        if known is not None:
            if known["status"] == "RUNNING" and known["input"] == text:
                return dict(known)
            raise Refused("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
        record: Json = {
            "executionArn": arn,
            "stateMachineArn": machine["stateMachineArn"],
            "stateMachineVersionArn": version,
            "stateMachineAliasArn": alias,
            "name": name,
            "status": "RUNNING",
            "startDate": now_iso(),
            "stopDate": None,
            "input": text,
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": {"included": True},
            "redriveCount": 0,
            "redriveDate": None,
            "encryptionConfiguration": source.get("encryptionConfiguration") or stepfunctions._default_encryption(),
            "definition": source["definition"],
            "roleArn": source.get("roleArn") or machine.get("roleArn", ""),
            "express": express,
            "events": [],
            "_new": True,
        }
        if not express:
            stepfunctions._executions[arn] = record
            self._make_room()
        return record

    def _make_room(self) -> None:
        self._kept += 1
        if self._kept < EXECUTIONS_KEPT + 500:
            return
        store = stepfunctions._executions._data
        old = [key for key, record in store.items() if record["status"] != "RUNNING"]
        for key in old[: max(0, len(store) - EXECUTIONS_KEPT)]:
            store.pop(key, None)
        self._kept = len(store)

    # Running

    async def _run(self, record: Json, resume: Json | None = None) -> None:
        arn = record["executionArn"]
        express = record["express"]
        run = Run(arn, record, NoHistory() if express else History(record["events"]), self.tasks, not express)
        machine = definition(record["definition"])
        data = json.loads(record["input"])
        task = asyncio.current_task()
        if task is not None and not express:
            self._running[arn] = task
        try:
            scope = self._scope(record, machine, data)
            if resume is None:
                started = {"input": record["input"], "inputDetails": {"truncated": False}, "roleArn": record["roleArn"]}
                scope.event = run.history.add("ExecutionStarted", 0, started)
                self._tell(record)
            else:
                run.resume_state, data, scope.variables = resume["state"], resume["input"], dict(resume["variables"])
                redriven = {"redriveCount": record["redriveCount"]}
                scope.event = run.history.add("ExecutionRedriven", len(record["events"]), redriven)
                self._tell(record)
            await self._to_end(run, machine, data, scope)
        finally:
            self._running.pop(arn, None)
            self._stopping.discard(arn)
            for future in self._ended.pop(arn, ()):
                if not future.done():
                    future.set_result(record)

    def _scope(self, record: Json, machine: Json, data: Any) -> Scope:
        execution = {
            "Id": record["executionArn"],
            "Input": data,
            "Name": record["name"],
            "RoleArn": record["roleArn"],
            "StartTime": record["startDate"],
            "RedriveCount": record["redriveCount"],
        }
        name = record["stateMachineArn"].split(":")[6]
        context = {"Execution": execution, "StateMachine": {"Id": record["stateMachineArn"], "Name": name}}
        return Scope(machine.get("QueryLanguage", "JSONPath"), context, {})

    async def _to_end(self, run: Run, machine: Json, data: Any, scope: Scope) -> None:
        record = run.record
        seconds = machine.get("TimeoutSeconds")
        if record["express"]:
            seconds = min(seconds or EXPRESS_SECONDS, EXPRESS_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                output = await walk(run, machine, data, scope, top=True)
        except StateError as error:
            self._fail(run, scope, "FAILED", error)
        except TimeoutError:
            self._fail(run, scope, "TIMED_OUT", StateError("States.Timeout", ""))
        except asyncio.CancelledError:
            if record["executionArn"] not in self._stopping and record["status"] == "RUNNING":
                self._fail(run, scope, "ABORTED", StateError("", ""))
                raise
            if record["status"] != "ABORTED":
                raise
            self._keep_failure(run)
        except RecursionError as error:
            self._fail(run, scope, "FAILED", StateError("States.Runtime", f"{error}"))
        except Exception as error:
            stepfunctions.logger.exception("execution %s", record["executionArn"])
            self._fail(run, scope, "FAILED", StateError("States.Runtime", f"{type(error).__name__}: {error}"))
        else:
            record.update(status="SUCCEEDED", output=dumps(output), stopDate=now_iso())
            details = {"output": record["output"], "outputDetails": {"truncated": False}}
            run.history.add("ExecutionSucceeded", scope.event, details)
            self._tell(record)

    def _fail(self, run: Run, scope: Scope, status: str, error: StateError) -> None:
        record = run.record
        record.update(status=status, error=error.error, cause=error.cause, stopDate=now_iso())
        kind = {"FAILED": "ExecutionFailed", "TIMED_OUT": "ExecutionTimedOut", "ABORTED": "ExecutionAborted"}[status]
        run.history.add(kind, scope.event, {"error": error.error, "cause": error.cause})
        self._keep_failure(run)
        self._tell(record)

    def _keep_failure(self, run: Run) -> None:
        if run.failed_at is not None and run.keeps_history:
            state, data, variables = run.failed_at
            run.record["redrive"] = {"state": state, "input": data, "variables": variables}

    # Stopping and redriving

    def stop(self, arn: str, error: str, cause: str) -> None:
        """Stop an execution that is still running."""
        record = stepfunctions._executions.get(arn) or self._watched.get(arn)
        if record is None or record["status"] != "RUNNING":
            return
        record.update(status="ABORTED", error=error or None, cause=cause or None, stopDate=now_iso())
        if not record.get("express"):
            events = record["events"]
            History(events).add("ExecutionAborted", len(events), {"error": error, "cause": cause})
        self._tell(record)
        self._stopping.add(arn)
        if task := self._running.get(arn):
            task.cancel()

    def stop_execution(self, data: Json) -> Response:
        """StopExecution."""
        arn = data.get("executionArn", "")
        record = stepfunctions._executions.get(arn)
        if record is None:
            return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
        self.stop(arn, data.get("error", ""), data.get("cause", ""))
        return accepted({"stopDate": epoch(record["stopDate"])})

    def redrive(self, data: Json) -> Response:
        """RedriveExecution: run again from the state that failed, with the old definition, input and variables."""
        arn = data.get("executionArn", "")
        record = stepfunctions._executions.get(arn)
        if record is None:
            return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
        if record["status"] not in ("FAILED", "ABORTED", "TIMED_OUT") or "redrive" not in record:
            message = f"Execution is {record['status']} and cannot be redriven"
            return refusal("ExecutionNotRedrivable", message, 400)
        resume = record.pop("redrive")
        now = now_iso()
        record.update(status="RUNNING", stopDate=None, error=None, cause=None, redriveDate=now)
        record["redriveCount"] += 1
        running.spawn(lambda: self._run(record, resume))
        return accepted({"redriveDate": epoch(now)})

    # Describing

    def describe(self, data: Json) -> Response:
        """DescribeExecution."""
        arn = data.get("executionArn", "")
        record = stepfunctions._executions.get(arn)
        if record is None:
            return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
        shown = ("executionArn", "stateMachineArn", "stateMachineVersionArn", "stateMachineAliasArn", "name", "status")
        more = ("input", "inputDetails", "output", "error", "cause", "mapRunArn", "redriveCount")
        answer = {name: record[name] for name in (*shown, *more) if record.get(name) is not None}
        for name in ("startDate", "stopDate", "redriveDate"):
            if record.get(name):
                answer[name] = epoch(record[name])
        if record.get("output") is not None:
            answer["outputDetails"] = {"included": True}
        answer["redriveStatus"] = "REDRIVABLE" if "redrive" in record else "NOT_REDRIVABLE"
        if "redrive" not in record:
            answer["redriveStatusReason"] = f"Execution is {record['status']} and cannot be redriven"
        return accepted(answer)

    def describe_machine(self, data: Json) -> Response:
        """DescribeStateMachineForExecution: the definition the execution runs, not the newest."""
        arn = data.get("executionArn", "")
        record = stepfunctions._executions.get(arn)
        machine = stepfunctions._state_machines.get(record["stateMachineArn"]) if record else None
        if record is None or machine is None:
            return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
        return accepted(
            {
                "stateMachineArn": machine["stateMachineArn"],
                "name": machine["name"],
                "definition": record.get("definition") or machine["definition"],
                "roleArn": record.get("roleArn") or machine["roleArn"],
                "updateDate": epoch(machine.get("creationDate")),
                "encryptionConfiguration": record.get("encryptionConfiguration"),
            }
        )

    # Callbacks

    def succeed(self, data: Json) -> Response:
        """SendTaskSuccess."""
        try:
            result = json.loads(data.get("output") or "")
        except ValueError:
            return refusal("InvalidOutput", "Invalid Output: the output is not JSON", 400)
        return self._answer(data, lambda pending: pending.answer.set_result(result))

    def fail(self, data: Json) -> Response:
        """SendTaskFailure."""
        error = StateError(data.get("error") or "States.TaskFailed", data.get("cause") or "")
        return self._answer(data, lambda pending: pending.answer.set_exception(error))

    def beat(self, data: Json) -> Response:
        """SendTaskHeartbeat."""

        def beat(pending: Pending) -> None:
            pending.beaten = time.monotonic()

        return self._answer(data, beat)

    def _answer(self, data: Json, act: Callable[[Pending], object]) -> Response:
        pending = self.tasks.tokens.find(data.get("taskToken", ""))
        if isinstance(pending, str):
            return refusal(pending, "Task Timed Out: 'Provided task does not exist anymore'", 400)
        act(pending)
        return accepted({})

    # Events

    def _tell(self, record: Json) -> None:
        """Tell EventBridge of the status; Standard executions only, best effort."""
        if record.get("express"):
            return
        with contextlib.suppress(Exception):
            entry = {
                "Source": "aws.states",
                "DetailType": "Step Functions Execution Status Change",
                "Detail": json.dumps(status_detail(record)),
                "Resources": [record["executionArn"]],
            }
            eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def status_detail(record: Json) -> Json:
    """The detail of a status event."""
    succeeded = record["status"] == "SUCCEEDED"
    whole_input = len(record["input"]) <= STATUS_PAYLOAD_LIMIT
    output = record["output"] if succeeded else None
    whole_output = output is not None and len(output) <= STATUS_PAYLOAD_LIMIT
    return {
        "executionArn": record["executionArn"],
        "stateMachineArn": record["stateMachineArn"],
        "name": record["name"],
        "status": record["status"],
        "startDate": milliseconds(record["startDate"]),
        "stopDate": milliseconds(record["stopDate"]),
        "input": record["input"] if whole_input else None,
        "inputDetails": {"included": whole_input},
        "output": output if whole_output else None,
        "outputDetails": {"included": whole_output} if succeeded else None,
        "stateMachineVersionArn": record["stateMachineVersionArn"],
        "stateMachineAliasArn": record["stateMachineAliasArn"],
        "redriveCount": record["redriveCount"],
        "redriveDate": milliseconds(record["redriveDate"]),
        "redriveStatus": "REDRIVABLE" if "redrive" in record else "NOT_REDRIVABLE",
        "redriveStatusReason": None
        if "redrive" in record
        else f"Execution is {record['status']} and cannot be redriven",
        "error": record.get("error"),
        "cause": record.get("cause"),
    }


def resolve(arn: str) -> tuple[Json, str | None, str | None, Json]:
    """The machine behind an ARN, the version and alias it names, and where the definition comes from.

    An alias picks one of its versions by weight, anew for each execution.
    """
    machine = stepfunctions._state_machines.get(arn)
    if machine is not None:
        return machine, None, None, machine
    alias = stepfunctions._state_machine_aliases.get(arn)
    version_arn, alias_arn = arn, None
    if alias is not None:
        routes = alias["routingConfiguration"]
        chosen = random.choices(routes, [route.get("weight", 0) for route in routes])[0]  # noqa: S311 - not a secret
        version_arn, alias_arn = chosen["stateMachineVersionArn"], arn
    version = stepfunctions._state_machine_versions.get(version_arn)
    machine = stepfunctions._state_machines.get(version_arn.rpartition(":")[0]) if version else None
    if version is None or machine is None:
        raise Refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return machine, version_arn, alias_arn, version


def check_input(text: str) -> None:
    """An input must be JSON of at most 256 KiB."""
    if size(text) > PAYLOAD_LIMIT:
        raise Refused(
            "InvalidExecutionInput", f"Invalid State Machine Execution Input: it exceeds {PAYLOAD_LIMIT} bytes"
        )
    try:
        json.loads(text)
    except ValueError as error:
        raise Refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from error


def epoch(moment: Any) -> Any:
    """A timestamp as the API answers it."""
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() if isinstance(moment, str) else moment


def milliseconds(moment: str | None) -> int | None:
    """A timestamp as status events carry it."""
    return None if moment is None else int(epoch(moment) * 1000)
