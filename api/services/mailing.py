"""The platform's own mail: invitations, links to verify and to reset. What workflows send goes through their nodes.

A mailer is `ses:` on AWS and a mail server's `smtp://host:port` on one machine (`STEPWEAVE_MAIL_URL`). Words are plain
text: a link in it is seen as what it is, and no tracker changes it.
"""

import smtplib
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import urlsplit

from api import codes
from api.ports import Mails
from api.refusals import Refused
from stepweave.aws import AwsError
from stepweave_data.telemetry import logger

NAME: Final = "Stepweave"
_SECONDS: Final = 5.0
_PORT: Final = 25


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


def send(mails: Mails | None, to: str, subject: str, text: str) -> None:
    """Send a message of the platform's.

    Args:
        mails: what sends it; None in a deployment that sends none.
        to: one address.
        subject: one line (`one_line`).
        text: plain text.

    Raises:
        Refused: `mail_unavailable`; neither address nor text goes to the log.
    """
    if mails is None:
        raise Refused(
            codes.MAIL_UNAVAILABLE, "This deployment sends no mail: ask whoever runs it to set a mail server."
        )
    try:
        if not all(to.rpartition("@")):
            raise ValueError("no address")
        mails.send(to, subject, text)
    except (AwsError, OSError, ValueError, MessageError) as error:
        logger().warning("mail could not be sent", error=type(error).__name__)
        raise Refused(
            codes.MAIL_UNAVAILABLE, "The mail could not be sent. Check the address, and try again."
        ) from error
