"""The email node as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The message."""

    credential: str = ui(
        ..., title="Mail server", kind=Kind.CREDENTIAL, credential="smtp", expression=False, min_length=1
    )
    sender: Text = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="Empty takes the mail server's own sender.",
        max_length=320,
    )
    to: Text = ui(
        ...,
        title="To",
        kind=Kind.TEXT,
        placeholder="ada@example.com, Bob <bob@example.com>",
        help="Several addresses are separated by commas.",
        min_length=1,
        max_length=10_000,
    )
    subject: Text = ui("", title="Subject", kind=Kind.TEXT, max_length=2_000)
    text: Text = ui("", title="Text", kind=Kind.MULTILINE)
    html: Text = ui(
        "", title="HTML", kind=Kind.MULTILINE, help="Sent beside the text, for programs that show it.", group="options"
    )
    cc: Text = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=10_000)
    bcc: Text = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=10_000)
    reply_to: Text = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1_000)


DOCS = """\
Sends one email for each input item through an SMTP server, over one connection.

**Output.** One item per message: `messageId`, `accepted` and `rejected` addresses. A message that at least one
recipient can receive counts as sent.

**Errors.** `EmailRefused` (the server's code and words: unknown recipient, wrong password, message refused),
`EmailUnavailable` (no connection, time-out, or a temporary refusal; retried where the node has retries),
`AddressInvalid`. A line break in an address or subject is refused, as it could forge headers.

**Example.** To `{{ $json.approver }}`, subject `Order {{ $json.id }} needs approval`.
"""

SPEC = NodeSpec(
    type="email",
    name="Send email",
    category=Category.MESSAGE,
    icon="mail",
    summary="Sends an email for each item.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="to {to}",
    credentials=("smtp",),
    network=True,
    timeout_seconds=60,
    errors=("EmailRefused", "EmailUnavailable", "AddressInvalid", "ConnectionFailed", "AddressForbidden"),
    retryable=("EmailUnavailable", "ConnectionFailed"),
    output_example=({"messageId": "<176389@example.com>", "accepted": ["ada@example.com"], "rejected": []},),
)
