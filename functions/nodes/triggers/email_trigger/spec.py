"""The trigger that watches a mailbox, as a value."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import MOST_MB, READERS
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind
from stepweave.spec.options import OptionsFrom
from stepweave.spec.triggers import credential_field, every_field

_MAILBOXES: Final = OptionsFrom("mailboxes", needs=("credential",))


class Params(NodeParams):
    """Which mailbox is watched, for which mails, and what the workflow gets of them."""

    credential: str = credential_field(READERS)
    mailbox: str = ui(
        "INBOX",
        title="Mailbox",
        kind=Kind.TEXT,
        expression=False,
        options_from=_MAILBOXES,
        min_length=1,
        max_length=500,
    )
    every_minutes: int = every_field()
    which: Literal["all", "unread"] = ui(
        "all",
        title="Which mails",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All new ones"), ("unread", "Only those not read yet")],
    )
    sender: str = ui(
        "",
        title="From contains",
        kind=Kind.TEXT,
        expression=False,
        placeholder="@example.com",
        help="Part of the sender's name or address.",
        max_length=500,
    )
    subject: str = ui("", title="Subject contains", kind=Kind.TEXT, expression=False, max_length=500)
    output: Literal["simple", "resolved", "raw"] = ui(
        "simple",
        title="Output",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("simple", "Text and fields"),
            ("resolved", "Text, all headers and attachments"),
            ("raw", "The mail as a file"),
        ],
    )
    afterwards: Literal["nothing", "read", "move", "delete"] = ui(
        "nothing",
        title="Afterwards",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("nothing", "Leave the mail as it is"),
            ("read", "Mark it as read"),
            ("move", "Move it to a folder"),
            ("delete", "Delete it"),
        ],
        help="Done when the workflow has started with the mail.",
    )
    folder: str = ui(
        "",
        title="Folder",
        kind=Kind.TEXT,
        expression=False,
        options_from=_MAILBOXES,
        show_when={"afterwards": ["move"]},
        required_when_shown=True,
        max_length=500,
    )
    start_with: Literal["new", "all"] = ui(
        "new",
        title="When it is published",
        kind=Kind.SELECT,
        expression=False,
        options=[("new", "Wait for what is new"), ("all", "Start with what is there")],
    )
    since: str = ui(
        "",
        title="Received since",
        kind=Kind.TEXT,
        expression=False,
        placeholder="2026-11-29",
        help="A day; earlier mails start nothing.",
        group="options",
        max_length=40,
    )
    max_mb: int = ui(
        25,
        title="Largest mail (MB)",
        kind=Kind.NUMBER,
        expression=False,
        help=f"Up to {MOST_MB}. Of a larger mail the workflow gets the headers' fields and an error.",
        group="options",
        ge=1,
        le=MOST_MB,
    )


DOCS = """\
Looks into a mailbox (IMAP) every so many minutes, and starts the published workflow with the mails that are new.

**Each mail once.** Mails are known by the server's numbers (UIDVALIDITY and UID): one that is read, marked or moved
away and back by others is looked at once, when it arrives. *Only those not read yet*: a mail that somebody has read by
then starts nothing, also when it is marked as unread later. Where the server numbers its mails anew, those that were
there before are known by their `Message-ID` and the time when they came.

**At first.** Publishing logs in once, and is refused where that fails or the mailbox is not there. What is in it then
starts nothing, unless *Start with what is there* is chosen. Another interval, filter or output goes on from where it
was; another credential or mailbox begins anew.

**Output.** One item for each mail, the oldest first, up to 100 in one execution; further ones start the next. `from`
(`name`, `address`), `to`, `cc`, `replyTo` (lists of them), `subject`, `date` and `receivedAt` (UTC), `text`, `html`,
`messageId`, `inReplyTo`, `references`, `attachments` (`name`, `mimeType`, `size`), `uid`, `mailbox`, `flags`, `size`.
*Text, all headers and attachments* adds `headers` and stores the attachments: each one's `file` is its name in
`$binary`. A mail within the mail is an attachment (`.eml`); so is a text of more than 300,000 characters, of which
the item has the beginning (`cut` names it). *The mail as a file* gives no text, but the whole mail as
`$binary.mail`.

**Mails that cannot be read.** One that is too large, or too broken, is an item with the headers' fields and `error`
(`type`: `MailTooLarge`, `MailUnreadable`); the others are not held up by it. Such a mail is neither moved nor deleted.
Charsets that nobody knows, and other small faults, are read as well as can be. Lines that were broken to be sent only
(`format=flowed`) are one again in `text`; of a mail with HTML only, `text` is what people see of that.

**Afterwards.** Marking, moving and deleting happen when the workflow has started with the mail, whether or not it
succeeds. Where that fails, new mails still start the workflow, and it is tried again. On a server without UIDPLUS, and
where others have marked mails as deleted, ours are marked only.

**Logging in.** By user and password, or with the access that somebody gave at Google, Microsoft or another provider
(OAuth2): its token is renewed by itself, and once more where the server refuses it.

**Errors.** `MailServerRefused` (wrong password, or a token that is not for this mailbox; the server's words are told),
`MailServerUnavailable` (no connection, broken off, or refused for now), `MailboxMissing`, `EncryptionRequired`,
`ConnectionFailed` (no such host, or a certificate that is not to be trusted), `AddressForbidden`, `StorageUnavailable`
(an attachment could not be stored; the mail comes with the next poll). It is asked again later each time; the fifth
failure in a row is a failed execution.

**Example.** Mailbox `INBOX`, from contains `@supplier.example`, output with attachments, afterwards move to `Done`.
"""

SPEC = NodeSpec(
    type="email_trigger",
    name="New email",
    category=Category.TRIGGER,
    icon="inbox",
    summary="Starts with each new email of a mailbox (IMAP).",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{mailbox}",
    trigger=TriggerKind.APP,
    listens=TriggerCode(polls=True, every="everyMinutes"),
    credentials=READERS,
    network=True,
    timeout_seconds=60,
    memory_mb=1024,
    errors=(
        "MailServerRefused",
        "MailServerUnavailable",
        "MailboxMissing",
        "EncryptionRequired",
        "ConnectionFailed",
        "AddressForbidden",
        "StorageUnavailable",
    ),
    retryable=("MailServerUnavailable", "ConnectionFailed", "StorageUnavailable"),
    output_example=(
        {
            "from": {"name": "Ada", "address": "ada@example.com"},
            "to": [{"name": "", "address": "orders@example.com"}],
            "cc": [],
            "replyTo": [],
            "subject": "Order 7",
            "date": "2026-11-29T09:00:00.000Z",
            "receivedAt": "2026-11-29T09:00:02.000Z",
            "text": "Three boxes, please.",
            "html": "",
            "messageId": "<7@example.com>",
            "inReplyTo": None,
            "references": [],
            "attachments": [{"name": "order.pdf", "mimeType": "application/pdf", "size": 48213}],
            "uid": 4711,
            "mailbox": "INBOX",
            "flags": [],
            "size": 67890,
        },
    ),
)
