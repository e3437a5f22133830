"""Lists the tables of a workbook."""

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.excel.fields import InWorkbook
from stepweave.spec.operations import Listed, Operation, RequestSpec


class Params(Listed, InWorkbook):
    """Of which workbook."""


OPERATION = Operation(
    resource="table",
    name="list",
    label="List",
    summary="Lists the tables of a workbook.",
    params=Params,
    request=RequestSpec("GET", "/{drive*}/items/{workbook}/workbook/tables"),
    items="value",
    paging=unsized(),
    output_example=({"id": "{0000-3}", "name": "Table1", "showHeaders": True},),
)
