"""Lists the bases that the credential may open."""

from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec

OPERATION = Operation(
    resource="base",
    name="list",
    label="List",
    summary="Lists the bases that the credential may open.",
    params=Listed,
    request=RequestSpec("GET", "/meta/bases"),
    items="bases",
    paging=Cursor(query="offset", at="offset"),
    output_example=({"id": "app1", "name": "Orders", "permissionLevel": "create"},),
)
