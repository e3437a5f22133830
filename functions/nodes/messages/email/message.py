"""From parameters to a message: its bytes and its envelope.

Written here, not by Python's `email` package: that one decodes encoded words in headers, so that they can forge others,
and the supported versions differ in it.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from functions.nodes.messages.email.addresses import Address, addresses_of
from functions.nodes.messages.email.errors import AddressInvalid
from functions.nodes.messages.email.headers import address_header, one_line, text_header, token_header
from functions.nodes.messages.email.spec import Params
from stepweave.model.json_text import mended_text

_MOST_RECIPIENTS: Final = 100
"""What mail servers must accept at least for one message (RFC 5321, section 4.5.3.1.8)."""
_LONGEST_LINE: Final = 998
"""What mail servers must carry (RFC 5322, section 2.1.1)."""
_MOSTLY_ASCII: Final = 3
"""Up to one byte in three beyond ASCII a text stays legible as quoted-printable; with more, base64 is much shorter."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message with its envelope. `international` says that its addresses need SMTPUTF8 (RFC 6531)."""

    sender: str
    recipients: list[str]
    message_id: str
    content: bytes
    international: bool


def message_of(params: Params, default_sender: str, key: str = "") -> Mail:
    """Return the message that parameters describe.

    Args:
        params: of the node.
        default_sender: the mail server's own sender.
        key: what makes the same message again have the same `Message-ID`; without one it is random.

    Raises:
        AddressInvalid: an address or the subject cannot be used, or there is no sender or recipient.
    """
    senders = _addresses(params.sender or default_sender, "From")
    if len(senders) != 1:
        raise AddressInvalid("From must be one address.", "Fill in From, or set a sender in the mail server.")
    [sender] = senders
    to, cc, bcc = _addresses(params.to, "To"), _addresses(params.cc, "Cc"), _addresses(params.bcc, "Bcc")
    reply_to = _addresses(params.reply_to, "Reply to")
    recipients = list(dict.fromkeys(address.spec for address in (*to, *cc, *bcc)))
    if not recipients:
        raise AddressInvalid("To names nobody.", "Fill in To.")
    if len(recipients) > _MOST_RECIPIENTS:
        raise AddressInvalid(
            f"{len(recipients)} recipients are too many; a message may have {_MOST_RECIPIENTS}.",
            "Send several messages.",
        )
    message_id = _message_id(sender.domain, key)
    lists = (("To", to), ("Cc", cc), ("Reply-To", reply_to))
    head = [address_header("From", senders)]
    head += [address_header(name, addresses) for name, addresses in lists if addresses]
    head += [
        text_header("Subject", one_line(mended_text(params.subject), "Subject")),
        token_header("Date", formatdate()),
        token_header("Message-ID", message_id),
        token_header("MIME-Version", "1.0"),
    ]
    content = b"".join(head) + _body(mended_text(params.text), mended_text(params.html))
    international = any(not part.isascii() for part in (sender.spec, *recipients, *(a.spec for a in reply_to)))
    return Mail(sender.spec, recipients, message_id, content, international)


def _addresses(text: str, field: str) -> list[Address]:
    return addresses_of(one_line(mended_text(text), field), field)


def _message_id(domain: str, key: str) -> str:
    unique = hashlib.sha256(key.encode()).hexdigest()[:32] if key else secrets.token_hex(16)
    return f"<{unique}@{domain}>"


def _body(text: str, html: str) -> bytes:
    """Return the rest of a message from its content type on: what is filled in, or a text without anything in it."""
    if not html.strip():
        return _part("plain", text)
    if not text.strip():
        return _part("html", html)
    # No encoding that `_part` uses can make a line of this (RFC 2045, section 6.7).
    boundary = f"=_{secrets.token_hex(16)}"
    parts = b"".join(
        b"--%b\r\n%b\r\n" % (boundary.encode(), _part(kind, content))
        for kind, content in (("plain", text), ("html", html))
    )
    return (
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
        + parts
        + f"--{boundary}--\r\n".encode()
    )


def _part(subtype: str, text: str) -> bytes:
    """Return a text with its headers. All kinds of line ends become CRLF; nothing else in it changes for the reader."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    raw = lines.encode()
    if lines.isascii() and _is_safe(lines):
        encoding, content = "7bit", raw
    elif sum(byte > 127 for byte in raw) * _MOSTLY_ASCII < len(raw):
        encoding, content = "quoted-printable", binascii.b2a_qp(raw, istext=True)
    else:
        encoding, content = "base64", base64.encodebytes(raw.replace(b"\n", b"\r\n"))
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + content.replace(b"\n", b"\r\n")


def _is_safe(lines: str) -> bool:
    """Whether ASCII text passes all mail servers as it is: no control characters, no long lines."""
    if any((ord(char) < 32 and char not in "\t\n") or ord(char) == 127 for char in lines):
        return False
    return all(len(line) <= _LONGEST_LINE for line in lines.split("\n"))
