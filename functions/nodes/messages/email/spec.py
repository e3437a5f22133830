"""The email node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import SENDERS, Envelope, OptionalText
from stepweave.spec.node import Category, Emits, NodeSpec, Port

_WRITTEN = {"content": ["written"]}
_TEMPLATE = {"content": ["template"]}


class Picture(NodeParams):
    """A picture that the HTML shows."""

    name: OptionalText = ui("", title="Name", kind=Kind.TEXT, max_length=200)
    value: Any = ui(None, title="File", kind=Kind.TEXT)


class Params(Envelope):
    """The message."""

    content: Literal["written", "template"] = ui(
        "written",
        title="Content",
        kind=Kind.SELECT,
        expression=False,
        options=[("written", "Written here"), ("template", "From templates (Mustache)")],
    )
    subject: OptionalText = ui("", title="Subject", kind=Kind.TEXT, show_when=_WRITTEN, max_length=2_000)
    text: OptionalText = ui("", title="Text", kind=Kind.MULTILINE, show_when=_WRITTEN)
    html: OptionalText = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        help="Sent beside the text, or alone where there is no text.",
        group="options",
        show_when=_WRITTEN,
    )
    template_subject: str = ui(
        "",
        title="Subject's template",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Order {{ id }}",
        help="{{ name }} is a field of the data.",
        show_when=_TEMPLATE,
        max_length=2_000,
    )
    template_text: str = ui(
        "", title="Text's template", kind=Kind.MULTILINE, expression=False, show_when=_TEMPLATE, max_length=200_000
    )
    template_html: str = ui(
        "",
        title="HTML's template",
        kind=Kind.MULTILINE,
        expression=False,
        help="What goes in is escaped; {{{ name }}} puts it in as it is.",
        show_when=_TEMPLATE,
        max_length=1_000_000,
    )
    template_data: Any = ui(
        None,
        title="Data",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="What the templates are filled in with. Empty: the item.",
        show_when=_TEMPLATE,
    )
    attachments: Any = ui(
        None,
        title="Attachments",
        kind=Kind.TEXT,
        placeholder="data, invoice",
        help="Names of the item's files with commas, * for all, or an expression that gives files: {{ $binary.data }}.",
    )
    inline_images: list[Picture] = ui(
        None,
        title="Pictures in the HTML",
        kind=Kind.KEY_VALUE,
        help='The name behind cid: (<img src="cid:logo">), and the item\'s file or an expression that gives one.',
        group="options",
        default_factory=list,
        max_length=50,
    )


DOCS = """\
Sends one email for each input item, with any account: a mail server (SMTP), by user and password or with the access
that somebody gave at Google, Microsoft or another provider (OAuth2), or Amazon SES (an *AWS* credential, which needs
`ses:SendRawEmail` and `ses:SendEmail`), SendGrid, Mailgun, Resend or Postmark. The form is the same for all.

**Addresses.** `ada@example.com` or `Ada <ada@example.com>`, separated by commas or semicolons; a name with a comma in
it stands in quotes: `"Doe, Ada" <ada@example.com>`. An expression may give a list of such texts. An address that
stands twice gets one message. A host beyond ASCII is sent as IDNA writes it (`straße.de` is `xn--strae-oqa.de`);
letters beyond ASCII in front of the @ need a server that has SMTPUTF8.

**Text.** What you write is what arrives: nothing in subject and names is taken for an encoded word (`=?utf-8?...?=`),
and a line may begin with `From `. All kinds of line ends become the mail's own; half of a surrogate pair becomes
U+FFFD. With HTML and no text, the message is HTML alone; with both, programs show the one they can. A field whose
expression finds nothing is empty.

**Templates.** With *From templates*, subject, text and HTML are Mustache's: `{{ name }}` is a field of the data,
`{{# rows }}…{{/ rows }}` stands once for each entry of a list, `{{^ rows }}…{{/ rows }}` where it is empty. In the HTML
what goes in is escaped, but with `{{{ name }}}`.

**Files.** *Attachments* names files of the item (`data, invoice`; `*` for all) or is an expression that gives one
(`{{ $binary.data }}`) or a list. *Pictures in the HTML* gives each a name, and the HTML shows it as
`<img src="cid:name">`, in any case; a name that no picture has is logged. Files are sent piece by piece. Together they
have 50 MB at most, 100 files; providers and servers take less (Postmark 7 MB, Mailgun 18, SendGrid 20, SES and Resend
29), because a file grows by a third on its way.

**Headers.** *Answer to* and *Conversation* take the `messageId` and the `references` of a mail that *New email* or
*Read email* gave: programs show both as one conversation. *Headers* adds others (`List-Unsubscribe`, `X-Order`); those
that the node or servers make are refused.

**Output.** One item per message: `messageId`, `accepted` and `rejected` addresses; of providers also their own `id`. A
message that at least one recipient can receive counts as sent. The `messageId` is that of the item: where a retry sends
a message again, both have the same, by which mail programs and servers can tell. Resend is given an idempotency key and
sends it once. SES and Resend write a `Message-ID` of their own; of SES it is told, of Resend `messageId` is their `id`.

**Errors.** `EmailRefused` (the code and words of the server or provider: unknown recipient, wrong password, key or
token, sender not verified, message refused), `EmailUnavailable` (no connection, time-out, too many messages at a time,
or a temporary refusal such as greylisting; retried where the node has retries), `EmailTooLarge` (for the node, the
provider or the server; `details.most` has the bytes that it takes), `AddressInvalid` (also a header that cannot be
used), `TemplateInvalid`, `ResponseInvalid` and `ResponseTooLarge` (what answers is not the provider). A line break or
another control character in an address or subject is refused, as it could forge headers; white space around them is
dropped.

**Example.** To `{{ $json.approver }}`, subject `Order {{ $json.id }} needs approval`, attachments `invoice`.
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
    credentials=SENDERS,
    network=True,
    timeout_seconds=120,
    memory_mb=512,
    errors=(
        "EmailRefused",
        "EmailUnavailable",
        "EmailTooLarge",
        "AddressInvalid",
        "TemplateInvalid",
        "ResponseInvalid",
        "ResponseTooLarge",
        "ConnectionFailed",
        "AddressForbidden",
    ),
    retryable=("EmailUnavailable", "ConnectionFailed"),
    output_example=({"messageId": "<176389@example.com>", "accepted": ["ada@example.com"], "rejected": []},),
)
