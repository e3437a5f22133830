"""The node that reads a mailbox, as a value. Longer than other files: each operation's fields stand here."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import MOST_MB, READERS, OptionalText
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.options import OptionsFrom

_MAILBOXES: Final = OptionsFrom("mailboxes", needs=("credential",))
_SEARCH: Final = {"operation": ["search"]}
_ON_MAILS: Final = ["get", "mark", "move", "copy", "delete"]
_READS: Final = {"operation": ["search", "get"]}
MOST_FOUND: Final = 1_000


def _text(title: str, help: str = "", placeholder: str = "", group: str = "") -> Any:
    return ui(
        "",
        title=title,
        kind=Kind.TEXT,
        help=help,
        placeholder=placeholder,
        group=group,
        show_when=_SEARCH,
        max_length=1_000,
    )


class Params(NodeParams):
    """Which mailbox, and what is done there."""

    credential: str = ui(..., title="Account", kind=Kind.CREDENTIAL, credential=READERS, expression=False, min_length=1)
    operation: Literal["search", "get", "mark", "move", "copy", "delete", "folders"] = ui(
        "search",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("search", "Search"),
            ("get", "Get a mail"),
            ("mark", "Mark"),
            ("move", "Move"),
            ("copy", "Copy"),
            ("delete", "Delete"),
            ("folders", "List folders"),
        ],
    )
    mailbox: OptionalText = ui(
        "INBOX",
        title="Mailbox",
        kind=Kind.TEXT,
        options_from=_MAILBOXES,
        show_when={"operation": ["search", *_ON_MAILS]},
        required_when_shown=True,
        max_length=500,
    )
    uids: Any = ui(
        None,
        title="UID",
        kind=Kind.TEXT,
        placeholder="{{ $json.uid }}",
        help="The server's number of the mail; of several, with commas or as a list.",
        show_when={"operation": _ON_MAILS},
        required_when_shown=True,
    )
    sender: OptionalText = _text("From contains", placeholder="@example.com")
    subject: OptionalText = _text("Subject contains")
    text: OptionalText = _text("Text contains", "Looked for in the whole mail, its headers included.")
    which: Literal["all", "unread", "read", "flagged", "unflagged"] = ui(
        "all",
        title="Which mails",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("all", "All"),
            ("unread", "Those not read yet"),
            ("read", "Those read"),
            ("flagged", "Those with a flag"),
            ("unflagged", "Those without a flag"),
        ],
        show_when=_SEARCH,
    )
    since: OptionalText = _text("Received since", "A day, which counts.", "2026-11-29")
    limit: int = ui(
        50, title="Limit", kind=Kind.NUMBER, help="At most so many.", show_when=_SEARCH, ge=1, le=MOST_FOUND
    )
    output: Literal["headers", "simple", "resolved", "raw"] = ui(
        "simple",
        title="Output",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("headers", "Fields of the headers only"),
            ("simple", "Text and fields"),
            ("resolved", "Text, all headers and attachments"),
            ("raw", "The mail as a file"),
        ],
        show_when=_READS,
    )
    mark_as: Literal[
        "read", "unread", "flagged", "unflagged", "answered", "keyword", "unkeyword", "label", "unlabel"
    ] = ui(
        "read",
        title="Mark as",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("read", "Read"),
            ("unread", "Not read"),
            ("flagged", "With a flag"),
            ("unflagged", "Without a flag"),
            ("answered", "Answered"),
            ("keyword", "With a keyword"),
            ("unkeyword", "Without a keyword"),
            ("label", "With a label (Gmail)"),
            ("unlabel", "Without a label (Gmail)"),
        ],
        show_when={"operation": ["mark"]},
    )
    label: OptionalText = ui(
        "",
        title="Keyword or label",
        kind=Kind.TEXT,
        placeholder="Processed",
        show_when={"operation": ["mark"], "markAs": ["keyword", "unkeyword", "label", "unlabel"]},
        required_when_shown=True,
        max_length=200,
    )
    folder: OptionalText = ui(
        "",
        title="Folder",
        kind=Kind.TEXT,
        options_from=_MAILBOXES,
        show_when={"operation": ["move", "copy"]},
        required_when_shown=True,
        max_length=500,
    )
    delete: Literal["trash", "forever"] = ui(
        "trash",
        title="Delete",
        kind=Kind.SELECT,
        expression=False,
        options=[("trash", "Move to the trash"), ("forever", "For good")],
        show_when={"operation": ["delete"]},
    )
    to: OptionalText = _text("To contains", group="options")
    before: OptionalText = _text("Received before", "A day, which does not count.", "2026-12-01", "options")
    first_uid: int = ui(
        1, title="From UID", kind=Kind.NUMBER, group="options", show_when=_SEARCH, ge=1, le=4_294_967_295
    )
    last_uid: int | None = ui(
        None,
        title="To UID",
        kind=Kind.NUMBER,
        help="Empty: to the newest.",
        group="options",
        show_when=_SEARCH,
        ge=1,
        le=4_294_967_295,
    )
    criteria: OptionalText = _text(
        "Further criteria", "As IMAP's SEARCH has them, in ASCII.", "OR UNANSWERED LARGER 100000", "options"
    )
    gmail: OptionalText = _text("Gmail search", "As in Gmail's own search.", "has:attachment newer_than:2d", "options")
    order: Literal["newest", "oldest"] = ui(
        "newest",
        title="Begin with",
        kind=Kind.SELECT,
        expression=False,
        options=[("newest", "The newest"), ("oldest", "The oldest")],
        group="options",
        show_when=_SEARCH,
    )
    max_mb: int = ui(
        25,
        title="Largest mail (MB)",
        kind=Kind.NUMBER,
        expression=False,
        help=f"Up to {MOST_MB}. Of a larger mail there are the headers' fields and an error.",
        group="options",
        show_when=_READS,
        ge=1,
        le=MOST_MB,
    )
    uid_validity: int | None = ui(
        None,
        title="UIDVALIDITY",
        kind=Kind.NUMBER,
        placeholder="{{ $json.uidValidity }}",
        help="As it was read: nothing is done where the server has given the mails other numbers since.",
        group="options",
        show_when={"operation": _ON_MAILS},
        ge=0,
    )


DOCS = """\
Reads a mailbox (IMAP): searches it, gets mails with their attachments as files, marks, moves, copies and deletes
them, and lists the folders. To start a workflow with new mails, there is *New email*. Nothing that is read is marked
as read by that.

