"""Launches a start request: a Standard execution is started, an Express one runs to its end and its end is told.

Whatever happens after the start stays here: an error would make Lambda call again, and run the workflow again.
"""

import json
import sys
from typing import Any

from functions.system.starter.once import Once
from stepweave.runtime.errors import EventDeliveryError, NodeError
from stepweave.runtime.starting import Launch, StartFailed, StillRunning, Target, finish, run, start
from stepweave_data.turns import Turns, limited


def launch(request: dict[str, Any], once: Once, outside: Launch, turns: Turns | None = None) -> dict[str, Any]:
    """Launch and return `{"executionId"}`, with `queued` where it waits for its turn, or `{"skipped": reason}`.

    Args:
        request: `target` (the fields of `starting.Target`), `trigger`, `nodeId`, `items`, `mode`, `executionId`,
            `seed` where nodes give what they gave before, `parent` where a node of another workflow calls, and `origin`
            where the work began with another execution.
        once: keeps an Express execution from running twice.
        outside: what starting needs.
        turns: lets in what a workflow with a limit may run.

    Raises:
        NodeError: nothing was started, and trying again may help.
        psycopg.Error: likewise.
    """
    execution_id = request["executionId"]
    if turns is not None and limited(request) and not turns.admit(request):
        return {"executionId": execution_id, "queued": True}
    try:
        if request["target"]["machine_type"] == "standard":
            start(**_about(request, outside))
        elif once.take(request):
            _run(request, once, outside)
        else:
            return {"skipped": "the execution runs already", "executionId": execution_id}
    except StartFailed as error:
        _log("an execution did not start; its history says so", execution=execution_id, error=str(error))
    except StillRunning as error:
        _log("an execution's end is left to the sweeper", execution=execution_id, error=str(error))
    return {"executionId": execution_id}


def _run(request: dict[str, Any], once: Once, outside: Launch) -> None:
    try:
        started, end = run(**_about(request, outside))
    except NodeError:
        once.release(request)
        raise
    try:
        context = started.context
        if request.get("awaited"):
            context = {**context, "awaited": True}
        finish(context, end, launch=outside)
    except EventDeliveryError as error:
        _log("an execution's end is left to the sweeper", execution=request["executionId"], error=str(error))


def _about(request: dict[str, Any], outside: Launch) -> dict[str, Any]:
    return {
        "target": Target(**request["target"]),
        "trigger": request["trigger"],
        "node_id": request["nodeId"],
        "items": request["items"],
        "mode": request["mode"],
        "execution_id": request["executionId"],
        "seed": request.get("seed"),
        "parent": request.get("parent"),
        "origin": request.get("origin", ""),
        "launch": outside,
    }


def _log(message: str, **fields: Any) -> None:
    print(json.dumps({"level": "WARNING", "message": message, **fields}), file=sys.stderr)  # noqa: T201  # CloudWatch
