"""Downloads a file; those of Google Docs, Sheets and Slides in another format."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.drive.fields import OfFile
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(OfFile):
    """Which file, and how."""

    export_as: Literal["office", "pdf", "text", "html", "markdown"] = ui(
        "office",
        title="Files of Google's own apps as",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("office", "Word, Excel, PowerPoint (drawings: PNG)"),
            ("pdf", "PDF"),
            ("text", "Text (sheets: CSV of the first one)"),
            ("html", "HTML (documents only)"),
            ("markdown", "Markdown (documents only)"),
        ],
        help="Google exports up to 10 MB.",
    )
    most_mb: int = ui(
        500, title="Largest file (MB)", kind=Kind.NUMBER, expression=False, group="options", ge=1, le=5_000
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Drive says of the file, and its content as the item's file `data`."""
    from functions.nodes.apps.google.nodes.drive.downloading import downloaded

    return downloaded(call, params.file, params.export_as, params.most_mb)


OPERATION = Operation(
    resource="file",
    name="download",
    label="Download",
    summary="Downloads a file; those of Google Docs, Sheets and Slides in another format.",
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
