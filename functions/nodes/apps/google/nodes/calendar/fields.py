"""Parameters that the operations of Google Calendar share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import Addresses
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Lines, Text


def calendar_field(title: str = "Calendar", **more: Any) -> Any:
    """Return the field of a calendar (`Text`); `more` as of `ui`."""
    return ui(
        "primary",
        title=title,
        kind=Kind.TEXT,
        placeholder="ada@example.com",
        help="Its ID; primary is the account's own.",
        options_from=OptionsFrom("calendars", needs=("credential",), labelled=True),
        min_length=1,
        max_length=300,
        **more,
    )


def time_field(title: str, **more: Any) -> Any:
    """Return the field of a date or time (`Text`); `more` as of `ui`."""
    return ui(
        more.pop("default", ""),
        title=title,
        kind=Kind.TEXT,
        placeholder="2024-05-01T09:00",
        max_length=40,
        **more,
    )


class InCalendar(NodeParams):
    """Which calendar."""

    calendar: Text = calendar_field(early=True)


class OfEvent(InCalendar):
    """Which event."""

    event: Text = ui(
        ...,
        title="Event ID",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        min_length=1,
        max_length=1024,
        pattern=r"^[A-Za-z0-9_@.:-]+$",
    )


class Zoned(NodeParams):
    """Where clocks without an offset stand."""

    time_zone: Text = ui(
        "",
        title="Time zone",
        kind=Kind.TIME_ZONE,
        help="Of times without an offset, and of events that repeat. Empty: the calendar's.",
        group="options",
        max_length=64,
    )


class Telling(NodeParams):
    """Who is told."""

    send_updates: Literal["none", "all", "externalOnly"] = ui(
        "none",
        title="Emails to the guests",
        kind=Kind.SELECT,
        expression=False,
        options=[("none", "None"), ("all", "To all"), ("externalOnly", "To those who do not use Google Calendar")],
        group="options",
    )


class Details(Zoned, Telling):
    """What an event has besides its title and time."""

    description: Text = ui("", title="Description", kind=Kind.MULTILINE, help="May be HTML.", max_length=8_192)
    location: Text = ui("", title="Place", kind=Kind.TEXT, max_length=1_024)
    attendees: Addresses = ui(
        "",
        title="Guests",
        kind=Kind.TEXT,
        placeholder="ada@example.com, bob@example.com",
        help="Their addresses, with commas in between, or a list that an expression gives.",
        max_length=10_000,
    )
    recurrence: Lines = ui(
        "",
        title="Repeats",
        kind=Kind.MULTILINE,
        placeholder="RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10",
        help="Rules as iCalendar has them, a line each (RFC 5545).",
        group="options",
        max_length=5_000,
    )
    reminder: int | None = ui(
        None,
        title="Reminder, so many minutes before",
        kind=Kind.NUMBER,
        help="Empty: those of the calendar.",
        group="options",
        ge=0,
        le=40_320,
    )
    meeting: bool = ui(False, title="With Google Meet", kind=Kind.BOOLEAN, expression=False, group="options")
    show_as: Literal["", "opaque", "transparent"] = ui(
        "",
        title="Shows as",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "As ever"), ("opaque", "Busy"), ("transparent", "Free")],
        group="options",
    )
    visibility: Literal["", "public", "private"] = ui(
        "",
        title="Visible",
        kind=Kind.SELECT,
        expression=False,
        options=[("", "As the calendar"), ("public", "To everybody"), ("private", "To the guests only")],
        group="options",
    )
    color: Text = ui("", title="Colour", kind=Kind.TEXT, help="1 to 11.", group="options", max_length=2)
