"""Deletes a contact."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import OfContact
from stepweave.spec.operations import Call, Operation, RequestSpec

_DELETE = RequestSpec("DELETE", "/{mailbox*}/contacts/{contact}")


class Params(OfContact):
    """Which contact."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what is gone."""
    call.ask(_DELETE)
    yield {"id": params.contact, "deleted": True}


OPERATION = Operation(
    resource="contact",
    name="delete",
    label="Delete",
    summary="Deletes a contact.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkC", "deleted": True},),
)
