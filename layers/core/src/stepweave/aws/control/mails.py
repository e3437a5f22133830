"""SES as the platform's own mail needs it: a message of text to one person."""

from stepweave.aws.control.clients import aws_errors, client


class SesMails:
    """Mail through SES, from an address that is verified there.

    Args:
        sender: the address, with a name in front where there is one.
    """

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a message.

        Raises:
            AwsError: `MessageRejected`, `AccountSuspendedException`, `TooManyRequestsException`, ...
        """
        content = {"Simple": {"Subject": _utf8(subject), "Body": {"Text": _utf8(text)}}}
        with aws_errors():
            client("sesv2").send_email(
                FromEmailAddress=self._sender, Destination={"ToAddresses": [to]}, Content=content
            )


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
