"""Adds labels to a message, and takes others off."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import Labels, OfMessage
from stepweave.spec.operations import Call, Operation


class Params(OfMessage, Labels):
    """Which message, and which labels."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the message as it is then."""
    from functions.nodes.apps.google.nodes.gmail.labels import label_ids
    from functions.nodes.apps.google.nodes.gmail.requests import CHANGE_MESSAGE

    added = label_ids(params.add_labels, call.ask, "addLabels")
    removed = label_ids(params.remove_labels, call.ask, "removeLabels")
    yield call.ask(CHANGE_MESSAGE, added=added, removed=removed)


OPERATION = Operation(
    resource="message",
    name="label",
    label="Change labels",
    summary="Adds labels to a message, and takes others off.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "threadId": "18c2f", "labelIds": ["INBOX", "Label_7"]},),
)
