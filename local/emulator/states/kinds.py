"""The states that are not made of others: Pass, Succeed, Fail, Choice, Wait and Task."""

import json
from datetime import UTC, datetime
from typing import Any

from ministack.services import stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError
from local.emulator.states.finishing import finish, following, guarded, pause
from local.emulator.states.machine import HANDLERS
from local.emulator.states.paths import by_stack, number_field, path_input, path_output
from local.emulator.states.scopes import Json, Run, Scope, Step, TaskLimits, is_jsonata, within_limit


async def run_pass(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Pass."""
    if not is_jsonata(state, scope):
        output, _ = by_stack(stepfunctions._execute_pass, state, data, scope.stack_context())
        return output, following(state)
    output = expressions.template(state["Output"], scope.bindings(data)) if "Output" in state else data
    finish({"Assign": state.get("Assign")}, data, scope, None, result=output)
    return output, following(state)


async def run_succeed(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Succeed, with Output in JSONata."""
    if is_jsonata(state, scope):
        return finish(state, data, scope, data), None
    context = scope.stack_context()
    selected = by_stack(stepfunctions._apply_input_path, state, data, context)
    return by_stack(stepfunctions._apply_output_path, state, selected, context), None


async def run_fail(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Fail."""
    if is_jsonata(state, scope):
        bindings = scope.bindings(data)
        error, cause = (
            expressions.typed(state[name], name, "string", bindings) if name in state else default
            for name, default in (("Error", "States.Fail"), ("Cause", ""))
        )
    else:
        error, cause = by_stack(stepfunctions._fail_state_error, state, data, scope.stack_context())
    raise StateError(error, cause)


async def run_choice(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Choice."""
    if not is_jsonata(state, scope):
        chosen: Step = by_stack(stepfunctions._execute_choice, state, data, scope.stack_context())
        return chosen
    bindings = scope.bindings(data)
    for rule in state.get("Choices") or ():
        if expressions.truthy(expressions.template(rule.get("Condition", False), bindings)):
            return finish(rule, data, scope, data), rule["Next"]
    if state.get("Default"):
        return finish(state, data, scope, data), state["Default"]
    raise StateError("States.NoChoiceMatched", "No choice rule matched and there is no Default")


async def run_wait(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Wait."""
    if is_jsonata(state, scope):
        bindings = scope.bindings(data)
        if "Seconds" in state:
            seconds = expressions.typed(state["Seconds"], "Seconds", "number", bindings)
            if seconds < 0 or not float(seconds).is_integer():
                message = f"The Seconds field cannot be parsed as a whole number from 0: {json.dumps(seconds)}"
                raise StateError("States.QueryEvaluationError", message)
            await pause(seconds)
        elif "Timestamp" in state:
            await pause(seconds_until(expressions.typed(state["Timestamp"], "Timestamp", "string", bindings)))
        return finish(state, data, scope, data), following(state)
    context = scope.stack_context()
    effective = by_stack(stepfunctions._apply_input_path, state, data, context)
    if "Seconds" in state or "SecondsPath" in state:
        seconds = state.get("Seconds")
        if seconds is None:
            seconds = by_stack(stepfunctions._resolve_path_or_ctx, state["SecondsPath"], effective, context)
        await pause(float(seconds or 0))
    elif "Timestamp" in state or "TimestampPath" in state:
        moment = state.get("Timestamp")
        if moment is None:
            moment = by_stack(stepfunctions._resolve_path_or_ctx, state["TimestampPath"], effective, context)
        await pause(seconds_until(str(moment)))
    return by_stack(stepfunctions._apply_output_path, state, effective, context), following(state)


def seconds_until(moment: str) -> float:
    """Seconds until an ISO 8601 timestamp."""
    try:
        parsed = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        return (parsed - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError) as error:
        message = f"The Timestamp field cannot be parsed as an ISO-8601 timestamp: {moment}"
        raise StateError("States.QueryEvaluationError", message) from error


async def run_task(run: Run, state: Json, data: Any, scope: Scope) -> Step:
    """Task."""
    jsonata = is_jsonata(state, scope)

    async def attempt() -> Step:
        if ".waitForTaskToken" in state.get("Resource", ""):
            scope.context["Task"] = {"Token": stepfunctions.new_uuid().replace("-", "") + stepfunctions.new_uuid()}
        if not jsonata:
            arguments = path_input(state, data, scope)
        elif "Arguments" in state:
            arguments = expressions.template(state["Arguments"], scope.bindings(data))
        else:
            arguments = data
        limits = TaskLimits(
            number_field(state, "TimeoutSeconds", data, scope), number_field(state, "HeartbeatSeconds", data, scope)
        )
        within_limit(arguments, "input of the task")
        result = await run.performer.perform(run, state, arguments, scope, limits)
        within_limit(result, "result of the task")
        if jsonata:
            output = finish(state, data, scope, result, result=result)
        else:
            output = path_output(state, data, scope, result)
        within_limit(output, "output of the task")
        return output, following(state)

    return await guarded(state, data, scope, attempt)


HANDLERS |= {
    "Pass": run_pass,
    "Succeed": run_succeed,
    "Fail": run_fail,
    "Choice": run_choice,
    "Wait": run_wait,
    "Task": run_task,
}
