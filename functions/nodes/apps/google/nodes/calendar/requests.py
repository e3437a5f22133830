"""The requests of Google Calendar as data (developers.google.com/calendar/api/v3/reference)."""

from typing import Final

from stepweave.spec.operations import Cursor, OptionsRequest, RequestSpec

EVENTS: Final = "/calendar/v3/calendars/{calendar}/events"
EVENT: Final = f"{EVENTS}/{{event}}"
_TOLD: Final = ("sendUpdates", "{sendUpdates}")
_MEETING: Final = ("conferenceDataVersion", "{meeting}")

GET: Final = RequestSpec("GET", EVENT)
INSERT: Final = RequestSpec("POST", EVENTS, query=(_TOLD, _MEETING), body="{body}")
PATCH: Final = RequestSpec("PATCH", EVENT, query=(_TOLD, _MEETING), body="{body}")
DELETE: Final = RequestSpec("DELETE", EVENT, query=(_TOLD,))
LIST: Final = RequestSpec(
    "GET",
    EVENTS,
    query=(
        ("timeMin", "{timeMin}"),
        ("timeMax", "{timeMax}"),
        ("updatedMin", "{updatedMin}"),
        ("q", "{q}"),
        ("singleEvents", "{singleEvents}"),
        ("showDeleted", "{showDeleted}"),
        ("orderBy", "{orderBy}"),
    ),
)
PAGES: Final = Cursor(query="pageToken", at="nextPageToken", size_query="maxResults", size=2500)
ZONE: Final = RequestSpec("GET", EVENTS, query=(("maxResults", "1"), ("fields", "timeZone")))
BUSY: Final = RequestSpec(
    "POST", "/calendar/v3/freeBusy", body={"timeMin": "{timeMin}", "timeMax": "{timeMax}", "items": "{calendars}"}
)
CALENDARS: Final = RequestSpec("GET", "/calendar/v3/users/me/calendarList")
CALENDAR_PAGES: Final = Cursor(query="pageToken", at="nextPageToken", size_query="maxResults", size=250)

CALENDAR_OPTIONS: Final = OptionsRequest(
    name="calendars",
    request=CALENDARS,
    items="items",
    paging=CALENDAR_PAGES,
    value="id",
    label="summary",
    detail="accessRole",
)