**Search.** All that is filled in must be so. The server searches, so what *contains* means is its business: Gmail
looks for whole words. Letters of any script and case may be searched for. *Further criteria* are IMAP's own (`OR
UNANSWERED LARGER 100000`), *Gmail search* is Gmail's (`has:attachment`). The newest come first, up to the limit.

**Mails.** Mails are known by the server's numbers, which `uid` has. They belong to one mailbox: one that is moved has
another one there. Now and then a server numbers a mailbox anew; give *UIDVALIDITY* what the search gave as
`uidValidity`, and the node would rather fail than take another mail. *Delete* moves to the folder that the server
calls its trash, or deletes for good. A server without UIDPLUS can delete for good only together with what others have
marked as deleted: there, ours are marked only.

**Output.** *Search* and *Get*: one item for each mail, as *New email* gives it, with `uidValidity` and, at Gmail,
`labels`. With attachments, each one's `file` is its name in `$binary`; a mail within the mail is one (`.eml`), and so
is Outlook's `winmail.dat`. *Mark*, *Move*, *Copy*, *Delete*: an item for each mail, with `uid`, `mailbox`, what was
done, and `newUid` in the other folder where the server tells. *List folders*: `name` and `purpose` (`sent`, `trash`).
A search that finds nothing gives nothing.

**Errors.** `MailMissing` (no mail of that number), `MailTooLarge`, `MailUnreadable` (of *Get*; in a search such a
mail is an item with the headers' fields and `error`), `MailboxRenumbered`, `SearchInvalid`, `MailboxMissing`,
`MailServerRefused` (wrong password, over quota, criteria that the server cannot read; its words are told),
`MailServerUnavailable` (no connection, broken off, or refused for now; *Copy*, and *Move* at a server that cannot
move, may then have copied once already), `EncryptionRequired`.

**Example.** *Search* with which mails *Those not read yet*, then *Move* with UID `{{ $json.uid }}` to `Done`.
"""

SPEC = NodeSpec(
    type="read_email",
    name="Read email",
    category=Category.MESSAGE,
    icon="mail-search",
    summary="Searches, reads, marks, moves and deletes mails of a mailbox (IMAP).",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {mailbox}",
    credentials=READERS,
    network=True,
    timeout_seconds=300,
    memory_mb=1024,
    errors=(
        "MailMissing",
        "MailTooLarge",
        "MailUnreadable",
        "MailboxRenumbered",
        "SearchInvalid",
        "MailboxMissing",
        "MailServerRefused",
        "MailServerUnavailable",
        "EncryptionRequired",
        "ConnectionFailed",
        "AddressForbidden",
    ),
    retryable=("MailServerUnavailable", "ConnectionFailed"),
    output_example=(
        {
            "from": {"name": "Ada", "address": "ada@example.com"},
            "to": [{"name": "", "address": "orders@example.com"}],
            "cc": [],
            "replyTo": [],
            "subject": "Order 7",
            "date": "2026-11-29T09:00:00.000Z",
            "receivedAt": "2026-11-29T09:00:02.000Z",
            "messageId": "<7@example.com>",
            "inReplyTo": None,
            "references": [],
            "uid": 4711,
            "mailbox": "INBOX",
            "flags": ["\\Seen"],
            "size": 67890,
            "text": "Three boxes, please.",
            "html": "",
            "attachments": [{"name": "order.pdf", "mimeType": "application/pdf", "size": 48213}],
            "uidValidity": 1,
        },
    ),
)
