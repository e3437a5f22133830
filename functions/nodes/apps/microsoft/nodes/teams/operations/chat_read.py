"""Lists the messages of a chat."""

from functions.nodes.apps.microsoft.graph import listed
from functions.nodes.apps.microsoft.nodes.teams.fields import InChat
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InChat):
    """Of which."""


OPERATION = Operation(
    resource="chat",
    name="read",
    label="List messages",
    summary="Lists the messages of a chat, the newest first.",
    params=Params,
    request=RequestSpec("GET", "/chats/{chat}/messages"),
    items="value",
    paging=listed(50),
    output_example=({"id": "1616", "body": {"content": "Hi"}, "createdDateTime": "2026-11-30T09:00:00Z"},),
)
