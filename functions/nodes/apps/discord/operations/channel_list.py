"""Lists the channels of a server."""

from functions.nodes.apps.discord.fields import Server
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="list",
    label="List",
    summary="Lists the channels of a server.",
    params=Server,
    request=RequestSpec("GET", "/guilds/{server}/channels"),
    output_example=({"id": "41771983423143937", "name": "builds", "type": 0, "guild_id": "197038439483310086"},),
)
