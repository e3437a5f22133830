"""Adds a task to a plan."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.teams.fields import InPlan
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames, Text

_CREATE = RequestSpec(
    "POST",
    "/planner/tasks",
    body={
        "planId": "{plan}",
        "bucketId": "{bucket?}",
        "title": "{title}",
        "dueDateTime": "{due?}",
        "assignments": "{assigned?}",
    },
)


class Params(InPlan):
    """The task."""

    title: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=255)
    bucket: Text = ui(
        "",
        title="Bucket",
        kind=Kind.TEXT,
        options_from=OptionsFrom("buckets", needs=("credential", "plan"), labelled=True),
        max_length=100,
    )
    due: Text = ui("", title="Due", kind=Kind.TEXT, placeholder="2026-12-31T17:00:00Z", max_length=60)
    people: FieldNames = ui(
        "",
        title="Assigned to",
        kind=Kind.TEXT,
        help="IDs of users, with commas in between.",
        validate_default=True,
        max_length=20,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the task."""
    from functions.nodes.apps.microsoft.once import once

    one = {"@odata.type": "#microsoft.graph.plannerAssignment", "orderHint": " !"}
    with once("The task may have been made", "the plan"):
        yield call.ask(_CREATE, assigned=dict.fromkeys(params.people, one) or None)


OPERATION = Operation(
    resource="task",
    name="create",
    label="Create",
    summary="Adds a task to a plan of Planner.",
    params=Params,
    run=run,
    output_example=({"id": "t1", "title": "Call Ada", "percentComplete": 0},),
)
