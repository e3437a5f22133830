"""Marks a message as read or unread, or stars or archives it."""

from collections.abc import Iterator
from typing import Any, Final, Literal

from functions.nodes.apps.google.nodes.gmail.fields import OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation

MARKS: Final = {
    "read": ("UNREAD", False),
    "unread": ("UNREAD", True),
    "starred": ("STARRED", True),
    "unstarred": ("STARRED", False),
    "archived": ("INBOX", False),
}


class Params(OfMessage):
    """Which message, and as what."""

    mark_as: Literal["read", "unread", "starred", "unstarred", "archived"] = ui(
        "read",
        title="As",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("read", "Read"),
            ("unread", "Unread"),
            ("starred", "Starred"),
            ("unstarred", "Not starred"),
            ("archived", "Archived"),
        ],
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the message as it is then."""
    from functions.nodes.apps.google.nodes.gmail.requests import CHANGE_MESSAGE

    label, adds = MARKS[params.mark_as]
    yield call.ask(CHANGE_MESSAGE, added=[label] if adds else [], removed=[] if adds else [label])


OPERATION = Operation(
    resource="message",
    name="mark",
    label="Mark",
    summary="Marks a message as read or unread, or stars or archives it.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "labelIds": ["INBOX"]},),
)
