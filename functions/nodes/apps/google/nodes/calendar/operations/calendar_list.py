"""Lists the calendars of the account."""

from functions.nodes.apps.google.nodes.calendar.requests import CALENDAR_PAGES, CALENDARS
from stepweave.spec.operations import Listed, Operation

OPERATION = Operation(
    resource="calendar",
    name="list",
    label="List",
    summary="Lists the calendars of the account.",
    params=Listed,
    request=CALENDARS,
    items="items",
    paging=CALENDAR_PAGES,
    output_example=({"id": "ada@example.com", "summary": "Ada", "timeZone": "Europe/Berlin", "primary": True},),
)
