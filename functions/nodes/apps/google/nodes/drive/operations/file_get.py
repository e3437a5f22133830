"""Gets what Drive knows of a file or folder."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import OfFile
from stepweave.spec.operations import Call, Operation


class Params(OfFile):
    """Which file."""


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give it."""
    from functions.nodes.apps.google.drive import GET
    from functions.nodes.apps.google.files import file_id

    yield call.ask(GET, file=file_id(params.file, "file"))


OPERATION = Operation(
    resource="file",
    name="get",
    label="Get",
    summary="Gets what Drive knows of a file or folder.",
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
