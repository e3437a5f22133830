"""Parameters that operations of Discord share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

ID = r"^([0-9]{1,25})?$"


class Server(NodeParams):
    """Which server."""

    server: Text = ui(
        "",
        title="Server",
        kind=Kind.TEXT,
        placeholder="197038439483310086",
        help="Its id; channels, roles and members are chosen from it.",
        options_from=OptionsFrom("servers", needs=("credential",), labelled=True),
        max_length=30,
        pattern=ID,
    )


class Channel(Server):
    """Which channel."""

    channel: Text = ui(
        ...,
        title="Channel",
        kind=Kind.TEXT,
        placeholder="41771983423143937",
        help="Its id, or that of a thread.",
        options_from=OptionsFrom("channels", needs=("credential", "server"), labelled=True),
        min_length=1,
        max_length=30,
        pattern=ID,
    )


class Numbered(Channel):
    """Which message of a channel."""

    message: Text = ui(
        ..., title="Message", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=30, pattern=ID
    )


class Member(Server):
    """Which member of a server."""

    user: Text = ui(..., title="Member", kind=Kind.TEXT, help="A person's id.", min_length=1, max_length=30, pattern=ID)


class Content(NodeParams):
    """What a message says."""

    text: Text = ui("", title="Text", kind=Kind.MULTILINE, help="In Discord's Markdown.", max_length=200_000)
    mentions: Literal["none", "users", "all"] = ui(
        "none",
        title="Mentions reach",
        kind=Kind.SELECT,
        expression=False,
        help="Whom @names in the text tell of it. @everyone in what strangers wrote reaches everyone.",
        options=[("none", "Nobody"), ("users", "The people that are named"), ("all", "People, roles and @everyone")],
    )
    embeds: Any = ui(
        None,
        title="Embeds",
        kind=Kind.JSON,
        placeholder='[{"title": "{{ $json.title }}", "url": "{{ $json.url }}"}]',
        help="An embed of Discord's API, or a list of at most 10.",
        group="options",
    )
    components: Any = ui(
        None,
        title="Components",
        kind=Kind.JSON,
        placeholder='[{"type": 1, "components": [{"type": 2, "style": 5, "label": "Open", "url": "https://..."}]}]',
        help="Rows of buttons, as Discord's API has them.",
        group="options",
    )


class Posted(Content):
    """What a message that is sent has besides."""

    files: Any = ui(
        None,
        title="Files",
        kind=Kind.TEXT,
        help="Names of the item's files, separated by commas, or an expression: {{ [$binary.data] }}. At most 10.",
    )
    long: Literal["split", "refuse"] = ui(
        "split",
        title="A text of more than 2000 characters",
        kind=Kind.SELECT,
        expression=False,
        options=[("split", "Is sent in several messages"), ("refuse", "Is an error")],
        group="options",
    )
    previews: bool = ui(True, title="Preview links", kind=Kind.BOOLEAN, group="options")
    silent: bool = ui(False, title="Without a sound", kind=Kind.BOOLEAN, group="options")
