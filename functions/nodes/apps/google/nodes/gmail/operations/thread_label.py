"""Adds labels to all messages of a conversation, and takes others off."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import Labels, OfThread
from stepweave.spec.operations import Call, Operation


class Params(OfThread, Labels):
    """Which conversation, and which labels."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the conversation as it is then."""
    from functions.nodes.apps.google.nodes.gmail.labels import label_ids
    from functions.nodes.apps.google.nodes.gmail.requests import CHANGE_THREAD

    added = label_ids(params.add_labels, call.ask, "addLabels")
    removed = label_ids(params.remove_labels, call.ask, "removeLabels")
    yield call.ask(CHANGE_THREAD, added=added, removed=removed)


OPERATION = Operation(
    resource="thread",
    name="label",
    label="Change labels",
    summary="Adds labels to all messages of a conversation, and takes others off.",
    params=Params,
    run=run,
    output_example=({"id": "18c2f", "historyId": "42"},),
)
