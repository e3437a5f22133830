"""Lists the labels of the mailbox."""

from stepweave.spec.fields import NodeParams
from stepweave.spec.operations import Operation, RequestSpec


class Params(NodeParams):
    """All labels."""


OPERATION = Operation(
    resource="label",
    name="list",
    label="List",
    summary="Lists the labels of the mailbox.",
    params=Params,
    request=RequestSpec("GET", "/gmail/v1/users/me/labels"),
    items="labels",
    output_example=({"id": "Label_7", "name": "Invoices", "type": "user"},),
)
