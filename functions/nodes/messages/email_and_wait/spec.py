"""The node that asks by email as a value."""

from stepweave.spec.fields import Kind, ui
from stepweave.spec.mails import SENDERS, Envelope, OptionalText
from stepweave.spec.node import Category, NodeSpec, Port, Waiting
from stepweave.spec.parts import Text
from stepweave.spec.questions import Answering


class Mail(Envelope):
    """The mail that asks."""

    subject: Text = ui(
        ...,
        title="Subject",
        kind=Kind.TEXT,
        placeholder="Refund order {{ $json.id }}?",
        help="Also the title of the page on which it is answered.",
        min_length=1,
        max_length=200,
    )
    message: OptionalText = ui(
        "",
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.customer }} asks for {{ $json.amount }} EUR.",
        help="What people need to know to answer. Markdown on the page, plain text in the mail.",
        max_length=10_000,
    )


class Params(Answering, Mail):
    """The mail, and what may be answered."""

    html: OptionalText = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        help="In the mail in place of the message, above the buttons.",
        group="options",
        max_length=200_000,
    )
    button: OptionalText = ui(
        "",
        title="Button",
        kind=Kind.TEXT,
        placeholder="Answer",
        help="Of a mail that asks for text or a form.",
        group="options",
        max_length=60,
    )


DOCS = """\
Sends an email that asks something, and goes on with the answer. Nothing runs and nothing is paid for while it waits,
up to a year. It sends with the same accounts as *Send email*.

**Answering.** The mail has a button for each answer, or one that leads to the page with the text or the form. A
button opens a page of the platform's, on which the answer is sent: looking changes nothing, so that scanners of mails
and previews of links, which open what they find, answer nothing. The first answer counts; later ones are told that
they are not taken, and so is one after the time is over. Whoever has the link may answer, a colleague whom the mail
is forwarded to as well: where it matters who decides, use *Approval*. The page shows nothing else of the workflow.

**Output.** One item with the answer, and `submittedAt`. Of *Approve or refuse*: `decision` (what the button says),
`approved` (true or false) and `comment`; of *Free text*: `answer`; of *A form*: the answers by the fields' names, as
the *Form* gives them, with files. When nobody has answered in time, the input items on `timeout`. One run asks once,
made of the first item, whoever it is sent to; to ask for each item, put the node into a *Loop*, whose rounds may wait
beside each other.

**Errors.** `EmailRefused`, `EmailUnavailable`, `EmailTooLarge`, `AddressInvalid` as of *Send email*,
`ResponseInvalid` and `ResponseTooLarge` (what answers is not the provider), `ParameterInvalid` for a page that cannot
be shown, `NoPublicAddress` (the platform's operator has set none). Where the mail cannot be sent, nothing waits. A
retry sends the mail with the same `Message-ID` and the same link.

**Example.** Subject `Refund order {{ $json.id }}?`; behind it an *If* on `{{ $json.approved }}`.
"""

SPEC = NodeSpec(
    type="email_and_wait",
    name="Send email and wait",
    category=Category.MESSAGE,
    icon="mail-question",
    summary="Asks by email, with buttons, free text or a form, and waits for the answer.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", "Answered"), Port("timeout", "Timed out")),
    waiting=Waiting(seconds="limitSeconds", timeout_port="timeout"),
    subtitle="to {to}",
    credentials=SENDERS,
    network=True,
    timeout_seconds=120,
    errors=(
        "EmailRefused",
        "EmailUnavailable",
        "EmailTooLarge",
        "AddressInvalid",
        "NoPublicAddress",
        "ResponseInvalid",
        "ResponseTooLarge",
        "ConnectionFailed",
        "AddressForbidden",
    ),
    retryable=("EmailUnavailable", "ConnectionFailed"),
    output_example=(
        {"decision": "Approve", "comment": "Fine.", "submittedAt": "2026-11-30T09:00:00.000Z", "approved": True},
    ),
)
