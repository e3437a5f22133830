"""Makes a document of a text."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.docs.fields import folder_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The document."""

    title: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=500)
    text: Text = ui("", title="Text", kind=Kind.MULTILINE, max_length=1_000_000)
    text_is: Literal["text/plain", "text/markdown", "text/html"] = ui(
        "text/plain",
        title="The text is",
        kind=Kind.SELECT,
        expression=False,
        options=[("text/plain", "Plain"), ("text/markdown", "Markdown"), ("text/html", "HTML")],
    )
    folder: Text = folder_field()


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give its ID and address."""
    from functions.nodes.apps.google.nodes.docs.documents import made

    yield made(call, params.title, params.text, params.text_is, params.folder)


OPERATION = Operation(
    resource="document",
    name="create",
    label="Create",
    summary="Makes a document of a text.",
    params=Params,
    run=run,
    output_example=({"documentId": "1a2b", "title": "Offer", "url": "https://docs.google.com/document/d/1a2b/edit"},),
)
