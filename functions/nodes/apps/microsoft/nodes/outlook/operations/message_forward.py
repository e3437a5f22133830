"""Sends a message on."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.mails import Addresses, OptionalText
from stepweave.spec.operations import Call, Operation, RequestSpec

_FORWARD = RequestSpec(
    "POST",
    "/{mailbox*}/messages/{message}/forward",
    body={"comment": "{comment}", "toRecipients": "{recipients}"},
)


class Params(OfMessage):
    """To whom."""

    recipients: Addresses = ui(..., title="To", kind=Kind.TEXT, min_length=1, max_length=20_000)
    comment: OptionalText = ui("", title="Text above it", kind=Kind.MULTILINE)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give to whom it went."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import recipients
    from functions.nodes.apps.microsoft.once import once

    to = recipients(params.recipients, "To")
    with once("The message may have been sent on", "Sent Items"):
        call.ask(_FORWARD, recipients=to)
    yield {"id": params.message, "sent": True, "to": [one["emailAddress"]["address"] for one in to]}


OPERATION = Operation(
    resource="message",
    name="forward",
    label="Forward",
    summary="Sends a message on, with its files.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk1", "sent": True, "to": ["ada@example.com"]},),
)
