"""What sends the platform's own mail: `ses:` on AWS, and a mail server's `smtp://host:port` on one machine.

Words are plain text: a link in it is seen as what it is, and no tracker changes it.
"""

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Final, Protocol
from urllib.parse import urlsplit

NAME: Final = "Stepweave"
_SECONDS: Final = 5.0
_PORT: Final = 25


class Mails(Protocol):
    """What sends mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a message of text to one address. Raises AwsError, OSError."""


@dataclass(frozen=True)
class ServerMails:
    """Mail through a server that asks for no log-in: the mail catcher, or a relay within the network."""

    host: str
    port: int
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a message. Raises OSError (smtplib's errors are some)."""
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(NAME, addr_spec=self.sender)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notes do not answer
        message.set_content(text)
        with smtplib.SMTP(self.host, self.port, timeout=_SECONDS) as server:
            server.send_message(message)


def mails_of(url: str, sender: str) -> Mails | None:
    """Return what sends mail by `STEPWEAVE_MAIL_URL`: `ses:` or `smtp://host:port`; None where it is empty.

    Raises:
        ValueError: it is neither, or there is no sender.
    """
    if not url:
        return None
    if "@" not in sender:
        raise ValueError("STEPWEAVE_MAIL_FROM must be the address that mail is sent from.")
    parts = urlsplit(url)
    if parts.scheme == "ses":
        from stepweave.aws.control.mails import SesMails

        return SesMails(f"{NAME} <{sender}>")
    if parts.scheme == "smtp" and parts.hostname:
        return ServerMails(parts.hostname, parts.port or _PORT, sender)
    raise ValueError("STEPWEAVE_MAIL_URL is `ses:` or `smtp://host:port`.")


def one_line(text: str, most: int = 100) -> str:
    """Return what somebody called something, fit for a subject or a line: no line breaks, and no more than `most`."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
