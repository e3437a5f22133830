"""From parameters to a message. Line breaks never reach a header: they could forge others."""

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, getaddresses, make_msgid
from typing import Final

from functions.nodes.email.spec import Params
from stepweave.runtime.errors import AddressInvalid

_MOST_RECIPIENTS: Final = 100
"""What mail servers must accept at least for one message (RFC 5321, section 4.5.3.1.8)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message with its envelope."""

    sender: str
    recipients: list[str]
    message: EmailMessage


def message_of(params: Params, default_sender: str) -> Mail:
    """Return the message that parameters describe.

    Args:
        params: of the node.
        default_sender: the mail server's own sender.

    Raises:
        AddressInvalid: an address or the subject cannot be used, or there is no sender or recipient.
    """
    senders = _addresses(params.sender or default_sender, "From")
    if len(senders) != 1:
        raise AddressInvalid("From must be one address.", "Fill in From, or set a sender in the mail server.")
    to, cc, bcc = _addresses(params.to, "To"), _addresses(params.cc, "Cc"), _addresses(params.bcc, "Bcc")
    recipients = list(dict.fromkeys(address.addr_spec for address in (*to, *cc, *bcc)))
    if not recipients:
        raise AddressInvalid("To names nobody.", "Fill in To.")
    if len(recipients) > _MOST_RECIPIENTS:
        raise AddressInvalid(
            f"{len(recipients)} recipients are too many; a message may have {_MOST_RECIPIENTS}.",
            "Send several messages.",
        )
    message = EmailMessage(policy=SMTP)
    message["From"] = senders
    if to:
        message["To"] = to
    if cc:
        message["Cc"] = cc
    if reply_to := _addresses(params.reply_to, "Reply to"):
        message["Reply-To"] = reply_to
    message["Subject"] = _one_line(params.subject, "Subject")
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=senders[0].domain)
    message.set_content(params.text or "")
    if params.html:
        message.add_alternative(params.html, subtype="html")
    return Mail(senders[0].addr_spec, recipients, message)


def _one_line(text: str, field: str) -> str:
    if any(ord(char) < 32 and char != "\t" for char in text):
        raise AddressInvalid(
            f"{field} holds a line break, which could forge headers.", f"Take line breaks out of {field}."
        )
    return text


def _addresses(text: str, field: str) -> list[Address]:
    found = []
    for name, spec in getaddresses([_one_line(text, field)]):
        if not name and not spec:
            continue
        local, at, domain = spec.rpartition("@")
        try:
            if not at or not local or not domain or " " in spec:
                raise ValueError(spec)
            found.append(Address(display_name=name, username=local, domain=domain.encode("idna").decode()))
        except (ValueError, HeaderParseError, UnicodeError, IndexError):
            raise AddressInvalid(
                f"{field}: “{(spec or name)[:100]}” is not an email address.",
                "Write addresses as ada@example.com or Ada <ada@example.com>, separated by commas.",
                details={"field": field},
            ) from None
    if text.strip() and not found:
        raise AddressInvalid(f"{field}: “{text.strip()[:100]}” is not an email address.", "Write ada@example.com.")
    return found
