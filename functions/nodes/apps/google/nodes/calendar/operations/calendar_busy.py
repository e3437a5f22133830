"""Says when calendars are busy, and whether they are free all the time."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.calendar.fields import InCalendar, Zoned, time_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(InCalendar, Zoned):
    """Whose time."""

    others: Text = ui(
        "",
        title="Further calendars",
        kind=Kind.TEXT,
        placeholder="ada@example.com, bob@example.com",
        help="Their IDs, with commas in between; up to 50.",
        max_length=10_000,
    )
    start: Text = time_field("From", default=..., min_length=1)
    end: Text = time_field("To", default=..., min_length=1)


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give one item for each calendar."""
    from functions.nodes.apps.google.nodes.calendar.events import busy
    from functions.nodes.apps.google.nodes.calendar.times import Zone

    zone = Zone(call, params.time_zone)
    parts = f"{params.calendar},{params.others}".split(",")
    names = list(dict.fromkeys(name for part in parts if (name := part.strip())))
    bounds = zone.moment(params.start, "calendarBusyStart"), zone.moment(params.end, "calendarBusyEnd")
    return busy(call, names, *bounds)


OPERATION = Operation(
    resource="calendar",
    name="busy",
    label="Free or busy",
    summary="Says when calendars are busy, and whether they are free all the time.",
    params=Params,
    run=run,
    output_example=(
        {
            "calendar": "primary",
            "free": False,
            "busy": [{"start": "2024-05-01T07:00:00Z", "end": "2024-05-01T08:00:00Z"}],
        },
    ),
)
