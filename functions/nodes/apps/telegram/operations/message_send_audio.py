"""Sends music or a recording (MP3, M4A) with a player."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Media
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Media):
    """The file, and what is said below it."""

    performer: Text = ui("", title="Performer", kind=Kind.TEXT, group="options", max_length=200)
    title: Text = ui("", title="Title", kind=Kind.TEXT, group="options", max_length=200)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import send_file

    yield from send_file(call, params, "audio", performer=params.performer or None, title=params.title or None)


OPERATION = Operation(
    resource="message",
    name="send_audio",
    label="Send audio",
    summary="Sends music or a recording (MP3, M4A) with a player.",
    params=Params,
    run=run,
    output_example=(
        {
            "message_id": 7,
            "date": 1767225600,
            "chat": {"id": 42, "type": "private"},
            "audio": {"file_id": "CQACAgIAAxkB", "duration": 120},
        },
    ),
)
