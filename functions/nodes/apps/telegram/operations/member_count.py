"""Counts the members of a chat."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="member",
    name="count",
    label="Count",
    summary="Counts the members of a chat.",
    params=Chat,
    request=RequestSpec("POST", "/{credential}/getChatMemberCount", body={"chat_id": "{chat}"}),
    items="result",
    output_example=({"data": 12},),
)
