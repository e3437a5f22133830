"""Lists the chats of the account."""

from functions.nodes.apps.microsoft.graph import unsized
from stepweave.spec.operations import Listed, Operation, RequestSpec

OPERATION = Operation(
    resource="chat",
    name="list",
    label="List",
    summary="Lists the chats of the account.",
    params=Listed,
    request=RequestSpec("GET", "/me/chats"),
    items="value",
    paging=unsized(),
    output_example=({"id": "19:b@unq.gbl.spaces", "topic": None, "chatType": "oneOnOne"},),
)
