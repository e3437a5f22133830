"""Pins a message to the top of its chat."""

from functions.nodes.apps.telegram.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec


class Params(Numbered):
    """Which message."""

    silently: bool = ui(False, title="Tell nobody", kind=Kind.BOOLEAN)


OPERATION = Operation(
    resource="message",
    name="pin",
    label="Pin",
    summary="Pins a message to the top of its chat.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/{credential}/pinChatMessage",
        body={"chat_id": "{chat}", "message_id": "{message}", "disable_notification": "{silently}"},
    ),
    items="result",
    output_example=({"data": True},),
)
