"""Deletes a message."""

from functions.nodes.apps.discord.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="delete",
    label="Delete",
    summary="Deletes a message.",
    params=Numbered,
    request=RequestSpec("DELETE", "/channels/{channel}/messages/{message}"),
    output_example=({},),
)
