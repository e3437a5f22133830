"""Searches messages, the newest first."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.gmail.fields import WithAttachments, labels_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation
from stepweave.spec.parts import Text


class Params(Listed, WithAttachments):
    """Which messages."""

    q: Text = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        placeholder="from:ada@example.com is:unread has:attachment",
        help="As in Gmail's own search field.",
        max_length=2_000,
    )
    labels: Text = labels_field("Labels", help="Messages that have all of them.")
    output: Literal["full", "headers", "ids"] = ui(
        "full",
        title="Output",
        kind=Kind.SELECT,
        expression=False,
        options=[("full", "Text and headers"), ("headers", "Headers"), ("ids", "IDs only")],
        help="IDs need one request for up to 500 messages, the others one for each.",
    )
    include_spam_trash: bool = ui(
        False, title="Spam and Trash, too", kind=Kind.BOOLEAN, expression=False, group="options"
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the messages that are found."""
    from functions.nodes.apps.google.nodes.gmail.labels import label_ids
    from functions.nodes.apps.google.nodes.gmail.reading import item_of
    from functions.nodes.apps.google.nodes.gmail.requests import MESSAGE, MESSAGE_PAGES, MESSAGES
    from stepweave.spec.operation_files import WithFiles

    wanted = label_ids(params.labels, call.ask, "messageListLabels")
    spam = "true" if params.include_spam_trash else ""
    for found in call.pages(MESSAGES, MESSAGE_PAGES, "messages", labelIds=wanted, includeSpamTrash=spam):
        if params.output == "ids":
            yield found
            continue
        form = "full" if params.output == "full" else "metadata"
        whole = call.find(MESSAGE, message=found["id"], format=form)
        if whole is not None:  # deleted meanwhile
            yield WithFiles(*item_of(whole, call.ask, call.keep if params.with_attachments else None))


OPERATION = Operation(
    resource="message",
    name="list",
    label="List",
    summary="Searches messages, the newest first.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "from": "Ada <ada@example.com>", "subject": "Hi"},),
)
