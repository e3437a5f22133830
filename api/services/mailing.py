"""The platform's own mail: invitations, links to verify and to reset. What workflows send goes through their nodes."""

from email.errors import MessageError

from api import codes
from api.ports import Mails
from api.refusals import Refused
from stepweave.aws import AwsError
from stepweave_data.mails import mails_of, one_line
from stepweave_data.telemetry import logger

__all__ = ["mails_of", "one_line", "send"]


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
