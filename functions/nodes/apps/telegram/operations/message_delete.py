"""Deletes a message; bots delete those of others only as administrators."""

from functions.nodes.apps.telegram.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="delete",
    label="Delete",
    summary="Deletes a message; bots delete those of others only as administrators.",
    params=Numbered,
    request=RequestSpec("POST", "/{credential}/deleteMessage", body={"chat_id": "{chat}", "message_id": "{message}"}),
    items="result",
    output_example=({"data": True},),
)
