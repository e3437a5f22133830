"""Reads what is known of a chat."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="chat",
    name="get",
    label="Get",
    summary="Reads what is known of a chat.",
    params=Chat,
    request=RequestSpec("POST", "/{credential}/getChat", body={"chat_id": "{chat}"}),
    items="result",
    output_example=({"id": -1001, "type": "supergroup", "title": "Orders"},),
)
