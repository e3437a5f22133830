"""Lists the shared drives that the account sees."""

from functions.nodes.apps.google.drive import DRIVE_PAGES, DRIVES
from stepweave.spec.operations import Listed, Operation

OPERATION = Operation(
    resource="drive",
    name="list",
    label="List",
    summary="Lists the shared drives that the account sees.",
    params=Listed,
    request=DRIVES,
    items="drives",
    paging=DRIVE_PAGES,
    output_example=({"id": "0AB", "name": "Sales"},),
)
