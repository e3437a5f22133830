"""Lists the tasks of a plan."""

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.teams.fields import InPlan
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InPlan):
    """Of which."""


OPERATION = Operation(
    resource="task",
    name="list",
    label="List",
    summary="Lists the tasks of a plan.",
    params=Params,
    request=RequestSpec("GET", "/planner/plans/{plan}/tasks"),
    items="value",
    paging=unsized(),
    output_example=({"id": "t1", "title": "Call Ada", "percentComplete": 0},),
)
