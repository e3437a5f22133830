"""Lists the people of the workspace; addresses need the scope users:read.email."""

from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec

OPERATION = Operation(
    resource="user",
    name="list",
    label="List",
    summary="Lists the people of the workspace; addresses need the scope users:read.email.",
    params=Listed,
    request=RequestSpec("GET", "/users.list"),
    items="members",
    paging=Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200),
    output_example=(
        {
            "id": "U061F7AUR",
            "name": "ada",
            "real_name": "Ada Lovelace",
            "profile": {"email": "ada@example.com"},
        },
    ),
)
