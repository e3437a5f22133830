"""Adds a worksheet."""

from functions.nodes.apps.microsoft.nodes.excel.fields import InWorkbook
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(InWorkbook):
    """The worksheet."""

    name: Text = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        help="At most 31 characters, none of them : / ? * [ ] or a backslash.",
        min_length=1,
        max_length=31,
    )


OPERATION = Operation(
    resource="sheet",
    name="create",
    label="Create",
    summary="Adds a worksheet to a workbook.",
    params=Params,
    request=RequestSpec("POST", "/{drive*}/items/{workbook}/workbook/worksheets", body={"name": "{name}"}),
    output_example=({"id": "{0000-2}", "name": "December", "position": 1},),
)
