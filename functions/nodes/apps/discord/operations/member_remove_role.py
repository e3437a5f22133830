"""Takes a role from a member."""

from functions.nodes.apps.discord.fields import ID, Member
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(Member):
    """Which member, and which role."""

    role: Text = ui(
        ...,
        title="Role",
        kind=Kind.TEXT,
        options_from=OptionsFrom("roles", needs=("credential", "server"), labelled=True),
        min_length=1,
        max_length=30,
        pattern=ID,
    )


OPERATION = Operation(
    resource="member",
    name="remove_role",
    label="Take a role",
    summary="Takes a role from a member.",
    params=Params,
    request=RequestSpec("DELETE", "/guilds/{server}/members/{user}/roles/{role}"),
    output_example=({},),
)
