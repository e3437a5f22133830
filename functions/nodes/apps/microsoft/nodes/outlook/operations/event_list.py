"""Lists events."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.graph import listed
from functions.nodes.apps.microsoft.nodes.outlook.fields import InCalendar
from stepweave.spec.fields import Kind, ui
from stepweave.spec.mails import OptionalText
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec

_PREFER = (("Prefer", 'outlook.body-content-type="text"'),)
_ALL = RequestSpec("GET", "/{mailbox*}/{calendar*}/events", query=(("$orderby", "start/dateTime"),), headers=_PREFER)
_VIEW = RequestSpec(
    "GET",
    "/{mailbox*}/{calendar*}/calendarView",
    query=(("startDateTime", "{from}"), ("endDateTime", "{to}"), ("$orderby", "start/dateTime")),
    headers=_PREFER,
)


class Params(Listed, InCalendar):
    """Which events."""

    since: OptionalText = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        placeholder="{{ $now }}",
        help="With From and To a series has an entry for each of its events; without, one.",
        max_length=60,
    )
    until: OptionalText = ui("", title="To", kind=Kind.TEXT, max_length=60)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the events, in UTC."""
    from functions.nodes.apps.microsoft.nodes.outlook.times import time_of
    from stepweave.runtime.errors import ParameterInvalid

    if bool(params.since) is not bool(params.until):
        raise ParameterInvalid(
            "From and To: only one of them is there.",
            "Fill in both, or none.",
            details={"field": "params.eventListSince"},
        )
    if not params.since:
        return call.pages(_ALL, listed(), "value")
    start = time_of(params.since, "UTC", "From", "params.eventListSince")["dateTime"]
    end = time_of(params.until, "UTC", "To", "params.eventListUntil")["dateTime"]
    return call.pages(_VIEW, listed(), "value", **{"from": f"{start}Z", "to": f"{end}Z"})


OPERATION = Operation(
    resource="event",
    name="list",
    label="List",
    summary="Lists the events of a calendar, with each event of a series where a time is given; times are UTC.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkE", "subject": "Talk", "start": {"dateTime": "2026-12-31T09:00:00"}},),
)
