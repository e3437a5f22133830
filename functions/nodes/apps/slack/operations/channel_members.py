"""Lists the ids of a channel's members."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec


class Params(Listed, Channel):
    """Which channel."""


OPERATION = Operation(
    resource="channel",
    name="members",
    label="List members",
    summary="Lists the ids of a channel's members.",
    params=Params,
    request=RequestSpec("GET", "/conversations.members", query=(("channel", "{channel}"),)),
    items="members",
    paging=Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200),
    output_example=({"data": "U061F7AUR"},),
)
