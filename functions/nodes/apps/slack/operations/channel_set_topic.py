"""Writes the topic of a channel."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel):
    """Which channel, and what it says."""

    topic: Text = ui("", title="Topic", kind=Kind.TEXT, max_length=250)


OPERATION = Operation(
    resource="channel",
    name="set_topic",
    label="Set topic",
    summary="Writes the topic of a channel.",
    params=Params,
    request=RequestSpec("POST", "/conversations.setTopic", body={"channel": "{channel}", "topic": "{topic}"}),
    output_example=({"ok": True, "channel": {"id": "C024BE91L", "topic": {"value": "Orders"}}},),
)
