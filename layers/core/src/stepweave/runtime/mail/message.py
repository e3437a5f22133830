"""From parameters to a message, and from it to what goes on the wire."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Final

from stepweave.model.json_text import mended_text
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.mail.addresses import Address, addresses_of
from stepweave.runtime.mail.attachments import Attachment
from stepweave.runtime.mail.errors import AddressInvalid
from stepweave.runtime.mail.extra_headers import extra_headers
from stepweave.runtime.mail.headers import address_header, one_line, plain_header, text_header, token_header
from stepweave.runtime.mail.mime import Piece, body, stream_of
from stepweave.spec.mails import Envelope

_MOST_RECIPIENTS: Final = 100
"""What mail servers must accept at least for one message (RFC 5321, section 4.5.3.1.8)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a message."""

    subject: str
    text: str = ""
    html: str = ""
    files: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A message.

    Attributes:
        headers: further ones, by name.
        key: what makes the same message again known to be the same; "" for none.
        date: as the header has it.
    """

    sender: Address
    to: Sequence[Address]
    cc: Sequence[Address]
    bcc: Sequence[Address]
    reply_to: Sequence[Address]
    written: Written
    headers: Sequence[tuple[str, str]]
    message_id: str
    key: str = ""
    date: str = field(default_factory=formatdate)

    @property
    def recipients(self) -> list[str]:
        """All addresses that get it, each once."""
        return list(dict.fromkeys(address.spec for address in (*self.to, *self.cc, *self.bcc)))

    @property
    def international(self) -> bool:
        """Whether its addresses need SMTPUTF8 (RFC 6531)."""
        return any(not one.isascii() for one in (self.sender.spec, *self.recipients, *(a.spec for a in self.reply_to)))

    def mime(self) -> Stream:
        """Return it as bytes, without the blind copies' addresses."""
        lists = (("To", self.to), ("Cc", self.cc), ("Reply-To", self.reply_to))
        head = [address_header("From", [self.sender])]
        head += [address_header(name, addresses) for name, addresses in lists if addresses]
        head += [
            text_header("Subject", self.written.subject),
            token_header("Date", self.date),
            token_header("Message-ID", self.message_id),
            *(plain_header(name, value) for name, value in self.headers),
            token_header("MIME-Version", "1.0"),
        ]
        first: Piece = b"".join(head)
        return stream_of([first, *body(self.written.text, self.written.html, self.written.files)])


def message_of(envelope: Envelope, written: Written, default_sender: str, key: str = "") -> Mail:
    """Return the message that parameters describe.

    Args:
        envelope: of the node's parameters.
        written: what stands in it.
        default_sender: the account's own sender.
        key: what makes the same message again have the same `Message-ID`; without one it is random.

    Raises:
        AddressInvalid: an address, the subject or a header cannot be used, or there is no sender or recipient.
    """
    senders = _addresses(envelope.sender or default_sender, "From")
    if len(senders) != 1:
        raise AddressInvalid("From must be one address.", "Fill in From, or set a sender in the account.")
    to, cc, bcc = (
        _addresses(text, name) for text, name in ((envelope.to, "To"), (envelope.cc, "Cc"), (envelope.bcc, "Bcc"))
    )
    made = Mail(
        sender=senders[0],
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=_addresses(envelope.reply_to, "Reply to"),
        written=Written(
            one_line(mended_text(written.subject), "Subject"),
            mended_text(written.text),
            mended_text(written.html),
            written.files,
        ),
        headers=extra_headers(envelope),
        message_id=_message_id(senders[0].domain, key),
        key=key,
    )
    if not made.recipients:
        raise AddressInvalid("To names nobody.", "Fill in To.")
    if len(made.recipients) > _MOST_RECIPIENTS:
        raise AddressInvalid(
            f"{len(made.recipients)} recipients are too many; a message may have {_MOST_RECIPIENTS}.",
            "Send several messages.",
        )
    return made


def _addresses(text: str, field: str) -> list[Address]:
    return addresses_of(one_line(mended_text(text), field), field)


def _message_id(domain: str, key: str) -> str:
    unique = hashlib.sha256(key.encode()).hexdigest()[:32] if key else secrets.token_hex(16)
    return f"<{unique}@{domain}>"
