"""Says how far a task is."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_GET = RequestSpec("GET", "/planner/tasks/{task}")
_UPDATE = RequestSpec(
    "PATCH",
    "/planner/tasks/{task}",
    headers=(("If-Match", "{etag}"), ("Prefer", "return=representation")),
    body={"percentComplete": "{percent?}", "title": "{title?}", "dueDateTime": "{due?}"},
)


class Params(NodeParams):
    """The task, and what becomes of it."""

    task: Text = ui(..., title="Task ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=100)
    percent: int | None = ui(
        None, title="Per cent done", kind=Kind.NUMBER, help="0, 50 or 100; empty leaves it.", ge=0, le=100
    )
    title: Text = ui("", title="Title", kind=Kind.TEXT, help="Empty leaves it.", max_length=255)
    due: Text = ui("", title="Due", kind=Kind.TEXT, help="Empty leaves it.", max_length=60)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the task as it is then. Planner wants to be told which state is changed, so it is read first."""
    task = call.ask(_GET)
    changed = call.ask(_UPDATE, etag=str(task.get("@odata.etag", "")))
    yield changed if changed is not None else call.ask(_GET)


OPERATION = Operation(
    resource="task",
    name="update",
    label="Update",
    summary="Says how far a task is, or changes its title or date.",
    params=Params,
    run=run,
    output_example=({"id": "t1", "title": "Call Ada", "percentComplete": 100},),
)
