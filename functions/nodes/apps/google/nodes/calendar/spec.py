"""The Google Calendar node as a value."""

from functions.nodes.apps.google.api import DRIVE_URL, google_app
from functions.nodes.apps.google.nodes.calendar.requests import CALENDAR_OPTIONS
from stepweave.spec.operation_forms import app_node, operations_in

APP = google_app(DRIVE_URL, operations_in(__package__), options=(CALENDAR_OPTIONS,))

DOCS = """\
Works with the events of calendars.

Times are `2024-05-01T09:00` in the time zone that is chosen, else in the calendar's, or with an offset of their own
(`2024-05-01T09:00:00+02:00`). A date alone (`2024-05-01`) makes an event of whole days, whose end is the last of them
and counts, unlike in what Google tells: there the end is the day after.

An event is made under an ID of the item's, so that a retry finds the one that is there and makes no second. Guests get
emails only where that is chosen.

`TimeInvalid`: a date, a time or a time zone cannot be read. `CalendarMissing`: it is not there, or not shared.

**Example.** Event, Create: title `{{ $json.name }}`, start `{{ $json.day }}T09:00`, guests `{{ $json.email }}`.
"""

SPEC = app_node(
    APP,
    type="google_calendar",
    name="Google Calendar",
    icon="calendar",
    summary="Makes, finds and changes events, and says who is free.",
    docs=DOCS,
    errors=("CalendarMissing", "TimeInvalid"),
)
