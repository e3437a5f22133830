"""Reads a message."""

from functions.nodes.apps.discord.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="get",
    label="Get",
    summary="Reads a message.",
    params=Numbered,
    request=RequestSpec("GET", "/channels/{channel}/messages/{message}"),
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
