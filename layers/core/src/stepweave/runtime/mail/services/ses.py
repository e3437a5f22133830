"""Amazon SES, API version 2: messages as MIME (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html)."""

import json
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from stepweave.runtime.aws_account import account_of
from stepweave.runtime.aws_errors import AwsAccessDenied, AwsKeysRefused, AwsRefused, AwsResourceMissing
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http_errors import HttpRateLimited, HttpServerError, RequestTimeout
from stepweave.runtime.mail.errors import EmailRefused, EmailTooLarge, EmailUnavailable
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.mime import encoded, encoded_size
from stepweave.runtime.mail.services.api import once_each
from stepweave.runtime.network import ConnectionFailed

if TYPE_CHECKING:
    from stepweave.runtime.step import Step

_PATH: Final = "/v2/email/outbound-emails"
_FOR_GOOD: Final = (AwsKeysRefused, AwsAccessDenied, AwsResourceMissing, AwsRefused)
_FOR_NOW: Final = (HttpRateLimited, HttpServerError, RequestTimeout, ConnectionFailed)
_TOO_LONG: Final = "Message length is"
"""How SES begins when a message is too large (it has no code of its own)."""


class Ses:
    """Sends with an AWS credential, as its role where it has one."""

    name = "Amazon SES"
    address = ""
    """An AWS credential names none."""
    most_bytes = 29 * 1024 * 1024
    """A message has 40 MB at most, its files as base64."""

    def __init__(self, step: "Step[Any]", credential: str) -> None:
        self._step, self._credential = step, credential

    def close(self) -> None:
        """Do nothing: connections are kept for whoever asks next."""

    def send(self, mail: Mail) -> dict[str, Any]:
        """Send a message. Returns and raises as `Sender.send`."""
        try:
            account = account_of(self._step, self._credential)
            answer = account.rest(
                "ses", "email", _PATH, _body(mail), action="SendRawEmail", about=f"the sender {mail.sender.spec}"
            )
        except _FOR_GOOD as error:
            kind = EmailTooLarge if _TOO_LONG in error.message else EmailRefused
            raise kind(error.message, error.remedy, details=error.details) from None
        except _FOR_NOW as error:
            raise EmailUnavailable(
                error.message, error.remedy, details=error.details, retry_after=error.retry_after
            ) from None
        id = str(answer.get("MessageId") or "") if isinstance(answer, dict) else ""
        # SES writes a Message-ID of its own, in place of ours (SES developer guide, "header fields").
        domain = "email" if account.region == "us-east-1" else account.region
        return {
            "messageId": f"<{id}@{domain}.amazonses.com>",
            "id": id,
            "accepted": mail.recipients,
            "rejected": [],
        }


def _body(mail: Mail) -> Stream:
    to, cc, bcc = once_each(mail)
    lists = (("ToAddresses", to), ("CcAddresses", cc), ("BccAddresses", bcc))
    mark = secrets.token_hex(16)
    value = {
        "FromEmailAddress": mail.sender.spec,
        "Destination": {name: [one.spec for one in addresses] for name, addresses in lists if addresses},
        "Content": {"Raw": {"Data": mark}},
    }
    first, last = (text.encode() for text in json.dumps(value).split(mark))
    # The size of the mail and its boundaries are made once: the signature is of the very bytes that are sent.
    whole = mail.mime()

    def opened() -> Iterator[bytes]:
        yield first
        yield from encoded(whole.open(), lines=False)
        yield last

    return Stream(len(first) + encoded_size(whole.size, lines=False) + len(last), opened)
