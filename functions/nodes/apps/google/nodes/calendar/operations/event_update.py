"""Changes what is given of an event; everything else stays."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.calendar.fields import Details, OfEvent, time_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfEvent, Details):
    """Which event, and what changes."""

    summary: Text = ui("", title="Title", kind=Kind.TEXT, help="Empty: it stays.", max_length=1_024, early=True)
    start: Text = time_field("Start", help="Without a new end the event keeps its length.", early=True)
    end: Text = time_field("End", early=True)
    guests: Literal["add", "replace"] = ui(
        "add",
        title="Guests are",
        kind=Kind.SELECT,
        expression=False,
        options=[("add", "Added to those there are"), ("replace", "Those above and no others")],
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the event as it is then."""
    from functions.nodes.apps.google.nodes.calendar.events import changed

    adds = params.guests == "add"
    yield changed(call, params, params.event, params.summary, params.start, params.end, adds=adds)


OPERATION = Operation(
    resource="event",
    name="update",
    label="Update",
    summary="Changes what is given of an event; everything else stays.",
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
