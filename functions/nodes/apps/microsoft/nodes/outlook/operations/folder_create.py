"""Makes a folder."""

from functions.nodes.apps.microsoft.nodes.outlook.fields import InMailbox
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(InMailbox):
    """The folder."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=255)


OPERATION = Operation(
    resource="folder",
    name="create",
    label="Create",
    summary="Makes a folder in a mailbox.",
    params=Params,
    request=RequestSpec("POST", "/{mailbox*}/mailFolders", body={"displayName": "{name}"}),
    output_example=({"id": "AAMkF", "displayName": "Orders"},),
)
