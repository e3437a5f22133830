"""Launches a start request: a standard execution is started, an Express one runs to its end and its end is told."""

from typing import Any

from stepweave.runtime.starting import Launch, Target, finish, run, start


def launch(request: dict[str, Any], outside: Launch | None = None) -> dict[str, Any]:
    """Launch and return `{"executionId"}`.

    Args:
        request: `target` (the fields of `starting.Target`), `trigger`, `nodeId`, `items`, `mode`, `executionId`.
        outside: for tests.

    Raises:
        StartFailed, StillRunning, NodeError: as `stepweave.runtime.starting`.
    """
    target = Target(**request["target"])
    about: dict[str, Any] = {
        "trigger": request["trigger"],
        "node_id": request["nodeId"],
        "items": request["items"],
        "mode": request["mode"],
        "execution_id": request["executionId"],
        "launch": outside,
    }
    if target.machine_type == "standard":
        return {"executionId": start(target, **about).execution_id}
    started, end = run(target, **about)
    finish(started.context, end, launch=outside)
    return {"executionId": started.execution_id}
