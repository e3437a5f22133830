"""Parameters that Outlook's operations share."""

from typing import Any, Literal

from functions.nodes.apps.microsoft.graph import Calendar, Owner
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import Addresses, OptionalText
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

IN_MAILBOX = ("credential", "mailbox")


class InMailbox(NodeParams):
    """Whose mailbox."""

    mailbox: Owner = ui(
        "me",
        title="Mailbox",
        kind=Kind.TEXT,
        help="me is the account's own; else the address of one that it may open. An app has none of its own.",
        min_length=1,
        max_length=320,
        group="options",
    )


class OfMessage(InMailbox):
    """Which message."""

    message: Text = ui(
        ..., title="Message ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=1000
    )


class OfEvent(InMailbox):
    """Which event."""

    event: Text = ui(..., title="Event ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=1000)


class OfContact(InMailbox):
    """Which contact."""

    contact: Text = ui(
        ..., title="Contact ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1, max_length=1000
    )


class Content(NodeParams):
    """What stands in a message."""

    body: OptionalText = ui("", title="Text", kind=Kind.MULTILINE)
    body_type: Literal["text", "html"] = ui(
        "text",
        title="The text is",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Text"), ("html", "HTML")],
        group="options",
    )
    attachments: Any = ui(
        None,
        title="Attachments",
        kind=Kind.TEXT,
        placeholder="data, invoice",
        help="Names of the item's files with commas, * for all, or an expression that gives files: {{ $binary.data }}.",
    )


class Addressed(InMailbox):
    """To whom a message goes."""

    to: Addresses = ui(
        "",
        title="To",
        kind=Kind.TEXT,
        placeholder="ada@example.com, Bob <bob@example.com>",
        help="Several addresses are separated by commas, or an expression gives a list of them.",
        max_length=20_000,
    )
    subject: OptionalText = ui("", title="Subject", kind=Kind.TEXT, max_length=2_000)
    cc: Addresses = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=20_000)
    bcc: Addresses = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=20_000)
    reply_to: Addresses = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1_000)
    sender: OptionalText = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        help="An address that the account may send as; empty: its own.",
        group="options",
        max_length=320,
    )
    importance: Literal["normal", "high", "low"] = ui(
        "normal",
        title="Importance",
        kind=Kind.SELECT,
        expression=False,
        options=[("normal", "Normal"), ("high", "High"), ("low", "Low")],
        group="options",
    )


class Message(Content, Addressed):
    """A message with its addresses."""


class BodyAs(NodeParams):
    """How texts come back."""

    body_as: Literal["text", "html"] = ui(
        "text",
        title="Body as",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Text"), ("html", "HTML")],
        group="options",
    )


def folder_field(default: str, title: str = "Folder") -> Any:
    """Return the field of a folder (`Text`)."""
    return ui(
        default,
        title=title,
        kind=Kind.TEXT,
        help="An ID, or inbox, drafts, sentitems, archive, deleteditems, junkemail.",
        options_from=OptionsFrom("folders", needs=IN_MAILBOX, labelled=True),
        max_length=1000,
    )


class InCalendar(InMailbox):
    """Which calendar."""

    calendar: Calendar = ui(
        "calendar",
        title="Calendar",
        kind=Kind.TEXT,
        help="Its ID; calendar is the mailbox's own.",
        options_from=OptionsFrom("calendars", needs=IN_MAILBOX, labelled=True),
        max_length=1000,
        group="options",
    )


class Event(NodeParams):
    """What an event is."""

    subject_of_event: OptionalText = ui("", title="Subject", kind=Kind.TEXT, max_length=2_000)
    start: OptionalText = ui(
        "", title="Start", kind=Kind.TEXT, placeholder="2026-12-31T09:00:00", help="A date and time.", max_length=60
    )
    end: OptionalText = ui("", title="End", kind=Kind.TEXT, placeholder="2026-12-31T10:00:00", max_length=60)
    time_zone: Text = ui(
        "UTC",
        title="Time zone",
        kind=Kind.TIME_ZONE,
        help="Of times that name none.",
        min_length=1,
        max_length=100,
    )
    details: OptionalText = ui("", title="Description", kind=Kind.MULTILINE, help="May be HTML.", max_length=200_000)
    location: OptionalText = ui("", title="Location", kind=Kind.TEXT, max_length=1_000)
    attendees: Addresses = ui(
        "", title="Attendees", kind=Kind.TEXT, placeholder="ada@example.com, bob@example.com", max_length=20_000
    )
    all_day: bool = ui(False, title="All day", kind=Kind.BOOLEAN, expression=False, group="options")
    online: bool = ui(
        False, title="Teams meeting", kind=Kind.BOOLEAN, expression=False, help="With a link to join.", group="options"
    )


class Person(NodeParams):
    """Who a contact is."""

    given_name: OptionalText = ui("", title="First name", kind=Kind.TEXT, max_length=200)
    surname: OptionalText = ui("", title="Last name", kind=Kind.TEXT, max_length=200)
    email: Addresses = ui("", title="Email", kind=Kind.TEXT, help="One to three addresses.", max_length=1_000)
    mobile: OptionalText = ui("", title="Mobile phone", kind=Kind.TEXT, max_length=100)
    company: OptionalText = ui("", title="Company", kind=Kind.TEXT, max_length=200)
    job_title: OptionalText = ui("", title="Job title", kind=Kind.TEXT, max_length=200)
