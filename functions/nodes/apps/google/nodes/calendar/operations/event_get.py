"""Gets an event."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.calendar.fields import OfEvent
from stepweave.spec.operations import Call, Operation


class Params(OfEvent):
    """Which event."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give it."""
    from functions.nodes.apps.google.nodes.calendar.requests import GET

    yield call.ask(GET)


OPERATION = Operation(
    resource="event",
    name="get",
    label="Get",
    summary="Gets an event.",
    params=Params,
    run=run,
    output_example=(
        {
            "id": "7cbh",
            "summary": "Review",
            "start": {"dateTime": "2024-05-01T09:00:00+02:00"},
            "htmlLink": "https://…",
        },
    ),
)
