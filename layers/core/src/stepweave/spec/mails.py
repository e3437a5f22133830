"""What nodes that send or read mails have alike: the types of their accounts, and fields of their forms."""

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import NameValue, as_text

READERS: Final = ("imap", "gmail_oauth2", "microsoft_mail", "microsoft_mail_app", "mail_oauth2")
"""The types of accounts whose mailboxes can be read (IMAP)."""
MAIL_SERVERS: Final = ("smtp", "gmail_oauth2", "microsoft_mail", "microsoft_mail_app", "mail_oauth2")
"""The types of accounts that send through a mail server (SMTP)."""
SERVICES: Final = ("aws", "sendgrid", "mailgun", "resend", "postmark")
"""The types of accounts that send through a provider's API."""
SENDERS: Final = (*MAIL_SERVERS, *SERVICES)
MOST_MB: Final = 50
"""Of a mail that is read."""


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


class Envelope(NodeParams):
    """Who sends a message to whom, with which account, and what stands in its headers."""

    credential: str = ui(..., title="Account", kind=Kind.CREDENTIAL, credential=SENDERS, expression=False, min_length=1)
    sender: OptionalText = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="Empty takes the account's own sender.",
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
    cc: Addresses = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=10_000)
    bcc: Addresses = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=10_000)
    reply_to: Addresses = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1_000)
    priority: Literal["normal", "high", "low"] = ui(
        "normal",
        title="Priority",
        kind=Kind.SELECT,
        expression=False,
        options=[("normal", "Normal"), ("high", "High"), ("low", "Low")],
        group="options",
    )
    in_reply_to: OptionalText = ui(
        "",
        title="Answer to",
        kind=Kind.TEXT,
        placeholder="{{ $json.messageId }}",
        help="The message id of the mail that this one answers: programs show both as one conversation.",
        group="options",
        max_length=1_000,
    )
    references: Addresses = ui(
        "",
        title="Conversation",
        kind=Kind.TEXT,
        placeholder="{{ $json.references }}",
        help="The message ids of the mails before that one, the first one first.",
        group="options",
        max_length=20_000,
    )
    headers: list[NameValue] = ui(
        None,
        title="Headers",
        kind=Kind.KEY_VALUE,
        help="Further headers, such as List-Unsubscribe. Those that other fields make cannot be among them.",
        group="options",
        default_factory=list,
        max_length=50,
    )
