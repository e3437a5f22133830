"""Sends a message."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.telegram.fields import Format, Sending, format_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Sending):
    """The message."""

    text: Text = ui(..., title="Text", kind=Kind.MULTILINE, min_length=1, max_length=500_000)
    format: Format = format_field()
    long: Literal["split", "refuse"] = ui(
        "split",
        title="A text of more than 4096 characters",
        kind=Kind.SELECT,
        expression=False,
        options=[("split", "Is sent in several messages"), ("refuse", "Is an error")],
        group="options",
    )
    preview: bool = ui(True, title="Preview links", kind=Kind.BOOLEAN, group="options")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages that the text makes; a reply is the first, buttons stand below the last."""
    from functions.nodes.apps.telegram.formatting import MOST_TEXT, fitting, formatted
    from functions.nodes.apps.telegram.sending import ask, sending

    text = formatted(params.text, params.format, "messageSendText")
    parts = fitting(text, MOST_TEXT, splits=params.long == "split", field="messageSendText")
    values = {**sending(params), "link_preview_options": None if params.preview else {"is_disabled": True}}
    for place, part in enumerate(parts):
        more = {"text": part.text, "entities": part.entities() or None}
        if place > 0:
            more["reply_parameters"] = None
        if place + 1 < len(parts):
            more["reply_markup"] = None
        yield ask(call, "sendMessage", {**values, **more})


OPERATION = Operation(
    resource="message",
    name="send",
    label="Send",
    summary="Sends a text, of more than 4096 characters in several messages.",
    params=Params,
    run=run,
    output_example=(
        {"message_id": 7, "date": 1767225600, "chat": {"id": 42, "type": "private"}, "text": "Order 7 is ready"},
    ),
)
