"""Parameters that operations of Telegram share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import Text


class Chat(NodeParams):
    """Which chat."""

    chat: Text = ui(
        ...,
        title="Chat",
        kind=Kind.TEXT,
        placeholder="{{ $json.message.chat.id }}",
        help="The id of a chat, or @name of a public channel or group. People must have written to the bot before.",
        min_length=1,
        max_length=100,
    )


class Numbered(Chat):
    """Which message of a chat."""

    message: int = ui(
        ...,
        title="Message",
        kind=Kind.NUMBER,
        placeholder="{{ $json.message_id }}",
        help="The message's id in its chat.",
        ge=1,
    )


class Button(NodeParams):
    """A button below a message."""

    text: Text = ui(..., title="Text", kind=Kind.TEXT, min_length=1, max_length=200)
    does: Literal["data", "url", "webApp", "copy"] = ui(
        "data",
        title="Does",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("data", "Tell the bot"),
            ("url", "Open a URL"),
            ("webApp", "Open a web app"),
            ("copy", "Copy a text"),
        ],
    )
    value: Text = ui(
        "",
        title="Value",
        kind=Kind.TEXT,
        help="What the bot is told (at most 64 bytes), the URL, or the text. Empty: the button's text.",
        max_length=2000,
    )
    new_row: bool = ui(False, title="In a new row", kind=Kind.BOOLEAN, expression=False)


class Keyboard(NodeParams):
    """What stands below a message."""

    buttons: list[Button] = ui(
        None,
        title="Buttons",
        kind=Kind.COLLECTION,
        help="Those that tell the bot something start a Telegram trigger with “A button was pressed”.",
        default_factory=list,
        max_length=100,
    )
    reply_markup: Any = ui(
        None,
        title="Reply markup",
        kind=Kind.JSON,
        placeholder='{"remove_keyboard": true}',
        help="A keyboard of another kind, as Telegram's API has it; in place of buttons.",
        group="options",
    )


class Sending(Chat, Keyboard):
    """How a message is sent."""

    silent: bool = ui(False, title="Without a sound", kind=Kind.BOOLEAN, group="options")
    protected: bool = ui(False, title="Cannot be forwarded or saved", kind=Kind.BOOLEAN, group="options")
    reply_to: int | None = ui(
        None, title="Reply to message", kind=Kind.NUMBER, help="The id of a message in the chat.", group="options", ge=1
    )
    topic: int | None = ui(
        None,
        title="Topic",
        kind=Kind.NUMBER,
        help="The id of a topic, of groups that have some.",
        group="options",
        ge=1,
    )


def format_field() -> Any:
    """Return the field that says how a text is written."""
    return ui(
        "plain",
        title="Written as",
        kind=Kind.SELECT,
        expression=False,
        help="Markdown is what language models write (**bold**); HTML has Telegram's tags.",
        options=[("plain", "Plain text"), ("markdown", "Markdown"), ("html", "HTML")],
    )


Format = Literal["plain", "markdown", "html"]


class Media(Sending):
    """A file that is sent."""

    file: Any = ui(
        ...,
        title="File",
        kind=Kind.TEXT,
        placeholder="data",
        help="The name of the item's file (data), {{ $binary.data }}, the URL of a file, or the id of one at Telegram.",
    )
    caption: Text = ui("", title="Caption", kind=Kind.MULTILINE, max_length=20_000)
    caption_format: Format = format_field()
