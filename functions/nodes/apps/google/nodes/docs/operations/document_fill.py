"""Copies a document, and replaces texts in the copy."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.docs.fields import Replaced, document_field, folder_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Replaced):
    """The template, and what becomes of it."""

    template: Text = document_field("Template")
    title: Text = ui("", title="Title", kind=Kind.TEXT, help="Of the copy. Empty: Copy of …", max_length=500)
    folder: Text = folder_field()


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the copy, and how often each text was there."""
    from functions.nodes.apps.google.nodes.docs.documents import filled

    match_case = params.match_case
    yield filled(call, params.template, params.title, params.folder, params.replace, match_case=match_case)


OPERATION = Operation(
    resource="document",
    name="fill",
    label="Create from template",
    summary="Copies a document, and replaces texts in the copy.",
    params=Params,
    run=run,
    output_example=({"documentId": "1a2b", "title": "Offer 7", "replaced": {"[customer]": 2}},),
)
