"""Sends a message."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Message
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(Message):
    """The message."""

    keep: bool = ui(True, title="Keep in Sent Items", kind=Kind.BOOLEAN, expression=False, group="options")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what was sent to whom."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import sent

    yield sent(call, params, keep=params.keep)


OPERATION = Operation(
    resource="message",
    name="send",
    label="Send",
    summary="Sends a message, with files of up to 150 MB each where the mailbox takes them.",
    params=Params,
    run=run,
    output_example=({"sent": True, "to": ["ada@example.com"], "subject": "Order 7", "attachments": []},),
)
