"""Changes a contact"""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfContact, Person
from stepweave.spec.operations import Call, Operation, RequestSpec

_REQUEST = RequestSpec("PATCH", "/{mailbox*}/contacts/{contact}", body="{made}")


class Params(Person, OfContact):
    """The contact."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the contact."""
    from functions.nodes.apps.microsoft.nodes.outlook.people import contact_of

    yield call.ask(_REQUEST, made=contact_of(params))


OPERATION = Operation(
    resource="contact",
    name="update",
    label="Update",
    summary="Changes a contact; what is empty stays as it is.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkC", "displayName": "Ada Lovelace"},),
)
