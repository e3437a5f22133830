"""Has the bot leave a group or channel."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.operations import Operation, RequestSpec


class Params(Chat):
    """Which chat."""


OPERATION = Operation(
    resource="chat",
    name="leave",
    label="Leave",
    summary="Has the bot leave a group or channel.",
    params=Params,
    request=RequestSpec("POST", "/{credential}/leaveChat", body={"chat_id": "{chat}"}),
    items="result",
    output_example=({"data": True},),
)
