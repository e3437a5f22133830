"""The email node as a value."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import as_text

CREDENTIALS: Final = ("smtp", "gmail_oauth2", "microsoft_mail", "microsoft_mail_app", "mail_oauth2")


def _or_empty(value: Any) -> Any:
    return "" if value is None else as_text(value)


def _one_list(value: Any) -> Any:
    """Join a list of texts as one writes addresses; anything else stays what it is."""
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return ", ".join(value)
    return _or_empty(value)


OptionalText = Annotated[str, BeforeValidator(_or_empty)]
"""Text; a field that is missing is empty."""
Addresses = Annotated[str, BeforeValidator(_one_list)]
"""Addresses separated by commas; a list of texts is such a list."""


class Params(NodeParams):
    """The message."""

    credential: str = ui(
        ..., title="Mail server", kind=Kind.CREDENTIAL, credential=CREDENTIALS, expression=False, min_length=1
    )
    sender: OptionalText = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="Empty takes the mail server's own sender.",
        max_length=320,
    )
    to: Addresses = ui(
        ...,
        title="To",
        kind=Kind.TEXT,
        placeholder="ada@example.com, Bob <bob@example.com>",
        help="Several addresses are separated by commas, or an expression gives a list of them.",
        min_length=1,
        max_length=10_000,
    )
    subject: OptionalText = ui("", title="Subject", kind=Kind.TEXT, max_length=2_000)
    text: OptionalText = ui("", title="Text", kind=Kind.MULTILINE)
    html: OptionalText = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        help="Sent beside the text, or alone where there is no text.",
        group="options",
    )
    cc: Addresses = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=10_000)
    bcc: Addresses = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=10_000)
    reply_to: Addresses = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1_000)


DOCS = """\
Sends one email for each input item through an SMTP server, over one connection. It logs in by user and password, or
with the access that somebody gave at Google, Microsoft or another provider (OAuth2).

**Addresses.** `ada@example.com` or `Ada <ada@example.com>`, separated by commas or semicolons; a name with a comma in
it stands in quotes: `"Doe, Ada" <ada@example.com>`. An expression may give a list of such texts. An address that
stands twice gets one message. A host beyond ASCII is sent as IDNA writes it (`straße.de` is `xn--strae-oqa.de`);
letters beyond ASCII in front of the @ need a server that has SMTPUTF8.

**Text.** What you write is what arrives: nothing in subject and names is taken for an encoded word (`=?utf-8?...?=`),
and a line may begin with `From `. All kinds of line ends become the mail's own; half of a surrogate pair becomes
U+FFFD. With HTML and no text, the message is HTML alone; with both, programs show the one they can. A field whose
expression finds nothing is empty.

**Output.** One item per message: `messageId`, `accepted` and `rejected` addresses. A message that at least one
recipient can receive counts as sent. The `messageId` is that of the item: where a retry sends a message again, both
have the same, by which mail programs and servers can tell.

**Errors.** `EmailRefused` (the server's code and words: unknown recipient, wrong password or token, message refused),
`EmailUnavailable` (no connection, time-out, or a temporary refusal; retried where the node has retries),
`AddressInvalid`. A line break or another control character in an address or subject is refused, as it could forge
headers; white space around them is dropped.

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
    credentials=CREDENTIALS,
    network=True,
    timeout_seconds=60,
    errors=("EmailRefused", "EmailUnavailable", "AddressInvalid", "ConnectionFailed", "AddressForbidden"),
    retryable=("EmailUnavailable", "ConnectionFailed"),
    output_example=({"messageId": "<176389@example.com>", "accepted": ["ada@example.com"], "rejected": []},),
)
