"""Finds the person with an email address; needs the scope users:read.email."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Whose address."""

    email: Text = ui(..., title="Email address", kind=Kind.TEXT, min_length=3, max_length=320)


OPERATION = Operation(
    resource="user",
    name="find",
    label="Find by email",
    summary="Finds the person with an email address; needs the scope users:read.email.",
    params=Params,
    request=RequestSpec("GET", "/users.lookupByEmail", query=(("email", "{email}"),)),
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
