"""Moves messages to another folder."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.batching import MOST, batched
from functions.nodes.apps.microsoft.graph import IDS
from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage, folder_field
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_MOVE = RequestSpec(
    "POST",
    "/{mailbox*}/messages/{message}/move",
    headers=(("Prefer", IDS),),
    body={"destinationId": "{target}"},
)


class Params(OfMessage):
    """Which message, and where to."""

    target: Text = folder_field("archive", "To folder")


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield the messages as they are then."""
    return batched(batch, lambda params: (_MOVE, {}), lambda params, message: dict(message or {}))


OPERATION = Operation(
    resource="message",
    name="move",
    label="Move",
    summary="Moves a message to another folder.",
    params=Params,
    together=together,
    most=MOST,
    output_example=({"id": "AAMk1", "subject": "Order 7", "isRead": False, "parentFolderId": "AAMkF"},),
)
