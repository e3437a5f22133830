"""Walking through the states of one execution.

Every state is a small coroutine: it takes its input and a scope and gives its output and the name of the next state.
Nothing here blocks, so a wait of a year costs a timer and stopping an execution is cancelling its task.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from local.emulator.states.errors import StateError
from local.emulator.states.scopes import Json, Run, Scope, Step, within_limit
from local.emulator.wire import dumps

YIELD_EVERY = 50
Handler = Callable[[Run, Json, Any, Scope], Awaitable[Step]]
HANDLERS: dict[str, Handler] = {}
"""What runs each type of state: `kinds`, `together` and `maps` put theirs here."""


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
