"""Lists the worksheets of a workbook."""

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.excel.fields import InWorkbook
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InWorkbook):
    """Of which workbook."""


OPERATION = Operation(
    resource="sheet",
    name="list",
    label="List",
    summary="Lists the worksheets of a workbook.",
    params=Params,
    request=RequestSpec("GET", "/{drive*}/items/{workbook}/workbook/worksheets"),
    items="value",
    paging=unsized(),
    output_example=({"id": "{0000-1}", "name": "Sheet1", "position": 0, "visibility": "Visible"},),
)
