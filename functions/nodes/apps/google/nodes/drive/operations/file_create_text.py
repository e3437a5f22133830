"""Makes a file of a text."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.drive.fields import Convert, convert_field, folder_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The file."""

    name: Text = ui(..., title="Name", kind=Kind.TEXT, placeholder="notes.txt", min_length=1, max_length=500)
    content: Text = ui("", title="Text", kind=Kind.MULTILINE, max_length=10_000_000)
    folder: Text = folder_field()
    convert: Convert = convert_field()


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Drive says of the file."""
    from mimetypes import guess_type

    from functions.nodes.apps.google.files import TYPES, TextFile, in_folder, uploaded

    metadata: dict[str, Any] = {"name": params.name, **in_folder(params.folder)}
    kind = "text/csv" if params.convert == "spreadsheet" else guess_type(params.name)[0] or "text/plain"
    if params.convert != "none":
        metadata["mimeType"] = TYPES[params.convert]
    content = params.content.encode("utf-8", "replace")
    yield uploaded(call, TextFile(content, kind), "content", metadata)


OPERATION = Operation(
    resource="file",
    name="create_text",
    label="Create from text",
    summary="Makes a file of a text.",
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
