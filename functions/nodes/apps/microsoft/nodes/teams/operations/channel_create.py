"""Makes a channel."""

from functions.nodes.apps.microsoft.nodes.teams.fields import InTeam
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(InTeam):
    """The channel."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=50)
    description: Text = ui("", title="Description", kind=Kind.TEXT, max_length=1024)


OPERATION = Operation(
    resource="channel",
    name="create",
    label="Create",
    summary="Makes a channel that all of the team see.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/teams/{team}/channels",
        body={"displayName": "{name}", "description": "{description?}", "membershipType": "standard"},
    ),
    output_example=({"id": "19:a@thread.tacv2", "displayName": "Orders", "membershipType": "standard"},),
)
