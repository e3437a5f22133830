"""Parameters that operations of Slack share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

CHANNELS = OptionsFrom("channels", needs=("credential",), labelled=True)
USERS = OptionsFrom("users", needs=("credential",), labelled=True)


class Channel(NodeParams):
    """Which channel."""

    channel: Text = ui(
        ...,
        title="Channel",
        kind=Kind.TEXT,
        placeholder="C024BE91L",
        help="Choose it, or write its id. Messages may also go to #name, or to a person by their id (U…).",
        options_from=CHANNELS,
        min_length=1,
        max_length=100,
    )


class Stamped(Channel):
    """Which message of a channel."""

    ts: Text = ui(
        ...,
        title="Message",
        kind=Kind.TEXT,
        placeholder="{{ $json.ts }}",
        help="Its ts, which is the message's id and its time: 1503435956.000247.",
        min_length=1,
        max_length=30,
        pattern=r"^\s*[0-9]+(\.[0-9]+)?\s*$",
    )


class Button(NodeParams):
    """A button below a message."""

    text: Text = ui(..., title="Text", kind=Kind.TEXT, min_length=1, max_length=75)
    value: Text = ui("", title="Value", kind=Kind.TEXT, help="What the Slack trigger is told.", max_length=2000)
    url: Text = ui("", title="Opens URL", kind=Kind.TEXT, max_length=3000)
    style: Literal["", "primary", "danger"] = ui(
        "",
        title="Looks",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "Plain"), ("primary", "Green"), ("danger", "Red")],
    )


class Content(NodeParams):
    """What a message says."""

    text: Text = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        help="Beside blocks it is what notifications show.",
        max_length=200_000,
    )
    format: Literal["mrkdwn", "markdown", "plain"] = ui(
        "mrkdwn",
        title="Written as",
        kind=Kind.SELECT,
        expression=False,
        help="Markdown is what language models write (**bold**). In plain text nothing is a mention or a link.",
        options=[("mrkdwn", "Slack's mrkdwn"), ("markdown", "Markdown"), ("plain", "Plain text")],
    )
    buttons: list[Button] = ui(
        None,
        title="Buttons",
        kind=Kind.COLLECTION,
        help="One that is pressed starts a Slack trigger with “Button, menu or form”.",
        default_factory=list,
        max_length=25,
    )
    blocks: Any = ui(
        None,
        title="Blocks",
        kind=Kind.JSON,
        placeholder='[{"type": "section", "text": {"type": "mrkdwn", "text": "*{{ $json.title }}*"}}]',
        help="As Slack's Block Kit Builder gives them: a list, or an object with blocks.",
        group="options",
    )
    attachments: Any = ui(
        None,
        title="Attachments",
        kind=Kind.JSON,
        placeholder='[{"color": "good", "text": "{{ $json.text }}"}]',
        help="A list, of the old kind.",
        group="options",
    )


class Posted(Channel, Content):
    """How a message is posted."""

    thread: Text = ui(
        "",
        title="In the thread of",
        kind=Kind.TEXT,
        placeholder="{{ $json.ts }}",
        help="The ts of the message that is answered.",
        max_length=30,
    )
    broadcast: bool = ui(False, title="Show the answer in the channel, too", kind=Kind.BOOLEAN, group="options")
    unfurl: bool = ui(True, title="Preview links", kind=Kind.BOOLEAN, group="options")
    username: Text = ui(
        "",
        title="Name shown",
        kind=Kind.TEXT,
        help="In place of the app's; needs the scope chat:write.customize, as the icon does.",
        group="options",
        max_length=80,
    )
    icon: Text = ui(
        "",
        title="Icon",
        kind=Kind.TEXT,
        placeholder=":robot_face:",
        help="An emoji, or a URL.",
        group="options",
        max_length=2000,
    )
