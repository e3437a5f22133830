"""Copies a file."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import OfFile, folder_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfFile):
    """Which file, and where to."""

    name: Text = ui("", title="Name", kind=Kind.TEXT, help="Empty: Copy of …", max_length=500)
    folder: Text = folder_field(help="Its address or ID; empty: where the file is.")


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the copy."""
    from functions.nodes.apps.google.files import copied, file_id

    yield copied(call, file_id(params.file, "file"), params.name, params.folder)


OPERATION = Operation(
    resource="file",
    name="copy",
    label="Copy",
    summary="Copies a file.",
    params=Params,
    run=run,
    output_example=(
        {
            "id": "1a2b",
            "name": "Report.pdf",
            "mimeType": "application/pdf",
            "webViewLink": "https://drive.google.com/…",
        },
    ),
)
