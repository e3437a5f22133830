"""The trigger for new messages as a value."""

from functions.nodes.apps.google.nodes.gmail.fields import labels_field
from functions.nodes.apps.google.nodes.gmail.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which messages, and how often to look."""

    credential: str = credential_field(APP.credential)
    every_minutes: int = every_field(1)
    labels: str = labels_field("Labels", help="Messages that have all of them.", expression=False)
    q: str = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        expression=False,
        placeholder="from:ada@example.com has:attachment",
        help="As in Gmail's own search field: only what it finds starts the workflow.",
        max_length=2_000,
    )
    with_attachments: bool = ui(
        False, title="Get attachments", kind=Kind.BOOLEAN, expression=False, help="As the items' files."
    )
    include_spam_trash: bool = ui(
        False, title="Spam and Trash, too", kind=Kind.BOOLEAN, expression=False, group="options"
    )
    include_sent: bool = ui(
        False,
        title="Sent messages and drafts, too",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: what the account itself sends or writes starts nothing.",
        group="options",
    )


DOCS = """\
Starts the published workflow with each new message that the labels and the search find. What was there when it was
published is not new. A message counts when it is found for the first time: when it comes, or when it gets the label.

**Output.** One item for each message, the oldest first: `id` and `threadId` (Gmail's), `labels`, `date`, `from`, `to`
and further headers as text, `subject`, `text`, `html` and `attachments`, which are files with *Get attachments*.

**Once.** Messages are told apart by their IDs, not by their dates: many in one second, and one that comes late with an
older date, start the workflow once each.

**Errors.** `LabelMissing`; `HttpClientError` (4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `RequestTimeout`,
`ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`.

**Example.** Label `INBOX`, search `has:attachment subject:invoice`, every minute.
"""

SPEC = polling_trigger(
    APP,
    type="gmail_trigger",
    name="Gmail: new message",
    icon="mail",
    summary="Starts with each new message that a search and labels find.",
    docs=DOCS,
    params=Params,
    subtitle="{q}",
    errors=("LabelMissing", *HTTP_ERRORS),
    output_example=(
        {"id": "18c2f", "threadId": "18c2f", "from": "Ada <ada@example.com>", "subject": "Hi", "text": "Hello"},
    ),
)
