"""The trigger for events of a calendar as a value."""

from typing import Literal

from functions.nodes.apps.google.nodes.calendar.fields import calendar_field
from functions.nodes.apps.google.nodes.calendar.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which calendar, and what happens in it."""

    credential: str = credential_field(APP.credential)
    every_minutes: int = every_field()
    calendar: str = calendar_field(expression=False)
    event: Literal["created", "changed", "cancelled", "starting"] = ui(
        "created",
        title="Event",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("created", "An event was made"),
            ("changed", "An event was made or changed"),
            ("cancelled", "An event was cancelled"),
            ("starting", "An event begins soon"),
        ],
    )
    minutes: int = ui(
        15,
        title="So many minutes before",
        kind=Kind.NUMBER,
        expression=False,
        help="More than there are between two looks, else it may be later.",
        show_when={"event": ["starting"]},
        ge=1,
        le=10_080,
    )
    q: str = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        expression=False,
        help="Words in titles, descriptions, places or guests.",
        group="options",
        max_length=500,
    )


DOCS = """\
Starts the published workflow when an event of a calendar is made, changed or cancelled, or when it begins soon. What
was there when it was published is not new, but an event that begins soon is.

**Output.** One item for each event, as Google tells it: `id`, `summary`, `start`, `end`, `attendees`, `htmlLink`.
Events that repeat are told as a series, except before they begin. One that is moved begins anew.

**Errors.** `HttpClientError` (4xx: a calendar that is not there or not shared), `HttpRateLimited` (429),
`HttpServerError` (5xx), `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`.

**Example.** Calendar `primary`, *An event begins soon*, 15 minutes before, every 5 minutes.
"""

SPEC = polling_trigger(
    APP,
    type="google_calendar_trigger",
    name="Google Calendar: event",
    icon="calendar",
    summary="Starts when an event is made, changed or cancelled, or begins soon.",
    docs=DOCS,
    params=Params,
    subtitle="{event}",
    output_example=({"id": "7cbh", "summary": "Review", "start": {"dateTime": "2024-05-01T09:00:00+02:00"}},),
)
