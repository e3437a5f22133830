"""Sends a draft."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.operations import Call, Operation


class Params(OfMessage):
    """Which draft."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what was sent."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import send_draft

    send_draft(call, params.message)
    yield {"id": params.message, "sent": True}


OPERATION = Operation(
    resource="draft",
    name="send",
    label="Send",
    summary="Sends a draft as it is.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk3", "sent": True},),
)
