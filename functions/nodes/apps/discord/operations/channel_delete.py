"""Deletes a channel with all of its messages, or a thread."""

from functions.nodes.apps.discord.fields import Channel
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="delete",
    label="Delete",
    summary="Deletes a channel with all of its messages, or a thread.",
    params=Channel,
    request=RequestSpec("DELETE", "/channels/{channel}"),
    output_example=({"id": "41771983423143937", "name": "builds", "type": 0, "guild_id": "197038439483310086"},),
)
