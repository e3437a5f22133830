"""Makes a table of cells."""

from functions.nodes.apps.microsoft.nodes.excel.fields import InSheet
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(InSheet):
    """Of which cells."""

    area: Text = ui(
        ...,
        title="Cells",
        kind=Kind.TEXT,
        placeholder="A1:F1",
        pattern=r"^[A-Za-z0-9$:]+$",
        min_length=2,
        max_length=40,
    )
    has_names: bool = ui(
        True, title="The first row has the names", kind=Kind.BOOLEAN, expression=False, group="options"
    )


OPERATION = Operation(
    resource="table",
    name="create",
    label="Create",
    summary="Makes a table of cells of a worksheet.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/{drive*}/items/{workbook}/workbook/worksheets/{sheet}/tables/add",
        body={"address": "{area}", "hasHeaders": "{hasNames}"},
    ),
    output_example=({"id": "{0000-3}", "name": "Table1"},),
)
