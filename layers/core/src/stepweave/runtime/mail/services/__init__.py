"""Providers that send mails by their APIs, a file each."""

from typing import TYPE_CHECKING, Any

from stepweave.runtime.mail.services.mailgun import Mailgun
from stepweave.runtime.mail.services.postmark import Postmark
from stepweave.runtime.mail.services.resend import Resend
from stepweave.runtime.mail.services.sendgrid import SendGrid
from stepweave.runtime.mail.services.ses import Ses

if TYPE_CHECKING:
    from stepweave.runtime.mail.sender import Sender
    from stepweave.runtime.step import Step

_APIS = {"sendgrid": SendGrid, "mailgun": Mailgun, "resend": Resend, "postmark": Postmark}


def service_of(kind: str, data: dict[str, Any], credential: str, step: "Step[Any]") -> "Sender":
    """Return the provider that sends with a credential.

    Args:
        kind: the credential's type, one of `stepweave.spec.mails.SERVICES`.
        data: of the credential.
        credential: its id.
        step: on whose behalf it sends.
    """
    return Ses(step, credential) if kind == "aws" else _APIS[kind](data, credential, step)
