"""Reads a channel."""

from functions.nodes.apps.discord.fields import Channel
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="get",
    label="Get",
    summary="Reads a channel.",
    params=Channel,
    request=RequestSpec("GET", "/channels/{channel}"),
    output_example=({"id": "41771983423143937", "name": "builds", "type": 0, "guild_id": "197038439483310086"},),
)
