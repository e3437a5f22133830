"""Walking through the states of one execution.

Every state is a small coroutine: it takes its input and a scope and gives its output and the name of the next state. A
scope holds what a branch may change: its variables, its context object, its place in the history. Nothing here blocks,
so a wait of a year costs a timer and stopping an execution is cancelling its task.
"""

import asyncio
import functools
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from ministack.services import stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError, first_match
from local.emulator.states.expressions import Bindings
from local.emulator.states.history import History

Json = dict[str, Any]
Step = tuple[Any, str | None]

PAYLOAD_LIMIT = 262_144
"""Bytes of an input, an output, a result or a variable: 256 KiB."""
VARIABLES_LIMIT = 10 * 1024 * 1024
YIELD_EVERY = 50


class Performer(Protocol):
    """What a Task state asks for; `tasks.Tasks` in the emulator."""

    async def perform(self, run: "Run", state: Json, arguments: Any, scope: "Scope", limits: "TaskLimits") -> Any:
        """Perform a task once and give its result."""


@dataclass(slots=True)
class TaskLimits:
    """The time limits of one attempt."""

    timeout: float | None
    heartbeat: float | None


@dataclass(slots=True)
class Scope:
    """What one branch of an execution may change."""

    language: str
    context: Json
    variables: Json
    event: int = 0
    assigned: Json | None = None

    def branch(self) -> "Scope":
        """The scope of a branch or iteration: it reads what is outside and changes only its own."""
        return Scope(self.language, dict(self.context), dict(self.variables), self.event)

    def enter(self, name: str) -> None:
        """A new state."""
        self.context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
        self.context.pop("Task", None)
        self.assigned = None

    def bindings(self, data: Any, **states: Any) -> Bindings:
        """What an expression of this state can see."""
        return Bindings({"input": data, "context": self.context, **states}, self.variables)

    def stack_context(self) -> Json:
        """The context object as MiniStack's JSONPath functions expect it."""
        return {**self.context, "QueryLanguage": self.language, "variables": self.variables}


@dataclass(slots=True)
class Run:
    """One execution while it runs."""

    arn: str
    record: Json
    history: History
    performer: Performer
    keeps_history: bool
    resume_state: str | None = None
    failed_at: tuple[str, Any, Json] | None = None


def now_iso() -> str:
    """The time as the context object shows it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dumps(value: Any) -> str:
    """JSON as Step Functions writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def size(text: str) -> int:
    """Its size in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def within_limit(value: Any, what: str) -> str:
    """The value as JSON text.

    Raises:
        StateError: States.DataLimitExceeded, it is larger than 256 KiB.
    """
    try:
        text = dumps(value)
    except (TypeError, ValueError) as error:
        raise StateError("States.Runtime", f"The {what} is not JSON: {error}") from error
    if size(text) > PAYLOAD_LIMIT:
        message = f"The {what} has a size exceeding the maximum number of bytes service limit."
        raise StateError("States.DataLimitExceeded", message)
    return text


@functools.lru_cache(maxsize=512)
def definition(text: str) -> Json:
    """A parsed definition; nobody may change it."""
    parsed: Json = json.loads(text)
    return parsed


def is_jsonata(state: Mapping[str, Any], scope: Scope) -> bool:
    """Whether the state speaks JSONata."""
    language: str = state.get("QueryLanguage", scope.language)
    return language == "JSONata"


def by_stack(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call one of MiniStack's functions, with its failures as ours."""
    try:
        return function(*arguments)
    except stepfunctions._ExecutionError as error:
        raise StateError(error.error, error.cause) from error


async def pause(seconds: float) -> None:
    """Wait, in the scale that MiniStack's SFN_WAIT_SCALE sets for tests."""
    await asyncio.sleep(max(0.0, seconds) * stepfunctions._SFN_WAIT_SCALE)


async def walk(run: Run, machine: Json, data: Any, scope: Scope, top: bool = False) -> Any:
    """Walk a machine, a branch or an iteration from its start to its end."""
    states = machine.get("States") or {}
    name: str | None = (run.resume_state if top else None) or machine.get("StartAt")
    text = within_limit(data, "input")
    steps = 0
    while name is not None:
        state = states.get(name)
        if state is None:
            raise StateError("States.Runtime", f"State '{name}' not found in the definition")
        if top:
            run.failed_at = (name, data, dict(scope.variables))
        kind = state.get("Type", "")
        scope.enter(name)
        entered = {"name": name, "input": text, "inputDetails": {"truncated": False}}
        scope.event = run.history.add(f"{kind}StateEntered", scope.event, entered, "stateEnteredEventDetails")
        handler = HANDLERS.get(kind)
        if handler is None:
            raise StateError("States.Runtime", f"Unknown state type: {kind}")
        data, following = await handler(run, state, data, scope)
        text = within_limit(data, f"output of the state '{name}'")
        exited: Json = {"name": name, "output": text, "outputDetails": {"truncated": False}}
        if scope.assigned is not None and run.keeps_history:
            exited["assignedVariables"] = {key: dumps(value) for key, value in scope.assigned.items()}
        scope.event = run.history.add(f"{kind}StateExited", scope.event, exited, "stateExitedEventDetails")
        name = following
        steps += 1
        if steps % YIELD_EVERY == 0:
            await asyncio.sleep(0)
    return data


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


def path_output(state: Json, data: Any, scope: Scope, result: Any) -> Any:
    """ResultSelector, ResultPath and OutputPath."""
    context = scope.stack_context()
    selected = by_stack(stepfunctions._apply_result_selector, state, result)
    placed = by_stack(stepfunctions._apply_result_path, state, data, selected)
    return by_stack(stepfunctions._apply_output_path, state, placed, context)


def path_input(state: Json, data: Any, scope: Scope) -> Any:
    """InputPath and Parameters."""
    context = scope.stack_context()
    effective = by_stack(stepfunctions._apply_input_path, state, data, context)
    return by_stack(stepfunctions._apply_parameters, state, effective, context)


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


def number_field(state: Json, name: str, data: Any, scope: Scope) -> float | None:
    """A number of seconds or items: a literal, an expression, or the path in the field named `...Path`."""
    if name in state:
        if is_jsonata(state, scope):
            return float(expressions.typed(state[name], name, "number", scope.bindings(data)))
        return float(state[name])
    if f"{name}Path" in state:
        found = by_stack(stepfunctions._resolve_path_or_ctx, state[f"{name}Path"], data, scope.stack_context())
        return None if found is None else float(found)
    return None


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


Handler = Callable[[Run, Json, Any, Scope], Awaitable[Step]]
HANDLERS: dict[str, Handler] = {
    "Pass": run_pass,
    "Succeed": run_succeed,
    "Fail": run_fail,
    "Choice": run_choice,
    "Wait": run_wait,
    "Task": run_task,
}
