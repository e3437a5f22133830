"""Pins a message in its channel."""

from functions.nodes.apps.discord.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="pin",
    label="Pin",
    summary="Pins a message in its channel.",
    params=Numbered,
    request=RequestSpec("PUT", "/channels/{channel}/messages/pins/{message}"),
    output_example=({},),
)
