"""Lists the people of the workspace."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.operations import Call, Listed, Operation, RequestSpec

_LIST = RequestSpec("GET", "/users")


class Params(Listed):
    """How many."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the users."""
    from functions.nodes.apps.notion.pages import entries

    return entries(call.ask, _LIST, None if params.return_all else params.limit)


OPERATION = Operation(
    resource="user",
    name="list",
    label="List",
    summary="Lists the people and bots of the workspace.",
    params=Params,
    run=run,
    output_example=({"id": "u1", "name": "Ada", "type": "person", "person": {"email": "ada@example.com"}},),
)
