"""Sends an animation (GIF, or MP4 without sound)."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.operations import Call, Operation


class Params(Media):
    """The file, and what is said below it."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "animation")


OPERATION = Operation(
    resource="message",
    name="send_animation",
    label="Send animation",
    summary="Sends an animation (GIF, or MP4 without sound).",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "animation": {"file_id": "CgACAgIAAxkB", "duration": 3},
        },
    ),
)
