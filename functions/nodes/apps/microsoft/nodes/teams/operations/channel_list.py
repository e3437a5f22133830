"""Lists the channels of a team."""

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.teams.fields import InTeam
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InTeam):
    """Of which."""


OPERATION = Operation(
    resource="channel",
    name="list",
    label="List",
    summary="Lists the channels of a team.",
    params=Params,
    request=RequestSpec("GET", "/teams/{team}/channels"),
    items="value",
    paging=unsized(),
    output_example=({"id": "19:a@thread.tacv2", "displayName": "General", "membershipType": "standard"},),
)
