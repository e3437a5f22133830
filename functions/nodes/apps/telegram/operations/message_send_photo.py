"""Sends a picture (JPEG, PNG, WebP), which Telegram makes smaller."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.operations import Call, Operation


class Params(Media):
    """The file, and what is said below it."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "photo")


OPERATION = Operation(
    resource="message",
    name="send_photo",
    label="Send photo",
    summary="Sends a picture (JPEG, PNG, WebP), which Telegram makes smaller.",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "photo": [{"file_id": "AgACAgIAAxkB", "width": 90, "height": 67}],
        },
    ),
)
