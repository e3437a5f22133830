"""Lists the messages of a channel."""

from functions.nodes.apps.microsoft.graph import listed
from functions.nodes.apps.microsoft.nodes.teams.fields import InChannel
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InChannel):
    """Of which."""


OPERATION = Operation(
    resource="message",
    name="list",
    label="List",
    summary="Lists the messages of a channel, the newest first, without the answers to them.",
    params=Params,
    request=RequestSpec("GET", "/teams/{team}/channels/{channel}/messages"),
    items="value",
    paging=listed(50),
    output_example=({"id": "1616", "body": {"content": "Hi"}, "createdDateTime": "2026-11-30T09:00:00Z"},),
)
