"""Uploads a file, or puts its content into one that is there."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.drive.fields import Convert, convert_field, folder_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The file, and where to."""

    binary: Any = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        placeholder="data",
        help="The name of one of the item's files, or an expression that gives one: {{ $binary.data }}.",
    )
    name: Text = ui("", title="Name", kind=Kind.TEXT, help="Empty: the file's own.", max_length=500)
    folder: Text = folder_field()
    if_there: Literal["add", "replace"] = ui(
        "add",
        title="If there is a file of this name",
        kind=Kind.SELECT,
        expression=False,
        options=[("add", "Add another"), ("replace", "Replace its content, and keep its ID")],
        group="options",
    )
    convert: Convert = convert_field()


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Drive says of the file."""
    from functions.nodes.apps.google.files import TYPES, file_id, found, in_folder, quoted, uploaded

    file = call.file("binary")
    name = params.name or file.name or "file"
    metadata: dict[str, Any] = {"name": name, **in_folder(params.folder)}
    if params.convert != "none":
        metadata["mimeType"] = TYPES[params.convert]
    there = None
    if params.if_there == "replace":
        parent = quoted(file_id(params.folder, "folder") if params.folder.strip() else "root")
        there = found(call, f"name = {quoted(name)} and {parent} in parents and trashed = false")
    if there is not None:
        yield uploaded(call, file, "binary", {"name": name}, replaced=there["id"])
    else:
        yield uploaded(call, file, "binary", metadata)


OPERATION = Operation(
    resource="file",
    name="upload",
    label="Upload",
    summary="Uploads a file, or puts its content into one that is there.",
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
