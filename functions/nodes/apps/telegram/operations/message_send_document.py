"""Sends a file of any kind, as it is."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.operations import Call, Operation


class Params(Media):
    """The file, and what is said below it."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "document")


OPERATION = Operation(
    resource="message",
    name="send_document",
    label="Send document",
    summary="Sends a file of any kind, as it is.",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "document": {"file_id": "BQACAgIAAxkB", "file_name": "invoice.pdf"},
        },
    ),
)
