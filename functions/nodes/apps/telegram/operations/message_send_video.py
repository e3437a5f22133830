"""Sends a video (MP4) with a player."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(Media):
    """The file, and what is said below it."""

    streaming: bool = ui(True, title="Can be streamed", kind=Kind.BOOLEAN, group="options")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "video", supports_streaming=params.streaming or None)


OPERATION = Operation(
    resource="message",
    name="send_video",
    label="Send video",
    summary="Sends a video (MP4) with a player.",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "video": {"file_id": "BAACAgIAAxkB", "duration": 12},
        },
    ),
)
