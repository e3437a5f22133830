"""Has the bot leave a group or channel."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="chat",
    name="leave",
    label="Leave",
    summary="Has the bot leave a group or channel.",
    params=Chat,
    request=RequestSpec("POST", "/{credential}/leaveChat", body={"chat_id": "{chat}"}),
    items="result",
    output_example=({"data": True},),
)
