"""Takes a reaction of the bot's back."""

from functions.nodes.apps.discord.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """Which message, and which emoji."""

    emoji: Text = ui(
        ...,
        title="Emoji",
        kind=Kind.TEXT,
        placeholder="👍",
        help="Or name:id of a server's own.",
        min_length=1,
        max_length=100,
    )


OPERATION = Operation(
    resource="reaction",
    name="remove",
    label="Remove",
    summary="Takes a reaction of the bot's back.",
    params=Params,
    request=RequestSpec("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me"),
    output_example=({},),
)
