"""Lists files and folders, or searches them."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.drive.fields import folder_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(Listed):
    """Which files."""

    folder: Text = folder_field(help="Only what is directly in it; its address or ID. Empty: everywhere.")
    name: Text = ui("", title="Name contains", kind=Kind.TEXT, help="The beginning of a word in it.", max_length=500)
    kind: Literal["all", "files", "folders", "document", "spreadsheet", "presentation"] = ui(
        "all",
        title="What",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("all", "Files and folders"),
            ("files", "Files"),
            ("folders", "Folders"),
            ("document", "Documents of Google Docs"),
            ("spreadsheet", "Spreadsheets of Google Sheets"),
            ("presentation", "Presentations of Google Slides"),
        ],
    )
    search: Text = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        placeholder="fullText contains 'invoice' and modifiedTime > '2024-01-01T00:00:00'",
        help="In Drive's own words (Search for files and folders).",
        group="options",
        max_length=5_000,
    )
    order: Text = ui(
        "modifiedTime desc", title="Order", kind=Kind.TEXT, placeholder="name", group="options", max_length=200
    )
    drive: Text = ui(
        "",
        title="Shared drive",
        kind=Kind.TEXT,
        help="Only this one; empty: all that the account sees.",
        options_from=OptionsFrom("drives", needs=("credential",), labelled=True),
        group="options",
        max_length=200,
    )
    trashed: bool = ui(False, title="In the trash", kind=Kind.BOOLEAN, expression=False, group="options")


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give what Drive says of each."""
    from functions.nodes.apps.google.drive import LIST, PAGES
    from functions.nodes.apps.google.files import FOLDER, TYPES, file_id, quoted

    parts = [f"trashed = {str(params.trashed).lower()}"]
    if params.folder.strip():
        parts.append(f"{quoted(file_id(params.folder, 'folder'))} in parents")
    if params.name:
        parts.append(f"name contains {quoted(params.name)}")
    if params.kind in TYPES:
        parts.append(f"mimeType = '{TYPES[params.kind]}'")
    elif params.kind != "all":
        parts.append(f"mimeType {'=' if params.kind == 'folders' else '!='} '{FOLDER}'")
    if params.search.strip():
        parts.append(f"({params.search.strip()})")
    corpora = "drive" if params.drive else ""
    yield from call.pages(LIST, PAGES, "files", q=" and ".join(parts), corpora=corpora)


OPERATION = Operation(
    resource="file",
    name="list",
    label="List",
    summary="Lists files and folders, or searches them.",
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
