"""Lists the tables of a base."""

from functions.nodes.apps.airtable.fields import InBase
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="table",
    name="list",
    label="List",
    summary="Lists the tables of a base, with their fields and views.",
    params=InBase,
    request=RequestSpec("GET", "/meta/bases/{base}/tables"),
    items="tables",
    output_example=({"id": "tbl1", "name": "Orders", "fields": [{"id": "fld1", "name": "Name"}]},),
)
