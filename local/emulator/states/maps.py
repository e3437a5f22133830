"""Parallel and Map: many branches at once, each in a scope of its own, the first failure ends the others."""

import asyncio
import contextlib
import functools
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import s3, stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError
from local.emulator.states.history import History, NoHistory
from local.emulator.states.machine import (
    HANDLERS,
    Json,
    Run,
    Scope,
    Step,
    by_stack,
    dumps,
    finish,
    following,
    guarded,
    is_jsonata,
    now_iso,
    number_field,
    path_input,
    path_output,
    size,
    walk,
    within_limit,
)

INLINE_CONCURRENCY = 40
"""AWS: an inline Map runs at most 40 iterations at once."""
DISTRIBUTED_CONCURRENCY = 100
"""AWS runs 10,000 child executions at once; one machine does not."""

Work = Callable[[], Awaitable[Any]]


async def together(works: Sequence[Work], most: int) -> list[Any]:
    """Run works, at most so many at once, and give their results; the first failure cancels the rest."""
    results: list[Any] = [None] * len(works)
    queue = iter(range(len(works)))

    async def serve() -> None:
        for position in queue:
            results[position] = await works[position]()

    servers = [asyncio.ensure_future(serve()) for _ in range(min(most, len(works)))]
    if not servers:
        return results
    try:
        done, _ = await asyncio.wait(servers, return_when=asyncio.FIRST_EXCEPTION)
        for server in done:
            server.result()
    finally:
        unfinished = [server for server in servers if not server.done()]
        for server in unfinished:
            server.cancel()
        if unfinished:
            await asyncio.gather(*unfinished, return_exceptions=True)
    return results


async def run_parallel(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Parallel."""
    jsonata = is_jsonata(state, scope)

    async def attempt() -> Step:
        if not jsonata:
            arguments = path_input(state, data, scope)
        else:
            arguments = expressions.template(state["Arguments"], scope.bindings(data)) if "Arguments" in state else data
        within_limit(arguments, "input of the Parallel state")
        scope.event = run.history.add("ParallelStateStarted", scope.event)
        works = [functools.partial(walk, run, branch, arguments, scope.branch()) for branch in state["Branches"]]
        try:
            results = await together(works, len(works))
        except StateError as error:
            scope.event = run.history.add(
                "ParallelStateFailed", scope.event, {"error": error.error, "cause": error.cause}
            )
            raise
        within_limit(results, "result of the Parallel state")
        scope.event = run.history.add("ParallelStateSucceeded", scope.event)
        return output_of(state, data, scope, results, jsonata), following(state)

    return await guarded(state, data, scope, attempt)


def output_of(state: Json, data: Any, scope: Scope, results: Any, jsonata: bool) -> Any:
    """The output of a Parallel or Map from the results of its branches."""
    if jsonata:
        return finish(state, data, scope, results, result=results)
    return path_output(state, data, scope, results)


async def run_map(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Map, inline or distributed."""
    jsonata = is_jsonata(state, scope)
    processor = state.get("ItemProcessor") or state.get("Iterator") or {}
    distributed = (processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED"

    async def attempt() -> Step:
        context = scope.stack_context()
        effective = data if jsonata else by_stack(stepfunctions._apply_input_path, state, data, context)
        items = await map_items(state, data, effective, scope, jsonata)
        inputs = [
            item_scope(state, position, item, data, effective, scope, jsonata) for position, item in enumerate(items)
        ]
        most = int(number_field(state, "MaxConcurrency", data, scope) or 0)
        if distributed:
            results = await DistributedMap(run, state, processor, scope).perform(inputs, most, data)
        else:
            results = await inline(run, processor, inputs, most, scope)
        within_limit(results, "result of the Map state")
        return output_of(state, data, scope, results, jsonata), following(state)

    return await guarded(state, data, scope, attempt)


async def map_items(state: Json, data: Any, effective: Any, scope: Scope, jsonata: bool) -> list[Any]:
    """What a Map runs over."""
    if state.get("ItemReader"):
        reader = dict(state["ItemReader"])
        if jsonata:
            reader["Parameters"] = expressions.template(reader.pop("Arguments", {}), scope.bindings(data))
        context = scope.stack_context()
        items = await asyncio.to_thread(by_stack, stepfunctions._read_map_items, reader, effective, context)
    elif jsonata:
        items = expressions.template(state["Items"], scope.bindings(data)) if "Items" in state else data
        if isinstance(items, dict):
            items = [{"Key": key, "Value": value} for key, value in items.items()]
    else:
        path = state.get("ItemsPath", "$")
        items = by_stack(stepfunctions._resolve_path_or_ctx, path, effective, scope.stack_context())
    if not isinstance(items, list):
        code = "States.QueryEvaluationError" if jsonata else "States.Runtime"
        raise StateError(code, f"The items of a Map must be an array, but were: {dumps(items)[:200]}")
    return items


def item_scope(
    state: Json, position: int, item: Any, data: Any, effective: Any, scope: Scope, jsonata: bool
) -> tuple[Any, Scope]:
    """The input and scope of one iteration."""
    inner = scope.branch()
    inner.context["Map"] = {"Item": {"Index": position, "Value": item}}
    selector = state.get("ItemSelector") or (None if jsonata else state.get("Parameters"))
    if not selector:
        return item, inner
    if jsonata:
        return expressions.template(selector, inner.bindings(data)), inner
    return by_stack(stepfunctions._resolve_params_obj, selector, effective, inner.stack_context()), inner


async def inline(run: Run, processor: Json, inputs: list[tuple[Any, Scope]], most: int, scope: Scope) -> list[Any]:
    """Run the iterations of an inline Map within the execution."""
    name = scope.context["State"]["Name"]
    scope.event = started = run.history.add("MapStateStarted", scope.event, {"length": len(inputs)})

    def work(position: int, data: Any, inner: Scope) -> Work:
        async def iterate() -> Any:
            details = {"name": name, "index": position}
            inner.event = run.history.add("MapIterationStarted", started, details)
            try:
                result = await walk(run, processor, data, inner)
            except StateError:
                run.history.add("MapIterationFailed", inner.event, details)
                raise
            run.history.add("MapIterationSucceeded", inner.event, details)
            return result

        return iterate

    works = [work(position, data, inner) for position, (data, inner) in enumerate(inputs)]
    try:
        results = await together(works, min(most or INLINE_CONCURRENCY, INLINE_CONCURRENCY))
    except StateError as error:
        scope.event = run.history.add("MapStateFailed", scope.event, {"error": error.error, "cause": error.cause})
        raise
    scope.event = run.history.add("MapStateSucceeded", scope.event)
    return results


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


HANDLERS["Parallel"] = run_parallel
HANDLERS["Map"] = run_map
