"""Deletes an event; one that is deleted already is no error."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.calendar.fields import OfEvent, Telling
from stepweave.spec.operations import Call, Operation


class Params(OfEvent, Telling):
    """Which event."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what was deleted."""
    from functions.nodes.apps.google.nodes.calendar.events import deleted

    yield deleted(call, params.event)


OPERATION = Operation(
    resource="event",
    name="delete",
    label="Delete",
    summary="Deletes an event; one that is deleted already is no error.",
    params=Params,
    run=run,
    output_example=({"id": "7cbh", "deleted": True},),
)
