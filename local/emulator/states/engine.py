"""Executions: starting, stopping and redriving them.

Records lie in MiniStack's store in MiniStack's shape, so that whatever of it reads executions goes on working. Express
executions are in no store, as on AWS, so they leave nothing behind.
"""

import asyncio
import json
import time
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import stepfunctions

from local.emulator.running import running
from local.emulator.states import kinds as kinds
from local.emulator.states import maps as maps
from local.emulator.states.answers import Refused, Response, accepted, epoch, refusal
from local.emulator.states.describing import tell
from local.emulator.states.errors import StateError
from local.emulator.states.history import History, NoHistory
from local.emulator.states.kept import Kept
from local.emulator.states.machine import walk
from local.emulator.states.resolving import NAME, check_input, resolve
from local.emulator.states.scopes import Json, Run, Scope, definition, now_iso
from local.emulator.states.tasks import Tasks
from local.emulator.wire import dumps

EXPRESS_SECONDS = 300


class Engine:
    """Every execution of this emulator."""

    def __init__(self) -> None:
        self.tasks = Tasks(self)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping: set[str] = set()
        self._ended: dict[str, list[asyncio.Future[Json]]] = {}
        self._watched: dict[str, Json] = {}
        self._kept = Kept()

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
        return record

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
                tell(record)
            else:
                run.resume_state, data, scope.variables = resume["state"], resume["input"], dict(resume["variables"])
                redriven = {"redriveCount": record["redriveCount"]}
                scope.event = run.history.add("ExecutionRedriven", len(record["events"]), redriven)
                tell(record)
            await self._to_end(run, machine, data, scope)
        finally:
            self._running.pop(arn, None)
            self._stopping.discard(arn)
            if not express:
                self._kept.add(record)
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
            tell(record)

    def _fail(self, run: Run, scope: Scope, status: str, error: StateError) -> None:
        record = run.record
        record.update(status=status, error=error.error, cause=error.cause, stopDate=now_iso())
        kind = {"FAILED": "ExecutionFailed", "TIMED_OUT": "ExecutionTimedOut", "ABORTED": "ExecutionAborted"}[status]
        run.history.add(kind, scope.event, {"error": error.error, "cause": error.cause})
        self._keep_failure(run)
        tell(record)

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
        tell(record)
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
