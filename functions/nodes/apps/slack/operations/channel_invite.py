"""Adds people to a channel."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(Channel):
    """Which channel, and who."""

    users: Text = ui(
        ...,
        title="People",
        kind=Kind.TEXT,
        help="Ids, separated by commas; at most 1000.",
        options_from=OptionsFrom("users", needs=("credential",), labelled=True, separator=","),
        min_length=1,
        max_length=20_000,
    )


OPERATION = Operation(
    resource="channel",
    name="invite",
    label="Invite",
    summary="Adds people to a channel.",
    params=Params,
    request=RequestSpec("POST", "/conversations.invite", body={"channel": "{channel}", "users": "{users}"}),
    items="channel",
    output_example=({"id": "C024BE91L", "name": "orders", "is_private": False, "num_members": 12},),
)
