"""Takes a message from the top of its chat."""

from functions.nodes.apps.telegram.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="unpin",
    label="Unpin",
    summary="Takes a message from the top of its chat.",
    params=Numbered,
    request=RequestSpec(
        "POST", "/{credential}/unpinChatMessage", body={"chat_id": "{chat}", "message_id": "{message}"}
    ),
    items="result",
    output_example=({"data": True},),
)
