"""The Slack trigger as a value."""

from typing import Final, Literal

from functions.nodes.apps.slack.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.triggers import credential_field, receiving_trigger

EVERYTHING: Final = "*"
INTERACTION: Final = "interaction"
COMMAND: Final = "command"
EVENTS: Final = (
    ("message", "A message was posted"),
    ("app_mention", "The app was mentioned"),
    (INTERACTION, "Button, menu or form"),
    (COMMAND, "A slash command was written"),
    ("reaction_added", "Somebody reacted to a message"),
    ("reaction_removed", "A reaction was taken back"),
    ("file_shared", "A file was shared"),
    ("member_joined_channel", "Somebody joined a channel"),
    ("member_left_channel", "Somebody left a channel"),
    ("channel_created", "A channel was made"),
    ("team_join", "Somebody joined the workspace"),
    ("app_home_opened", "The app's home was opened"),
    ("link_shared", "A link was shared"),
    (EVERYTHING, "Everything"),
)


class Event(NodeParams):
    """One kind of event."""

    event: Literal[
        "message",
        "app_mention",
        "interaction",
        "command",
        "reaction_added",
        "reaction_removed",
        "file_shared",
        "member_joined_channel",
        "member_left_channel",
        "channel_created",
        "team_join",
        "app_home_opened",
        "link_shared",
        "*",
    ] = ui("message", title="When", kind=Kind.SELECT, expression=False, options=EVENTS)


class Params(NodeParams):
    """Which app, and what of it."""

    credential: str = credential_field(APP.credential)
    events: list[Event] = ui(
        ...,
        title="Starts when",
        kind=Kind.COLLECTION,
        help="Any of these starts the workflow; the app must be subscribed to them at Slack.",
        min_length=1,
        max_length=len(EVENTS),
    )
    channels: str = ui(
        "",
        title="Only in",
        kind=Kind.TEXT,
        expression=False,
        help="Ids of channels, separated by commas. Empty: wherever the app is told.",
        options_from=OptionsFrom("channels", needs=("credential",), labelled=True, separator=","),
        max_length=5000,
    )
    bots: bool = ui(
        False,
        title="Bots' messages, too",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off keeps a workflow that answers from answering itself.",
        group="options",
    )
    changes: bool = ui(
        False,
        title="Changed and deleted messages, too",
        kind=Kind.BOOLEAN,
        expression=False,
        group="options",
    )


DOCS = """\
Starts the workflow with what happens in a Slack workspace: messages, mentions, reactions, buttons, slash commands.

**Set it up once.** The credential needs the app's *signing secret*. Publish the workflow; the node then shows its
address, which is the same for good. At [api.slack.com/apps](https://api.slack.com/apps) write it as the *Request URL*
under **Event Subscriptions** (with the bot events, such as `message.channels` and `app_mention`, and install the app
again), under **Interactivity & Shortcuts** for buttons, and at each of the **Slash Commands**. Slack asks at once
whether somebody is there, and is answered. A Slack app has one address for its events: to have several workflows, start
them from one with *Execute workflow*. Before the workflow is published for the first time the address can be used to
listen for a test.

**Output.** One item for each event. `kind` is its type (`message`, `interaction`, `command`, ...). Of events: `event`
as Slack sends it, `teamId`, `eventId`. Of interactions: what Slack sends (`type`, `user`, `actions`, `response_url`,
...), and `action` and `value` of the first of its actions. Of commands: `command`, `text`, `user_id`, `response_url`.

**Within three seconds** Slack wants an answer, and gets it before the workflow runs: answer people with *Slack*, or
with an *HTTP request* to `response_url`.

**Bots.** Messages of bots start nothing, so that workflows do not answer themselves; *Bots' messages, too* lets them.

**Once.** What is not signed with the app's secret, or is older than five minutes, is refused. An event that Slack
delivers again starts nothing again.

**Errors.** When publishing: `SigningSecretMissing`.

**Example.** *The app was mentioned*; then *Slack*, Message, Post in `{{ $json.event.channel }}`, in the thread of
`{{ $json.event.ts }}`.
"""

SPEC = receiving_trigger(
    APP,
    fixed=True,
    type="slack_trigger",
    name="Slack trigger",
    icon="hash",
    summary="Starts the workflow with messages, mentions, buttons and commands of a Slack workspace.",
    docs=DOCS,
    params=Params,
    errors=("SigningSecretMissing",),
    retryable=(),
    output_example=(
        {
            "kind": "app_mention",
            "teamId": "T061EG9R6",
            "eventId": "Ev0PV52K21",
            "event": {
                "type": "app_mention",
                "user": "U061F7AUR",
                "text": "<@U0LAN0Z89> is order 7 ready?",
                "ts": "1515449522.000016",
                "channel": "C024BE91L",
            },
        },
    ),
)
