"""Lists the events of a calendar."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.calendar.fields import InCalendar, Zoned, time_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation
from stepweave.spec.parts import Text


class Params(InCalendar, Zoned, Listed):
    """Which events."""

    after: Text = time_field("Ends after", help="{{ $now }} leaves out what is over.")
    before: Text = time_field("Begins before")
    q: Text = ui("", title="Search", kind=Kind.TEXT, help="Words in titles, places, guests.", max_length=500)
    single: bool = ui(
        True,
        title="Events that repeat one by one",
        kind=Kind.BOOLEAN,
        expression=False,
        help="In the order of their starts. Off: each series once.",
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the events."""
    from functions.nodes.apps.google.nodes.calendar.events import listed
    from functions.nodes.apps.google.nodes.calendar.times import Zone

    fields = ("eventListAfter", "eventListBefore")
    zone = Zone(call, params.time_zone)
    return listed(call, zone, params.after, params.before, single=params.single, fields=fields)


OPERATION = Operation(
    resource="event",
    name="list",
    label="List",
    summary="Lists the events of a calendar.",
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
