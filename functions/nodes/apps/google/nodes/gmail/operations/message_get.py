"""Gets a message with its text, its headers and perhaps its attachments."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import OfMessage, WithAttachments
from stepweave.spec.operations import Call, Operation


class Params(OfMessage, WithAttachments):
    """Which message."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the message."""
    from functions.nodes.apps.google.nodes.gmail.reading import item_of
    from functions.nodes.apps.google.nodes.gmail.requests import MESSAGE
    from stepweave.spec.operation_files import WithFiles

    found = call.ask(MESSAGE, message=params.message, format="full")
    yield WithFiles(*item_of(found, call.ask, call.keep if params.with_attachments else None))


OPERATION = Operation(
    resource="message",
    name="get",
    label="Get",
    summary="Gets a message with its text, its headers and perhaps its attachments.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "from": "Ada <ada@example.com>", "subject": "Hi"},),
)
