"""Lists the administrators of a chat; bots are told of no other members."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="member",
    name="administrators",
    label="List administrators",
    summary="Lists the administrators of a chat; bots are told of no other members.",
    params=Chat,
    request=RequestSpec("POST", "/{credential}/getChatAdministrators", body={"chat_id": "{chat}"}),
    items="result",
    output_example=({"status": "creator", "user": {"id": 42, "is_bot": False, "first_name": "Ada"}},),
)
