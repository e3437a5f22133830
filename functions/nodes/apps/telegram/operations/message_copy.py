"""Sends a message of another chat again, without saying where it is from."""

from functions.nodes.apps.telegram.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """Which message."""

    to: Text = ui(
        ..., title="To chat", kind=Kind.TEXT, help="The id of a chat, or @name.", min_length=1, max_length=100
    )


OPERATION = Operation(
    resource="message",
    name="copy",
    label="Copy",
    summary="Sends a message of another chat again, without saying where it is from.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/{credential}/copyMessage",
        body={"chat_id": "{to}", "from_chat_id": "{chat}", "message_id": "{message}"},
    ),
    items="result",
    output_example=({"message_id": 8},),
)
