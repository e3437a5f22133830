"""The node for SES as a value."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from functions.nodes.apps.aws.specs import action_node, credential_field, region_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames, Text, as_text, names_field


def _one_list(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "" if value is None else as_text(value)


Addresses = Annotated[str, BeforeValidator(_one_list)]
"""Addresses separated by commas; a list of texts is such a list."""
_WRITTEN = {"content": ["written"]}
_TEMPLATE = {"content": ["template"]}


class Params(NodeParams):
    """The mail."""

    credential: str = credential_field()
    sender: Text = ui(
        ...,
        title="From",
        kind=Kind.TEXT,
        placeholder="Shop <orders@example.com>",
        help="An address that SES has verified, or of a domain that it has.",
        options_from=OptionsFrom("senders", needs=("credential",)),
        min_length=3,
        max_length=320,
    )
    to: Addresses = ui(
        ...,
        title="To",
        kind=Kind.TEXT,
        placeholder="ada@example.com, Bob <bob@example.com>",
        help="Several addresses are separated by commas, or an expression gives a list of them.",
        min_length=3,
        max_length=10_000,
    )
    content: Literal["written", "template"] = ui(
        "written",
        title="Content",
        kind=Kind.SELECT,
        expression=False,
        options=[("written", "Written here"), ("template", "A template of SES")],
    )
    subject: Text = ui(
        "", title="Subject", kind=Kind.TEXT, show_when=_WRITTEN, required_when_shown=True, max_length=2000
    )
    text: Text = ui("", title="Text", kind=Kind.MULTILINE, show_when=_WRITTEN)
    html: Text = ui("", title="HTML", kind=Kind.MULTILINE, help="Beside the text, or alone.", show_when=_WRITTEN)
    template: Text = ui(
        "",
        title="Template",
        kind=Kind.TEXT,
        options_from=OptionsFrom("templates", needs=("credential",)),
        show_when=_TEMPLATE,
        required_when_shown=True,
        max_length=64,
    )
    template_data: Any = ui(
        None, title="Data of the template", kind=Kind.JSON, placeholder="{{ $json }}", show_when=_TEMPLATE
    )
    attachments: FieldNames = names_field(
        "Attachments",
        placeholder="data, invoice",
        help="Names of the item's files, separated by commas.",
    )
    cc: Addresses = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=10_000)
    bcc: Addresses = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=10_000)
    reply_to: Addresses = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1000)
    configuration_set: Text = ui("", title="Configuration set", kind=Kind.TEXT, group="options", max_length=64)
    region: Text = region_field()


DOCS = """\
Sends a mail through SES (API v2) for each input item. New accounts are in SES's sandbox: they send to verified
addresses only, until AWS lets them out.

**Attachments** are files of the item, together with the text at most 40 MB.

**Rights.** `ses:SendEmail`; `ses:ListEmailIdentities` and `ses:ListEmailTemplates` for the form.

**Output.** `messageId`. SES has taken the mail; whether it arrives is told to the configuration set's destinations.

**Errors.** `AwsRefused` (SES's own code and words: `MessageRejected`, `MailFromDomainNotVerifiedException`,
`AccountSuspendedException`, ...), `AwsResourceMissing`, `AwsAccessDenied`, `AwsKeysRefused`, `HttpRateLimited` (more
than the account may send), `HttpServerError`, `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`. A mail that SES
may have taken though no answer came is not sent again by itself.

**Example.** From `orders@example.com`, to `{{ $json.email }}`, subject `Your invoice`, attachments `invoice`.
"""

SPEC = action_node(
    type="aws_ses",
    name="AWS SES",
    icon="mails",
    summary="Sends mails with attachments.",
    docs=DOCS,
    params=Params,
    subtitle="to {to}",
    output_example=({"messageId": "0100018c-2a7e-4e4b-9d8a-000000000000"},),
)
