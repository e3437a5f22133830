"""Lists the roles of a server."""

from functions.nodes.apps.discord.fields import Server
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="role",
    name="list",
    label="List",
    summary="Lists the roles of a server.",
    params=Server,
    request=RequestSpec("GET", "/guilds/{server}/roles"),
    output_example=({"id": "41771983423143936", "name": "Builders"},),
)
