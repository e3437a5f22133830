"""Lists the messages of a channel, the newest first."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Listed, Channel):
    """Which messages."""

    oldest: Text = ui(
        "",
        title="After",
        kind=Kind.TEXT,
        help="A ts, or seconds since 1970.",
        group="options",
        max_length=30,
    )
    latest: Text = ui(
        "",
        title="Before",
        kind=Kind.TEXT,
        help="A ts, or seconds since 1970.",
        group="options",
        max_length=30,
    )


OPERATION = Operation(
    resource="channel",
    name="history",
    label="List messages",
    summary="Lists the messages of a channel, the newest first.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/conversations.history",
        query=(("channel", "{channel}"), ("oldest", "{oldest}"), ("latest", "{latest}")),
    ),
    items="messages",
    paging=Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200),
    output_example=({"type": "message", "user": "U061F7AUR", "text": "Order 7 failed", "ts": "1503435956.000247"},),
)
