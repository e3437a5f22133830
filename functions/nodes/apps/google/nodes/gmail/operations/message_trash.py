"""Moves a message to the Trash, where it stays for 30 days."""

from functions.nodes.apps.google.nodes.gmail.fields import OfMessage
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="trash",
    label="Move to Trash",
    summary="Moves a message to the Trash, where it stays for 30 days.",
    params=OfMessage,
    request=RequestSpec("POST", "/gmail/v1/users/me/messages/{message}/trash"),
    output_example=({"id": "18c2f", "labelIds": ["TRASH"]},),
)
