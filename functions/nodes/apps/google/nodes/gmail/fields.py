"""Parameters that Gmail's operations share."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.mails import Addresses, OptionalText
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


def labels_field(title: str, **more: Any) -> Any:
    """Return the field of labels (`Text`): names or IDs with commas in between; `more` as of `ui`."""
    return ui(
        "",
        title=title,
        kind=Kind.TEXT,
        placeholder="Invoices, STARRED",
        options_from=OptionsFrom("labels", needs=("credential",), labelled=True, separator=","),
        max_length=2_000,
        **more,
    )


class Content(NodeParams):
    """What stands in a message."""

    text: OptionalText = ui("", title="Text", kind=Kind.MULTILINE)
    html: OptionalText = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        help="Sent beside the text, or alone where there is no text.",
        group="options",
    )
    attachments: Any = ui(
        None,
        title="Attachments",
        kind=Kind.TEXT,
        placeholder="data, invoice",
        help="Names of the item's files with commas, * for all, or an expression that gives files: {{ $binary.data }}.",
    )
    sender: OptionalText = ui(
        "",
        title="From",
        kind=Kind.TEXT,
        placeholder="Orders <orders@example.com>",
        help="An alias of the account (Send mail as); empty: the account itself.",
        group="options",
        max_length=320,
    )
    reply_to: Addresses = ui("", title="Reply to", kind=Kind.TEXT, group="options", max_length=1_000)


class Addressed(NodeParams):
    """To whom, and about what."""

    to: Addresses = ui(
        ...,
        title="To",
        kind=Kind.TEXT,
        placeholder="ada@example.com, Bob <bob@example.com>",
        help="Several addresses are separated by commas, or an expression gives a list of them.",
        min_length=1,
        max_length=10_000,
    )
    subject: OptionalText = ui("", title="Subject", kind=Kind.TEXT, max_length=2_000)
    cc: Addresses = ui("", title="Cc", kind=Kind.TEXT, group="options", max_length=10_000)
    bcc: Addresses = ui("", title="Bcc", kind=Kind.TEXT, group="options", max_length=10_000)


class Message(Content, Addressed):
    """A message to write."""


class OfMessage(NodeParams):
    """Which message."""

    message: Text = ui(
        ...,
        title="Message ID",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="Gmail's own, as its messages have it in id.",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]+$",
    )


class OfThread(NodeParams):
    """Which conversation."""

    thread: Text = ui(
        ...,
        title="Thread ID",
        kind=Kind.TEXT,
        placeholder="{{ $json.threadId }}",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]+$",
    )


class Labels(NodeParams):
    """Labels that come and go."""

    add_labels: Text = labels_field("Add labels", help="Names or IDs, with commas in between.")
    remove_labels: Text = labels_field("Remove labels", help="UNREAD marks as read, INBOX archives.")


class WithAttachments(NodeParams):
    """Whether files come along."""

    with_attachments: bool = ui(
        False, title="Get attachments", kind=Kind.BOOLEAN, expression=False, help="As the item's files."
    )
