"""Sends a message for each item."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import Message
from stepweave.spec.operations import Call, Operation


class Params(Message):
    """The message."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Gmail says of it."""
    from functions.nodes.apps.google.nodes.gmail.sending import sent

    yield sent(call, params)


OPERATION = Operation(
    resource="message",
    name="send",
    label="Send",
    summary="Sends a message for each item.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "labelIds": ["SENT"]},),
)
