"""Deletes messages."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.batching import MOST, batched
from functions.nodes.apps.microsoft.nodes.outlook.fields import OfMessage
from stepweave.spec.operations import Call, Operation, RequestSpec

_DELETE = RequestSpec("DELETE", "/{mailbox*}/messages/{message}")


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield what is gone."""
    return batched(batch, lambda params: (_DELETE, {}), lambda params, _: {"id": params.message, "deleted": True})


OPERATION = Operation(
    resource="message",
    name="delete",
    label="Delete",
    summary="Deletes a message. Move it to deleteditems to keep it in Deleted Items.",
    params=OfMessage,
    together=together,
    most=MOST,
    output_example=({"id": "AAMk1", "deleted": True},),
)
