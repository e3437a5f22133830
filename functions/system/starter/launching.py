"""Launches a start request: a Standard execution is started, an Express one runs to its end and its end is told.

Whatever happens after the start stays here: an error would make Lambda call again, and run the workflow again.
"""

from typing import Any

from functions.system.starter.once import Once
from stepweave.model.events import ExecutionContext
from stepweave.runtime.errors import EventDeliveryError, NodeError
from stepweave.runtime.starting import Launch, Start, StartFailed, StillRunning, finish, run, start
from stepweave_data.telemetry import Metric, about, count, logger
from stepweave_data.turns import Turns


def launch(request: dict[str, Any], once: Once, outside: Launch, turns: Turns | None = None) -> dict[str, Any]:
    """Launch and return `{"executionId"}`, with `queued` where it waits for its turn, or `{"skipped": reason}`.

    What nobody let in yet waits where its workflow or the tenant's plan has no room for it.

    Args:
        request: a start request (`starting.Start.to_json`).
        once: keeps an Express execution from running twice.
        outside: what starting needs.
        turns: lets in what may run now.

    Raises:
        NodeError, NoRoom: nothing was started, and trying again may help.
        psycopg.Error: likewise.
    """
    about(tenant_id=request["target"]["tenant_id"], execution_id=request["executionId"])
    if turns is not None and not request.get("admitted") and not turns.admit(request):
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
        logger().warning("an execution did not start; its history says so", error=str(error))
        count(Metric.UNAVAILABLE)
    except StillRunning as error:
        logger().warning("an execution's end is left to the sweeper", error=str(error))
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
        logger().warning("an execution's end is left to the sweeper", error=str(error))
