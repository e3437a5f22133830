"""Reads what is known of a person."""

from functions.nodes.apps.slack.fields import USERS
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which person."""

    user: Text = ui(..., title="Person", kind=Kind.TEXT, options_from=USERS, min_length=1, max_length=100)


OPERATION = Operation(
    resource="user",
    name="get",
    label="Get",
    summary="Reads what is known of a person.",
    params=Params,
    request=RequestSpec("GET", "/users.info", query=(("user", "{user}"),)),
    items="user",
    output_example=(
        {
            "id": "U061F7AUR",
            "name": "ada",
            "real_name": "Ada Lovelace",
            "profile": {"email": "ada@example.com"},
        },
    ),
)
