"""Reads a message that the webhook posted."""

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
    name="get",
    label="Get message",
    summary="Reads a message that the webhook posted.",
    params=Params,
    request=RequestSpec("GET", "/webhooks/{credential}/messages/{message}", query=(("thread_id", "{thread}"),)),
    output_example=({"id": "334385199974967042", "channel_id": "41771983423143937", "content": "Build 7 failed"},),
)
