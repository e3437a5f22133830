"""Takes a message back that is scheduled and not posted yet."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel):
    """Which message."""

    id: Text = ui(
        ...,
        title="Scheduled message",
        kind=Kind.TEXT,
        placeholder="Q1298393284",
        min_length=1,
        max_length=100,
    )


OPERATION = Operation(
    resource="message",
    name="unschedule",
    label="Take back a scheduled one",
    summary="Takes a message back that is scheduled and not posted yet.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/chat.deleteScheduledMessage",
        body={"channel": "{channel}", "scheduled_message_id": "{id}"},
    ),
    output_example=({"ok": True},),
)
