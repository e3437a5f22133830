"""Gets the text of a document."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.docs.fields import OfDocument
from stepweave.spec.operations import Call, Operation


class Params(OfDocument):
    """Which document."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give its title and text."""
    from functions.nodes.apps.google.files import file_id
    from functions.nodes.apps.google.nodes.docs.documents import read

    yield read(call, file_id(params.document, "document"))


OPERATION = Operation(
    resource="document",
    name="get",
    label="Get",
    summary="Gets the text of a document.",
    params=Params,
    run=run,
    output_example=({"documentId": "1a2b", "title": "Offer", "text": "Dear Ada, …", "url": "https://…"},),
)
