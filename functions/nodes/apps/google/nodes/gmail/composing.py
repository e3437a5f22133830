"""From parameters to a message as Gmail takes it: MIME, with the blind copies' addresses, which Gmail takes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from functions.nodes.apps.google.nodes.gmail.fields import Content
from stepweave.model.json_text import mended_text
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.mail.addresses import Address, addresses_of
from stepweave.runtime.mail.attachments import attachment_of
from stepweave.runtime.mail.errors import AddressInvalid, EmailTooLarge
from stepweave.runtime.mail.headers import address_header, one_line, plain_header, text_header, token_header
from stepweave.runtime.mail.mime import body, stream_of
from stepweave.spec.operations import Call

MOST_BYTES: Final = 35 * 1024 * 1024
"""Of a message with its files as base64 (Gmail API, "Uploading attachments")."""


@dataclass(frozen=True, slots=True)
class Head:
    """A message's addresses and subject, as text, and headers of its conversation."""

    to: str
    subject: str
    cc: str = ""
    bcc: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A message that is ready, as a file that is made while it is sent (`SentFile`)."""

    stream: Stream
    name: str = "message.eml"
    mime_type: str = "message/rfc822"

    @property
    def size(self) -> int:
        """In bytes."""
        return self.stream.size

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes."""
        return self.stream.open()


def composed(call: Call, head: Head, params: Content) -> Composed:
    """Return the message of an item.

    Raises:
        AddressInvalid: an address or the subject cannot be used, or nobody gets it.
        EmailTooLarge: it has more than Gmail takes.
        ParameterInvalid, DataMissing: a file is not there.
    """
    sender = addresses(params.sender, "From")
    lists = {
        "From": sender,
        "To": addresses(head.to, "To"),
        "Cc": addresses(head.cc, "Cc"),
        "Bcc": addresses(head.bcc, "Bcc"),
        "Reply-To": addresses(params.reply_to, "Reply to"),
    }
    if len(sender) > 1:
        raise AddressInvalid("From must be one address.", "Leave it empty, or write one alias of the account.")
    if not (lists["To"] or lists["Cc"] or lists["Bcc"]):
        raise AddressInvalid("To names nobody.", "Fill in To.")
    pieces = [address_header(name, found) for name, found in lists.items() if found]
    pieces += [
        text_header("Subject", one_line(mended_text(head.subject), "Subject")),
        token_header("Date", formatdate()),
        *(plain_header(name, value) for name, value in head.headers if value),
        token_header("MIME-Version", "1.0"),
    ]
    files = [attachment_of(file) for file in call.files("attachments")]
    made = Composed(stream_of([b"".join(pieces), *body(mended_text(params.text), mended_text(params.html), files)]))
    if made.size > MOST_BYTES:
        raise EmailTooLarge(
            f"The message has {made.size // 1024 // 1024} MB with its files; Gmail takes 35 MB.",
            "Put the files on Google Drive, and send links to them.",
            details={"most": MOST_BYTES},
        )
    return made


def addresses(text: str, field: str) -> list[Address]:
    """Return the addresses of a field. Raises AddressInvalid."""
    return addresses_of(one_line(mended_text(text), field), field)
