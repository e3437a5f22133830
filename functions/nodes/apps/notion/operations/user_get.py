"""Reads one user."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Who."""

    user: Text = ui(
        ...,
        title="User",
        kind=Kind.TEXT,
        help="The ID; me is the integration itself.",
        options_from=OptionsFrom("users", needs=("credential",), labelled=True),
        min_length=1,
        max_length=100,
    )


OPERATION = Operation(
    resource="user",
    name="get",
    label="Get",
    summary="Reads a person or bot of the workspace.",
    params=Params,
    request=RequestSpec("GET", "/users/{user}"),
    output_example=({"id": "u1", "name": "Ada", "type": "person", "person": {"email": "ada@example.com"}},),
)
