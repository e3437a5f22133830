"""Makes an event."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.calendar.fields import Details, InCalendar, time_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(InCalendar, Details):
    """The event."""

    summary: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=1_024)
    start: Text = time_field("Start", default=..., help="A date alone makes an event of whole days.", min_length=1)
    end: Text = time_field(
        "End", help="Of whole days the last one, which counts. Empty: one day, or the length below.", early=True
    )
    all_day: bool = ui(False, title="Whole days", kind=Kind.BOOLEAN, expression=False)
    minutes: int = ui(
        60, title="Length in minutes", kind=Kind.NUMBER, help="Where there is no end.", group="options", ge=1, le=10_080
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the event."""
    from functions.nodes.apps.google.nodes.calendar.events import created

    yield created(
        call, params, params.summary, params.start, params.end, all_day=params.all_day, minutes=params.minutes
    )


OPERATION = Operation(
    resource="event",
    name="create",
    label="Create",
    summary="Makes an event.",
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
