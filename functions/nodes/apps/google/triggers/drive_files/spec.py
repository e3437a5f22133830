"""The trigger for files as a value."""

from typing import Literal

from functions.nodes.apps.google.nodes.drive.fields import folder_field
from functions.nodes.apps.google.nodes.drive.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which folder, and what in it."""

    credential: str = credential_field(APP.credential)
    every_minutes: int = every_field()
    folder: str = folder_field(default=..., help="Its address or ID; what is directly in it.", expression=False)
    event: Literal["created", "changed"] = ui(
        "created",
        title="Event",
        kind=Kind.SELECT,
        expression=False,
        options=[("created", "A file came"), ("changed", "A file came or its content changed")],
    )
    kind: Literal["files", "folders", "all"] = ui(
        "files",
        title="What",
        kind=Kind.SELECT,
        expression=False,
        options=[("files", "Files"), ("folders", "Folders"), ("all", "Files and folders")],
    )
    search: str = ui(
        "",
        title="Search",
        kind=Kind.TEXT,
        expression=False,
        placeholder="mimeType = 'application/pdf'",
        help="Only what it finds, in Drive's own words (Search for files and folders).",
        group="options",
        max_length=2_000,
    )


DOCS = """\
Starts the published workflow with each file that comes into a folder, or changes there. What was there when it was
published is not new. Files are told apart by their IDs, not by their dates: one that is moved in, or is uploaded with
an old date (as *Drive for desktop* does), counts as well.

**Output.** One item for each file: what Drive knows of it, `id`, `name`, `mimeType`, `size`, `createdTime`,
`modifiedTime`, `webViewLink`. *Google Drive*, File, Download gets its content by the `id`.

**Limits.** Of a folder with more than 2,000 files, the 2,000 that were changed last are watched.

**Errors.** `HttpClientError` (4xx: a folder that is not there or not shared), `HttpRateLimited` (429),
`HttpServerError` (5xx), `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`.

**Example.** Folder `https://drive.google.com/drive/folders/1a2b`, search `mimeType = 'application/pdf'`.
"""

SPEC = polling_trigger(
    APP,
    type="google_drive_trigger",
    name="Google Drive: file in a folder",
    icon="hard-drive",
    summary="Starts with each file that comes into a folder, or changes there.",
    docs=DOCS,
    params=Params,
    output_example=({"id": "1a2b", "name": "Report.pdf", "mimeType": "application/pdf", "size": "4096"},),
)
