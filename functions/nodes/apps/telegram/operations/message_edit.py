"""Changes the text, the caption or the buttons of a message of the bot's."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.telegram.fields import Format, Keyboard, Numbered, format_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Numbered, Keyboard):
    """The message, and what it says now."""

    part: Literal["text", "caption", "buttons"] = ui(
        "text",
        title="Change",
        kind=Kind.SELECT,
        expression=False,
        help="Buttons that are not given are taken away.",
        options=[("text", "The text"), ("caption", "The caption of a file"), ("buttons", "The buttons alone")],
    )
    text: Text = ui(
        "", title="Text", kind=Kind.MULTILINE, show_when={"part": ["text", "caption"]}, required_when_shown=True
    )
    format: Format = format_field()
    preview: bool = ui(True, title="Preview links", kind=Kind.BOOLEAN, group="options")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message as it is now; one that says this already is no error."""
    from functions.nodes.apps.telegram.formatting import MOST_CAPTION, MOST_TEXT, fitting, formatted
    from functions.nodes.apps.telegram.sending import ask, chat_of, keyboard
    from stepweave.runtime.http_errors import HttpClientError

    values: dict[str, Any] = {"chat_id": chat_of(params.chat), "message_id": params.message}
    values["reply_markup"] = keyboard(params)
    method = "editMessageReplyMarkup"
    if params.part != "buttons":
        most = MOST_TEXT if params.part == "text" else MOST_CAPTION
        made = formatted(params.text, params.format, "messageEditText")
        [made] = fitting(made, most, splits=False, field="messageEditText")
        names = ("text", "entities") if params.part == "text" else ("caption", "caption_entities")
        values |= {names[0]: made.text, names[1]: made.entities() or None}
        method = "editMessageText" if params.part == "text" else "editMessageCaption"
    if params.part == "text" and not params.preview:
        values["link_preview_options"] = {"is_disabled": True}
    try:
        yield ask(call, method, values)
    except HttpClientError as error:
        if error.details.get("code") != "not_modified":
            raise
        call.log("The message says this already.")
        yield {"message_id": params.message, "chat": {"id": values["chat_id"]}, "modified": False}


OPERATION = Operation(
    resource="message",
    name="edit",
    label="Edit",
    summary="Changes the text, the caption or the buttons of a message of the bot's; the same once more is no error.",
    params=Params,
    run=run,
    output_example=({"message_id": 7, "chat": {"id": 42}, "edit_date": 1767225660, "text": "Order 7 was sent"},),
)
