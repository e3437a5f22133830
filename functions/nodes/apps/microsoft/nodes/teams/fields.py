"""Parameters that Teams' operations share."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class InTeam(NodeParams):
    """Which team."""

    team: Text = ui(
        ...,
        title="Team",
        kind=Kind.TEXT,
        help="Its ID.",
        options_from=OptionsFrom("teams", needs=("credential",), labelled=True),
        min_length=1,
        max_length=100,
    )


class InChannel(InTeam):
    """Which channel."""

    channel: Text = ui(
        ...,
        title="Channel",
        kind=Kind.TEXT,
        help="Its ID: 19:…@thread.tacv2.",
        options_from=OptionsFrom("channels", needs=("credential", "team"), labelled=True),
        min_length=1,
        max_length=200,
    )


class InChat(NodeParams):
    """Which chat."""

    chat: Text = ui(
        ...,
        title="Chat",
        kind=Kind.TEXT,
        help="Its ID: 19:…; Chat, Open gives that of a chat with a person.",
        options_from=OptionsFrom("chats", needs=("credential",), labelled=True),
        min_length=1,
        max_length=200,
    )


class InPlan(NodeParams):
    """Which plan of Planner."""

    plan: Text = ui(
        ...,
        title="Plan",
        kind=Kind.TEXT,
        help="Its ID.",
        options_from=OptionsFrom("plans", needs=("credential",), labelled=True),
        min_length=1,
        max_length=100,
    )


class Written(NodeParams):
    """What is said."""

    text: Text = ui(..., title="Text", kind=Kind.MULTILINE, min_length=1, max_length=28_000)
    text_type: Literal["text", "html"] = ui(
        "text",
        title="The text is",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Text"), ("html", "HTML")],
        group="options",
    )
