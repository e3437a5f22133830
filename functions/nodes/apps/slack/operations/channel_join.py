"""Has the app join a public channel."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="join",
    label="Join",
    summary="Has the app join a public channel.",
    params=Channel,
    request=RequestSpec("POST", "/conversations.join", body={"channel": "{channel}"}),
    items="channel",
    output_example=({"id": "C024BE91L", "name": "orders", "is_private": False, "num_members": 12},),
)
