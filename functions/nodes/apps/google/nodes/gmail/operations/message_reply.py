"""Answers a message, in its conversation."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import Content, OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(OfMessage, Content):
    """Which message, and the answer."""

    reply_all: bool = ui(
        False, title="Answer to all", kind=Kind.BOOLEAN, expression=False, help="Else to who wrote it alone."
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Gmail says of the answer."""
    from functions.nodes.apps.google.nodes.gmail.sending import answered

    yield answered(call, params, params.message, to_all=params.reply_all)


OPERATION = Operation(
    resource="message",
    name="reply",
    label="Reply",
    summary="Answers a message, in its conversation.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "labelIds": ["SENT"]},),
)
