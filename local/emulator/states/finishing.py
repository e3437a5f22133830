"""How a state ends: its output and variables, another attempt under Retry, or the way of a Catch."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack.services import stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError, first_match
from local.emulator.states.scopes import VARIABLES_LIMIT, Json, Scope, Step, is_jsonata, within_limit
from local.emulator.wire import dumps, size


async def pause(seconds: float) -> None:
    """Wait, in the scale that MiniStack's SFN_WAIT_SCALE sets for tests."""
    await asyncio.sleep(max(0.0, seconds) * stepfunctions._SFN_WAIT_SCALE)


def following(state: Mapping[str, Any]) -> str | None:
    """The next state, or None at the end."""
    return None if state.get("End") else state.get("Next")


def finish(state: Mapping[str, Any], data: Any, scope: Scope, default: Any, **states: Any) -> Any:
    """Evaluate Output and Assign of a JSONata state; both see the variables as they were before."""
    bindings = scope.bindings(data, **states)
    output = expressions.template(state["Output"], bindings) if "Output" in state else default
    assign = state.get("Assign")
    if assign:
        assign_variables(scope, expressions.template(assign, bindings))
    return output


def assign_variables(scope: Scope, values: Json) -> None:
    """Set variables, within AWS's limits."""
    for name, value in values.items():
        within_limit(value, f"variable '{name}'")
    scope.variables.update(values)
    scope.assigned = values
    if sum(size(dumps(value)) for value in scope.variables.values()) > VARIABLES_LIMIT:
        raise StateError("States.DataLimitExceeded", "The variables of the execution exceed 10 MiB.")


async def guarded(state: Json, data: Any, scope: Scope, attempt: Callable[[], Awaitable[Step]]) -> Step:
    """Run attempts under the state's Retry and Catch."""
    counts: dict[int, int] = {}
    while True:
        scope.context["State"]["RetryCount"] = sum(counts.values())
        try:
            return await attempt()
        except StateError as error:
            delay = retry_delay(state.get("Retry") or (), error.error, counts)
            if delay is not None:
                await pause(delay)
                continue
            caught = first_match(state.get("Catch") or (), error.error)
            if caught is None:
                raise
            return catch(caught[1], state, data, scope, error)


def retry_delay(retriers: Any, error: str, counts: dict[int, int]) -> float | None:
    """How long to wait before the next attempt, or None when there is none.

    The first retrier that matches decides; MaxDelaySeconds caps the delay and FULL jitter draws it from zero to the
    cap.
    """
    found = first_match(retriers, error)
    if found is None:
        return None
    position, retrier = found
    count = counts.get(position, 0)
    if count >= retrier.get("MaxAttempts", 3):
        return None
    counts[position] = count + 1
    delay = float(retrier.get("IntervalSeconds", 1)) * float(retrier.get("BackoffRate", 2.0)) ** count
    delay = min(delay, float(retrier.get("MaxDelaySeconds", 31_622_400)))
    if retrier.get("JitterStrategy") == "FULL":
        delay = random.uniform(0, delay)  # noqa: S311 - not a secret
    return delay


def catch(catcher: Mapping[str, Any], state: Json, data: Any, scope: Scope, error: StateError) -> Step:
    """Go where the catcher says, with the error as the output unless it says otherwise."""
    if is_jsonata(state, scope):
        output = finish(catcher, data, scope, error.output, errorOutput=error.output)
    else:
        output = stepfunctions._apply_result_path_raw(catcher.get("ResultPath", "$"), data, error.output)
    return output, catcher["Next"]
