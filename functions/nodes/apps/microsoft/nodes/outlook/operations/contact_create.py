"""Adds a contact."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import InMailbox, Person
from stepweave.spec.operations import Call, Operation, RequestSpec

_REQUEST = RequestSpec("POST", "/{mailbox*}/contacts", body="{made}")


class Params(Person, InMailbox):
    """The contact."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the contact."""
    from functions.nodes.apps.microsoft.nodes.outlook.people import contact_of

    yield call.ask(_REQUEST, made=contact_of(params))


OPERATION = Operation(
    resource="contact",
    name="create",
    label="Create",
    summary="Adds a contact.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkC", "displayName": "Ada Lovelace"},),
)
