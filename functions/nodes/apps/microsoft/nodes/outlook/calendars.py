"""Events as Graph takes them."""

from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.composing import recipients
from functions.nodes.apps.microsoft.nodes.outlook.fields import Event
from functions.nodes.apps.microsoft.nodes.outlook.times import time_of


def event_of(params: Event) -> dict[str, Any]:
    """Return what is given of an event. Raises ParameterInvalid, AddressInvalid."""
    made: dict[str, Any] = {}
    if params.subject_of_event:
        made["subject"] = params.subject_of_event
    if params.start:
        made["start"] = time_of(params.start, params.time_zone, "Start", "params.start", all_day=params.all_day)
    if params.end:
        made["end"] = time_of(params.end, params.time_zone, "End", "params.end", all_day=params.all_day, is_end=True)
    if params.details:
        made["body"] = {"contentType": "html" if "<" in params.details else "text", "content": params.details}
    if params.location:
        made["location"] = {"displayName": params.location}
    if params.attendees:
        made["attendees"] = [{**one, "type": "required"} for one in recipients(params.attendees, "Attendees")]
    if params.all_day:
        made["isAllDay"] = True
    if params.online:
        made |= {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    return made
