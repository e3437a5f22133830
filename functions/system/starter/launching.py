"""Launches a start request: a Standard execution is started, an Express one runs to its end and its end is told.

Whatever happens after the start stays here: an error would make Lambda call again, and run the workflow again.
"""

import json
import sys
from typing import Any

from functions.system.starter.once import Once
from stepweave.model.events import ExecutionContext
from stepweave.runtime.errors import EventDeliveryError, NodeError
from stepweave.runtime.starting import Launch, Start, StartFailed, StillRunning, finish, run, start
from stepweave_data.turns import Turns, limited


def launch(request: dict[str, Any], once: Once, outside: Launch, turns: Turns | None = None) -> dict[str, Any]:
    """Launch and return `{"executionId"}`, with `queued` where it waits for its turn, or `{"skipped": reason}`.

    Args:
        request: a start request (`starting.Start.to_json`).
        once: keeps an Express execution from running twice.
        outside: what starting needs.
        turns: lets in what a workflow with a limit may run.

    Raises:
        NodeError: nothing was started, and trying again may help.
        psycopg.Error: likewise.
    """
    if turns is not None and limited(request) and not turns.admit(request):
        return {"executionId": request["executionId"], "queued": True}
    it = Start.from_json(request)
    try:
        if it.target.machine_type == "standard":
            start(it, outside)
        elif once.take(it):
            _run(it, once, outside)
        else:
            return {"skipped": "the execution runs already", "executionId": it.execution_id}
    except StartFailed as error:
        _log("an execution did not start; its history says so", execution=it.execution_id, error=str(error))
    except StillRunning as error:
        _log("an execution's end is left to the sweeper", execution=it.execution_id, error=str(error))
    return {"executionId": it.execution_id}


def _run(it: Start, once: Once, outside: Launch) -> None:
    try:
        started, end = run(it, launch=outside)
    except NodeError:
        once.release(it)
        raise
    try:
        context: ExecutionContext = {**started.context, "awaited": True} if it.awaited else started.context
        finish(context, end, launch=outside)
    except EventDeliveryError as error:
        _log("an execution's end is left to the sweeper", execution=it.execution_id, error=str(error))


def _log(message: str, **fields: Any) -> None:
    print(json.dumps({"level": "WARNING", "message": message, **fields}), file=sys.stderr)  # noqa: T201  # CloudWatch
