"""Archives a channel."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="archive",
    label="Archive",
    summary="Archives a channel.",
    params=Channel,
    request=RequestSpec("POST", "/conversations.archive", body={"channel": "{channel}"}),
    output_example=({"ok": True},),
)
