"""Moves a file or folder into a folder."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import OfFile, folder_field
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfFile):
    """Which file, and where to."""

    folder: Text = folder_field(default=..., help="Its address or ID.", min_length=1)


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the file as it is then."""
    from functions.nodes.apps.google.files import file_id, moved

    yield moved(call, file_id(params.file, "file"), file_id(params.folder, "fileMoveFolder"))


OPERATION = Operation(
    resource="file",
    name="move",
    label="Move",
    summary="Moves a file or folder into a folder.",
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
