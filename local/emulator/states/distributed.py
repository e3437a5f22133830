"""The distributed Map: a Map Run whose items, or batches of them, are executions of their own."""

import asyncio
import contextlib
import functools
import json
from collections.abc import Iterable
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import s3, stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError
from local.emulator.states.history import History, NoHistory
from local.emulator.states.machine import walk
from local.emulator.states.paths import by_stack, number_field
from local.emulator.states.scopes import Json, Run, Scope, is_jsonata, now_iso
from local.emulator.states.together import together
from local.emulator.wire import dumps, size

DISTRIBUTED_CONCURRENCY = 100
"""AWS runs 10,000 child executions at once; one machine does not."""


class DistributedMap:
    """A Map Run: each item, or batch of items, is a child execution."""

    def __init__(self, run: Run, state: Json, processor: Json, scope: Scope) -> None:
        self._run = run
        self._state = state
        self._processor = processor
        self._scope = scope
        parts = run.record["stateMachineArn"].split(":")
        label = state.get("Label") or new_uuid()
        place = ":".join(parts[:5])
        self._machine = f"{place}:stateMachine:{parts[6]}/{label}"
        self._child = f"{place}:execution:{parts[6]}/{label}"
        self._arn = f"{place}:mapRun:{parts[6]}/{label}:{new_uuid()}"
        self._failed = 0
        self._record: Json = {}

    async def perform(self, inputs: list[tuple[Any, Scope]], most: int, data: Any) -> Any:
        """Run the children and give their results, or where ResultWriter put them."""
        children = list(self._batched(inputs, data))
        self._open(len(children), most)
        history, scope = self._run.history, self._scope
        scope.event = history.add("MapRunStarted", scope.event, {"mapRunArn": self._arn})
        limits = self._tolerance(data, len(children))
        works = [functools.partial(self._child_run, item, inner, limits) for item, inner in children]
        try:
            results = await together(works, min(most or DISTRIBUTED_CONCURRENCY, DISTRIBUTED_CONCURRENCY))
        except StateError as error:
            self._close("FAILED")
            scope.event = history.add("MapRunFailed", scope.event, {"error": error.error, "cause": error.cause})
            raise
        except asyncio.CancelledError:
            self._close("ABORTED")
            raise
        self._close("SUCCEEDED")
        scope.event = history.add("MapRunSucceeded", scope.event)
        if self._state.get("ResultWriter"):
            return await self._write(results, data)
        return [record["output_value"] for record in results if record["status"] == "SUCCEEDED"]

    def _batched(self, inputs: list[tuple[Any, Scope]], data: Any) -> Iterable[tuple[Any, Scope]]:
        batcher = self._state.get("ItemBatcher")
        if not batcher:
            yield from inputs
            return
        most = int(number_field(batcher, "MaxItemsPerBatch", data, self._scope) or len(inputs) or 1)
        heaviest = int(number_field(batcher, "MaxInputBytesPerBatch", data, self._scope) or 262_144)
        shared = batcher.get("BatchInput")
        if shared is not None and is_jsonata(self._state, self._scope):
            shared = expressions.template(shared, self._scope.bindings(data))
        batch: list[Any] = []
        for item, _ in inputs:
            if batch and (len(batch) >= most or size(dumps([*batch, item])) > heaviest):
                yield self._batch(batch, shared)
                batch = []
            batch.append(item)
        if batch:
            yield self._batch(batch, shared)

    def _batch(self, items: list[Any], shared: Any) -> tuple[Any, Scope]:
        return {"Items": items, **({"BatchInput": shared} if shared is not None else {})}, self._scope.branch()

    def _open(self, count: int, most: int) -> None:
        zero = dict.fromkeys(
            ("pending", "running", "succeeded", "failed", "timedOut", "aborted", "total", "resultsWritten"), 0
        )
        counts = {**zero, "failuresNotRedrivable": 0, "pendingRedrive": 0, "total": count, "pending": count}
        self._record = stepfunctions._map_runs[self._arn] = {
            "mapRunArn": self._arn,
            "executionArn": self._run.arn,
            "status": "RUNNING",
            "startDate": now_iso(),
            "maxConcurrency": most,
            "toleratedFailurePercentage": 0,
            "toleratedFailureCount": 0,
            "itemCounts": dict(counts),
            "executionCounts": counts,
            "redriveCount": 0,
            "_stateMachineArn": self._machine,
        }

    def _close(self, status: str) -> None:
        self._record.update(status=status, stopDate=now_iso())

    def _count(self, leaving: str, entering: str) -> None:
        for counts in (self._record["itemCounts"], self._record["executionCounts"]):
            counts[leaving] -= 1
            counts[entering] += 1

    def _tolerance(self, data: Any, count: int) -> float:
        tolerated = [
            number_field(self._state, "ToleratedFailureCount", data, self._scope),
            number_field(self._state, "ToleratedFailurePercentage", data, self._scope),
        ]
        most = [] if tolerated[0] is None else [tolerated[0]]
        if tolerated[1] is not None:
            most.append(tolerated[1] * count / 100)
        return min(most) if most else 0

    async def _child_run(self, data: Any, scope: Scope, limits: float) -> Json:
        name = new_uuid()
        express = (self._processor.get("ProcessorConfig") or {}).get("ExecutionType") == "EXPRESS"
        record: Json = {
            "executionArn": f"{self._child}:{name}",
            "stateMachineArn": self._machine,
            "name": name,
            "status": "RUNNING",
            "startDate": now_iso(),
            "stopDate": None,
            "input": dumps(data),
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": {"included": True},
            "mapRunArn": self._arn,
            "events": [],
        }
        if not express:
            stepfunctions._executions[record["executionArn"]] = record
        history = NoHistory() if express else History(record["events"])
        run = Run(record["executionArn"], record, history, self._run.performer, not express)
        # AWS: the variables of the outer execution are not readable in a distributed Map.
        context = {
            **scope.context,
            "Execution": {**scope.context["Execution"], "Id": run.arn, "Name": name, "Input": data},
        }
        self._count("pending", "running")
        try:
            value = await walk(run, self._processor, data, Scope(scope.language, context, {}))
            record.update(status="SUCCEEDED", output=dumps(value))
            self._count("running", "succeeded")
            return {**record, "output_value": value}
        except StateError as error:
            record.update(status="FAILED", error=error.error, cause=error.cause)
            self._count("running", "failed")
            self._failed += 1
            if self._failed > limits:
                message = "The specified tolerated failure threshold was exceeded"
                raise StateError("States.ExceedToleratedFailureThreshold", message) from error
            return record
        except asyncio.CancelledError:
            record.update(status="ABORTED")
            with contextlib.suppress(KeyError):
                self._count("running", "aborted")
            raise
        finally:
            record["stopDate"] = now_iso()

    async def _write(self, results: list[Json], data: Any) -> Json:
        writer = self._state["ResultWriter"]
        if is_jsonata(self._state, self._scope):
            place = expressions.template(writer.get("Arguments", {}), self._scope.bindings(data))
        else:
            place = by_stack(
                stepfunctions._resolve_params_obj, writer.get("Parameters", {}), data, self._scope.stack_context()
            )
        bucket, prefix = place["Bucket"], (place.get("Prefix") or "").strip("/")
        folder = f"{prefix}/{self._arn.rsplit(':', 1)[1]}".strip("/")
        manifest: Json = {"DestinationBucket": bucket, "MapRunArn": self._arn, "ResultFiles": {}}
        for status in ("SUCCEEDED", "FAILED", "PENDING"):
            rows = [child_row(record) for record in results if record["status"] == status]
            key = f"{folder}/{status}_0.json"
            manifest["ResultFiles"][status] = [{"Key": key, "Size": len(json.dumps(rows))}] if rows else []
            if rows:
                await put_object(bucket, key, json.dumps(rows))
        await put_object(bucket, f"{folder}/manifest.json", json.dumps(manifest))
        return {"MapRunArn": self._arn, "ResultWriterDetails": {"Bucket": bucket, "Key": f"{folder}/manifest.json"}}


def child_row(record: Json) -> Json:
    """One child execution as ResultWriter writes it."""
    names = {
        "ExecutionArn": "executionArn",
        "Input": "input",
        "Output": "output",
        "Status": "status",
        "StartDate": "startDate",
        "StopDate": "stopDate",
        "Error": "error",
        "Cause": "cause",
        "Name": "name",
        "StateMachineArn": "stateMachineArn",
    }
    return {name: record[key] for name, key in names.items() if record.get(key) is not None}


async def put_object(bucket: str, key: str, body: str) -> None:
    """Write an object of the emulator's S3."""
    status, _, answer = await s3.handle_request("PUT", f"/{bucket}/{key}", {}, body.encode(), {}, internal=True)
    if status >= 300:
        raise StateError("States.ResultWriterFailed", answer.decode("utf-8", "replace"))
