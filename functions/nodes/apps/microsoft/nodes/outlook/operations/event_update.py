"""Changes an event."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Event, OfEvent
from stepweave.spec.operations import Call, Operation, RequestSpec

_UPDATE = RequestSpec("PATCH", "/{mailbox*}/events/{event}", body="{made}")


class Params(Event, OfEvent):
    """The event, and what becomes of it."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the event as it is then."""
    from functions.nodes.apps.microsoft.nodes.outlook.calendars import event_of

    yield call.ask(_UPDATE, made=event_of(params))


OPERATION = Operation(
    resource="event",
    name="update",
    label="Update",
    summary="Changes an event; what is empty stays as it is.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkE", "subject": "Talk", "start": {"dateTime": "2026-12-31T09:00:00"}},),
)
