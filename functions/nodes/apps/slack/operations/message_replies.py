"""Lists the messages of a thread, the first one included."""

from functions.nodes.apps.slack.fields import Stamped
from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec


class Params(Listed, Stamped):
    """Which thread."""


OPERATION = Operation(
    resource="message",
    name="replies",
    label="List thread",
    summary="Lists the messages of a thread, the first one included.",
    params=Params,
    request=RequestSpec("GET", "/conversations.replies", query=(("channel", "{channel}"), ("ts", "{ts}"))),
    items="messages",
    paging=Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200),
    output_example=({"type": "message", "user": "U061F7AUR", "text": "Me too", "ts": "1503435957.000247"},),
)
