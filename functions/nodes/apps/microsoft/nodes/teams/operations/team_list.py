"""Lists the teams that the account is in."""

from functions.nodes.apps.microsoft.graph import unsized
from stepweave.spec.operations import Listed, Operation, RequestSpec

OPERATION = Operation(
    resource="team",
    name="list",
    label="List",
    summary="Lists the teams that the account is in.",
    params=Listed,
    request=RequestSpec("GET", "/me/joinedTeams"),
    items="value",
    paging=unsized(),
    output_example=({"id": "t1", "displayName": "Sales"},),
)
