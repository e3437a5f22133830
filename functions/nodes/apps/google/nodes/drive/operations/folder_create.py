"""Makes a folder."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import folder_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The folder."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, min_length=1, max_length=500)
    folder: Text = folder_field("In")
    reuse: bool = ui(
        False,
        title="Take one of this name that is there",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Drive allows several of one name.",
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the folder."""
    from functions.nodes.apps.google.files import FOLDER, file_id, folder_made, found, quoted

    there = None
    if params.reuse:
        parent = quoted(file_id(params.folder, "folder") if params.folder.strip() else "root")
        named = f"name = {quoted(params.name)} and mimeType = '{FOLDER}'"
        there = found(call, f"{named} and {parent} in parents and trashed = false")
    yield there or folder_made(call, params.name, params.folder)


OPERATION = Operation(
    resource="folder",
    name="create",
    label="Create",
    summary="Makes a folder.",
    params=Params,
    run=run,
    output_example=({"id": "1a2b", "name": "Reports", "mimeType": "application/vnd.google-apps.folder"},),
)
