"""Replaces texts everywhere in a document."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.docs.fields import OfDocument, Replaced
from stepweave.spec.operations import Call, Operation


class Params(OfDocument, Replaced):
    """Which document, and what in it."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give how often each text was there."""
    from functions.nodes.apps.google.files import file_id
    from functions.nodes.apps.google.nodes.docs.documents import replaced

    id = file_id(params.document, "document")
    yield {"documentId": id, "replaced": replaced(call, id, params.replace, match_case=params.match_case)}


OPERATION = Operation(
    resource="document",
    name="replace",
    label="Replace text",
    summary="Replaces texts everywhere in a document.",
    params=Params,
    run=run,
    output_example=({"documentId": "1a2b", "replaced": {"[customer]": 2}},),
)
