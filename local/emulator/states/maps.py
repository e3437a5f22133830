"""The Map state, inline: its iterations run within the execution, each in a scope of its own."""

import asyncio
from typing import Any

from ministack.services import stepfunctions

from local.emulator.states import expressions
from local.emulator.states.distributed import DistributedMap
from local.emulator.states.errors import StateError
from local.emulator.states.finishing import following, guarded
from local.emulator.states.machine import HANDLERS, walk
from local.emulator.states.paths import by_stack, number_field
from local.emulator.states.scopes import Json, Run, Scope, Step, is_jsonata, within_limit
from local.emulator.states.together import Work, output_of, together
from local.emulator.wire import dumps

INLINE_CONCURRENCY = 40
"""AWS: an inline Map runs at most 40 iterations at once."""


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


HANDLERS["Map"] = run_map
