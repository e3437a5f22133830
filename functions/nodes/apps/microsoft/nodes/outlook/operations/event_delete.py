"""Deletes an event."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfEvent
from stepweave.spec.operations import Call, Operation, RequestSpec

_DELETE = RequestSpec("DELETE", "/{mailbox*}/events/{event}")


class Params(OfEvent):
    """Which event."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what is gone."""
    call.ask(_DELETE)
    yield {"id": params.event, "deleted": True}


OPERATION = Operation(
    resource="event",
    name="delete",
    label="Delete",
    summary="Deletes an event; whoever is invited is told.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkE", "deleted": True},),
)
