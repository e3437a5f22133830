"""Reads one message."""

from functions.nodes.apps.microsoft.graph import IDS
from functions.nodes.apps.microsoft.nodes.outlook.fields import BodyAs, OfMessage
from stepweave.spec.operations import Operation, RequestSpec


class Params(BodyAs, OfMessage):
    """Which message."""


OPERATION = Operation(
    resource="message",
    name="get",
    label="Get",
    summary="Reads a message by its ID.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/{mailbox*}/messages/{message}",
        headers=(("Prefer", f'{IDS}, outlook.body-content-type="{{bodyAs}}"'),),
    ),
    output_example=({"id": "AAMk1", "subject": "Order 7", "isRead": False},),
)
