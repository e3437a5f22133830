"""Changes the name or the topic of a channel."""

from functions.nodes.apps.discord.fields import Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Channel):
    """Which channel, and what it is called."""

    name: Text = ui("", title="Name", kind=Kind.TEXT, help="Empty leaves it.", max_length=100)
    topic: Text = ui("", title="Topic", kind=Kind.TEXT, help="Empty leaves it.", max_length=1024)


OPERATION = Operation(
    resource="channel",
    name="edit",
    label="Edit",
    summary="Changes the name or the topic of a channel.",
    params=Params,
    request=RequestSpec("PATCH", "/channels/{channel}", body={"name": "{name?}", "topic": "{topic?}"}),
    output_example=({"id": "41771983423143937", "name": "builds", "type": 0, "guild_id": "197038439483310086"},),
)
