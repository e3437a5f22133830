"""Makes a channel."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The channel."""

    name: Text = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        help="Lower-case letters, digits, - and _.",
        min_length=1,
        max_length=80,
    )
    private: bool = ui(False, title="Private", kind=Kind.BOOLEAN)


OPERATION = Operation(
    resource="channel",
    name="create",
    label="Create",
    summary="Makes a channel.",
    params=Params,
    request=RequestSpec("POST", "/conversations.create", body={"name": "{name}", "is_private": "{private}"}),
    items="channel",
    output_example=({"id": "C024BE91L", "name": "orders", "is_private": False, "num_members": 12},),
)
