"""Lists messages."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.graph import IDS, listed
from functions.nodes.apps.microsoft.nodes.outlook.fields import BodyAs, InMailbox, folder_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.mails import OptionalText
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text

_QUERY = (("$filter", "{filter}"), ("$orderby", "{order}"), ("$search", "{search}"), ("$select", "{select}"))
_PREFER = (("Prefer", f'{IDS}, outlook.body-content-type="{{bodyAs}}"'),)
_ALL = RequestSpec("GET", "/{mailbox*}/messages", query=_QUERY, headers=_PREFER)
_IN_FOLDER = RequestSpec("GET", "/{mailbox*}/mailFolders/{folder}/messages", query=_QUERY, headers=_PREFER)
SELECT = (
    "id,subject,from,toRecipients,ccRecipients,receivedDateTime,sentDateTime,bodyPreview,body,isRead,isDraft,"
    "hasAttachments,importance,categories,flag,conversationId,internetMessageId,parentFolderId,webLink"
)


class Params(Listed, BodyAs, InMailbox):
    """Which messages."""

    folder: Text = folder_field("inbox")
    search: OptionalText = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        placeholder="invoice from:ada@example.com",
        help="As in Outlook's search; the fields below then do not count. Empty: the newest first.",
        max_length=1_000,
    )
    sender: OptionalText = ui("", title="From", kind=Kind.TEXT, placeholder="ada@example.com", max_length=320)
    subject: OptionalText = ui("", title="Subject contains", kind=Kind.TEXT, max_length=500)
    since: OptionalText = ui(
        "", title="Received since", kind=Kind.TEXT, placeholder="2026-11-30T09:00:00Z", max_length=60
    )
    unread: bool = ui(False, title="Only unread ones", kind=Kind.BOOLEAN, expression=False)
    with_files: bool = ui(False, title="Only with attachments", kind=Kind.BOOLEAN, expression=False, group="options")
    filter: OptionalText = ui(
        "",
        title="Filter",
        kind=Kind.TEXT,
        placeholder="importance eq 'high'",
        help="Of Graph (OData); holds besides the others.",
        group="options",
        max_length=2_000,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the messages."""
    from functions.nodes.apps.microsoft.nodes.outlook.filters import messages_asked_for

    request = _IN_FOLDER if params.folder else _ALL
    return call.pages(request, listed(), "value", **messages_asked_for(params), select=SELECT)


OPERATION = Operation(
    resource="message",
    name="list",
    label="List",
    summary="Lists or searches messages of a folder, the newest first; an empty folder is the whole mailbox.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk1", "subject": "Order 7", "isRead": False},),
)
