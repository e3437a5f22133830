"""Adds a text at the end or the start of a document."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.docs.fields import OfDocument
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfDocument):
    """Which document, and the text."""

    text: Text = ui(
        ...,
        title="Text",
        kind=Kind.MULTILINE,
        help="As it is: begin it with a line break for a paragraph of its own.",
        min_length=1,
        max_length=1_000_000,
    )
    place: Literal["end", "start"] = ui(
        "end",
        title="Where",
        kind=Kind.SELECT,
        expression=False,
        options=[("end", "At the end"), ("start", "At the start")],
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the document."""
    from functions.nodes.apps.google.files import file_id
    from functions.nodes.apps.google.nodes.docs.documents import added

    yield added(call, file_id(params.document, "document"), params.text, at_start=params.place == "start")


OPERATION = Operation(
    resource="document",
    name="append",
    label="Add text",
    summary="Adds a text at the end or the start of a document.",
    params=Params,
    run=run,
    output_example=({"documentId": "1a2b", "url": "https://docs.google.com/document/d/1a2b/edit"},),
)
