"""Lists folders."""

from functions.nodes.apps.microsoft.graph import listed
from functions.nodes.apps.microsoft.nodes.outlook.fields import InMailbox
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InMailbox):
    """Of which mailbox."""


OPERATION = Operation(
    resource="folder",
    name="list",
    label="List",
    summary="Lists the folders of a mailbox, with how much is in them.",
    params=Params,
    request=RequestSpec("GET", "/{mailbox*}/mailFolders", query=(("includeHiddenFolders", "false"),)),
    items="value",
    paging=listed(),
    output_example=({"id": "AAMkF", "displayName": "Inbox", "totalItemCount": 7, "unreadItemCount": 2},),
)
