"""Keeps a message as a draft."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.gmail.fields import Message
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Message):
    """The message."""

    draft_thread: Text = ui(
        "",
        title="Thread ID",
        kind=Kind.TEXT,
        placeholder="{{ $json.threadId }}",
        help="The conversation that it belongs to; its subject must then be that of the conversation.",
        group="options",
        max_length=100,
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the draft."""
    from functions.nodes.apps.google.nodes.gmail.sending import drafted

    yield drafted(call, params, params.draft_thread)


OPERATION = Operation(
    resource="draft",
    name="create",
    label="Create",
    summary="Keeps a message as a draft.",
    params=Params,
    run=run,
    output_example=({"id": "r-42", "message": {"id": "18c2f", "threadId": "18c2f", "labelIds": ["DRAFT"]}},),
)
