"""What is MiniStack's still: JSONPath, intrinsic functions, and a number that either language may give."""

from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from local.emulator.states import expressions
from local.emulator.states.errors import StateError
from local.emulator.states.scopes import Json, Scope, is_jsonata


def by_stack(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call one of MiniStack's functions, with its failures as ours."""
    try:
        return function(*arguments)
    except stepfunctions._ExecutionError as error:
        raise StateError(error.error, error.cause) from error


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
