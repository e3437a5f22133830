"""Who sends a message: a mail server, or a provider's API; the type of the account's credential says which."""

from typing import TYPE_CHECKING, Any

from stepweave.runtime.mail.account import Account
from stepweave.runtime.mail.attachments import check_size
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.sender import Sender
from stepweave.runtime.mail.smtp import MailServer
from stepweave.spec.mails import MAIL_SERVERS, SENDERS

if TYPE_CHECKING:
    from stepweave.runtime.step import Step


def sender_of(step: "Step[Any]", credential: str) -> Sender:
    """Return who sends with a credential (its id). Raises as `Step.credential`, CredentialMissing."""
    kind, data = step.credential_of(credential, SENDERS)
    if kind in MAIL_SERVERS:
        return MailServer(
            Account.of(data),
            step.remaining,
            lambda: Account.of(step.credential(credential, MAIL_SERVERS, data)).token,
        )
    from stepweave.runtime.mail.services import service_of

    return service_of(kind, data, credential, step)


def sent(sender: Sender, mail: Mail) -> dict[str, Any]:
    """Send a message whose files are not too large. Returns and raises as `Sender.send`."""
    check_size(mail.written.files, sender.most_bytes, sender.name)
    return sender.send(mail)
