"""Makes a label."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The label."""

    name: Text = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        placeholder="Invoices/2024",
        help="A slash puts it below another.",
        min_length=1,
        max_length=225,
    )


OPERATION = Operation(
    resource="label",
    name="create",
    label="Create",
    summary="Makes a label.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/gmail/v1/users/me/labels",
        body={"name": "{name}", "labelListVisibility": "labelShow", "messageListVisibility": "show"},
    ),
    output_example=({"id": "Label_7", "name": "Invoices"},),
)
