"""Step Functions: definitions that AWS refuses are refused."""

import json
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions

from local.emulator.registry import correction
from local.emulator.running import Json
from local.emulator.wire import size

DEFINITION_BYTES = 1_048_576


@correction
def states_definitions() -> None:
    """Check the graph of a definition, and the scopes of its variables, when it is created or changed.

    AWS: a definition has at most 1 MB; StartAt, Next, Default and Catch name states of the same level; every state can
    be reached, has a known type and goes on or ends; state names are unique; an inner scope may not assign a variable
    that an outer scope assigns.

    Replaces nothing: MiniStack's `_create_state_machine` (511) and `_update_state_machine` (701) check the JSON and the
    expressions only, and a wrong name fails the execution that comes to it.

    Delete when MiniStack validates definitions.
    """
    for name in ("_create_state_machine", "_update_state_machine"):
        setattr(stepfunctions, name, checked(getattr(stepfunctions, name)))


def checked(original: Any) -> Any:
    """The operation, after a check of the definition it is given."""

    def perform(data: Json) -> Any:
        text = data.get("definition")
        problem = first_problem(text) if isinstance(text, str) else None
        if problem is not None:
            return error_response_json("InvalidDefinition", f"Invalid State Machine Definition: '{problem}'", 400)
        return original(data)

    return perform


def first_problem(text: str) -> str | None:
    """What is wrong with a definition, if anything is. JSON that does not parse is MiniStack's to refuse."""
    if size(text) > DEFINITION_BYTES:
        return "INVALID_JSON_DESCRIPTION: The definition exceeds 1048576 bytes"
    try:
        machine = json.loads(text)
    except ValueError:
        return None
    if not isinstance(machine, dict):
        return None
    return next(problems(machine, "", frozenset(), set()), None)


def problems(machine: Json, where: str, outer: frozenset[str], names: set[str]) -> Iterator[str]:
    """The problems of one level and the levels within it."""
    states = machine.get("States")
    if not isinstance(states, dict) or not states:
        yield f"SCHEMA_VALIDATION_FAILED: States is missing or empty at {where or '/'}"
        return
    if machine.get("StartAt") not in states:
        yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {machine.get('StartAt')} at {where}/StartAt"
    targets = {machine.get("StartAt")}
    assigned = outer | {name for state in states.values() for name in assignments(state)}
    for name, state in states.items():
        place = f"{where}/States/{name}"
        if name in names:
            yield f"DUPLICATE_STATE_NAME: {name} at {place}"
        names.add(name)
        if state.get("Type") not in ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"):
            yield f"SCHEMA_VALIDATION_FAILED: Unknown state type {state.get('Type')} at {place}/Type"
        goes_on = state.get("Type") in ("Choice", "Succeed", "Fail") or "Next" in state or state.get("End") is True
        if not goes_on:
            yield f"SCHEMA_VALIDATION_FAILED: The state must have 'Next' or 'End' at {place}"
        for target in transitions(state):
            targets.add(target)
            if target not in states:
                yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {place}"
        for shadow in sorted(set(assignments(state)) & outer):
            yield f"VARIABLE_SHADOWING: The variable {shadow} is assigned in an outer scope too, at {place}/Assign"
        for inner in inner_machines(state):
            yield from problems(inner, place, assigned, names)
    for name in states:
        if name not in targets:
            yield f"UNREACHABLE_STATE: {name} cannot be reached at {where}/States/{name}"


def transitions(state: Json) -> Iterator[str]:
    """The names a state can go to."""
    for rule in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        if "Next" in rule:
            yield rule["Next"]
    if "Default" in state:
        yield state["Default"]


def assignments(state: Json) -> Iterator[str]:
    """The variables a state assigns."""
    for rule in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        yield from rule.get("Assign") or ()


def inner_machines(state: Json) -> Iterator[Json]:
    """The machines within a state. A distributed Map has scopes of its own, and is checked like any other."""
    yield from state.get("Branches", ())
    processor = state.get("ItemProcessor") or state.get("Iterator")
    if processor:
        yield processor
