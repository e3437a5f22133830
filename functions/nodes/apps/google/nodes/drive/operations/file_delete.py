"""Moves a file or folder to the trash, or deletes it for ever."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import OfFile
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(OfFile):
    """Which file, and how."""

    for_ever: bool = ui(
        False,
        title="For ever",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: into the trash, where it stays for 30 days.",
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what was deleted."""
    from functions.nodes.apps.google.drive import CHANGE, DELETE
    from functions.nodes.apps.google.files import file_id

    id = file_id(params.file, "file")
    if not params.for_ever:
        yield call.ask(CHANGE, file=id, metadata={"trashed": True})
        return
    call.ask(DELETE, file=id)
    yield {"id": id, "deleted": True}


OPERATION = Operation(
    resource="file",
    name="delete",
    label="Delete",
    summary="Moves a file or folder to the trash, or deletes it for ever.",
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
