"""Makes a draft."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Message
from stepweave.spec.operations import Call, Operation


class Params(Message):
    """The message."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the draft."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import drafted, message_of

    yield drafted(call, message_of(params), call.files("attachments"))


OPERATION = Operation(
    resource="draft",
    name="create",
    label="Create",
    summary="Makes a draft, with files.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk3", "subject": "Order 7", "isDraft": True},),
)
