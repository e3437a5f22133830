"""Deletes a message that the webhook posted."""

from functions.nodes.apps.discord.fields import ID
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which message."""

    message: Text = ui(
        ...,
        title="Message",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        min_length=1,
        max_length=30,
        pattern=ID,
    )
    thread: Text = ui("", title="In thread", kind=Kind.TEXT, help="Its id.", group="options", max_length=30, pattern=ID)


OPERATION = Operation(
    resource="webhook",
    name="delete",
    label="Delete",
    summary="Deletes a message that the webhook posted.",
    params=Params,
    request=RequestSpec("DELETE", "/webhooks/{credential}/messages/{message}", query=(("thread_id", "{thread}"),)),
    output_example=({},),
)
