"""Sends a voice message (OGG with Opus, MP3, M4A)."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.operations import Call, Operation


class Params(Media):
    """The file, and what is said below it."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "voice")


OPERATION = Operation(
    resource="message",
    name="send_voice",
    label="Send voice message",
    summary="Sends a voice message (OGG with Opus, MP3, M4A).",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "voice": {"file_id": "AwACAgIAAxkB", "duration": 4},
        },
    ),
)
