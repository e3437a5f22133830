"""The Outlook node as a value."""

from functions.nodes.apps.microsoft.graph import IDS, listed, microsoft_app
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import OptionsRequest, RequestSpec

FOLDERS = OptionsRequest(
    name="folders",
    request=RequestSpec("GET", "/{mailbox*}/mailFolders"),
    items="value",
    paging=listed(),
    value="id",
    label="displayName",
)
CALENDARS = OptionsRequest(
    name="calendars",
    request=RequestSpec("GET", "/{mailbox*}/calendars"),
    items="value",
    paging=listed(),
    value="id",
    label="name",
    detail="owner.address",
)

APP = microsoft_app(operations_in(__package__, "message_send"), (FOLDERS, CALENDARS), headers=(("Prefer", IDS),))

DOCS = """\
Works with a mailbox of Microsoft 365 or Outlook.com: messages, files, folders, events and contacts.

**Mailbox.** *me* is that of the account that is connected. A shared one, or any one for an app that speaks for itself,
is named by its address (Options).

**IDs** of messages stay the same when they are moved. Those that other programs give may change; search again then.

**Files** up to 2.5 MB in all go along with a message. With larger ones a draft is made, the files are sent to it piece
by piece, and then it is sent, which needs the permission `Mail.ReadWrite` besides `Mail.Send`.

**Sending** is done once: where no answer comes, the node fails with `OutcomeUnknown` and does not try again by itself.
`AddressInvalid`: an address cannot be used. `EmailTooLarge`: more files than a message may have. An event is made
once, however often it is tried.

**Several items** that mark, move or delete messages go four in a request, each with its own outcome.

**Example.** Message, Send: to `{{ $json.email }}`, subject `Order {{ $json.id }}`, attachments `invoice`.
"""

SPEC = app_node(
    APP,
    type="microsoft_outlook",
    name="Outlook",
    icon="mail",
    summary="Sends, answers, finds and files messages, and keeps events and contacts.",
    docs=DOCS,
    errors=("OutcomeUnknown", "AddressInvalid", "EmailTooLarge"),
)
